/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/ban/conf/conf_opts.h"

#include <ctype.h>
#include <string.h>

static struct conf_opt *find(const struct conf_opts *o, const char *name)
{
    for (size_t i = 0; i < o->count; i++)
        if (strcmp(o->opt[i].name, name) == 0)
            return &o->opt[i];
    return NULL;
}

void conf_opts_set(struct conf_opts *o, struct arena *arena, const char *name,
                   struct ban_value value)
{
    struct conf_opt *known = find(o, name);
    if (known) {
        known->value = value;
        return;
    }
    if (o->count == o->capacity) {
        size_t more = o->capacity ? 2 * o->capacity : 16;
        struct conf_opt *opt = arena_array(arena, more, sizeof *opt);
        if (o->count)
            memcpy(opt, o->opt, o->count * sizeof *opt);
        o->opt = opt;
        o->capacity = more;
    }
    o->opt[o->count++] = (struct conf_opt){name, value};
}

void conf_opts_set_text(struct conf_opts *o, struct arena *arena, const char *name,
                        const char *text)
{
    conf_opts_set(o, arena, name, ban_value_text(text));
}

const struct ban_value *conf_opts_find(const struct conf_opts *o, const char *name)
{
    const struct conf_opt *known = find(o, name);
    return known ? &known->value : NULL;
}

const char *conf_opts_text(const struct conf_opts *o, const char *name)
{
    const struct ban_value *v = conf_opts_find(o, name);
    return v && v->kind == BAN_VALUE_TEXT ? v->text : NULL;
}

void conf_opts_merge(struct conf_opts *o, struct arena *arena, const struct conf_opts *from)
{
    for (size_t i = 0; i < from->count; i++)
        conf_opts_set(o, arena, from->opt[i].name, from->opt[i].value);
}

size_t conf_opts_condition(const char *name)
{
    size_t n = 0;
    while (isalnum((unsigned char)name[n]) || name[n] == '_')
        n++;
    return n && name[n] == '?' && name[n + 1] ? n : 0;
}
