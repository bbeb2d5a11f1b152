/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SMTP: commands and the replies to them, which may be pipelined; each mail is a transaction. */
#include <string.h>
#include <strings.h>

#include "core/base/mem.h"
#include "tool/ids/inspect/smtp_tx.h"

enum smtp_command {
    SMTP_OTHER,
    SMTP_STARTTLS,
    SMTP_COMMAND_DATA,
    SMTP_MAIL_END, /* stands for the "." after the mail, which has a reply, too */
    SMTP_BDAT,
    SMTP_BDAT_LAST,
    SMTP_RSET,
    SMTP_QUIT,
};

enum { PIPELINE_MAX = 1024, NO_TX = -1 };

struct smtp_pending {
    uint8_t command;
    int64_t tx; /* id; NO_TX */
};

struct smtp_state {
    struct str helo;
    struct smtp_tx *tx; /* the last one */
    uint64_t tx_count;
    uint8_t command; /* the last one */
    bool in_data, greeted, in_reply, pipelining;
    bool discard[FLOW_SIDES]; /* the rest of a line that was too long */
    bool in_line;             /* of the mail */
    uint32_t chunk_len, chunk_at;
    struct smtp_pending *pending; /* commands without a reply yet: from `next` on */
    uint32_t pending_count, next;
};

struct smtp_line {
    const uint8_t *text;
    size_t len; /* without its end */
};

static bool begins(const struct smtp_line *l, const char *word)
{
    size_t len = strlen(word);
    return l->len >= len && strncasecmp((const char *)l->text, word, len) == 0;
}

static void tell(struct inspect_flow *f, struct smtp_state *s, enum inspect_event event)
{
    inspect_event(f, s->tx ? &s->tx->head : f->last, event);
}

static struct smtp_tx *find_tx(struct inspect_flow *f, int64_t id)
{
    for (struct inspect_tx *tx = f->first; tx; tx = tx->next)
        if ((int64_t)tx->id == id)
            return smtp_tx_of(tx);
    return NULL;
}

static bool expect_reply(struct inspect_flow *f, struct smtp_state *s, uint8_t command)
{
    if (s->pending_count) {
        uint8_t last = s->pending[s->pending_count - 1].command;
        if (last == SMTP_STARTTLS || last == SMTP_COMMAND_DATA)
            tell(f, s, INSPECT_EVENT_SMTP_INVALID_PIPELINED_SEQUENCE);
    }
    if (s->pending_count == PIPELINE_MAX)
        return false;
    if (!s->pending)
        s->pending = mem_zero(PIPELINE_MAX * sizeof *s->pending);
    s->pending[s->pending_count++] =
        (struct smtp_pending){command, s->tx ? (int64_t)s->tx->head.id : NO_TX};
    return true;
}

/* ---- commands ---- */

static struct smtp_line argument(const struct smtp_line *l, size_t at)
{
    while (at < l->len && l->text[at] == ' ')
        at++;
    size_t end = at;
    while (end < l->len && l->text[end] != ' ')
        end++;
    return (struct smtp_line){l->text + (at < l->len ? at : l->len), end > at ? end - at : 0};
}

static void take_hello(struct inspect_flow *f, struct smtp_state *s, const struct smtp_line *l)
{
    struct smtp_line name = argument(l, 5);
    struct smtp_tx *tx = s->tx;
    if (s->helo.len)
        tell(f, s, INSPECT_EVENT_SMTP_DUPLICATE_FIELDS);
    else
        str_add_len(&s->helo, name.text, name.len);
    /* in the middle of a session it resets as RSET does (RFC 5321 4.1.4) */
    bool resets = tx->has_from || tx->rcpt_count || tx->head.progress[FLOW_TO_SERVER];
    if (resets)
        s->chunk_at = 0;
    s->command = resets ? SMTP_RSET : SMTP_OTHER;
}

static void take_from(struct inspect_flow *f, struct smtp_state *s, const struct smtp_line *l)
{
    struct smtp_line from = argument(l, 10);
    s->command = SMTP_OTHER;
    if (s->tx->has_from) {
        tell(f, s, INSPECT_EVENT_SMTP_DUPLICATE_FIELDS);
        return;
    }
    s->tx->has_from = true;
    s->tx->mail_from = str_of(0);
    str_add_len(&s->tx->mail_from, from.text, from.len);
}

