/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sys/io/ssh_client.h"

#include <errno.h>

#ifdef HAVE_LIBSSH

#include <libssh/libssh.h>
#include <libssh/sftp.h>
#include <string.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/mem.h"

enum { DEFAULT_TIMEOUT_S = 20, READ_SIZE = 16384, PROMPT_ROUNDS_MAX = 20, SLICE_MS = 200 };

struct ssh_client {
    ssh_session session;
    ssh_channel channel; /* the shell's */
    uint64_t timeout_ns;
    bool has_user, asked;
    unsigned methods;
};

bool ssh_client_is_built(void)
{
    return true;
}

static bool set_texts(ssh_session s, const struct ssh_client_options *o)
{
    bool no = false;
    const struct {
        enum ssh_options_e option;
        const char *value;
    } text[] = {
        {SSH_OPTIONS_SSH_DIR, "/nonexistent"}, /* else a home is looked for, and a name */
        {SSH_OPTIONS_USER, "nobody"},
        {SSH_OPTIONS_HOST, o->host ? o->host : "host"},
        {SSH_OPTIONS_KNOWNHOSTS, "/dev/null"},
        {SSH_OPTIONS_GLOBAL_KNOWNHOSTS, "/dev/null"},
        {SSH_OPTIONS_HOSTKEYS, o->key_types},
        {SSH_OPTIONS_CIPHERS_C_S, o->ciphers_out},
        {SSH_OPTIONS_CIPHERS_S_C, o->ciphers_in},
    };
    ssh_options_set(s, SSH_OPTIONS_PROCESS_CONFIG, &no); /* no file of this machine counts */
    for (size_t i = 0; i < ARRAY_COUNT(text); i++)
        if (text[i].value && ssh_options_set(s, text[i].option, text[i].value) != SSH_OK)
            return false;
    return true;
}

/* The library closes the descriptor it is given: it gets a copy. */
struct ssh_client *ssh_client_open(int fd, const struct ssh_client_options *o, struct err *e)
{
    struct ssh_client *c = mem_zero(sizeof *c);
    c->timeout_ns = o->timeout_ns ? o->timeout_ns : DEFAULT_TIMEOUT_S * NS_PER_S;
    long seconds = (long)((c->timeout_ns + NS_PER_S - 1) / NS_PER_S);
    c->session = ssh_new();
    socket_t copy = dup(fd);
    bool ready = c->session && copy >= 0 && set_texts(c->session, o) &&
                 ssh_options_set(c->session, SSH_OPTIONS_TIMEOUT, &seconds) == SSH_OK &&
                 ssh_options_set(c->session, SSH_OPTIONS_FD, &copy) == SSH_OK;
    if (ready && ssh_connect(c->session) == SSH_OK)
        return c;
    (void)err_set(e, -EPROTO, "SSH: %s", c->session ? ssh_get_error(c->session) : "no memory");
    if (!ready && copy >= 0)
        close(copy);
    ssh_client_close(c);
    return NULL;
}

void ssh_client_close(struct ssh_client *c)
{
    if (!c)
        return;
    ssh_client_shell_close(c);
    if (c->session) {
        ssh_disconnect(c->session);
        ssh_free(c->session);
    }
    mem_free(c);
}

void ssh_client_set_user(struct ssh_client *c, const char *user)
{
    if (!c->has_user && user && *user)
        ssh_options_set(c->session, SSH_OPTIONS_USER, user);
    c->has_user = true;
}

bool ssh_client_has_user(const struct ssh_client *c)
{
    return c->has_user;
}

