/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sys/link/firewall_value.h"

#include <assert.h>
#include <string.h>

enum truth truth_not(enum truth a)
{
    return a == TRUTH_UNKNOWN ? TRUTH_UNKNOWN : a == TRUTH_NO ? TRUTH_YES : TRUTH_NO;
}

enum truth truth_and(enum truth a, enum truth b)
{
    if (a == TRUTH_NO || b == TRUTH_NO)
        return TRUTH_NO;
    return a == TRUTH_YES ? b : TRUTH_UNKNOWN;
}

enum truth truth_or(enum truth a, enum truth b)
{
    return truth_not(truth_and(truth_not(a), truth_not(b)));
}

void firewall_value_put(struct firewall_value *v, size_t at, const void *data, size_t len)
{
    assert(at + len <= FIREWALL_VALUE_MAX);
    memcpy(v->bit + at, data, len);
    memset(v->known + at, 0xff, len);
}

void firewall_value_forget(struct firewall_value *v, size_t at, size_t len)
{
    assert(at + len <= FIREWALL_VALUE_MAX);
    memset(v->bit + at, 0, len);
    memset(v->known + at, 0, len);
}

void firewall_value_move(struct firewall_value *to, size_t to_at, const struct firewall_value *from,
                         size_t from_at, size_t len)
{
    assert(to_at + len <= FIREWALL_VALUE_MAX && from_at + len <= FIREWALL_VALUE_MAX);
    memmove(to->bit + to_at, from->bit + from_at, len);
    memmove(to->known + to_at, from->known + from_at, len);
}

void firewall_value_blur(struct firewall_value *v, size_t at, const struct firewall_value *other,
                         size_t other_at, size_t len)
{
    assert(at + len <= FIREWALL_VALUE_MAX && other_at + len <= FIREWALL_VALUE_MAX);
    for (size_t i = 0; i < len; i++) {
        uint8_t same = (uint8_t) ~(v->bit[at + i] ^ other->bit[other_at + i]);
        v->known[at + i] &= other->known[other_at + i] & same;
        v->bit[at + i] &= v->known[at + i];
    }
}

bool firewall_value_is_known(const struct firewall_value *v, size_t at, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (v->known[at + i] != 0xff)
            return false;
    return true;
}

enum truth firewall_value_equal(const struct firewall_value *v, size_t at, const uint8_t *data,
                                size_t len)
{
    enum truth result = TRUTH_YES;
    for (size_t i = 0; i < len; i++) {
        if ((v->bit[at + i] ^ data[i]) & v->known[at + i])
            return TRUTH_NO;
        if (v->known[at + i] != 0xff)
            result = TRUTH_UNKNOWN;
    }
    return result;
}

/* Order of the smallest (unknown bits zero) or largest (ones) number it may be, against data. */
static int order(const struct firewall_value *v, size_t at, const uint8_t *data, size_t len,
                 bool largest)
{
    for (size_t i = 0; i < len; i++) {
        uint8_t byte = v->bit[at + i] | (uint8_t)(largest ? ~v->known[at + i] : 0);
        if (byte != data[i])
            return byte < data[i] ? -1 : 1;
    }
    return 0;
}

enum truth firewall_value_less(const struct firewall_value *v, size_t at, const uint8_t *data,
                               size_t len)
{
    if (order(v, at, data, len, true) < 0)
        return TRUTH_YES;
    return order(v, at, data, len, false) < 0 ? TRUTH_UNKNOWN : TRUTH_NO;
}

enum truth firewall_value_more(const struct firewall_value *v, size_t at, const uint8_t *data,
                               size_t len)
{
    if (order(v, at, data, len, false) > 0)
        return TRUTH_YES;
    return order(v, at, data, len, true) > 0 ? TRUTH_UNKNOWN : TRUTH_NO;
}
