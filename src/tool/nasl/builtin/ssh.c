/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SSH: sessions by number.  Login, password and key may lie in the knowledge base under Secret/SSH.
 */
#include <string.h>

#include "core/base/attr.h"
#include "core/base/mem.h"
#include "core/text/base64.h"
#include "sys/io/ssh_client.h"
#include "tool/nasl/builtin.h"
#include "tool/nasl/constant.h"
#include "tool/nasl/stream.h"

enum { OUTPUT_MAX = 64 << 20, SSH_PORT = 22, TIMEOUT_MAX_S = 600 };

struct session {
    struct ssh_client *client;
    struct nasl_stream *own; /* the connection, when no socket was given */
    int64_t socket;          /* the socket's number that was given; 0 */
};

static void close_session(void *thing)
{
    struct session *s = thing;
    ssh_client_close(s->client);
    nasl_stream_close(s->own);
    mem_free(s);
}

static const struct nasl_handle_kind session_kind = {"SSH session", 9000, close_session};

static struct session *session_of(struct nasl_call *c)
{
    int64_t number = nasl_arg_int(nasl_arg(c, 0), -1);
    struct session *s = nasl_handle_get(c->vm, &session_kind, number);
    if (!s)
        nasl_complain(c, "%lld is no session", (long long)number);
    return s;
}

enum { CSCIPHERS, KEYTYPE, PORT, SCCIPHERS, SOCKET, TIMEOUT };

static int64_t ssh_port(struct nasl_call *c)
{
    struct nasl_kb_value v;
    bool clean;
    int64_t port = nasl_arg_int(nasl_named(c, PORT), 0);
    if (port <= 0 && nasl_kb_get(nasl_vm_host(c->vm)->kb, "Services/ssh", 0, &v))
        port = v.is_number ? v.number : nasl_number_of(v.text, 10, &clean);
    return port > 0 && port < 65536 ? port : SSH_PORT;
}

/* The descriptor to speak over: of the socket given, or of a connection of the session's own. */
static int descriptor(struct nasl_call *c, struct session *s)
{
    s->socket = nasl_arg_int(nasl_named(c, SOCKET), 0);
    if (s->socket) {
        struct nasl_stream *given = nasl_handle_get(c->vm, &nasl_stream_kind, s->socket);
        return given && !given->tls ? given->fd : -1;
    }
    struct nasl_stream_options o = {.port = (uint16_t)ssh_port(c),
                                    .transport = NASL_ENCAPS_IP,
                                    .timeout_ns = nasl_vm_host(c->vm)->read_timeout_ns * 2};
    s->own = nasl_stream_open(c->vm, &o);
    return s->own ? s->own->fd : -1;
}

static struct nasl_value do_connect(struct nasl_call *c)
{
    struct session *s = mem_zero(sizeof *s);
    struct str room = str_of(0), room2 = str_of(0), room3 = str_of(0);
    struct err e = {0};
    int64_t seconds = nasl_arg_int(nasl_named(c, TIMEOUT), 0);
    struct ssh_client_options o = {
        .host = nasl_vm_host(c->vm)->ip,
        .key_types = nasl_arg_text(nasl_named(c, KEYTYPE), &room, NULL),
        .ciphers_out = nasl_arg_text(nasl_named(c, CSCIPHERS), &room2, NULL),
        .ciphers_in = nasl_arg_text(nasl_named(c, SCCIPHERS), &room3, NULL),
    };
    if (seconds > 0 && seconds < TIMEOUT_MAX_S)
        o.timeout_ns = (uint64_t)seconds * NS_PER_S;
    o.timeout_ns = nasl_vm_wait_ns(c->vm, o.timeout_ns ? o.timeout_ns : 20 * NS_PER_S);
    int fd = descriptor(c, s);
    s->client = fd >= 0 ? ssh_client_open(fd, &o, &e) : NULL;
    if (fd >= 0 && !s->client)
        nasl_complain(c, "%s", e.text);
    str_done(&room);
    str_done(&room2);
    str_done(&room3);
    if (s->client)
        return nasl_int(nasl_handle_add(c->vm, &session_kind, s));
    close_session(s);
    return nasl_int(0);
}