unsigned ssh_client_methods(struct ssh_client *c)
{
    static const struct {
        int theirs;
        unsigned ours;
    } row[] = {
        {SSH_AUTH_METHOD_NONE, SSH_CLIENT_NONE},
        {SSH_AUTH_METHOD_PASSWORD, SSH_CLIENT_PASSWORD},
        {SSH_AUTH_METHOD_PUBLICKEY, SSH_CLIENT_PUBLIC_KEY},
        {SSH_AUTH_METHOD_HOSTBASED, SSH_CLIENT_HOST_BASED},
        {SSH_AUTH_METHOD_INTERACTIVE, SSH_CLIENT_INTERACTIVE},
    };
    if (c->asked)
        return c->methods;
    c->asked = true;
    if (ssh_userauth_none(c->session, NULL) == SSH_AUTH_SUCCESS)
        return c->methods = SSH_CLIENT_NONE;
    int list = ssh_userauth_list(c->session, NULL);
    for (size_t i = 0; i < ARRAY_COUNT(row); i++)
        if (list & row[i].theirs)
            c->methods |= row[i].ours;
    return c->methods;
}

/* The number of the first prompt whose answer is not shown; -1: none. */
static int hidden_prompt(ssh_session s, const char **out)
{
    int count = ssh_userauth_kbdint_getnprompts(s);
    for (int n = 0; n < count; n++) {
        char echo = 0;
        const char *prompt = ssh_userauth_kbdint_getprompt(s, (unsigned)n, &echo);
        if (prompt && *prompt && !echo) {
            *out = prompt;
            return n;
        }
    }
    return -1;
}

static bool try_interactive(struct ssh_client *c, const char *password)
{
    int rc = SSH_AUTH_INFO;
    const char *prompt;
    for (int i = 0; i < PROMPT_ROUNDS_MAX && rc == SSH_AUTH_INFO; i++) {
        rc = ssh_userauth_kbdint(c->session, NULL, NULL);
        int n = rc == SSH_AUTH_INFO ? hidden_prompt(c->session, &prompt) : -1;
        if (n >= 0 && ssh_userauth_kbdint_setanswer(c->session, (unsigned)n, password) < 0)
            return false;
    }
    return rc == SSH_AUTH_SUCCESS;
}

bool ssh_client_try_password(struct ssh_client *c, const char *password)
{
    unsigned methods = ssh_client_methods(c);
    if (methods & SSH_CLIENT_PASSWORD &&
        ssh_userauth_password(c->session, NULL, password) == SSH_AUTH_SUCCESS)
        return true;
    return methods & SSH_CLIENT_INTERACTIVE && try_interactive(c, password);
}

bool ssh_client_try_key(struct ssh_client *c, const char *pem, const char *phrase)
{
    ssh_key key = NULL;
    bool ok = ssh_client_methods(c) & SSH_CLIENT_PUBLIC_KEY &&
              ssh_pki_import_privkey_base64(pem, phrase, NULL, NULL, &key) == SSH_OK &&
              ssh_userauth_try_publickey(c->session, NULL, key) == SSH_AUTH_SUCCESS &&
              ssh_userauth_publickey(c->session, NULL, key) == SSH_AUTH_SUCCESS;
    ssh_key_free(key);
    return ok;
}

bool ssh_client_prompt(struct ssh_client *c, struct str *prompt)
{
    const char *text;
    for (int i = 0; i < PROMPT_ROUNDS_MAX; i++) {
        if (ssh_userauth_kbdint(c->session, NULL, NULL) != SSH_AUTH_INFO)
            return false;
        if (hidden_prompt(c->session, &text) >= 0) {
            str_reset(prompt);
            str_add(prompt, text);
            return true;
        }
    }
    return false;
}

bool ssh_client_answer(struct ssh_client *c, const char *answer)
{
    if (ssh_userauth_kbdint_setanswer(c->session, 0, answer) < 0)
        return false;
    int rc = SSH_AUTH_INFO;
    for (int i = 0; i < PROMPT_ROUNDS_MAX && rc == SSH_AUTH_INFO; i++) {
        rc = ssh_userauth_kbdint(c->session, NULL, NULL);
        if (rc == SSH_AUTH_INFO)
            (void)ssh_userauth_kbdint_getnprompts(c->session);
    }
    return rc == SSH_AUTH_SUCCESS;
}

