/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/nasl/builtin.h"

#include "tool/nasl/vm_private.h"

const struct nasl_value *nasl_arg(const struct nasl_call *c, unsigned n)
{
    static const struct nasl_value none = {.type = NASL_UNDEF};
    return n < c->count ? &c->arg[n] : &none;
}

int64_t nasl_arg_int(const struct nasl_value *v, int64_t otherwise)
{
    bool clean;
    if (v->type == NASL_INT)
        return v->number;
    return nasl_is_text(v) ? nasl_number_of(v->string->text, 10, &clean) : otherwise;
}

const char *nasl_arg_text(const struct nasl_value *v, struct str *room, size_t *out_len)
{
    if (v->type == NASL_UNDEF) {
        if (out_len)
            *out_len = 0;
        return NULL;
    }
    return nasl_value_text(v, room, out_len);
}

struct nasl_heap *nasl_call_heap(struct nasl_call *c)
{
    return &c->vm->heap;
}

struct nasl_value nasl_data(struct nasl_call *c, const void *bytes, size_t len)
{
    return nasl_text(&c->vm->heap, NASL_DATA, bytes, len);
}

struct nasl_value nasl_data_str(struct nasl_call *c, struct str *text)
{
    struct nasl_value v = nasl_data(c, str_text(text), text->len);
    str_done(text);
    return v;
}

void nasl_complain(struct nasl_call *c, const char *format, ...)
{
    struct str words = str_of(900);
    va_list args;
    va_start(args, format);
    str_addv(&words, format, args);
    va_end(args);
    nasl_vm_note(c->vm, "%s(): %s", c->builtin->name, str_text(&words));
    str_done(&words);
}