static void take_rcpt(struct smtp_state *s, const struct smtp_line *l)
{
    struct smtp_line to = argument(l, 8);
    s->command = SMTP_OTHER;
    if (s->tx->rcpt_count == SMTP_RCPT_MAX)
        return;
    struct str *rcpt = &s->tx->rcpt[s->tx->rcpt_count++];
    *rcpt = str_of(0);
    str_add_len(rcpt, to.text, to.len);
}

/* "BDAT size [LAST]" (RFC 3030) */
static bool read_chunk(struct smtp_state *s, const struct smtp_line *l, bool *last)
{
    size_t at = 4;
    uint64_t size = 0;
    while (at < l->len && l->text[at] == ' ')
        at++;
    size_t digits = at;
    if (at == 4)
        return false;
    for (; at < l->len && l->text[at] >= '0' && l->text[at] <= '9'; at++)
        if ((size = size * 10 + (l->text[at] - '0')) > UINT32_MAX)
            return false;
    if (at == digits || (at < l->len && l->text[at] != ' '))
        return false;
    while (at < l->len && l->text[at] == ' ')
        at++;
    struct smtp_line rest = {l->text + at, l->len - at};
    *last = rest.len == 4 && begins(&rest, "last");
    if (rest.len && !*last)
        return false;
    s->chunk_len = (uint32_t)size;
    s->chunk_at = 0;
    return true;
}

static void take_chunk(struct inspect_flow *f, struct smtp_state *s, const struct smtp_line *l)
{
    bool last = false;
    if (!read_chunk(s, l, &last)) {
        tell(f, s, INSPECT_EVENT_SMTP_INVALID_BDAT);
        s->command = SMTP_OTHER;
        return;
    }
    s->command = last ? SMTP_BDAT_LAST : SMTP_BDAT;
    inspect_tx_progress(f, &s->tx->head, FLOW_TO_SERVER, SMTP_DATA);
    s->in_data = s->chunk_len > 0;
    if (last && !s->in_data)
        inspect_tx_progress(f, &s->tx->head, FLOW_TO_SERVER, INSPECT_DONE);
}

/* False: a second DATA before the first was answered, of which no more is made. */
static bool take_data(struct inspect_flow *f, struct smtp_state *s)
{
    s->command = SMTP_COMMAND_DATA;
    inspect_tx_progress(f, &s->tx->head, FLOW_TO_SERVER, SMTP_DATA);
    if (s->tx->is_data) {
        tell(f, s, INSPECT_EVENT_SMTP_UNPARSABLE_CONTENT);
        return false;
    }
    s->tx->is_data = true;
    smtp_mail_begin(f, s->tx);
    s->in_line = false;
    if (s->pipelining)
        s->in_data = true;
    return true;
}

static bool command(struct inspect_flow *f, struct smtp_state *s, const struct smtp_line *l)
{
    bool ends = begins(l, "rset") || begins(l, "quit"); /* part of the one before */
    bool over = s->tx && s->tx->head.progress[FLOW_TO_SERVER] == INSPECT_DONE;
    if ((!s->tx && (s->tx_count == 0 || !ends)) || (over && !ends)) {
        struct smtp_tx *tx = inspect_tx_new(f, sizeof *tx);
        if (!tx)
            return false;
        tx->helo = &s->helo;
        tx->head.flag |= INSPECT_TX_KEEP;
        if (s->tx)
            s->tx->head.flag &= (uint8_t)~INSPECT_TX_KEEP;
        s->tx = tx;
        s->tx_count++;
    }
    if (!s->greeted)
        tell(f, s, INSPECT_EVENT_SMTP_NO_SERVER_WELCOME_MESSAGE);
    inspect_raw_trigger(f, FLOW_TO_SERVER);
    if (s->tx)
        inspect_tx_touch(&s->tx->head, FLOW_TO_SERVER);
    s->command = SMTP_OTHER;
    if (begins(l, "starttls"))
        s->command = SMTP_STARTTLS;
    else if (begins(l, "data")) {
        if (!take_data(f, s))
            return true;
    } else if (begins(l, "bdat"))
        take_chunk(f, s, l);
    else if (begins(l, "helo") || begins(l, "ehlo"))
        take_hello(f, s, l);
    else if (begins(l, "mail from"))
        take_from(f, s, l);
    else if (begins(l, "rcpt to"))
        take_rcpt(s, l);
    else if (begins(l, "rset")) {
        s->chunk_at = 0;
        s->command = SMTP_RSET;
    } else if (begins(l, "quit"))
        s->command = SMTP_QUIT;
    return expect_reply(f, s, s->command);
}

