/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The reader of command lines.  A word with one dash is tried as: a whole name, a run of short
 * options, a cut long name; a run is looked at to its end before any of it takes effect.  Values
 * are read in option_value.c, the help is written in option_help.c. */
#include "core/text/option.h"

#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

enum { DIGITS_MAX = 20, LONG_NAME_MAX = 64, CANDIDATES_MAX = 8 };

struct reading {
    const struct option_table *table;
    int argc, at; /* argv[at] is the next word to be taken */
    char *const *argv;
    void *to;
    struct err *e;
};

/* A run of short options: what is left of it, and the family its letters belong to (or 0). */
struct run {
    const char *at;
    char family;
    char digits[DIGITS_MAX + 1]; /* the value of a count, which other letters may follow */
};

const struct option *option_at(const struct option_table *t, size_t n)
{
    for (size_t g = 0; g < t->group_count; n -= t->group[g++].count)
        if (n < t->group[g].count)
            return &t->group[g].option[n];
    return NULL;
}

static bool is_name(const char *have, const char *name, size_t len)
{
    return have && strncmp(have, name, len) == 0 && have[len] == '\0';
}

static const struct option *find_short(const struct option_table *t, const char *name, size_t len)
{
    const struct option *o;
    for (size_t n = 0; (o = option_at(t, n)); n++)
        if (is_name(o->short_name, name, len))
            return o;
    return NULL;
}

/* The longest short name that `text` begins with. */
static const struct option *find_short_start(const struct option_table *t, const char *text)
{
    const struct option *o, *best = NULL;
    size_t best_len = 0;
    for (size_t n = 0; (o = option_at(t, n)); n++) {
        size_t len = o->short_name ? strlen(o->short_name) : 0;
        if (len > best_len && strncmp(text, o->short_name, len) == 0) {
            best = o;
            best_len = len;
        }
    }
    return best;
}

static const struct option *find_long(const struct option_table *t, const char *name, size_t len)
{
    const struct option *o;
    for (size_t n = 0; (o = option_at(t, n)); n++)
        if (is_name(o->long_name, name, len))
            return o;
    return NULL;
}

/* The options that are listed (old spellings must be typed whole) and whose long name begins with
 * `name`: how many there are, and the first few of them. */
static size_t find_cut(const struct option_table *t, const char *name, size_t len,
                       const struct option *found[CANDIDATES_MAX])
{
    const struct option *o;
    size_t count = 0;
    for (size_t n = 0; (o = option_at(t, n)); n++) {
        if (!o->help || !o->long_name || strncmp(o->long_name, name, len) != 0)
            continue;
        if (count < CANDIDATES_MAX)
            found[count] = o;
        count++;
    }
    return count;
}

static bool needs_value(const struct option *o)
{
    return o->value && o->value[0] != '[';
}

static int store_int(const struct option *o, const char *value, int *to, struct err *e)
{
    int64_t number, max = o->max ? o->max : INT_MAX;
    if (option_read_int(value, o->min, max, &number, e) != 0)
        return e->code;
    *to = (int)number;
    return 0;
}

/* Set the field.  A number that may be left out, and is, leaves its field as it was. */
static int store(const struct reading *r, const struct option *o, const char *value)
{
    void *field = (char *)r->to + o->offset;
    switch (o->kind) {
    case OPTION_SET:
    case OPTION_CLEAR:
        *(bool *)field = o->kind == OPTION_SET;
        return 0;
    case OPTION_COUNT:
        if (value)
            return store_int(o, value, field, r->e);
        ++*(int *)field;
        return 0;
    case OPTION_TEXT:
        *(const char **)field = value ? value : "";
        return 0;
    case OPTION_LIST:
        text_list_add(field, value ? value : "");
        return 0;
    case OPTION_INT:
        return value ? option_read_int(value, o->min, o->max, field, r->e) : 0;
    case OPTION_DURATION:
        return value ? option_read_duration(value, field, r->e) : 0;
    case OPTION_REAL:
        return value ? option_read_real(value, field, r->e) : 0;
    case OPTION_CALL:
        assert(o->set);
        return 0;
    }
    return 0;
}

/* Take the option, typed as `typed`, with the value attached to it (NULL: none). */
static int give(struct reading *r, const struct option *o, const char *typed, const char *value)
{
    if (value && !o->value && o->kind != OPTION_COUNT)
        return err_set(r->e, -EINVAL, "%s takes no value", typed);
    if (!value && needs_value(o)) {
        if (r->at == r->argc)
            return err_set(r->e, -EINVAL, "%s: its value (%s) is missing", typed, o->value);
        value = r->argv[r->at++];
    }
    int rc = store(r, o, value);
    if (rc == 0 && o->set)
        rc = o->set(r->to, o, value, r->e);
    return rc == 0 ? 0 : err_wrap(r->e, "%s", typed);
}

static int give_long(struct reading *r, const struct option *o, const char *word, size_t name_len)
{
    char typed[LONG_NAME_MAX];
    const char *equals = strchr(word, '=');
    snprintf(typed, sizeof typed, "%.*s", (int)name_len, word);
    return give(r, o, typed, equals ? equals + 1 : NULL);
}

static int refuse_cut(struct reading *r, const char *word, size_t word_len,
                      const struct option *const *found, size_t count)
{
    char names[ERR_TEXT_MAX] = "";
    size_t len = 0;
    for (size_t i = 0; i < count && i < CANDIDATES_MAX && len < sizeof names; i++)
        len += (size_t)snprintf(names + len, sizeof names - len, "%s--%s", i ? ", " : "",
                                found[i]->long_name);
    return err_set(r->e, -EINVAL, "%.*s is ambiguous: %.160s%s", (int)word_len, word, names,
                   count > CANDIDATES_MAX ? ", ..." : "");
}

