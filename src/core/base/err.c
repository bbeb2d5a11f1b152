/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/err.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* In brackets: for the static analyzer both names are macros too. */
int(err_set)(struct err *e, int code, const char *format, ...)
{
    assert(code < 0);
    va_list args;
    va_start(args, format);
    vsnprintf(e->text, sizeof e->text, format, args);
    va_end(args);
    e->code = code;
    return code;
}

int(err_wrap)(struct err *e, const char *format, ...)
{
    char cause[ERR_TEXT_MAX];
    memcpy(cause, e->text, sizeof cause);
    va_list args;
    va_start(args, format);
    int len = vsnprintf(e->text, sizeof e->text, format, args);
    va_end(args);
    if (len >= 0 && (size_t)len < sizeof e->text)
        snprintf(e->text + len, sizeof e->text - (size_t)len, ": %s", cause);
    assert(e->code < 0);
    return e->code;
}