/* ---- replies ---- */

static bool is_code(const struct smtp_line *l, unsigned *out)
{
    static const uint16_t code[] = {211, 214, 220, 221, 235, 250, 251, 252, 334, 354, 401, 402, 421,
                                    435, 450, 451, 452, 454, 455, 500, 501, 502, 503, 504, 521, 525,
                                    530, 534, 535, 538, 541, 543, 550, 551, 552, 553, 554, 555};
    *out = 0;
    for (int i = 0; i < 3; i++)
        *out = *out * 10 + (l->text[i] - (unsigned)'0');
    for (size_t i = 0; i < ARRAY_COUNT(code); i++)
        if (code[i] == *out)
            return true;
    return false;
}

static void reply_to(struct inspect_flow *f, struct smtp_state *s, uint8_t to, unsigned code,
                     struct smtp_tx *tx)
{
    switch (to) {
    case SMTP_STARTTLS:
        if (code != 220) {
            tell(f, s, INSPECT_EVENT_SMTP_TLS_REJECTED);
            break;
        }
        inspect_change(f, INSPECT_TLS);
        if (tx)
            inspect_tx_done(f, &tx->head);
        break;
    case SMTP_COMMAND_DATA:
        if (code == 354) {
            if (tx)
                inspect_tx_progress(f, &tx->head, FLOW_TO_CLIENT, SMTP_DATA);
            s->in_data = true;
            break;
        }
        if (s->pipelining)
            s->in_data = false;
        tell(f, s, INSPECT_EVENT_SMTP_DATA_COMMAND_REJECTED);
        break;
    case SMTP_BDAT:
        if (tx)
            inspect_tx_progress(f, &tx->head, FLOW_TO_CLIENT, SMTP_DATA);
        break;
    case SMTP_BDAT_LAST:
    case SMTP_MAIL_END:
        if (tx && !s->in_reply)
            inspect_tx_progress(f, &tx->head, FLOW_TO_CLIENT, INSPECT_DONE);
        break;
    case SMTP_RSET:
    case SMTP_QUIT:
        if (tx && !s->in_reply && code == (to == SMTP_RSET ? 250U : 221U))
            inspect_tx_done(f, &tx->head);
        break;
    default:
        break;
    }
}

static bool reply(struct inspect_flow *f, struct smtp_state *s, const struct smtp_line *l)
{
    unsigned code;
    if (l->len < 3 || !is_code(l, &code)) {
        tell(f, s, INSPECT_EVENT_SMTP_INVALID_REPLY);
        return false;
    }
    s->in_reply = l->len >= 4 && l->text[3] == '-';
    if (s->next == s->pending_count) {
        if (!s->greeted) {
            s->greeted = !s->in_reply;
            if (code != 220)
                tell(f, s, INSPECT_EVENT_SMTP_INVALID_REPLY);
        }
        return true;
    }
    const struct smtp_pending *p = &s->pending[s->next];
    struct smtp_tx *tx = p->tx == NO_TX ? NULL : find_tx(f, p->tx);
    if (tx)
        inspect_tx_touch(&tx->head, FLOW_TO_CLIENT);
    reply_to(f, s, p->command, code, tx);
    if (!s->in_reply)
        s->next++;
    else if (s->greeted && code == 250 && l->len == 14 &&
             strncasecmp((const char *)l->text + 4, "pipelining", 10) == 0)
        s->pipelining = true;
    if (s->next == s->pending_count)
        s->next = s->pending_count = 0;
    inspect_raw_trigger(f, FLOW_TO_CLIENT);
    return true;
}

/* ---- bytes ---- */

