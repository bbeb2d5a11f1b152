/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/nc/context.h"

#include <stdarg.h>

void nc_say(struct nc_context *c, struct str *text)
{
    if (text->len)
        c->say(c->say_ctx, str_text(text));
    str_reset(text);
}

void nc_complain(struct nc_context *c, const char *format, ...)
{
    struct str words = str_of(0), line = str_of(0);
    va_list args;
    va_start(args, format);
    str_addv(&words, format, args);
    va_end(args);
    c->o->manner->complain(&line, str_text(&words));
    nc_say(c, &line);
    str_done(&words);
    str_done(&line);
}
