/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sys/io/proxy_client.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

#include "core/base/bytes.h"

enum {
    SOCKS4_REPLY = 8,
    SOCKS4_GRANTED = 90,
    SOCKS5_NO_AUTH = 0,
    SOCKS5_PASSWORD = 2,
    SOCKS5_HEAD = 5, /* of a reply, up to the first byte of its address */
    SOCKS_TEXT_MAX = 255,
};

enum step { STEP_METHOD, STEP_LOGIN, STEP_REPLY };

int proxy_kind_of(const char *text)
{
    static const struct {
        const char *name;
        enum proxy_kind kind;
    } row[] = {
        {"http", PROXY_HTTP},     {"connect", PROXY_HTTP},    {"socks4", PROXY_SOCKS4},
        {"4", PROXY_SOCKS4},      {"socks4a", PROXY_SOCKS4A}, {"4A", PROXY_SOCKS4A},
        {"socks5", PROXY_SOCKS5}, {"5", PROXY_SOCKS5},
    };
    for (size_t i = 0; i < ARRAY_COUNT(row); i++)
        if (strcasecmp(text, row[i].name) == 0)
            return (int)row[i].kind;
    return -1;
}

uint16_t proxy_kind_port(enum proxy_kind kind)
{
    return kind == PROXY_HTTP ? 3128 : 1080;
}

/* ---- what we say ---- */

static void add_place(struct str *out, const struct proxy_target *t)
{
    char text[ADDR_TEXT_MAX];
    if (t->addr.family == ADDR_IP6)
        str_addf(out, "[%s]:%u", addr_format(&t->addr, text), t->port);
    else
        str_addf(out, "%s:%u", t->addr.family ? addr_format(&t->addr, text) : t->host, t->port);
}

static void say_http(struct proxy_client *p)
{
    struct str place = str_of(0);
    add_place(&place, p->target);
    str_addf(&p->out, "CONNECT %s HTTP/1.0\r\n", str_text(&place));
    if (p->tried_login) {
        struct http_login login = {p->target->user, p->target->password, "CONNECT",
                                   str_text(&place), NULL};
        str_add(&p->out, "Proxy-Authorization: ");
        http_auth_answer(&p->out, &p->challenge, &login);
        str_add(&p->out, "\r\n");
    }
    str_add(&p->out, "\r\n");
    str_done(&place);
}

static void add_u16(struct str *out, uint16_t value)
{
    str_add_char(out, (char)(value >> 8));
    str_add_char(out, (char)value);
}

static int say_socks4(struct proxy_client *p, struct err *e)
{
    const struct proxy_target *t = p->target;
    bool by_name = t->addr.family == ADDR_NONE;
    if (t->addr.family == ADDR_IP6 || (by_name && p->kind != PROXY_SOCKS4A))
        return err_set(e, -EINVAL, "SOCKS 4 carries IPv4 addresses only");
    str_add_len(&p->out, "\4\1", 2);
    add_u16(&p->out, t->port);
    /* 4A: the address 0.0.0.x says that a name follows */
    str_add_len(&p->out, by_name ? "\0\0\0\1" : (const char *)t->addr.byte, 4);
    str_add(&p->out, t->user ? t->user : "");
    str_add_char(&p->out, '\0');
    if (by_name)
        str_add_len(&p->out, t->host, strlen(t->host) + 1);
    return 0;
}

static void say_socks5_methods(struct proxy_client *p)
{
    if (p->target->user)
        str_add_len(&p->out, "\5\2\0\2", 4);
    else
        str_add_len(&p->out, "\5\1\0", 3);
}

static void say_socks5_login(struct proxy_client *p) /* RFC 1929 2 */
{
    const char *user = p->target->user, *password = p->target->password;
    str_add_char(&p->out, 1);
    str_add_char(&p->out, (char)strlen(user));
    str_add(&p->out, user);
    str_add_char(&p->out, (char)strlen(password));
    str_add(&p->out, password);
}

static void say_socks5_target(struct proxy_client *p)
{
    const struct proxy_target *t = p->target;
    str_add_len(&p->out, "\5\1\0", 3);
    str_add_char(&p->out, t->addr.family == ADDR_IP4 ? 1 : t->addr.family == ADDR_IP6 ? 4 : 3);
    if (t->addr.family == ADDR_NONE) {
        str_add_char(&p->out, (char)strlen(t->host));
        str_add(&p->out, t->host);
    } else
        str_add_len(&p->out, t->addr.byte, t->addr.family == ADDR_IP4 ? 4 : 16);
    add_u16(&p->out, t->port);
}