/* The mail up to its ".": how many bytes were taken; 0: more are needed. */
static uint32_t take_mail(struct inspect_flow *f, struct smtp_state *s, const uint8_t *data,
                          uint32_t len)
{
    struct smtp_tx *tx = s->tx;
    uint32_t at = 0;
    while (at < len) {
        const uint8_t *lf = memchr(data + at, '\n', len - at);
        uint32_t piece = lf ? (uint32_t)(lf - data) + 1 - at : len - at, skip = 0;
        if (!s->in_line && data[at] == '.') {
            bool dot = piece == 1 || (piece == 2 && (data[at + 1] == '\r' || lf)) ||
                       (piece == 3 && data[at + 1] == '\r' && lf);
            if (dot && !lf)
                return at;
            if (dot) {
                s->in_data = false;
                (void)expect_reply(f, s, SMTP_MAIL_END);
                smtp_mail_end(f, tx, true);
                inspect_tx_progress(f, &tx->head, FLOW_TO_SERVER, INSPECT_DONE);
                return at + piece;
            }
            skip = 1; /* it was put there to hide a dot (RFC 5321 4.5.2) */
        }
        smtp_mail_feed(f, tx, data + at + skip, piece - skip, lf != NULL);
        s->in_line = lf == NULL;
        at += piece;
    }
    inspect_tx_touch(&tx->head, FLOW_TO_SERVER);
    return at;
}

static uint32_t take_bdat(struct inspect_flow *f, struct smtp_state *s, uint32_t len)
{
    uint32_t left = s->chunk_len - s->chunk_at, used = len < left ? len : left;
    s->chunk_at += used;
    if (s->chunk_at < s->chunk_len)
        return used;
    s->in_data = false;
    if (s->command == SMTP_BDAT_LAST && s->tx)
        inspect_tx_progress(f, &s->tx->head, FLOW_TO_SERVER, INSPECT_DONE);
    return used;
}

/* One line; 0: it is not whole. */
static uint32_t next_line(struct inspect_flow *f, struct smtp_state *s, enum flow_side side,
                          const uint8_t *data, uint32_t len, struct smtp_line *out)
{
    const uint8_t *lf = memchr(data, '\n', len);
    uint32_t used = lf ? (uint32_t)(lf - data) + 1 : len;
    *out = (struct smtp_line){data, used};
    if (s->discard[side]) {
        s->discard[side] = lf == NULL;
        out->text = NULL;
        return used;
    }
    if (!lf && len < SMTP_LINE_MAX)
        return 0;
    if (used >= SMTP_LINE_MAX) {
        s->discard[side] = lf == NULL;
        out->len = SMTP_LINE_MAX;
        tell(f, s, INSPECT_EVENT_SMTP_TRUNCATED_LINE);
        return used;
    }
    out->len--;
    if (out->len && data[out->len - 1] == '\r')
        out->len--;
    return used;
}

static struct stream_used take(struct inspect_flow *f, void *state, enum flow_side side,
                               const struct stream_chunk *c)
{
    struct smtp_state *s = state;
    uint32_t at = 0;
    if (c->gap)
        return inspect_all(c);
    while (at < c->len && !f->change_to) {
        struct smtp_line line;
        uint32_t used;
        if (side == FLOW_TO_SERVER && s->in_data && s->tx &&
            (s->command == SMTP_COMMAND_DATA || s->command == SMTP_BDAT ||
             s->command == SMTP_BDAT_LAST)) {
            used = s->command == SMTP_COMMAND_DATA ? take_mail(f, s, c->data + at, c->len - at)
                                                   : take_bdat(f, s, c->len - at);
            at += used;
            if (used == 0 || (s->in_data && at < c->len))
                break;
            continue;
        }
        used = next_line(f, s, side, c->data + at, c->len - at, &line);
        if (used == 0)
            break;
        if (line.text) {
            (void)inspect_frame_new(f, side,
                                    side == FLOW_TO_SERVER ? "command_line" : "response_line",
                                    c->at + at, used);
            bool good = side == FLOW_TO_SERVER ? command(f, s, &line) : reply(f, s, &line);
            if (!good)
                return inspect_fail(f, INSPECT_ERROR_PARSER);
        }
        at += used;
    }
    return (struct stream_used){at, 0};
}

static void *open_flow(struct inspect_flow *f)
{
    struct smtp_state *s = mem_zero(sizeof *s);
    (void)f;
    s->helo = str_of(0);
    return s;
}