static struct nasl_value do_disconnect(struct nasl_call *c)
{
    if (!nasl_handle_close(c->vm, &session_kind, nasl_arg_int(nasl_arg(c, 0), -1)))
        nasl_complain(c, "no such session");
    return nasl_undef();
}

static bool uses_socket(void *thing, int64_t socket)
{
    return ((struct session *)thing)->socket == socket;
}

static struct nasl_value do_session_id_from_sock(struct nasl_call *c)
{
    int64_t socket = nasl_arg_int(nasl_arg(c, 0), -1);
    int64_t found = socket > 0 ? nasl_handle_find(c->vm, &session_kind, uses_socket, socket) : -1;
    return nasl_int(found > 0 ? found : 0);
}

static struct nasl_value do_get_sock(struct nasl_call *c)
{
    struct session *s = session_of(c);
    return nasl_int(!s ? -1 : s->socket ? s->socket : s->own->fd);
}

/* The value that was given, else that of the knowledge base; NULL: neither. */
static const char *secret(struct nasl_call *c, const struct nasl_value *given, const char *key,
                          struct str *room)
{
    struct nasl_kb_value v;
    const char *text = nasl_arg_text(given, room, NULL);
    if (!text && nasl_kb_get(nasl_vm_host(c->vm)->kb, key, 0, &v) && v.text) {
        str_reset(room);
        str_add(room, v.text);
        text = str_text(room);
    }
    return text;
}

static void set_login(struct nasl_call *c, struct session *s)
{
    struct str room = str_of(0);
    if (!ssh_client_has_user(s->client))
        ssh_client_set_user(s->client, secret(c, nasl_named(c, 0), "Secret/SSH/login", &room));
    str_done(&room);
}

static struct nasl_value do_set_login(struct nasl_call *c)
{
    struct session *s = session_of(c);
    if (s)
        set_login(c, s);
    return nasl_undef();
}

enum { AUTH_LOGIN, AUTH_PASSPHRASE, AUTH_PASSWORD, AUTH_KEY };

/* 0: in. */
static struct nasl_value do_userauth(struct nasl_call *c)
{
    struct session *s = session_of(c);
    struct str pass = str_of(0), key = str_of(0), phrase = str_of(0);
    if (!s)
        return nasl_undef();
    set_login(c, s);
    bool given = false;
    static const struct nasl_value none = {.type = NASL_UNDEF};
    for (unsigned i = AUTH_PASSPHRASE; i <= AUTH_KEY; i++)
        given = given || nasl_named(c, i)->type != NASL_UNDEF;
    const char *names[] = {"", "Secret/SSH/passphrase", "Secret/SSH/password",
                           "Secret/SSH/privatekey"};
    struct str *rooms[] = {NULL, &phrase, &pass, &key};
    const char *text[4] = {NULL};
    for (unsigned i = AUTH_PASSPHRASE; i <= AUTH_KEY; i++)
        text[i] = given ? nasl_arg_text(nasl_named(c, i), rooms[i], NULL)
                        : secret(c, &none, names[i], rooms[i]);
    bool in = ssh_client_methods(s->client) == SSH_CLIENT_NONE;
    if (!in && text[AUTH_PASSWORD])
        in = ssh_client_try_password(s->client, text[AUTH_PASSWORD]);
    if (!in && text[AUTH_KEY] && *text[AUTH_KEY])
        in = ssh_client_try_key(s->client, text[AUTH_KEY], text[AUTH_PASSPHRASE]);
    str_done(&pass);
    str_done(&key);
    str_done(&phrase);
    return nasl_int(in ? 0 : -1);
}

static struct nasl_value do_login_interactive(struct nasl_call *c)
{
    struct session *s = session_of(c);
    struct str prompt = str_of(0);
    if (!s)
        return nasl_undef();
    set_login(c, s);
    unsigned methods = ssh_client_methods(s->client);
    if (methods == SSH_CLIENT_NONE)
        return nasl_data(c, "", 0);
    if (methods & SSH_CLIENT_INTERACTIVE && ssh_client_prompt(s->client, &prompt))
        return nasl_data_str(c, &prompt);
    str_done(&prompt);
    return nasl_undef();
}

