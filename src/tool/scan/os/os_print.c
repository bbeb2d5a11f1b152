/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/scan/os/os_print.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define TCP_VALUES "R", "DF", "T", "TG", "W", "S", "A", "F", "O", "RD", "Q"

const struct os_test_names os_test_names[OS_TESTS] = {
    [OS_SEQ] = {"SEQ", {"SP", "GCD", "ISR", "TI", "CI", "II", "SS", "TS", "R"}},
    [OS_OPS] = {"OPS", {"O1", "O2", "O3", "O4", "O5", "O6", "R"}},
    [OS_WIN] = {"WIN", {"W1", "W2", "W3", "W4", "W5", "W6", "R"}},
    [OS_ECN] = {"ECN", {"R", "DF", "T", "TG", "W", "O", "CC", "Q"}},
    [OS_T1] = {"T1", {"R", "DF", "T", "TG", "S", "A", "F", "RD", "Q"}},
    [OS_T2] = {"T2", {TCP_VALUES}},
    [OS_T3] = {"T3", {TCP_VALUES}},
    [OS_T4] = {"T4", {TCP_VALUES}},
    [OS_T5] = {"T5", {TCP_VALUES}},
    [OS_T6] = {"T6", {TCP_VALUES}},
    [OS_T7] = {"T7", {TCP_VALUES}},
    [OS_U1] = {"U1", {"R", "DF", "T", "TG", "IPL", "UN", "RIPL", "RID", "RIPCK", "RUCK", "RUD"}},
    [OS_IE] = {"IE", {"R", "DFI", "T", "TG", "CD"}},
};

size_t os_value_find(enum os_test test, const char *name, size_t len)
{
    const char *const *value = os_test_names[test].value;
    for (size_t i = 0; value[i]; i++)
        if (strlen(value[i]) == len && memcmp(value[i], name, len) == 0)
            return i;
    return OS_VALUES_MAX;
}

void os_print_set(struct os_print *p, enum os_test test, const char *name, const char *format, ...)
{
    size_t v = os_value_find(test, name, strlen(name));
    va_list args;
    assert(v < OS_VALUES_MAX);
    p->has_test[test] = p->has_value[test][v] = true;
    va_start(args, format);
    vsnprintf(p->value[test][v], OS_TEXT_MAX, format, args);
    va_end(args);
}

const char *os_print_get(const struct os_print *p, enum os_test test, const char *name)
{
    size_t v = os_value_find(test, name, strlen(name));
    return v < OS_VALUES_MAX && p->has_value[test][v] ? p->value[test][v] : NULL;
}

void os_print_format(const struct os_print *p, struct str *out)
{
    for (size_t t = 0; t < OS_TESTS; t++) {
        if (!p->has_test[t])
            continue;
        str_addf(out, "%s(", os_test_names[t].name);
        const char *between = "";
        for (size_t v = 0; v < OS_VALUES_MAX && os_test_names[t].value[v]; v++)
            if (p->has_value[t][v]) {
                str_addf(out, "%s%s=%s", between, os_test_names[t].value[v], p->value[t][v]);
                between = "%";
            }
        str_add(out, ")\n");
    }
}
