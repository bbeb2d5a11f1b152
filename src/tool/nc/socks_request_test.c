/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/nc/socks_request.h"

#include <errno.h>
#include <string.h>

#include "check.h"

#define BYTES(text) (text), sizeof(text) - 1

static const struct row {
    const char *user, *password;
    const char *in;
    size_t in_len;
    enum socks_state state;
    const char *host;
    uint16_t port;
    const char *out;
    size_t out_len;
    size_t left;
} rows[] = {
    {NULL, NULL, BYTES("\4\1\0\143\300\0\2\1me\0data"), SOCKS_READY, "192.0.2.1", 99, BYTES(""), 4},
    {NULL, NULL, BYTES("\4\1\0\143\0\0\0\1me\0in.test\0"), SOCKS_READY, "in.test", 99, BYTES(""),
     0},
    {NULL, NULL, BYTES("\4\2\0\143\300\0\2\1\0"), SOCKS_BAD, "", 0, BYTES("\0[\0\0\0\0\0\0"), 0},
    {NULL, NULL, BYTES("\4\1\0\143\300\0\2\1me"), SOCKS_MORE, "", 0, BYTES(""), 0},
    {"u", "p", BYTES("\4\1\0\143\300\0\2\1u\0"), SOCKS_BAD, "", 0, BYTES("\0[\0\0\0\0\0\0"), 0},
    {NULL, NULL, BYTES("\5\1\0\5\1\0\1\300\0\2\1\0\143x"), SOCKS_READY, "192.0.2.1", 99,
     BYTES("\5\0"), 1},
    {NULL, NULL, BYTES("\5\2\0\2\5\1\0\3\2ab\0\143"), SOCKS_READY, "ab", 99, BYTES("\5\0"), 0},
    {NULL, NULL, BYTES("\5\1\0\5\1\0\4\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1\0\143"), SOCKS_READY, "::1",
     99, BYTES("\5\0"), 0},
    {NULL, NULL, BYTES("\5\1\2"), SOCKS_BAD, "", 0, BYTES("\5\377"), 0}, /* no method in common */
    {NULL, NULL, BYTES("\5\1\0\5\2\0\1\300\0\2\1\0\143"), SOCKS_BAD, "", 0,
     BYTES("\5\0\5\7\0\1\0\0\0\0\0\0"), 0}, /* BIND */
    {"u", "pw", BYTES("\5\1\2\1\1u\2pw\5\1\0\3\1h\0\143"), SOCKS_READY, "h", 99, BYTES("\5\2\1\0"),
     0},
    {"u", "pw", BYTES("\5\1\2\1\1u\2pv"), SOCKS_BAD, "", 0, BYTES("\5\2\1\1"), 0},
    {"u", "pw", BYTES("\5\1\0"), SOCKS_BAD, "", 0, BYTES("\5\377"), 0},
    {NULL, NULL, BYTES("GET / HTTP/1.0\r\n\r\n"), SOCKS_BAD, "", 0, BYTES(""), 0},
};

/* What has come is looked at again with each byte, as it would be on a slow line. */
static int test_rows(size_t piece)
{
    int failed = 0;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const struct row *row = &rows[i];
        struct socks_request r = {.user = row->user, .password = row->password};
        struct str out = str_of(0), in = str_of(0);
        enum socks_state state = SOCKS_MORE;
        size_t at = 0;
        while (state == SOCKS_MORE && at < row->in_len) {
            size_t used = 0, part = row->in_len - at < piece ? row->in_len - at : piece;
            str_add_len(&in, row->in + at, part);
            at += part;
            state = socks_request_feed(&r, (const uint8_t *)in.text, in.len, &used, &out);
            memmove(in.text, in.text + used, in.len - used);
            str_cut(&in, in.len - used);
        }
        CHECK_ROW(i, state == row->state);
        CHECK_ROW(i, out.len == row->out_len && !memcmp(str_text(&out), row->out, out.len));
        if (row->state == SOCKS_READY) {
            CHECK_ROW(i, strcmp(r.host, row->host) == 0 && r.port == row->port);
            CHECK_ROW(i, in.len + row->in_len - at == row->left);
        }
        str_done(&out);
        str_done(&in);
    }
    return failed;
}

int nc_socks_request_test(void)
{
    int failed = test_rows(SIZE_MAX) + test_rows(1);
    static const struct {
        int version, code;
        uint8_t said;
    } row[] = {{4, 0, 90}, {4, -ETIMEDOUT, 91}, {5, 0, 0}, {5, -ECONNREFUSED, 5}, {5, -EIO, 1}};
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        struct socks_request r = {.version = row[i].version};
        struct str out = str_of(0);
        socks_reply(&out, &r, row[i].code);
        CHECK_ROW(i, out.len == (row[i].version == 4 ? 8U : 10U));
        CHECK_ROW(i, (uint8_t)out.text[1] == row[i].said);
        str_done(&out);
    }
    uint8_t endless[600];
    memset(endless, 'u', sizeof endless);
    memcpy(endless, "\4\1\0\143\300\0\2\1", 8);
    struct socks_request r = {0};
    struct str out = str_of(0);
    size_t used;
    CHECK(socks_request_feed(&r, endless, sizeof endless, &used, &out) == SOCKS_BAD);
    str_done(&out);
    return failed;
}
