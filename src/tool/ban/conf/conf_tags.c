/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/ban/conf/conf_tags.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "core/base/mem.h"

enum { VALUE_MAX = 1 << 20, NAMES_MAX = 64 };

/* How often each name was put into one value: over all passes. */
struct tally {
    const char *name[NAMES_MAX];
    unsigned count[NAMES_MAX];
    size_t used;
};

struct replacer {
    const struct conf_opts *opts;
    const struct conf_tags *how;
    struct arena *arena;
    struct err *e;
};

/* The next "<name>" without a blank or bracket inside, at or behind `from`. */
static bool next_tag(const char *text, size_t from, size_t *out_at, size_t *out_len)
{
    for (const char *open = strchr(text + from, '<'); open; open = strchr(open + 1, '<')) {
        size_t n = strcspn(open + 1, " <>");
        if (n && open[1 + n] == '>') {
            *out_at = (size_t)(open - text);
            *out_len = n;
            return true;
        }
    }
    return false;
}

static bool is_kept(const struct replacer *r, const char *name)
{
    for (size_t i = 0; r->how->keep && r->how->keep[i]; i++)
        if (strcmp(r->how->keep[i], name) == 0)
            return true;
    size_t len = strlen(name);
    for (size_t i = 0; r->how->keep_conditional && i < r->opts->count; i++)
        if (conf_opts_condition(r->opts->opt[i].name) == len &&
            strncmp(r->opts->opt[i].name, name, len) == 0)
            return true;
    return false;
}

static const char *find(const struct replacer *r, const char *name)
{
    const struct ban_value *v = NULL;
    if (r->how->condition)
        v = conf_opts_find(r->opts, arena_print(r->arena, "%s?%s", name, r->how->condition));
    if (!v)
        v = conf_opts_find(r->opts, name);
    if (v && v->kind != BAN_VALUE_NONE)
        return ban_value_str(v, r->arena);
    return r->how->more ? r->how->more(r->how->ctx, name, r->e) : NULL;
}

static unsigned count_up(struct tally *t, const char *name)
{
    for (size_t i = 0; i < t->used; i++)
        if (strcmp(t->name[i], name) == 0)
            return ++t->count[i];
    if (t->used == NAMES_MAX)
        return CONF_TAG_REPLACE_MAX + 1;
    t->name[t->used] = name;
    t->count[t->used++] = 1;
    return 1;
}

static const char *put_in(struct replacer *r, const char *text, const char *name, const char *with)
{
    struct str out = str_of(VALUE_MAX);
    const char *tag = arena_print(r->arena, "<%s>", name);
    for (const char *at; (at = strstr(text, tag)); text = at + strlen(tag)) {
        str_add_len(&out, text, (size_t)(at - text));
        str_add(&out, with);
    }
    str_add(&out, text);
    const char *made = out.full ? NULL : arena_copy(r->arena, str_text(&out), out.len);
    str_done(&out);
    return made;
}

/* One pass over the value of `name`; *in_out becomes the new text. */
static int replace_value(struct replacer *r, const char *name, const char **in_out,
                         struct tally *tally)
{
    const char *text = *in_out;
    size_t at = 0, len;
    while (next_tag(text, at, &at, &len)) {
        const char *tag = arena_copy(r->arena, text + at + 1, len);
        if (is_kept(r, tag)) {
            at += len + 2;
            continue;
        }
        const char *with = strcmp(tag, name) == 0 ? "" : find(r, tag);
        if (r->e->code < 0)
            return r->e->code;
        if (strcmp(tag, name) == 0 || (with && count_up(tally, tag) > CONF_TAG_REPLACE_MAX))
            return err_set(r->e, -EINVAL, "option \"%s\" refers to itself by <%s>", name, tag);
        if (!with) {
            at += len + 2;
            continue;
        }
        text = put_in(r, text, tag, with);
        if (!text)
            return err_set(r->e, -EINVAL, "option \"%s\" gets too long", name);
    }
    *in_out = text;
    return 0;
}

int conf_tags_replace(struct conf_opts *opts, const struct conf_tags *how, struct arena *arena,
                      struct err *e)
{
    struct replacer r = {opts, how, arena, e};
    struct tally *tally = arena_array(arena, opts->count, sizeof *tally);
    for (bool again = true; again;) {
        again = false;
        for (size_t i = 0; i < opts->count; i++) {
            struct conf_opt *opt = &opts->opt[i];
            if (opt->value.kind == BAN_VALUE_NONE || is_kept(&r, opt->name))
                continue;
            const char *before = ban_value_str(&opt->value, arena), *text = before;
            size_t at, len;
            if (!strchr(text, '<'))
                continue;
            int rc = replace_value(&r, opt->name, &text, &tally[i]);
            if (rc < 0)
                return rc;
            if (strcmp(text, before) == 0)
                continue;
            opt->value = ban_value_text(text);
            again |= next_tag(text, 0, &at, &len);
        }
    }
    return 0;
}
