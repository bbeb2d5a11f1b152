/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The values of a tree, with what "%(name)s" stands for put in.  A name is looked for in the
 * caller's variables, in the section and in [DEFAULT]; "section/name" leads to another section, and
 * "known/name" to what the option was before a later file set it anew. */
#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "tool/ban/conf/conf_tree.h"

enum { VALUE_MAX = 1 << 20 };

/* One value that is being put together. */
struct fill {
    const struct conf_tree *tree;
    const char *section, *option;
    const struct conf_section *here; /* NULL: [DEFAULT] alone */
    bool is_known;                   /* look into what the section knew before */
    const struct conf_opts *vars;
    struct str out;
    struct err *e;
};

static const char *lower(struct arena *arena, const char *text, size_t len)
{
    char *copy = arena_copy(arena, text, len);
    for (char *c = copy; *c; c++)
        *c = (char)tolower((unsigned char)*c);
    return copy;
}

static const char *find_near(const struct fill *f, const char *name)
{
    const struct ban_value *v = f->vars ? conf_opts_find(f->vars, name) : NULL;
    if (v && v->kind == BAN_VALUE_NONE)
        v = NULL;
    if (!v && strcmp(name, "__name__") == 0)
        return f->section;
    if (!v && f->here)
        v = conf_opts_find(f->is_known ? &f->here->known : &f->here->opts, name);
    if (!v)
        v = conf_opts_find(&f->tree->defaults, name);
    return v ? ban_value_str(v, f->tree->arena) : NULL;
}

/* "section/name": the length of the section's name, or 0. */
static size_t section_part(const char *name)
{
    size_t n = 0;
    while (isalnum((unsigned char)name[n]) || name[n] == '_' || name[n] == '-')
        n++;
    return name[n] == '/' && name[n + 1] ? n : 0;
}

static const char *find_far(const struct fill *f, const char *name)
{
    size_t n = section_part(name);
    if (!n)
        return NULL;
    const char *section = arena_copy(f->tree->arena, name, n), *option = name + n + 1;
    const struct ban_value *v = NULL;
    if (strcmp(section, "known") == 0) {
        v = f->here ? conf_opts_find(&f->here->known, option) : NULL;
    } else if (strcmp(section, "default") != 0) {
        const struct conf_section *other = conf_tree_section(f->tree, section);
        if (!other)
            return NULL;
        v = conf_opts_find(&other->opts, option);
    }
    if (!v)
        v = conf_opts_find(&f->tree->defaults, option);
    return v ? ban_value_str(v, f->tree->arena) : NULL;
}

static int fault(struct fill *f, const char *why, const char *what)
{
    return err_set(f->e, -EINVAL, "section [%s], option \"%s\": %s%.80s", f->section, f->option,
                   why, what);
}

static int fill(struct fill *f, const char *text, int depth);

/* At "%(": put in what the name stands for; *out is behind it. */
static int fill_name(struct fill *f, const char *text, const char **out, int depth)
{
    const char *close = strchr(text + 2, ')');
    if (!close || close == text + 2 || close[1] != 's')
        return fault(f, "bad interpolation: ", text);
    size_t len = (size_t)(close - text) - 2;
    const char *name = lower(f->tree->arena, text + 2, len);
    const char *value = find_near(f, name);
    /* the name of a section keeps its case, and names are looked for in lower case */
    if (!value && strncmp(name, text + 2, len) == 0)
        value = find_far(f, name);
    if (!value)
        return fault(f, "no such option to put in: ", name);
    *out = close + 2;
    return fill(f, value, depth + 1);
}

static int fill(struct fill *f, const char *text, int depth)
{
    if (depth > CONF_DEPTH_MAX)
        return fault(f, "interpolation goes too deep, in a circle?", "");
    while (*text) {
        size_t plain = strcspn(text, "%");
        str_add_len(&f->out, text, plain);
        text += plain;
        if (!*text)
            break;
        if (text[1] == '%') {
            str_add_char(&f->out, '%');
            text += 2;
        } else if (text[1] == '(') {
            int rc = fill_name(f, text, &text, depth);
            if (rc < 0)
                return rc;
        } else {
            return fault(f, "'%' must be followed by '%' or '(': ", text);
        }
        if (f->out.full)
            return fault(f, "its value gets too long", "");
    }
    return 0;
}

static int get(struct fill *f, const char **out)
{
    const char *option = lower(f->tree->arena, f->option, strlen(f->option));
    const char *raw = find_near(f, option);
    if (!raw)
        return err_set(f->e, -ENOENT, "section [%s] has no option \"%s\"", f->section, f->option);
    if (!strchr(raw, '%')) {
        *out = raw;
        return 0;
    }
    f->out = str_of(VALUE_MAX);
    int rc = fill(f, raw, 1);
    if (rc == 0)
        *out = arena_copy(f->tree->arena, str_text(&f->out), f->out.len);
    str_done(&f->out);
    return rc;
}

int conf_tree_get(const struct conf_tree *t, const char *section, const char *option,
                  const struct conf_opts *vars, const char **out, struct err *e)
{
    struct fill f = {.tree = t,
                     .section = section,
                     .option = option,
                     .here = conf_tree_section(t, section),
                     .vars = vars,
                     .e = e};
    if (!f.here && strcmp(section, "DEFAULT") != 0)
        return err_set(e, -ENXIO, "no section [%s]", section);
    return get(&f, out);
}

int conf_tree_get_far(const struct conf_tree *t, const char *section, const char *option,
                      const struct conf_opts *vars, const char **out, struct err *e)
{
    size_t n = section_part(option);
    int rc = -ENOENT;
    if (n) {
        const char *other = arena_copy(t->arena, option, n), *name = option + n + 1;
        if (strcasecmp(other, "known") == 0) {
            struct fill f = {.tree = t,
                             .section = section,
                             .option = name,
                             .here = conf_tree_section(t, section),
                             .is_known = true,
                             .e = e};
            rc = f.here && f.here->known.count ? get(&f, out) : -ENOENT;
            if (rc == -ENOENT)
                rc = conf_tree_get(t, section, name, NULL, out, e);
        } else {
            rc = conf_tree_get(t, strcasecmp(other, "default") == 0 ? "DEFAULT" : other, name, NULL,
                               out, e);
        }
    }
    if (rc == -ENOENT || rc == -ENXIO)
        rc = conf_tree_get(t, section, option, vars, out, e);
    return rc;
}
