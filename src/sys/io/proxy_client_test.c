/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sys/io/proxy_client.h"

#include <errno.h>
#include <string.h>

#include "check.h"

#define BYTES(text) (text), sizeof(text) - 1

/* What is said first, what the proxy answers (whole, then byte by byte), how it ends. */
static const struct row {
    enum proxy_kind kind;
    struct proxy_target target;
    const char *said;
    size_t said_len;
    const char *answer;
    size_t answer_len;
    enum proxy_state state;
    size_t left; /* bytes of the answer that are the target's */
    const char *words;
} rows[] = {
    {PROXY_HTTP,
     {.host = "inside.invalid", .port = 99},
     BYTES("CONNECT inside.invalid:99 HTTP/1.0\r\n\r\n"),
     BYTES("HTTP/1.1 200 Connection established\r\nX: y\r\n\r\nfirst"),
     PROXY_OPEN,
     5,
     ""},
    {PROXY_HTTP,
     {.host = "h", .port = 1},
     BYTES("CONNECT h:1 HTTP/1.0\r\n\r\n"),
     BYTES("HTTP/1.0 200 OK\n\nfirst"),
     PROXY_OPEN,
     5,
     ""}, /* bare line feeds */
    {PROXY_HTTP,
     {.host = "h", .port = 1},
     BYTES("CONNECT h:1 HTTP/1.0\r\n\r\n"),
     BYTES("HTTP/1.0 403 Forbidden\r\n\r\n"),
     PROXY_REFUSED,
     0,
     "HTTP/1.0 403 Forbidden"},
    {PROXY_HTTP,
     {.host = "h", .port = 1},
     BYTES("CONNECT h:1 HTTP/1.0\r\n\r\n"),
     BYTES("220 mail\r\n\r\n"),
     PROXY_REFUSED,
     0,
     "does not speak HTTP"},
    {PROXY_HTTP,
     {.host = "h", .port = 1},
     BYTES("CONNECT h:1 HTTP/1.0\r\n\r\n"),
     BYTES("HTTP/1.0 407 Who\r\nProxy-Authenticate: Basic\r\n\r\n"),
     PROXY_REFUSED,
     0,
     "407"},
    {PROXY_HTTP,
     {.host = "h", .port = 1, .user = "u", .password = "p"},
     BYTES("CONNECT h:1 HTTP/1.0\r\n\r\n"),
     BYTES("HTTP/1.0 407 Who\r\nproxy-authenticate: Basic\r\n\r\n"),
     PROXY_AGAIN,
     0,
     ""},
    {PROXY_SOCKS4,
     {.addr = {ADDR_IP4, {192, 0, 2, 1}, 0}, .port = 99, .user = "me"},
     BYTES("\4\1\0\143\300\0\2\1me\0"),
     BYTES("\0Z\0\0\0\0\0\0x"),
     PROXY_OPEN,
     1,
     ""},
    {PROXY_SOCKS4A,
     {.host = "in.test", .port = 99},
     BYTES("\4\1\0\143\0\0\0\1\0in.test\0"),
     BYTES("\0\133\0\0\0\0\0\0"),
     PROXY_REFUSED,
     0,
     "error 91"},
    {PROXY_SOCKS5,
     {.addr = {ADDR_IP4, {192, 0, 2, 1}, 0}, .port = 99},
     BYTES("\5\1\0"),
     BYTES("\5\0\5\0\0\1\0\0\0\0\0\0yo"),
     PROXY_OPEN,
     2,
     ""},
    {PROXY_SOCKS5,
     {.host = "h", .port = 99},
     BYTES("\5\1\0"),
     BYTES("\5\0\5\0\0\3\2ab\0\0yo"),
     PROXY_OPEN,
     2,
     ""}, /* a reply with a name */
    {PROXY_SOCKS5,
     {.host = "h", .port = 99},
     BYTES("\5\1\0"),
     BYTES("\5\0\5\5\0\1"),
     PROXY_REFUSED,
     1,
     "refused"},
    {PROXY_SOCKS5,
     {.host = "h", .port = 99},
     BYTES("\5\1\0"),
     BYTES("\5\377"),
     PROXY_REFUSED,
     0,
     "authentication"},
    {PROXY_SOCKS5,
     {.host = "h", .port = 99, .user = "user", .password = "pw"},
     BYTES("\5\2\0\2"),
     BYTES("\5\2\1\1"),
     PROXY_REFUSED,
     0,
     "user and password"},
    {PROXY_SOCKS5,
     {.host = "h", .port = 99},
     BYTES("\5\1\0"),
     BYTES("\5\0\5\0\0\7\0"),
     PROXY_REFUSED,
     2,
     "kind of address"},
    {PROXY_SOCKS5,
     {.host = "h", .port = 99},
     BYTES("\5\1\0"),
     BYTES("\5\0\5\0\0\1\0\0"),
     PROXY_MORE,
     0,
     ""}, /* cut */
};

