/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/log.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

enum { LOG_LINE_MAX = 1024 };

/* One of the three globals the house allows: set once, before any thread is made. */
static struct {
    log_sink_fn *sink;
    void *ctx;
    enum log_level level;
} state;

void log_open(log_sink_fn *sink, void *ctx, enum log_level level)
{
    state.sink = sink;
    state.ctx = ctx;
    state.level = level;
}

/* A stranger's text must not be able to end a line and begin a forged one. */
static void escape_controls(char *to, size_t size, const char *from)
{
    size_t at = 0;
    for (; *from && at + 5 < size; from++) {
        unsigned char c = (unsigned char)*from;
        if (c < ' ' || c == 0x7f)
            at += (size_t)snprintf(to + at, size - at, "\\x%02x", c);
        else
            to[at++] = (char)c;
    }
    to[at] = '\0';
}

void log_at(enum log_level level, const char *format, ...)
{
    if (!state.sink || level > state.level)
        return;
    char raw[LOG_LINE_MAX], line[LOG_LINE_MAX];
    va_list args;
    va_start(args, format);
    vsnprintf(raw, sizeof raw, format, args);
    va_end(args);
    escape_controls(line, sizeof line, raw);
    state.sink(state.ctx, level, line);
}
