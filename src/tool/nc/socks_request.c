/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/nc/socks_request.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "core/base/bytes.h"

enum { STEP_METHODS, STEP_LOGIN, STEP_REQUEST };
enum { CONNECT = 1, NO_AUTH = 0, PASSWORD = 2, NO_METHOD = 255 };
enum { REFUSED_4 = 91, GRANTED_4 = 90 };

static enum socks_state bad(struct str *out, const char *answer, size_t len)
{
    str_add_len(out, answer, len);
    return SOCKS_BAD;
}

/* A text that ends with a zero byte; false: it is not whole, or too long. */
static bool take_text(struct bytes_in *in, char to[SOCKS_NAME_MAX], bool *too_long)
{
    const uint8_t *end = bytes_left(in) ? memchr(in->pos, 0, bytes_left(in)) : NULL;
    size_t len = end ? (size_t)(end - in->pos) : bytes_left(in);
    *too_long = len >= SOCKS_NAME_MAX;
    if (!end || *too_long)
        return false;
    memcpy(to, in->pos, len + 1);
    bytes_skip(in, len + 1);
    return true;
}

static enum socks_state feed_4(struct socks_request *r, struct bytes_in *in, struct str *out)
{
    static const char refused[8] = {0, REFUSED_4};
    char user[SOCKS_NAME_MAX];
    bool too_long;
    bytes_skip(in, 1);
    uint8_t command = bytes_u8(in);
    r->port = bytes_u16be(in);
    uint32_t ip = bytes_u32be(in);
    if (in->bad)
        return SOCKS_MORE;
    if (!take_text(in, user, &too_long))
        return too_long ? bad(out, refused, sizeof refused) : SOCKS_MORE;
    if (ip && ip >> 8 == 0) { /* 4A: a name follows */
        if (!take_text(in, r->host, &too_long))
            return too_long ? bad(out, refused, sizeof refused) : SOCKS_MORE;
    } else {
        struct addr addr = addr_ip4(ip);
        char text[ADDR_TEXT_MAX];
        snprintf(r->host, sizeof r->host, "%s", addr_format(&addr, text));
    }
    /* its user is a claim without a proof, so a password can only be had from version 5 */
    if (command != CONNECT || r->user || !r->host[0])
        return bad(out, refused, sizeof refused);
    return SOCKS_READY;
}

static enum socks_state choose_method(struct socks_request *r, struct bytes_in *in, struct str *out)
{
    bytes_skip(in, 1);
    uint8_t count = bytes_u8(in);
    const uint8_t *methods = bytes_take(in, count);
    uint8_t wanted = r->user ? PASSWORD : NO_AUTH;
    if (in->bad)
        return SOCKS_MORE;
    bool offered = count && memchr(methods, wanted, count);
    const char answer[2] = {5, (char)(offered ? wanted : NO_METHOD)};
    str_add_len(out, answer, sizeof answer);
    r->step = r->user ? STEP_LOGIN : STEP_REQUEST;
    return offered ? SOCKS_MORE : SOCKS_BAD;
}

static bool is_text(const uint8_t *data, size_t len, const char *text)
{
    return len == strlen(text) && memcmp(data, text, len) == 0;
}

static enum socks_state check_login(struct socks_request *r, struct bytes_in *in, struct str *out)
{
    bytes_skip(in, 1);
    uint8_t user_len = bytes_u8(in);
    const uint8_t *user = bytes_take(in, user_len);
    uint8_t word_len = bytes_u8(in);
    const uint8_t *word = bytes_take(in, word_len);
    if (in->bad)
        return SOCKS_MORE;
    bool good = is_text(user, user_len, r->user) && is_text(word, word_len, r->password);
    const char answer[2] = {1, (char)!good};
    str_add_len(out, answer, sizeof answer);
    r->step = STEP_REQUEST;
    return good ? SOCKS_MORE : SOCKS_BAD;
}

static bool take_host(struct socks_request *r, struct bytes_in *in, uint8_t type)
{
    struct addr addr = {0};
    char text[ADDR_TEXT_MAX];
    if (type == 3) {
        uint8_t len = bytes_u8(in);
        bytes_copy(in, r->host, len);
        r->host[len] = '\0';
        return len && !memchr(r->host, 0, len);
    }
    addr.family = type == 1 ? ADDR_IP4 : ADDR_IP6;
    bytes_copy(in, addr.byte, type == 1 ? 4 : 16);
    snprintf(r->host, sizeof r->host, "%s", addr_format(&addr, text));
    return type == 1 || type == 4;
}

static enum socks_state read_request(struct socks_request *r, struct bytes_in *in, struct str *out)
{
    uint8_t version = bytes_u8(in);
    uint8_t command = bytes_u8(in);
    bytes_skip(in, 1);
    uint8_t type = bytes_u8(in);
    bool known = take_host(r, in, type);
    r->port = bytes_u16be(in);
    if (in->bad)
        return SOCKS_MORE;
    if (version != 5 || command != CONNECT || !known) {
        char answer[10] = {5, (char)(command != CONNECT ? 7 : known ? 1 : 8), 0, 1};
        return bad(out, answer, sizeof answer);
    }
    return SOCKS_READY;
}

enum socks_state socks_request_feed(struct socks_request *r, const uint8_t *data, size_t len,
                                    size_t *used, struct str *out)
{
    *used = 0;
    for (;;) {
        struct bytes_in in = bytes_in_of(data + *used, len - *used);
        int step = r->step;
        if (bytes_left(&in) == 0)
            return SOCKS_MORE;
        if (!r->version)
            r->version = data[0];
        enum socks_state state = r->version == 4        ? feed_4(r, &in, out)
                                 : r->version != 5      ? SOCKS_BAD
                                 : step == STEP_METHODS ? choose_method(r, &in, out)
                                 : step == STEP_LOGIN   ? check_login(r, &in, out)
                                                        : read_request(r, &in, out);
        if (state == SOCKS_MORE && r->step == step)
            return SOCKS_MORE;
        *used = (size_t)(in.pos - data);
        if (state != SOCKS_MORE)
            return state;
    }
}

void socks_reply(struct str *out, const struct socks_request *r, int code)
{
    if (r->version == 4) {
        const char answer[8] = {0, (char)(code ? REFUSED_4 : GRANTED_4)};
        str_add_len(out, answer, sizeof answer);
        return;
    }
    char reason = code == 0               ? 0
                  : code == -ENETUNREACH  ? 3
                  : code == -EHOSTUNREACH ? 4
                  : code == -ENOENT       ? 4
                  : code == -ECONNREFUSED ? 5
                  : code == -ETIMEDOUT    ? 6
                                          : 1;
    const char answer[10] = {5, reason, 0, 1};
    str_add_len(out, answer, sizeof answer);
}