static int refuse_name(struct reading *r, const char *word, size_t word_len)
{
    return err_set(r->e, -EINVAL, "unknown option %.*s", (int)(word_len < 100 ? word_len : 100),
                   word);
}

/* A long name that may be cut, behind `dashes` dashes. */
static int read_long(struct reading *r, const char *word, size_t dashes)
{
    const struct option *found[CANDIDATES_MAX];
    const char *name = word + dashes;
    size_t len = strcspn(name, "="), word_len = dashes + len;
    const struct option *o = find_long(r->table, name, len);
    if (o)
        return give_long(r, o, word, word_len);
    size_t count = len ? find_cut(r->table, name, len, found) : 0;
    if (count == 1)
        return give_long(r, found[0], word, word_len);
    if (count > 1)
        return refuse_cut(r, word, word_len, found, count);
    return refuse_name(r, word, word_len);
}

/* The digits behind a count become its value: "3" of -v3, of -v3n. */
static const char *cut_digits(struct run *run)
{
    size_t len = strspn(run->at, "0123456789");
    if (len == 0)
        return NULL;
    snprintf(run->digits, sizeof run->digits, "%.*s", (int)len, run->at);
    run->at += len;
    return run->digits;
}

static bool is_family(const struct option_table *t, char letter)
{
    return t->families && strchr(t->families, letter);
}

/* Cut the next option off a run that is not at its end, and the value attached to it (NULL: none).
 * NULL: what comes is no option, or cannot stand there. */
static const struct option *cut_option(const struct option_table *t, struct run *run,
                                       const char **out_value)
{
    *out_value = NULL;
    if (!run->family && run->at[1] && is_family(t, run->at[0]))
        run->family = *run->at++;
    if (run->family) { /* a letter's value, if it has one, is the next word */
        const char name[2] = {run->family, *run->at};
        const struct option *o = find_short(t, name, sizeof name);
        run->at += o != NULL;
        return o;
    }
    const struct option *o = find_short_start(t, run->at);
    size_t len = o ? strlen(o->short_name) : 0;
    if (!o || (len > 1 && run->at[len] && !o->value && o->kind != OPTION_COUNT))
        return NULL;
    run->at += len;
    if (o->kind == OPTION_COUNT) {
        *out_value = cut_digits(run);
    } else if (o->value && *run->at) {
        *out_value = run->at;
        run->at += strlen(run->at);
    }
    return o;
}

/* Walk the run without effect.  True when all of it is options; else *run stands where it ends. */
static bool is_run(const struct option_table *t, struct run *run)
{
    const char *value;
    while (*run->at)
        if (!cut_option(t, run, &value))
            return false;
    return true;
}

static int give_run(struct reading *r, const char *body)
{
    struct run run = {.at = body};
    while (*run.at) {
        char typed[LONG_NAME_MAX];
        const char *value;
        const struct option *o = cut_option(r->table, &run, &value);
        assert(o);
        snprintf(typed, sizeof typed, "-%s", o->short_name);
        if (give(r, o, typed, value) != 0)
            return r->e->code;
    }
    return 0;
}

/* Say what is wrong with a run that is_run left at `bad`. */
static int refuse_run(struct reading *r, const char *word, const struct run *bad)
{
    const char *body = word + 1;
    const struct option *start = find_short_start(r->table, bad->at);
    const struct option *flag = find_short(r->table, body, 1);
    const char family[2] = {bad->family, '\0'};
    if (!bad->family && start)
        return err_set(r->e, -EINVAL, "-%s takes no value (in -%.100s)", start->short_name, body);
    if (bad->at == body)
        return refuse_name(r, word, 1 + strcspn(body, "="));
    if (!bad->family && bad->at == body + 1 && flag && flag->kind != OPTION_COUNT)
        return err_set(r->e, -EINVAL, "-%c takes no value, and -%c is no option (in -%.100s)",
                       body[0], *bad->at, body);
    return err_set(r->e, -EINVAL, "unknown option -%s%c (in -%.100s)", family, *bad->at, body);
}

static int read_one_dash(struct reading *r, const char *word)
{
    const char *body = word + 1;
    size_t name_len = strcspn(body, "=");
    const struct option *o = find_short(r->table, body, strlen(body)), *found[CANDIDATES_MAX];
    if (o)
        return give(r, o, word, NULL);
    o = find_long(r->table, body, name_len);
    if (o)
        return give_long(r, o, word, 1 + name_len);
    struct run run = {.at = body};
    if (is_run(r->table, &run))
        return give_run(r, body);
    if (name_len > 1 && find_cut(r->table, body, name_len, found) > 0)
        return read_long(r, word, 1);
    return refuse_run(r, word, &run);
}

int option_parse(const struct option_table *table, int argc, char *const *argv, void *to,
                 struct text_list *words, struct err *e)
{
    struct reading r = {.table = table, .argc = argc, .at = 1, .argv = argv, .to = to, .e = e};
    bool options_end = false;
    while (r.at < argc) {
        const char *word = argv[r.at++];
        int rc = 0;
        if (options_end || word[0] != '-' || word[1] == '\0') {
            text_list_add(words, word);
            options_end |= table->stop_at_word;
        } else if (word[1] != '-') {
            rc = read_one_dash(&r, word);
        } else if (word[2] == '\0') {
            options_end = true;
        } else {
            rc = read_long(&r, word, 2);
        }
        if (rc != 0)
            return rc;
    }
    return 0;
}
