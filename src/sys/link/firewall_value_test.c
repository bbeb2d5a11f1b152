/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Held against its meaning: a question is answered when all bytes that a value may be agree. */
#include <string.h>

#include "check.h"
#include "sys/link/firewall_value.h"

enum { AT = 5 };

/* The truth of a comparison, by trying each byte the pattern allows. */
static enum truth by_trial(uint8_t bit, uint8_t known, uint8_t data, char op)
{
    bool yes = false, no = false;
    for (unsigned b = 0; b < 256; b++) {
        if ((b ^ bit) & known)
            continue;
        bool holds = op == '=' ? b == data : op == '<' ? b < data : b > data;
        yes |= holds;
        no |= !holds;
    }
    return yes && no ? TRUTH_UNKNOWN : yes ? TRUTH_YES : TRUTH_NO;
}

static int one_byte(void)
{
    int failed = 0;
    static const uint8_t known[] = {0x00, 0x01, 0x80, 0xf0, 0x0f, 0xaa, 0xfe, 0xff};
    for (size_t k = 0; k < ARRAY_LEN(known); k++)
        for (unsigned bit = 0; bit < 256; bit += 3)
            for (unsigned data = 0; data < 256; data += 5) {
                struct firewall_value v = {0};
                uint8_t d = (uint8_t)data;
                v.known[AT] = known[k];
                v.bit[AT] = (uint8_t)(bit & known[k]);
                bool good =
                    firewall_value_equal(&v, AT, &d, 1) == by_trial(v.bit[AT], known[k], d, '=') &&
                    firewall_value_less(&v, AT, &d, 1) == by_trial(v.bit[AT], known[k], d, '<') &&
                    firewall_value_more(&v, AT, &d, 1) == by_trial(v.bit[AT], known[k], d, '>');
                CHECK_ROW(bit, good);
            }
    return failed;
}

int link_firewall_value_test(void)
{
    int failed = one_byte();
    static const enum truth t[] = {TRUTH_NO, TRUTH_YES, TRUTH_UNKNOWN};
    for (size_t i = 0; i < 3; i++) {
        CHECK_ROW(i, truth_and(t[i], TRUTH_NO) == TRUTH_NO && truth_and(t[i], TRUTH_YES) == t[i]);
        CHECK_ROW(i, truth_or(t[i], TRUTH_YES) == TRUTH_YES && truth_or(t[i], TRUTH_NO) == t[i]);
        CHECK_ROW(i, truth_not(truth_not(t[i])) == t[i]);
    }
    struct firewall_value v = {0}, w = {0};
    static const uint8_t data[4] = {1, 2, 3, 4}, above[4] = {1, 2, 4, 0}, other[4] = {1, 2, 3, 5};
    firewall_value_put(&v, AT, data, 4);
    CHECK(firewall_value_is_known(&v, AT, 4) && !firewall_value_is_known(&v, AT, 5));
    CHECK(firewall_value_less(&v, AT, above, 4) == TRUTH_YES); /* the first byte is the highest */
    firewall_value_forget(&v, AT + 3, 1);
    CHECK(firewall_value_less(&v, AT, above, 4) == TRUTH_YES);
    CHECK(firewall_value_equal(&v, AT, data, 4) == TRUTH_UNKNOWN);
    CHECK(firewall_value_equal(&v, AT, above, 4) == TRUTH_NO);
    firewall_value_put(&v, AT, data, 4);
    firewall_value_put(&w, 0, other, 4);
    firewall_value_blur(&v, AT, &w, 0, 4); /* 4 and 5 agree but for the lowest bit */
    CHECK(v.known[AT + 3] == 0xfe && v.bit[AT + 3] == 4 && v.known[AT] == 0xff);
    firewall_value_move(&w, 0, &v, AT, 4);
    CHECK(memcmp(w.known, v.known + AT, 4) == 0 && memcmp(w.bit, v.bit + AT, 4) == 0);
    return failed;
}
