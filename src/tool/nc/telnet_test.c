/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/nc/telnet.h"

#include <string.h>

#include "check.h"

#define BYTES(text) (text), sizeof(text) - 1

static const struct row {
    const char *in;
    size_t in_len;
    const char *data;
    size_t data_len;
    const char *reply;
    size_t reply_len;
} rows[] = {
    {BYTES("plain"), BYTES("plain"), BYTES("")},
    {BYTES("\377\375\030login: "), BYTES("login: "), BYTES("\377\374\030")}, /* DO: WONT */
    {BYTES("\377\373\001"), BYTES(""), BYTES("\377\376\001")},               /* WILL: DONT */
    {BYTES("\377\376\030\377\374\001x"), BYTES("x"), BYTES("")},             /* no loop */
    {BYTES("a\377\377b"), BYTES("a\377b"), BYTES("")},                       /* a byte of 255 */
    {BYTES("a\377\372\030\001\377\377\377\360b"), BYTES("ab"), BYTES("")},   /* SB ... SE */
    {BYTES("a\377\371b\377\361c"), BYTES("abc"), BYTES("")},                 /* GA, NOP */
};

int nc_telnet_test(void)
{
    int failed = 0;
    for (size_t piece = 1; piece <= 16; piece++)
        for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
            struct telnet t = {0};
            struct str reply = str_of(0), data = str_of(0);
            for (size_t at = 0; at < rows[i].in_len; at += piece) {
                uint8_t part[16];
                size_t left = rows[i].in_len - at, len = left < piece ? left : piece;
                memcpy(part, rows[i].in + at, len);
                str_add_len(&data, part, telnet_receive(&t, part, len, &reply));
            }
            CHECK_ROW(i, data.len == rows[i].data_len &&
                             memcmp(str_text(&data), rows[i].data, data.len) == 0);
            CHECK_ROW(i, reply.len == rows[i].reply_len &&
                             memcmp(str_text(&reply), rows[i].reply, reply.len) == 0);
            str_done(&reply);
            str_done(&data);
        }
    uint8_t out[8];
    CHECK(telnet_send((const uint8_t *)"a\377b", 3, out) == 4 && memcmp(out, "a\377\377b", 4) == 0);
    return failed;
}
