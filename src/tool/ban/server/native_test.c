/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "check.h"
#include "tool/ban/server/native.h"

static const struct {
    const char *command, *set; /* NULL: for the shell */
    bool is_add;
} rows[] = {
    {"nft add element inet f2b-table addr-set-j \\{ 192.0.2.1 \\}", "addr-set-j", true},
    {"nft delete element inet f2b-table addr6-set-j \\{ 2001:db8::1 \\} ", "addr6-set-j", false},
    {"nft add element inet t s \\{ 192.0.2.0/24 \\}", "s", true},
    {"nft add element ip t s \\{ 192.0.2.1 \\}", NULL, false},
    {"nft add element inet t s { 192.0.2.1 }", NULL, false},
    {"nft add element inet t s \\{ 192.0.2.1 timeout 3s \\}", NULL, false},
    {"nft add element inet t s \\{ $(id) \\}", NULL, false},
    {"nft add element inet t s \\{ 192.0.2.1 \\}; id", NULL, false},
    {"nft add element inet t s \\{ 192.0.2.1 \\}\nid", NULL, false},
    {"nft add element inet t s \\{ name.example \\}", NULL, false},
    {"nft -a add element inet t s \\{ 192.0.2.1 \\}", NULL, false},
    {"nft add set inet t s", NULL, false},
    {"", NULL, false},
};

int server_native_test(void)
{
    int failed = 0;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct native_call c;
        bool known = native_parse(&c, rows[i].command);
        CHECK_ROW(i, known == (rows[i].set != NULL));
        CHECK_ROW(i, !known || (strcmp(c.set, rows[i].set) == 0 && c.is_add == rows[i].is_add));
    }
    CHECK(native_fits("nft add element inet f2b-table addr-set-j \\{ <ip> \\}"));
    CHECK(!native_fits("nft add element inet f2b-table addr-set-j \\{ <ip> \\} && echo <ip>"));
    CHECK(!native_fits("echo <ip>") && !native_fits(""));
    return failed;
}