static struct nasl_value do_login_interactive_pass(struct nasl_call *c)
{
    struct session *s = session_of(c);
    struct str room = str_of(0);
    const char *password = nasl_arg_text(nasl_named(c, 0), &room, NULL);
    struct nasl_value v = nasl_undef();
    if (s && password)
        v = nasl_int(ssh_client_answer(s->client, password) ? 0 : -1);
    str_done(&room);
    return v;
}

enum { EXEC_CMD, EXEC_STDERR, EXEC_STDOUT };

/* stdout:0 and stderr:0 together mean both, what was complained of behind the rest. */
static struct nasl_value do_request_exec(struct nasl_call *c)
{
    struct session *s = session_of(c);
    struct str room = str_of(0), out = str_of(OUTPUT_MAX), complaints = str_of(OUTPUT_MAX);
    struct err e = {0};
    const char *command = nasl_arg_text(nasl_named(c, EXEC_CMD), &room, NULL);
    int64_t wants_out = nasl_arg_int(nasl_named(c, EXEC_STDOUT), -1);
    int64_t wants_err = nasl_arg_int(nasl_named(c, EXEC_STDERR), -1);
    bool both = wants_out == 0 && wants_err == 0;
    if (both || (wants_out == -1 && wants_err == -1))
        wants_out = 1;
    int rc = -1;
    if (s && command && *command)
        rc = ssh_client_exec(s->client, command, wants_out > 0 ? &out : NULL,
                             both || wants_err > 0 ? &complaints : NULL, &e);
    if (rc < 0)
        nasl_complain(c, "%s", e.code ? e.text : "a session and cmd: are needed");
    if (both)
        str_add_len(&out, str_text(&complaints), complaints.len);
    else if (wants_err > 0) {
        str_add_len(&complaints, str_text(&out), out.len);
        str_reset(&out);
        str_add_len(&out, str_text(&complaints), complaints.len);
    }
    str_done(&room);
    str_done(&complaints);
    if (rc == 0)
        return nasl_data_str(c, &out);
    str_done(&out);
    return nasl_undef();
}

static struct nasl_value do_shell_open(struct nasl_call *c)
{
    struct session *s = session_of(c);
    struct err e = {0};
    bool terminal = nasl_arg_int(nasl_named(c, 0), 1) != 0;
    if (!s || ssh_client_shell(s->client, terminal, &e) < 0) {
        nasl_complain(c, "%s", e.text);
        return nasl_undef();
    }
    return nasl_int(nasl_arg_int(nasl_arg(c, 0), -1));
}

static struct nasl_value do_netconf(struct nasl_call *c)
{
    struct session *s = session_of(c);
    struct err e = {0};
    if (!s)
        return nasl_undef();
    if (ssh_client_subsystem(s->client, "netconf", &e) < 0)
        return nasl_int(-1);
    return nasl_int(nasl_arg_int(nasl_arg(c, 0), -1));
}

static struct nasl_value do_shell_read(struct nasl_call *c)
{
    struct session *s = session_of(c);
    struct str out = str_of(OUTPUT_MAX);
    int64_t seconds = nasl_arg_int(nasl_named(c, 0), 0);
    uint64_t wait_ns = seconds > 0 && seconds < TIMEOUT_MAX_S ? (uint64_t)seconds * NS_PER_S : 0;
    if (s && ssh_client_read(s->client, nasl_vm_wait_ns(c->vm, wait_ns), &out) == 0)
        return nasl_data_str(c, &out);
    str_done(&out);
    return nasl_undef();
}

static struct nasl_value do_shell_write(struct nasl_call *c)
{
    struct session *s = session_of(c);
    const struct nasl_value *text = nasl_named(c, 0);
    bool ok = s && nasl_arg_size(text) &&
              ssh_client_write(s->client, text->string->text, text->string->len) == 0;
    return nasl_int(ok ? 0 : -1);
}

static struct nasl_value do_shell_close(struct nasl_call *c)
{
    struct session *s = session_of(c);
    if (s)
        ssh_client_shell_close(s->client);
    return nasl_undef();
}

