/* SPDX-License-Identifier: GPL-3.0-or-later */
/* FTP's control connection: a command with its replies is a transaction; the data connections it
 * agrees on are expected (ftp_data.c). */
#include <string.h>
#include <strings.h>

#include "core/base/mem.h"
#include "core/base/str.h"
#include "tool/ids/eve/eve_head.h"
#include "tool/ids/inspect/inspect_private.h"

enum { REPLY_MAX = 256 };

static const char *const command_name[] = {
    "PORT",  "EPRT", "AUTH TLS", "PASV", "EPSV", "RETR", "STOR",  "APPE", "STOU", "NLST",
    "LIST",  "MLSD", "ABOR",     "ACCT", "ALLO", "CDUP", "CHMOD", "CWD",  "DELE", "FEAT",
    "HELP",  "IDLE", "MAIL",     "MDTM", "MKD",  "MLFL", "MODE",  "MRCP", "MRSQ", "MSAM",
    "MSND",  "MSOM", "NOOP",     "PASS", "PBSZ", "PROT", "PWD",   "QUIT", "REIN", "REST",
    "RMD",   "RNFR", "RNTO",     "SITE", "SIZE", "SMNT", "STAT",  "STRU", "SYST", "TYPE",
    "UMASK", "USER", "XCRC",     "XCUP", "XMD5", "XMKD", "XPWD",  "XRMD", "XSHA1"};
enum { PORT, EPRT, AUTH_TLS, PASV, EPSV, RETR, STOR, APPE, STOU, NLST, LIST, MLSD, NONE = 255 };

struct ftp_reply {
    struct str text;
    char code[4];
};

struct ftp_tx {
    struct inspect_tx head;
    uint8_t command; /* NONE: a reply that nobody asked for */
    struct str request;
    bool is_cut, reply_cut, is_active, is_done;
    uint16_t port;
    struct ftp_reply reply[REPLY_MAX];
    uint32_t reply_count;
};

struct ftp_state {
    uint8_t command;
    bool is_active, cut[FLOW_SIDES];
    uint16_t port; /* agreed on for the next transfer */
    struct str port_line;
};

static struct ftp_tx *tx_of(const struct inspect_tx *tx)
{
    return CONTAINER_OF(tx, struct ftp_tx, head);
}

/* ---- ports ---- */

static bool digits(const char **at, const char *end, unsigned most, unsigned *out)
{
    const char *from = *at;
    *out = 0;
    while (*at < end && **at >= '0' && **at <= '9' && *out <= most)
        *out = *out * 10 + (unsigned)(*(*at)++ - '0');
    return *at > from && *out <= most;
}

/* "h1,h2,h3,h4,p1,p2"; 0: it is none. */
static uint16_t port_of_six(const char *at, const char *end)
{
    unsigned n[6];
    while (at < end && *at == ' ')
        at++;
    for (int i = 0; i < 6; i++) {
        if (!digits(&at, end, 255, &n[i]))
            return 0;
        if (i < 5 && (at == end || *at++ != ','))
            return 0;
    }
    return (uint16_t)(n[4] << 8 | n[5]);
}

/* The number before the last but `bars` of '|' signs have passed. */
static uint16_t port_behind(const char *at, const char *end, int bars)
{
    unsigned port;
    for (; bars > 0 && at < end; at++)
        bars -= *at == '|';
    return bars == 0 && digits(&at, end, UINT16_MAX, &port) && at < end && *at == '|'
               ? (uint16_t)port
               : 0;
}

static uint16_t port_of_reply(uint8_t command, const char *text, size_t len)
{
    const char *end = text + len, *open = memchr(text, '(', len);
    if (!open)
        return 0;
    if (command == PASV)
        return len > 4 && memcmp(text, "227 ", 4) == 0 ? port_of_six(open + 1, end) : 0;
    return len > 4 && memcmp(text, "229 ", 4) == 0 ? port_behind(open, end, 3) : 0;
}

/* ---- commands ---- */