static int test_answers(size_t piece)
{
    int failed = 0;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const struct row *row = &rows[i];
        struct proxy_client p;
        struct err e = {0};
        CHECK_ROW(i, proxy_client_begin(&p, row->kind, &row->target, &e) == 0);
        CHECK_ROW(i,
                  p.out.len == row->said_len && memcmp(p.out.text, row->said, row->said_len) == 0);
        enum proxy_state state = PROXY_MORE;
        size_t at = 0;
        while (state == PROXY_MORE && at < row->answer_len) {
            size_t used = 0, part = row->answer_len - at;
            part = part < piece ? part : piece;
            state = proxy_client_feed(&p, row->answer + at, part, &used, &e);
            CHECK_ROW(i, state != PROXY_MORE || used == part);
            at += used;
        }
        CHECK_ROW(i, state == row->state && strstr(e.text, row->words));
        CHECK_ROW(i, row->answer_len - at == row->left || row->state == PROXY_REFUSED);
        proxy_client_done(&p);
    }
    return failed;
}

static int test_login(void)
{
    int failed = 0;
    struct proxy_target target = {.host = "h", .port = 99, .user = "user", .password = "pw"};
    struct proxy_client p;
    struct err e = {0};
    size_t used;
    CHECK(proxy_client_begin(&p, PROXY_SOCKS5, &target, &e) == 0);
    str_reset(&p.out);
    CHECK(proxy_client_feed(&p, "\5\2", 2, &used, &e) == PROXY_MORE);
    CHECK(p.out.len == 9 && memcmp(p.out.text, "\1\4user\2pw", 9) == 0);
    str_reset(&p.out);
    CHECK(proxy_client_feed(&p, "\1\0", 2, &used, &e) == PROXY_MORE);
    CHECK(p.out.len == 8 && memcmp(p.out.text, "\5\1\0\3\1h\0\143", 8) == 0);
    proxy_client_done(&p);
    static const char ask[] = "HTTP/1.0 407 x\r\nProxy-Authenticate: Basic realm=\"x\"\r\n"
                              "Proxy-Authenticate: Digest nonce=\"abc\", realm=\"x\"\r\n\r\n";
    CHECK(proxy_client_begin(&p, PROXY_HTTP, &target, &e) == 0);
    CHECK(proxy_client_feed(&p, ask, sizeof ask - 1, &used, &e) == PROXY_AGAIN);
    proxy_client_again(&p);
    CHECK(strstr(str_text(&p.out), "\r\nProxy-Authorization: Digest username=\"user\""));
    CHECK(proxy_client_feed(&p, ask, sizeof ask - 1, &used, &e) == PROXY_REFUSED); /* once */
    proxy_client_done(&p);
    return failed;
}

int io_proxy_client_test(void)
{
    int failed = test_answers(SIZE_MAX) + test_answers(1) + test_login();
    struct proxy_client p;
    struct err e = {0};
    struct proxy_target name = {.host = "h", .port = 1}, ip6 = {.addr = {.family = ADDR_IP6}};
    CHECK(proxy_client_begin(&p, PROXY_SOCKS4, &name, &e) == -EINVAL);
    proxy_client_done(&p);
    CHECK(proxy_client_begin(&p, PROXY_SOCKS4A, &ip6, &e) == -EINVAL);
    proxy_client_done(&p);
    struct proxy_target smuggler = {.host = "a\r\nX: y", .port = 1};
    CHECK(proxy_client_begin(&p, PROXY_HTTP, &smuggler, &e) == -EINVAL);
    proxy_client_done(&p);
    char huge[PROXY_HEAD_MAX + 2];
    memset(huge, 'a', sizeof huge);
    size_t used = 0;
    CHECK(proxy_client_begin(&p, PROXY_HTTP, &name, &e) == 0);
    CHECK(proxy_client_feed(&p, huge, sizeof huge, &used, &e) == PROXY_REFUSED);
    CHECK(strstr(e.text, "too long"));
    proxy_client_done(&p);
    CHECK(proxy_kind_of("CONNECT") == PROXY_HTTP && proxy_kind_of("4a") == PROXY_SOCKS4A);
    CHECK(proxy_kind_of("bogus") == -1 && proxy_kind_port(PROXY_SOCKS5) == 1080);
    return failed;
}