static ssh_channel open_channel(struct ssh_client *c, struct err *e)
{
    ssh_channel channel = ssh_channel_new(c->session);
    if (channel && ssh_channel_open_session(channel) == SSH_OK)
        return channel;
    (void)err_set(e, -EPROTO, "SSH: %s", ssh_get_error(c->session));
    if (channel)
        ssh_channel_free(channel);
    return NULL;
}

/* All of one stream; -EIO: the connection broke. */
static int read_all(struct ssh_client *c, ssh_channel channel, bool is_err, struct str *to)
{
    char room[READ_SIZE];
    int timeout_ms = (int)(c->timeout_ns / NS_PER_MS);
    for (;;) {
        int got = ssh_channel_read_timeout(channel, room, sizeof room, is_err, timeout_ms);
        if (got < 0)
            return got == SSH_AGAIN ? 0 : -EIO;
        if (got == 0)
            return 0;
        if (to)
            str_add_len(to, room, (size_t)got);
    }
}

int ssh_client_exec(struct ssh_client *c, const char *command, struct str *out, struct str *err_out,
                    struct err *e)
{
    ssh_channel channel = open_channel(c, e);
    if (!channel)
        return e->code;
    int rc = ssh_channel_request_exec(channel, command) == SSH_OK ? 0 : -EPROTO;
    if (rc == 0)
        rc = read_all(c, channel, false, out);
    if (rc == 0)
        rc = read_all(c, channel, true, err_out);
    if (rc < 0)
        (void)err_set(e, rc, "SSH: %s", ssh_get_error(c->session));
    ssh_channel_send_eof(channel);
    ssh_channel_close(channel);
    ssh_channel_free(channel);
    return rc;
}

void ssh_client_shell_close(struct ssh_client *c)
{
    if (c->channel)
        ssh_channel_free(c->channel);
    c->channel = NULL;
}

int ssh_client_shell(struct ssh_client *c, bool terminal, struct err *e)
{
    ssh_channel channel = open_channel(c, e);
    if (!channel)
        return e->code;
    if ((terminal && (ssh_channel_request_pty(channel) != SSH_OK ||
                      ssh_channel_change_pty_size(channel, 80, 24) != SSH_OK)) ||
        ssh_channel_request_shell(channel) != SSH_OK) {
        ssh_channel_free(channel);
        return err_set(e, -EPROTO, "SSH: %s", ssh_get_error(c->session));
    }
    ssh_client_shell_close(c);
    c->channel = channel;
    return 0;
}

int ssh_client_subsystem(struct ssh_client *c, const char *name, struct err *e)
{
    ssh_channel channel = open_channel(c, e);
    if (!channel)
        return e->code;
    if (ssh_channel_request_subsystem(channel, name) != SSH_OK) {
        ssh_channel_free(channel);
        return err_set(e, -EPROTO, "SSH: %s", ssh_get_error(c->session));
    }
    ssh_client_shell_close(c);
    c->channel = channel;
    return 0;
}

/* What is there within the time; both streams. */
int ssh_client_read(struct ssh_client *c, uint64_t wait_ns, struct str *out)
{
    char room[READ_SIZE];
    int64_t left_ms = (int64_t)(wait_ns / NS_PER_MS);
    if (!c->channel)
        return -ENOTCONN;
    do {
        int slice = left_ms < SLICE_MS ? (int)left_ms : SLICE_MS;
        int got = ssh_channel_read_timeout(c->channel, room, sizeof room, 0, slice);
        int more = ssh_channel_read_nonblocking(c->channel, room + (got > 0 ? got : 0),
                                                sizeof room - (uint32_t)(got > 0 ? got : 0), 1);
        if (got == SSH_ERROR)
            return -EIO;
        got = (got > 0 ? got : 0) + (more > 0 ? more : 0);
        if (got)
            str_add_len(out, room, (size_t)got);
        left_ms -= got ? 0 : slice;
        if (got && !wait_ns)
            left_ms = 0;
    } while (left_ms > 0 && !ssh_channel_is_eof(c->channel));
    return 0;
}

int ssh_client_write(struct ssh_client *c, const char *text, size_t len)
{
    if (!c->channel)
        return -ENOTCONN;
    return ssh_channel_write(c->channel, text, (uint32_t)len) == (int)len ? 0 : -EIO;
}

