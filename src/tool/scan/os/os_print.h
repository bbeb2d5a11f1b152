/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The fingerprint of a TCP/IP stack: what each of the tests of nmap's book (OS detection, TCP/IP
 * fingerprinting methods) gave, as the texts that nmap-os-db compares. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "core/base/attr.h"
#include "core/base/str.h"

enum { OS_VALUES_MAX = 12, OS_TEXT_MAX = 64 };

enum os_test {
    OS_SEQ,
    OS_OPS,
    OS_WIN,
    OS_ECN,
    OS_T1,
    OS_T2,
    OS_T3,
    OS_T4,
    OS_T5,
    OS_T6,
    OS_T7,
    OS_U1,
    OS_IE,
    OS_TESTS,
};

/* The name of a test and of its values, in the order of writing; NULL ends the values. */
struct os_test_names {
    const char *name;
    const char *value[OS_VALUES_MAX + 1];
};
extern const struct os_test_names os_test_names[OS_TESTS];

/* OS_VALUES_MAX: the test has no value of this name. */
size_t os_value_find(enum os_test test, const char *name, size_t len);

struct os_print {
    bool has_test[OS_TESTS];
    bool has_value[OS_TESTS][OS_VALUES_MAX];
    char value[OS_TESTS][OS_VALUES_MAX][OS_TEXT_MAX];
};

/* Set a value of a test, which then counts as made. */
void os_print_set(struct os_print *p, enum os_test test, const char *name, const char *format, ...)
    PRINTF_LIKE(4, 5);

const char *os_print_get(const struct os_print *p, enum os_test test,
                         const char *name); /* or NULL */

/* "SEQ(SP=..%..)\n", a line a test. */
void os_print_format(const struct os_print *p, struct str *out);