static bool is_sayable(const char *text)
{
    return !text || strlen(text) <= SOCKS_TEXT_MAX;
}

int proxy_client_begin(struct proxy_client *p, enum proxy_kind kind,
                       const struct proxy_target *target, struct err *e)
{
    *p = (struct proxy_client){
        .kind = kind, .target = target, .out = str_of(0), .in = str_of(PROXY_HEAD_MAX)};
    if (!is_sayable(target->host) || !is_sayable(target->user) || !is_sayable(target->password))
        return err_set(e, -EINVAL, "over %d bytes of text for a proxy", SOCKS_TEXT_MAX);
    if (target->host && target->host[strcspn(target->host, " \r\n\t")])
        return err_set(e, -EINVAL, "a blank in the name of a host");
    if (kind == PROXY_HTTP)
        say_http(p);
    else if (kind == PROXY_SOCKS5)
        say_socks5_methods(p);
    else
        return say_socks4(p, e);
    return 0;
}

void proxy_client_again(struct proxy_client *p)
{
    str_reset(&p->out);
    str_reset(&p->in);
    p->tried_login = true;
    say_http(p);
}

void proxy_client_done(struct proxy_client *p)
{
    str_done(&p->out);
    str_done(&p->in);
}

/* ---- what it answers ---- */

static enum proxy_state refuse(struct err *e, const char *words)
{
    (void)err_set(e, -ECONNREFUSED, "%s", words);
    return PROXY_REFUSED;
}

/* Take bytes until p->in holds `want` of them.  false: not yet. */
static bool collect(struct proxy_client *p, const uint8_t **data, size_t *len, size_t want)
{
    size_t part = want > p->in.len ? want - p->in.len : 0;
    part = part < *len ? part : *len;
    str_add_len(&p->in, *data, part);
    *data += part;
    *len -= part;
    return p->in.len >= want;
}

static void read_challenges(struct proxy_client *p, const char *head)
{
    static const char name[] = "Proxy-Authenticate:";
    for (const char *line = strchr(head, '\n'); line; line = strchr(line + 1, '\n')) {
        if (strncasecmp(line + 1, name, sizeof name - 1) != 0)
            continue;
        const char *value = line + sizeof name;
        struct str text = str_of(PROXY_HEAD_MAX);
        str_add_len(&text, value, strcspn(value, "\r\n"));
        http_challenge_read(&p->challenge, str_text(&text));
        str_done(&text);
    }
}

/* "HTTP/1.0 200 OK"; 0: no such line. */
static int status_of(const char *head)
{
    static const char version[] = "HTTP/1.";
    const char *at = head + sizeof version - 1;
    int status = 0;
    if (strncmp(head, version, sizeof version - 1) != 0 || !*at || at[1] != ' ')
        return 0;
    at += 2;
    for (int i = 0; i < 3; i++) {
        if (at[i] < '0' || at[i] > '9')
            return 0;
        status = status * 10 + (at[i] - '0');
    }
    return status;
}

static enum proxy_state judge_http(struct proxy_client *p, struct err *e)
{
    const char *head = str_text(&p->in);
    int status = status_of(head);
    if (!status)
        return refuse(e, "the proxy does not speak HTTP");
    p->status = status;
    if (status / 100 == 2)
        return PROXY_OPEN;
    if (status == 407 && p->target->user && !p->tried_login) {
        read_challenges(p, head);
        if (p->challenge.digest || p->challenge.basic)
            return PROXY_AGAIN;
    }
    (void)err_set(e, -ECONNREFUSED, "%.*s", (int)strcspn(head, "\r\n"), head);
    return PROXY_REFUSED;
}

/* The head ends with an empty line; it is read byte by byte, for what follows is the target's. */
static enum proxy_state feed_http(struct proxy_client *p, const uint8_t **data, size_t *len,
                                  struct err *e)
{
    while (*len) {
        collect(p, data, len, p->in.len + 1);
        if (p->in.full)
            return refuse(e, "the proxy's answer is too long");
        size_t n = p->in.len;
        const char *t = str_text(&p->in);
        if (n >= 2 && t[n - 1] == '\n' && (t[n - 2] == '\n' || (n >= 3 && t[n - 3] == '\n')))
            return judge_http(p, e);
    }
    return PROXY_MORE;
}

