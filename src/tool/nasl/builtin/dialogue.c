/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Small dialogues of services: FTP, telnet, and whether a host still answers. */
#include <string.h>
#include <time.h>

#include "core/base/attr.h"
#include "core/base/mem.h"
#include "tool/nasl/builtin.h"
#include "tool/nasl/constant.h"
#include "tool/nasl/stream.h"

enum { LINE_MAX_BYTES = 1024, LINES_MAX = 1024, TELNET_OPTIONS_MAX = 100, DENIAL_WAIT_S = 10 };

static bool say(struct nasl_call *c, struct nasl_stream *s, const char *format, const char *word)
{
    struct str line = str_of(4 * LINE_MAX_BYTES);
    str_add(&line, format);
    str_add(&line, word);
    str_add(&line, "\r\n");
    bool ok = nasl_stream_write(c->vm, s, str_text(&line), line.len, 0) == (int64_t)line.len;
    str_done(&line);
    return ok;
}

/* An answer of one or several lines (RFC 959 4.2): its code, or 0.  Its last line stays in `line`.
 */
static int64_t answer(struct nasl_call *c, struct nasl_stream *s, char line[LINE_MAX_BYTES])
{
    int64_t code = 0;
    bool clean;
    for (int i = 0; i < LINES_MAX; i++) {
        size_t len = nasl_stream_read_line(c->vm, s, line, LINE_MAX_BYTES - 1);
        line[len] = '\0';
        if (!len)
            return 0;
        if (i == 0)
            code = nasl_number_of(line, 10, &clean);
        if (len < 4 || line[3] != '-')
            return code;
    }
    return 0;
}

enum { FTP_PASS, FTP_SOCKET, FTP_USER };

static bool log_in(struct nasl_call *c, struct nasl_stream *s, const char *user, const char *pass)
{
    char line[LINE_MAX_BYTES];
    if (answer(c, s, line) != 220 || !say(c, s, "USER ", user))
        return false;
    int64_t code = answer(c, s, line);
    if (code == 230)
        return true;
    return code == 331 && say(c, s, "PASS ", pass) && answer(c, s, line) == 230;
}

static struct nasl_value do_ftp_log_in(struct nasl_call *c)
{
    struct str room = str_of(0), room2 = str_of(0);
    struct nasl_stream *s =
        nasl_handle_get(c->vm, &nasl_stream_kind, nasl_arg_int(nasl_named(c, FTP_SOCKET), -1));
    const char *user = nasl_arg_text(nasl_named(c, FTP_USER), &room, NULL);
    const char *pass = nasl_arg_text(nasl_named(c, FTP_PASS), &room2, NULL);
    struct nasl_value v = nasl_undef();
    if (s)
        v = nasl_int(log_in(c, s, user ? user : "", pass ? pass : ""));
    str_done(&room);
    str_done(&room2);
    return v;
}

/* "227 Entering Passive Mode (127,0,0,1,19,137)": the port.  The address is not believed. */
static struct nasl_value do_ftp_get_pasv_port(struct nasl_call *c)
{
    char line[LINE_MAX_BYTES];
    struct nasl_stream *s =
        nasl_handle_get(c->vm, &nasl_stream_kind, nasl_arg_int(nasl_named(c, 0), -1));
    if (!s)
        return nasl_undef();
    bool clean;
    int64_t number[6] = {0};
    const char *p = NULL;
    if (say(c, s, "PASV", "") && answer(c, s, line) == 227)
        p = strchr(line, '(');
    for (int i = 0; p && i < 6; i++) {
        number[i] = nasl_number_of(++p, 10, &clean);
        p = i < 5 ? strchr(p, ',') : p;
    }
    bool ok = p && number[4] >= 0 && number[4] < 256 && number[5] >= 0 && number[5] < 256;
    return nasl_int(ok ? number[4] * 256 + number[5] : 0);
}

enum { IAC = 255, DONT = 254, DO = 253, WONT = 252, WILL = 251, LINEMODE = 34 };

