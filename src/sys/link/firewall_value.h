/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bytes of which each bit is known or not, and questions about them that may have no answer.  What
 * registers and packets of the firewall's interpreter are made of. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum truth { TRUTH_NO, TRUTH_YES, TRUTH_UNKNOWN };

enum truth truth_not(enum truth a);
enum truth truth_and(enum truth a, enum truth b);
enum truth truth_or(enum truth a, enum truth b);

enum { FIREWALL_VALUE_MAX = 128 };

struct firewall_value {
    uint8_t bit[FIREWALL_VALUE_MAX];   /* zero where it is not known */
    uint8_t known[FIREWALL_VALUE_MAX]; /* a one for each bit that is known */
};

/* The caller sees to it that at + len <= FIREWALL_VALUE_MAX. */
void firewall_value_put(struct firewall_value *v, size_t at, const void *data, size_t len);
void firewall_value_forget(struct firewall_value *v, size_t at, size_t len);
void firewall_value_move(struct firewall_value *to, size_t to_at, const struct firewall_value *from,
                         size_t from_at, size_t len);

/* Known stays only what is the same in both: a value that perhaps was replaced. */
void firewall_value_blur(struct firewall_value *v, size_t at, const struct firewall_value *other,
                         size_t other_at, size_t len);

bool firewall_value_is_known(const struct firewall_value *v, size_t at, size_t len);

/* Compare `len` bytes as a number, the first byte the highest. */
enum truth firewall_value_equal(const struct firewall_value *v, size_t at, const uint8_t *data,
                                size_t len);
enum truth firewall_value_less(const struct firewall_value *v, size_t at, const uint8_t *data,
                               size_t len); /* v < data */
enum truth firewall_value_more(const struct firewall_value *v, size_t at, const uint8_t *data,
                               size_t len); /* v > data */