static uint8_t find_command(const char *text, size_t len)
{
    for (size_t i = 0; i < ARRAY_COUNT(command_name); i++) {
        size_t size = strlen(command_name[i]);
        if (len >= size && strncasecmp(text, command_name[i], size) == 0)
            return (uint8_t)i;
    }
    return NONE;
}

static void transfer(struct inspect_flow *f, struct ftp_state *s, struct ftp_tx *tx,
                     const char *text, size_t len)
{
    bool file = s->command == RETR || s->command == STOR || s->command == APPE;
    struct inspect_expect x = {.port = s->port, .proto = INSPECT_FTPDATA, .command = s->command};
    if (file && len < 6) {
        inspect_event(f, &tx->head, INSPECT_EVENT_FTP_FILE_WITHOUT_NAME);
        return;
    }
    if (s->port == 0) {
        inspect_event(f, &tx->head, INSPECT_EVENT_FTP_FILE_BEFORE_PORT);
        return;
    }
    if (file || (s->command == STOU && len >= 6)) {
        size_t size = len - 5 < sizeof x.name - 1 ? len - 5 : sizeof x.name - 1;
        memcpy(x.name, text + 5, size);
    } else if (s->command == STOU) {
        memcpy(x.name, "<stou>", 7);
    }
    inspect_expect(f, &x);
    s->port = 0;
    s->is_active = false;
}

static bool command(struct inspect_flow *f, struct ftp_state *s, const char *text, size_t len,
                    bool cut)
{
    s->command = find_command(text, len);
    if (s->command == NONE)
        return true;
    struct ftp_tx *tx = inspect_tx_new(f, sizeof *tx);
    if (!tx)
        return false;
    tx->command = s->command;
    tx->request = str_of(0);
    str_add_len(&tx->request, text, len);
    tx->is_cut = cut;
    if (cut)
        inspect_event(f, &tx->head, INSPECT_EVENT_FTP_REQUEST_COMMAND_TOO_LONG);
    if (s->command == PORT || s->command == EPRT) {
        str_cut(&s->port_line, 0);
        str_add_len(&s->port_line, text, len);
    } else if (s->command >= RETR && s->command <= MLSD) {
        transfer(f, s, tx, text, len);
    }
    inspect_raw_trigger(f, FLOW_TO_SERVER);
    return true;
}

/* ---- replies ---- */

static void agree(struct inspect_flow *f, struct ftp_state *s, struct ftp_tx *tx, const char *text,
                  size_t len)
{
    const char *line = str_text(&s->port_line), *end = line + s->port_line.len;
    uint16_t port = 0;
    bool active = s->command == PORT || s->command == EPRT;
    if (s->command == AUTH_TLS && len >= 4 && memcmp(text, "234 ", 4) == 0)
        inspect_change(f, INSPECT_TLS);
    if (s->command == PORT && end - line > 5)
        port = port_of_six(line + 4, end);
    else if (s->command == EPRT)
        port = port_behind(line, end, 3);
    else if (s->command == PASV || s->command == EPSV)
        port = port_of_reply(s->command, text, len);
    if (!port)
        return;
    s->port = tx->port = port;
    s->is_active = tx->is_active = active;
}

static void keep_reply(struct ftp_tx *tx, const char *text, size_t len)
{
    if (tx->reply_count == REPLY_MAX || len == 0)
        return;
    struct ftp_reply *r = &tx->reply[tx->reply_count++];
    r->text = str_of(0);
    bool coded = len > 3 && text[3] == ' ';
    for (int i = 0; i < 3 && coded; i++)
        coded = text[i] >= '0' && text[i] <= '9';
    if (coded)
        memcpy(r->code, text, 3);
    str_add_len(&r->text, text + (coded ? 4 : 0), len - (coded ? 4 : 0));
}