bool ssh_client_has_sftp(struct ssh_client *c)
{
    sftp_session sftp = sftp_new(c->session);
    bool ok = sftp && sftp_init(sftp) == SSH_OK;
    if (sftp)
        sftp_free(sftp);
    return ok;
}

const char *ssh_client_server_banner(const struct ssh_client *c)
{
    return ssh_get_serverbanner(c->session);
}

void ssh_client_issue(struct ssh_client *c, struct str *out)
{
    (void)ssh_client_methods(c); /* it comes with the first try */
    char *text = ssh_get_issue_banner(c->session);
    str_reset(out);
    if (text)
        str_add(out, text);
    ssh_string_free_char(text);
}

bool ssh_client_host_key(struct ssh_client *c, struct str *out)
{
    ssh_key key = NULL;
    char *blob = NULL;
    str_reset(out);
    bool ok = ssh_get_server_publickey(c->session, &key) == SSH_OK &&
              ssh_pki_export_pubkey_base64(key, &blob) == SSH_OK;
    if (ok)
        str_add(out, blob);
    ssh_string_free_char(blob);
    ssh_key_free(key);
    return ok;
}

#else

bool ssh_client_is_built(void)
{
    return false;
}

struct ssh_client *ssh_client_open(int fd, const struct ssh_client_options *o, struct err *e)
{
    (void)fd, (void)o;
    (void)err_set(e, -ENOTSUP, "built without libssh");
    return NULL;
}

/* Without a client nothing below is ever called with one. */
void ssh_client_close(struct ssh_client *c)
{
    (void)c;
}

void ssh_client_set_user(struct ssh_client *c, const char *user)
{
    (void)c, (void)user;
}

bool ssh_client_has_user(const struct ssh_client *c)
{
    return (void)c, false;
}

unsigned ssh_client_methods(struct ssh_client *c)
{
    return (void)c, 0;
}

bool ssh_client_try_password(struct ssh_client *c, const char *password)
{
    return (void)c, (void)password, false;
}

bool ssh_client_try_key(struct ssh_client *c, const char *pem, const char *phrase)
{
    return (void)c, (void)pem, (void)phrase, false;
}

bool ssh_client_prompt(struct ssh_client *c, struct str *prompt)
{
    return (void)c, (void)prompt, false;
}

bool ssh_client_answer(struct ssh_client *c, const char *answer)
{
    return (void)c, (void)answer, false;
}

int ssh_client_exec(struct ssh_client *c, const char *command, struct str *out, struct str *err_out,
                    struct err *e)
{
    (void)c, (void)command, (void)out, (void)err_out;
    return err_set(e, -ENOTSUP, "built without libssh");
}

int ssh_client_shell(struct ssh_client *c, bool terminal, struct err *e)
{
    (void)c, (void)terminal;
    return err_set(e, -ENOTSUP, "built without libssh");
}

int ssh_client_subsystem(struct ssh_client *c, const char *name, struct err *e)
{
    (void)c, (void)name;
    return err_set(e, -ENOTSUP, "built without libssh");
}

int ssh_client_read(struct ssh_client *c, uint64_t wait_ns, struct str *out)
{
    return (void)c, (void)wait_ns, (void)out, -ENOTSUP;
}

int ssh_client_write(struct ssh_client *c, const char *text, size_t len)
{
    return (void)c, (void)text, (void)len, -ENOTSUP;
}

void ssh_client_shell_close(struct ssh_client *c)
{
    (void)c;
}

bool ssh_client_has_sftp(struct ssh_client *c)
{
    return (void)c, false;
}

const char *ssh_client_server_banner(const struct ssh_client *c)
{
    return (void)c, NULL;
}

void ssh_client_issue(struct ssh_client *c, struct str *out)
{
    (void)c, (void)out;
}

bool ssh_client_host_key(struct ssh_client *c, struct str *out)
{
    return (void)c, (void)out, false;
}

#endif
