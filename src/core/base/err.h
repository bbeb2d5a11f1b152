/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The cause of a failure in words.  For set-up and parsing (cold) code; packet code counts instead.
 * Who fails calls err_set with the cause; who passes it on calls err_wrap with what he was doing.
 */
#pragma once

#include "core/base/attr.h"

enum { ERR_TEXT_MAX = 256 };

/* Lives on the caller's stack: struct err e = {0};  Text is cut at ERR_TEXT_MAX - 1 bytes. */
struct err {
    int code; /* 0 or a negative errno value */
    char text[ERR_TEXT_MAX];
};

/* Record the cause.  `code` is a negative errno value and is returned, so that
 * `return err_set(e, -EINVAL, "line %d: no port", line);` is one statement. */
int err_set(struct err *e, int code, const char *format, ...) PRINTF_LIKE(3, 4);

/* Put "WORDS: " in front of the text.  Returns e->code, which is not 0. */
int err_wrap(struct err *e, const char *format, ...) PRINTF_LIKE(2, 3);

#ifdef __clang_analyzer__ /* it cannot see from a caller that a failure is never 0 */
#define err_set(e, code, ...) ((void)err_set(e, code, __VA_ARGS__), -1)
#define err_wrap(e, ...)      ((void)err_wrap(e, __VA_ARGS__), -1)
#endif