static bool reply(struct inspect_flow *f, struct ftp_state *s, const char *text, size_t len,
                  bool cut)
{
    struct ftp_tx *tx = NULL;
    for (struct inspect_tx *i = f->first; i && !tx; i = i->next)
        if (!tx_of(i)->is_done)
            tx = tx_of(i);
    if (!tx) {
        tx = inspect_tx_new(f, sizeof *tx);
        if (!tx)
            return false;
        tx->request = str_of(0);
        tx->command = NONE;
        tx->head.inspected[FLOW_TO_SERVER] = true;
    }
    inspect_tx_touch(&tx->head, FLOW_TO_CLIENT);
    agree(f, s, tx, text, len);
    keep_reply(tx, text, len);
    if (cut) {
        tx->reply_cut = true;
        inspect_event(f, &tx->head, INSPECT_EVENT_FTP_RESPONSE_COMMAND_TOO_LONG);
    }
    if (len >= 4 && text[0] == '1' && text[3] == ' ') /* another will follow */
        return true;
    tx->is_done = true;
    inspect_tx_done(f, &tx->head);
    inspect_raw_trigger(f, FLOW_TO_CLIENT);
    return true;
}

/* ---- bytes ---- */

static struct stream_used take(struct inspect_flow *f, void *state, enum flow_side side,
                               const struct stream_chunk *c)
{
    struct ftp_state *s = state;
    uint32_t at = 0, most = f->thread->settings->ftp_line_max;
    if (c->gap)
        return inspect_all(c);
    while (at < c->len && !f->change_to) {
        const char *text = (const char *)c->data + at;
        uint32_t left = c->len - at;
        const char *lf = memchr(text, '\n', left);
        uint32_t used = lf ? (uint32_t)(lf - text) + 1 : left;
        if (s->cut[side]) { /* the rest of a line that was too long */
            s->cut[side] = lf == NULL;
            at += used;
            continue;
        }
        if (!lf && left < most)
            break;
        uint32_t len = used < most ? used : most;
        bool cut = len == most;
        s->cut[side] = cut && !lf;
        while (len && (text[len - 1] == '\n' || text[len - 1] == '\r' || text[len - 1] == ' '))
            len--;
        bool good =
            side == FLOW_TO_SERVER ? command(f, s, text, len, cut) : reply(f, s, text, len, cut);
        if (!good)
            return inspect_fail(f, INSPECT_ERROR_PARSER);
        at += used;
    }
    return (struct stream_used){at, 0};
}

static void *open_flow(struct inspect_flow *f)
{
    struct ftp_state *s = mem_zero(sizeof *s);
    (void)f;
    s->command = NONE;
    s->port_line = str_of(0);
    return s;
}

static void close_flow(struct inspect_flow *f, void *state)
{
    struct ftp_state *s = state;
    (void)f;
    str_done(&s->port_line);
    mem_free(s);
}

static void tx_free(struct inspect_flow *f, struct inspect_tx *head)
{
    struct ftp_tx *tx = tx_of(head);
    (void)f;
    str_done(&tx->request);
    for (uint32_t i = 0; i < tx->reply_count; i++)
        str_done(&tx->reply[i].text);
}

static enum inspect_answer probe(const struct inspect_probe *p)
{
    static const char *const to_server[] = {"USER ", "PASS ", "PORT ", "EPRT ", "AUTH TLS"};
    const char *text = (const char *)p->data;
    if (p->side == FLOW_TO_CLIENT) {
        uint32_t len = p->len < 5 ? p->len : 5;
        if (memcmp(text, "220 (", len) == 0)
            return len == 5 ? INSPECT_YES : INSPECT_MORE;
        return memcmp(text, "220", p->len < 3 ? p->len : 3) == 0 ? INSPECT_MORE : INSPECT_NO;
    }
    for (size_t i = 0; i < ARRAY_COUNT(to_server); i++) {
        size_t size = strlen(to_server[i]);
        if (strncasecmp(text, to_server[i], p->len < size ? p->len : size) == 0)
            return p->len < size ? INSPECT_MORE : INSPECT_YES;
    }
    return INSPECT_NO;
}

/* ---- what rules ask for ---- */