static struct nasl_value do_get_issue_banner(struct nasl_call *c)
{
    struct session *s = session_of(c);
    struct str out = str_of(1 << 20);
    if (!s)
        return nasl_undef();
    set_login(c, s);
    ssh_client_issue(s->client, &out);
    if (out.len)
        return nasl_data_str(c, &out);
    str_done(&out);
    return nasl_undef();
}

static struct nasl_value do_get_server_banner(struct nasl_call *c)
{
    struct session *s = session_of(c);
    const char *banner = s ? ssh_client_server_banner(s->client) : NULL;
    return banner ? nasl_data(c, banner, strlen(banner)) : nasl_undef();
}

static struct nasl_value do_get_auth_methods(struct nasl_call *c)
{
    static const struct {
        unsigned method;
        const char *name;
    } row[] = {
        {SSH_CLIENT_NONE, "none"},
        {SSH_CLIENT_PASSWORD, "password"},
        {SSH_CLIENT_PUBLIC_KEY, "publickey"},
        {SSH_CLIENT_HOST_BASED, "hostbased"},
        {SSH_CLIENT_INTERACTIVE, "keyboard-interactive"},
    };
    struct session *s = session_of(c);
    struct str out = str_of(0);
    if (!s)
        return nasl_undef();
    set_login(c, s);
    for (size_t i = 0; i < ARRAY_COUNT(row); i++)
        if (ssh_client_methods(s->client) & row[i].method)
            str_addf(&out, "%s%s", out.len ? "," : "", row[i].name);
    return nasl_data_str(c, &out);
}

static struct nasl_value do_get_host_key(struct nasl_call *c)
{
    struct session *s = session_of(c);
    struct str text = str_of(0), key = str_of(1 << 16);
    bool ok = s && ssh_client_host_key(s->client, &text) &&
              base64_decode_strict(str_text(&text), text.len, &key) == 0;
    str_done(&text);
    if (ok)
        return nasl_data_str(c, &key);
    str_done(&key);
    return nasl_undef();
}

static struct nasl_value do_sftp_enabled_check(struct nasl_call *c)
{
    struct session *s = session_of(c);
    return s ? nasl_int(ssh_client_has_sftp(s->client) ? 0 : -1) : nasl_undef();
}

static const struct nasl_builtin rows[] = {
    {"sftp_enabled_check", do_sftp_enabled_check, {0}, 0},
    {"ssh_connect",
     do_connect,
     {"csciphers", "keytype", "port", "scciphers", "socket", "timeout"},
     0},
    {"ssh_disconnect", do_disconnect, {0}, 0},
    {"ssh_execute_netconf_subsystem", do_netconf, {0}, 0},
    {"ssh_get_auth_methods", do_get_auth_methods, {"login"}, 0},
    {"ssh_get_host_key", do_get_host_key, {0}, 0},
    {"ssh_get_issue_banner", do_get_issue_banner, {"login"}, 0},
    {"ssh_get_server_banner", do_get_server_banner, {0}, 0},
    {"ssh_get_sock", do_get_sock, {0}, 0},
    {"ssh_login_interactive", do_login_interactive, {"login"}, 0},
    {"ssh_login_interactive_pass", do_login_interactive_pass, {"password"}, 0},
    {"ssh_request_exec", do_request_exec, {"cmd", "stderr", "stdout"}, 0},
    {"ssh_session_id_from_sock", do_session_id_from_sock, {0}, 0},
    {"ssh_set_login", do_set_login, {"login"}, 0},
    {"ssh_shell_close", do_shell_close, {0}, 0},
    {"ssh_shell_open", do_shell_open, {"pty"}, 0},
    {"ssh_shell_read", do_shell_read, {"timeout"}, 0},
    {"ssh_shell_write", do_shell_write, {"cmd"}, 0},
    {"ssh_userauth", do_userauth, {"login", "passphrase", "password", "privatekey"}, 0},
};

const struct nasl_family nasl_family_ssh = {"ssh", rows, ARRAY_COUNT(rows)};