/* Refuse all options (RFC 854), offer line mode once; what follows them is the banner. */
static struct nasl_value do_telnet_init(struct nasl_call *c)
{
    uint8_t text[LINE_MAX_BYTES] = {IAC};
    size_t got = 0;
    int options = 0;
    struct nasl_stream *s =
        nasl_handle_get(c->vm, &nasl_stream_kind, nasl_arg_int(nasl_arg(c, 0), -1));
    if (!s) {
        nasl_complain(c, "telnet_init(socket)");
        return nasl_undef();
    }
    while (options <= TELNET_OPTIONS_MAX) {
        got = nasl_stream_read(c->vm, s, text, 3, 3);
        if (got != 3 || text[0] != IAC)
            break;
        text[1] = text[1] == WILL || text[1] == WONT ? DONT : WONT;
        (void)nasl_stream_write(c->vm, s, text, 3, 0);
        if (options++ == 0) {
            const uint8_t offer[] = {IAC, DO, LINEMODE};
            (void)nasl_stream_write(c->vm, s, offer, sizeof offer, 0);
        }
    }
    if (options > TELNET_OPTIONS_MAX || (!got && !options)) {
        nasl_complain(c, options ? "the server never stops to negotiate" : "no answer");
        return nasl_undef();
    }
    got += nasl_stream_read(c->vm, s, text + got, 0, sizeof text - got);
    return nasl_data(c, text, got);
}

struct first_port {
    int64_t port;
};

static bool take_port(void *ctx, const char *key)
{
    struct first_port *found = ctx;
    bool clean;
    found->port = nasl_number_of(key + strlen("Ports/tcp/"), 10, &clean);
    return false;
}

/* Does a port that is known to be open still take connections? */
static bool is_alive(struct nasl_call *c)
{
    struct first_port found = {0};
    nasl_kb_each(nasl_vm_host(c->vm)->kb, "Ports/tcp/*", take_port, &found);
    if (found.port <= 0 || found.port > 65535)
        return true; /* nothing that could be asked */
    struct nasl_stream_options o = {.port = (uint16_t)found.port,
                                    .transport = NASL_ENCAPS_IP,
                                    .timeout_ns = nasl_vm_host(c->vm)->read_timeout_ns};
    struct nasl_stream *s = nasl_stream_open(c->vm, &o);
    nasl_stream_close(s);
    return s != NULL;
}

static struct nasl_value do_start_denial(struct nasl_call *c)
{
    if (!is_alive(c))
        nasl_complain(c, "the host does not answer before the attack, either");
    return nasl_undef();
}

/* Some time later: 1 when the host still answers. */
static struct nasl_value do_end_denial(struct nasl_call *c)
{
    uint64_t left = nasl_vm_wait_ns(c->vm, DENIAL_WAIT_S * NS_PER_S);
    for (uint64_t step = 100 * NS_PER_MS; left && !nasl_vm_should_stop(c->vm);
         left -= left < step ? left : step) {
        struct timespec t = {0, (long)(left < step ? left : step)};
        nanosleep(&t, NULL);
    }
    return nasl_int(is_alive(c));
}

/* A connection to the key distribution centre that the knowledge base names: only where it is the
 * host under test itself. */
static struct nasl_value do_open_sock_kdc(struct nasl_call *c)
{
    struct nasl_host *h = nasl_vm_host(c->vm);
    struct nasl_kb_value name, v;
    bool clean, tcp = false;
    int64_t port = 88;
    if (!nasl_kb_get(h->kb, "Secret/kdc_hostname", 0, &name))
        return nasl_undef();
    bool same = name.text && strcmp(name.text, h->ip) == 0;
    for (size_t i = 0; name.text && i < h->name_count; i++)
        same = same || strcasecmp(h->name[i].name, name.text) == 0;
    if (nasl_kb_get(h->kb, "Secret/kdc_port", 0, &v))
        port = v.is_number ? v.number : nasl_number_of(v.text, 10, &clean);
    if (nasl_kb_get(h->kb, "Secret/kdc_use_tcp", 0, &v))
        tcp = (v.is_number ? v.number : nasl_number_of(v.text, 10, &clean)) > 0;
    if (!same || port <= 0 || port > 65535) {
        nasl_complain(c, "the centre is not the host under test");
        return nasl_undef();
    }
    struct nasl_stream_options o = {.port = (uint16_t)port,
                                    .datagram = !tcp,
                                    .transport = NASL_ENCAPS_IP,
                                    .timeout_ns = h->read_timeout_ns};
    struct nasl_stream *s = nasl_stream_open(c->vm, &o);
    return s ? nasl_int(nasl_handle_add(c->vm, &nasl_stream_kind, s)) : nasl_undef();
}

static const struct nasl_builtin rows[] = {
    {"end_denial", do_end_denial, {"port"}, 0},
    {"ftp_get_pasv_port", do_ftp_get_pasv_port, {"socket"}, 0},
    {"ftp_log_in", do_ftp_log_in, {"pass", "socket", "user"}, 0},
    {"open_sock_kdc", do_open_sock_kdc, {0}, 0},
    {"start_denial", do_start_denial, {"port"}, 0},
    {"telnet_init", do_telnet_init, {0}, 0},
};

const struct nasl_family nasl_family_dialogue = {"dialogue", rows, ARRAY_COUNT(rows)};