static void close_flow(struct inspect_flow *f, void *state)
{
    struct smtp_state *s = state;
    (void)f;
    str_done(&s->helo);
    mem_free(s->pending);
    mem_free(s);
}

static void tx_free(struct inspect_flow *f, struct inspect_tx *head)
{
    struct smtp_tx *tx = smtp_tx_of(head);
    (void)f;
    str_done(&tx->mail_from);
    for (uint32_t i = 0; i < tx->rcpt_count; i++)
        str_done(&tx->rcpt[i]);
    smtp_mail_free(tx);
}

/* ---- recognition ---- */

static enum inspect_answer probe(const struct inspect_probe *p)
{
    static const char *const word[] = {"EHLO", "HELO", "QUIT"};
    if (p->side == FLOW_TO_SERVER) {
        for (size_t i = 0; i < ARRAY_COUNT(word); i++) {
            size_t len = p->len < 4 ? p->len : 4;
            if (strncasecmp((const char *)p->data, word[i], len) == 0)
                return len == 4 ? INSPECT_YES : INSPECT_MORE;
        }
        return INSPECT_NO;
    }
    size_t len = p->len < 3 ? p->len : 3;
    if (memcmp(p->data, "220", len) != 0)
        return INSPECT_NO;
    if (p->len > 3 && p->data[3] != ' ' && p->data[3] != '-')
        return INSPECT_NO;
    if (p->flow->app_side[FLOW_TO_SERVER] == INSPECT_FAILED && memchr(p->data, '\n', p->len) &&
        (p->port == 25 || p->port == 465 || p->port == 587))
        return INSPECT_YES;
    return INSPECT_MORE;
}

/* ---- buffers ---- */

static bool give(struct span *out, const struct str *s)
{
    return s && s->len && inspect_span(out, str_text(s), s->len);
}

static bool buffer(const struct inspect_flow *f, const struct inspect_tx *head, enum flow_side side,
                   enum buffer_id id, unsigned index, struct span *out)
{
    const struct smtp_tx *tx = smtp_tx_of(head);
    (void)f, (void)side;
    switch ((int)id) {
    case BUFFER_SMTP_HELO:
        return give(out, tx->helo);
    case BUFFER_SMTP_MAIL_FROM:
        return tx->has_from && give(out, &tx->mail_from);
    case BUFFER_SMTP_RCPT_TO:
        return index < tx->rcpt_count && give(out, &tx->rcpt[index]);
    case BUFFER_EMAIL_FROM:
        return give(out, smtp_mail_header(tx, "from", 0));
    case BUFFER_EMAIL_SUBJECT:
        return give(out, smtp_mail_header(tx, "subject", 0));
    case BUFFER_EMAIL_TO:
        return give(out, smtp_mail_header(tx, "to", 0));
    case BUFFER_EMAIL_CC:
        return give(out, smtp_mail_header(tx, "cc", 0));
    case BUFFER_EMAIL_DATE:
        return give(out, smtp_mail_header(tx, "date", 0));
    case BUFFER_EMAIL_MESSAGE_ID:
        return give(out, smtp_mail_header(tx, "message-id", 0));
    case BUFFER_EMAIL_X_MAILER:
        return give(out, smtp_mail_header(tx, "x-mailer", 0));
    case BUFFER_EMAIL_RECEIVED:
        return give(out, smtp_mail_header(tx, "received", index));
    case BUFFER_EMAIL_URL:
        return index < tx->url_count && give(out, &tx->url[index]);
    case BUFFER_EMAIL_BODY_MD5:
        return tx->has_body_md5 && inspect_span(out, tx->body_md5_text, 32);
    default:
        return false;
    }
}

static struct inspect_file *file(const struct inspect_tx *head, enum flow_side side, size_t index)
{
    const struct smtp_tx *tx = smtp_tx_of(head);
    if (side != FLOW_TO_SERVER || index >= tx->file_count)
        return NULL;
    return tx->file[index];
}

const struct inspect_proto inspect_proto_smtp = {
    .id = INSPECT_SMTP,
    .transports = INSPECT_TCP,
    .first_side = FLOW_SIDES,
    .event_type = "smtp",
    .probe = probe,
    .open = open_flow,
    .close = close_flow,
    .take = take,
    .tx_free = tx_free,
    .buffer = buffer,
    .file = file,
    .eve = smtp_eve,
};