static enum proxy_state feed_socks4(struct proxy_client *p, const uint8_t **data, size_t *len,
                                    struct err *e)
{
    if (!collect(p, data, len, SOCKS4_REPLY))
        return PROXY_MORE;
    uint8_t code = (uint8_t)p->in.text[1];
    if (p->in.text[0] != 0)
        return refuse(e, "the proxy does not speak SOCKS 4");
    if (code == SOCKS4_GRANTED)
        return PROXY_OPEN;
    (void)err_set(e, -ECONNREFUSED, "connection failed, SOCKS error %u", code);
    return PROXY_REFUSED;
}

static enum proxy_state read_method(struct proxy_client *p, struct err *e)
{
    uint8_t method = (uint8_t)p->in.text[1];
    if (p->in.text[0] != 5)
        return refuse(e, "the proxy does not speak SOCKS 5");
    if (method == SOCKS5_PASSWORD && p->target->user && p->target->password) {
        say_socks5_login(p);
        p->step = STEP_LOGIN;
    } else if (method == SOCKS5_NO_AUTH) {
        say_socks5_target(p);
        p->step = STEP_REPLY;
    } else {
        return refuse(e, "authentication method negotiation failed");
    }
    str_reset(&p->in);
    return PROXY_MORE;
}

static enum proxy_state read_login(struct proxy_client *p, struct err *e)
{
    if (p->in.text[1] != 0)
        return refuse(e, "the proxy refuses this user and password");
    say_socks5_target(p);
    p->step = STEP_REPLY;
    str_reset(&p->in);
    return PROXY_MORE;
}

static enum proxy_state judge_socks5(uint8_t code, struct err *e)
{
    static const char *const words[] = {
        /* RFC 1928 6 */
        "",
        "General SOCKS server failure",
        "Connection not allowed by ruleset",
        "Network unreachable",
        "Host unreachable",
        "Connection refused",
        "TTL expired",
        "Command not supported",
        "Address type not supported",
    };
    if (code == 0)
        return PROXY_OPEN;
    (void)err_set(e, -ECONNREFUSED, "connection failed, SOCKSv5 error: %s",
                  code < ARRAY_COUNT(words) ? words[code] : "unknown code");
    return PROXY_REFUSED;
}

static size_t reply_len(const char *head)
{
    uint8_t type = (uint8_t)head[3];
    size_t addr_len = type == 1 ? 4 : type == 4 ? 16 : type == 3 ? 1 + (size_t)(uint8_t)head[4] : 0;
    return addr_len ? 4 + addr_len + 2 : 0;
}

static enum proxy_state feed_socks5(struct proxy_client *p, const uint8_t **data, size_t *len,
                                    struct err *e)
{
    while (p->step != STEP_REPLY) {
        if (!collect(p, data, len, 2))
            return PROXY_MORE;
        enum step now = p->step;
        enum proxy_state state = now == STEP_METHOD ? read_method(p, e) : read_login(p, e);
        if (state != PROXY_MORE)
            return state;
    }
    if (!collect(p, data, len, 2))
        return PROXY_MORE;
    if (p->in.text[0] != 5)
        return refuse(e, "the proxy does not speak SOCKS 5");
    if (p->in.text[1] != 0) /* told at once: some proxies cut such an answer short */
        return judge_socks5((uint8_t)p->in.text[1], e);
    if (!collect(p, data, len, SOCKS5_HEAD))
        return PROXY_MORE;
    size_t whole = reply_len(p->in.text);
    if (!whole)
        return refuse(e, "the proxy's answer has an unknown kind of address");
    return collect(p, data, len, whole) ? PROXY_OPEN : PROXY_MORE;
}

enum proxy_state proxy_client_feed(struct proxy_client *p, const void *data, size_t len,
                                   size_t *used, struct err *e)
{
    const uint8_t *at = data;
    size_t left = len;
    enum proxy_state state = p->kind == PROXY_HTTP     ? feed_http(p, &at, &left, e)
                             : p->kind == PROXY_SOCKS5 ? feed_socks5(p, &at, &left, e)
                                                       : feed_socks4(p, &at, &left, e);
    *used = len - left;
    return state;
}