static struct str argument(const struct ftp_tx *tx)
{
    struct str part = str_of(0);
    size_t skip = tx->command == NONE ? 0 : strlen(command_name[tx->command]) + 1;
    if (tx->request.len > skip)
        part = (struct str){.text = tx->request.text + skip, .len = tx->request.len - skip};
    return part;
}

static bool give(struct span *out, const struct str *s)
{
    return s->len && inspect_span(out, str_text(s), s->len);
}

static bool buffer(const struct inspect_flow *f, const struct inspect_tx *head, enum flow_side side,
                   enum buffer_id id, unsigned index, struct span *out)
{
    const struct ftp_tx *tx = tx_of(head);
    struct str data;
    (void)f, (void)side;
    switch ((int)id) {
    case BUFFER_FTP_COMMAND:
        return tx->command != NONE &&
               inspect_span(out, command_name[tx->command], strlen(command_name[tx->command]));
    case BUFFER_FTP_COMMAND_DATA:
        data = argument(tx);
        return give(out, &data);
    case BUFFER_FTP_REPLY:
        return index < tx->reply_count && give(out, &tx->reply[index].text);
    case BUFFER_FTP_COMPLETION_CODE:
        for (uint32_t i = 0; i < tx->reply_count; i++)
            if (tx->reply[i].code[0] && index-- == 0)
                return inspect_span(out, tx->reply[i].code, 3);
        return false;
    default:
        return false;
    }
}

static bool has_mode(const struct ftp_tx *tx)
{
    return tx->command == PORT || tx->command == EPRT || tx->command == PASV || tx->command == EPSV;
}

static bool number(const struct inspect_flow *f, const struct inspect_tx *head, enum flow_side side,
                   enum number_id id, unsigned index, uint64_t *out)
{
    const struct ftp_tx *tx = tx_of(head);
    (void)f, (void)side, (void)index;
    switch ((int)id) {
    case NUMBER_FTP_DYNAMIC_PORT:
        *out = tx->port;
        return tx->port != 0;
    case NUMBER_FTP_MODE:
        *out = tx->is_active;
        return has_mode(tx) && tx->port;
    case NUMBER_FTP_REPLY_RECEIVED:
        *out = tx->is_done;
        return tx->command != NONE;
    default:
        return false;
    }
}

static void eve(const struct inspect_flow *f, const struct inspect_tx *head, struct json_out *json)
{
    const struct ftp_tx *tx = tx_of(head);
    struct str data = argument(tx);
    bool open = false;
    (void)f;
    json_object(json, "ftp");
    if (tx->command != NONE) {
        json_text(json, "command", command_name[tx->command]);
        if (data.len) {
            eve_bytes(json, "command_data", data.text, data.len);
            json_bool(json, "command_truncated", tx->is_cut);
        }
    }
    for (uint32_t i = 0; i < tx->reply_count; i++) {
        if (!tx->reply[i].code[0])
            continue;
        if (!open)
            json_array(json, "completion_code");
        open = true;
        json_text(json, NULL, tx->reply[i].code);
    }
    if (open)
        json_end(json);
    if (tx->reply_count) {
        json_array(json, "reply");
        for (uint32_t i = 0; i < tx->reply_count; i++)
            eve_bytes(json, NULL, str_text(&tx->reply[i].text), tx->reply[i].text.len);
        json_end(json);
    }
    if (tx->port)
        json_u64(json, "dynamic_port", tx->port);
    if (has_mode(tx))
        json_text(json, "mode", tx->is_active ? "active" : "passive");
    json_text(json, "reply_received", tx->is_done ? "yes" : "no");
    json_bool(json, "reply_truncated", tx->reply_cut);
    json_end(json);
}

const char *inspect_ftp_command(uint8_t command)
{
    return command_name[command];
}

const struct inspect_proto inspect_proto_ftp = {
    .id = INSPECT_FTP,
    .transports = INSPECT_TCP,
    .first_side = FLOW_SIDES,
    .event_type = "ftp",
    .probe = probe,
    .open = open_flow,
    .close = close_flow,
    .take = take,
    .tx_free = tx_free,
    .buffer = buffer,
    .number = number,
    .eve = eve,
};
