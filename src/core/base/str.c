/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/str.h"

#include <stdio.h>
#include <string.h>

#include "core/base/mem.h"

enum { STR_FIRST = 64 };

/* Room for `len` more bytes and the NUL; false when the limit forbids it. */
static bool reserve(struct str *s, size_t len)
{
    size_t max = s->max ? s->max : SIZE_MAX / 4;
    if (s->full || len > max - s->len) {
        s->full = true;
        return false;
    }
    size_t need = s->len + len + 1;
    if (need > s->capacity) {
        size_t capacity = s->capacity ? s->capacity : STR_FIRST;
        while (capacity < need)
            capacity *= 2;
        s->text = mem_resize(s->text, capacity, 1);
        s->capacity = capacity;
    }
    return true;
}

void str_add_len(struct str *s, const void *bytes, size_t len)
{
    if (!reserve(s, len))
        return;
    if (len)
        memcpy(s->text + s->len, bytes, len);
    s->len += len;
    s->text[s->len] = '\0';
}

void str_add(struct str *s, const char *text)
{
    str_add_len(s, text, strlen(text));
}

void str_add_char(struct str *s, char c)
{
    str_add_len(s, &c, 1);
}

void str_add_u64(struct str *s, uint64_t value)
{
    char digit[20];
    size_t at = sizeof digit;
    do
        digit[--at] = (char)('0' + value % 10);
    while (value /= 10);
    str_add_len(s, digit + at, sizeof digit - at);
}

void str_addv(struct str *s, const char *format, va_list args)
{
    va_list again;
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, args);
    if (len >= 0 && reserve(s, (size_t)len)) {
        vsnprintf(s->text + s->len, (size_t)len + 1, format, again);
        s->len += (size_t)len;
    }
    va_end(again);
}

void str_addf(struct str *s, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    str_addv(s, format, args);
    va_end(args);
}

void str_cut(struct str *s, size_t len)
{
    if (len < s->len) {
        s->len = len;
        s->text[len] = '\0';
    }
}

void str_reset(struct str *s)
{
    str_cut(s, 0);
    s->full = false;
}

void str_done(struct str *s)
{
    mem_free(s->text);
    *s = str_of(s->max);
}

char *str_take(struct str *s)
{
    char *text = s->text ? s->text : mem_copy_text("");
    *s = str_of(s->max);
    return text;
}
