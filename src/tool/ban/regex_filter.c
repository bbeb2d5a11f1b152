/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/ban/regex_filter.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "tool/ban/conf/conf_args.h"

/* "sshd", "filter.d/sshd.conf[mode=x]": nothing but what names are made of, and brackets. */
static bool may_be_name(const char *word)
{
    size_t n = 0;
    while (isalnum((unsigned char)word[n]) || (word[n] && strchr("/_-.", word[n])))
        n++;
    size_t len = strlen(word);
    while (len && isspace((unsigned char)word[len - 1]))
        len--;
    return n && (n == len || (word[n] == '[' && word[len - 1] == ']'));
}

static bool ends_with(const char *text, const char *end)
{
    size_t n = strlen(text), m = strlen(end);
    return n >= m && strcmp(text + n - m, end) == 0;
}

/* 1: it is a jail, and its commands are there. */
static int read_jail(struct regex_source *s, const char *name, const struct conf_opts *given,
                     struct err *e)
{
    struct conf_tree *tree;
    struct conf_jail jail;
    struct conf_opts extra = {0};
    struct err ignored = {0};
    int rc = conf_store_read(&s->store, "jail", &tree, &ignored);
    if (rc == -ENOENT || (rc == 0 && !conf_tree_section(tree, name)))
        return 0;
    if (rc < 0) {
        *e = ignored;
        return rc;
    }
    conf_opts_merge(&extra, &s->arena, given);
    conf_opts_set_text(&extra, &s->arena, "backend", "auto");
    rc = conf_jail_read(&jail, &s->store, tree, name, true, &extra, e);
    if (rc == 0 && jail.config_error)
        rc = err_set(e, -EINVAL, "jail %s: %s", name, jail.config_error);
    if (rc == 0)
        rc = conf_jail_convert(&jail, true, &s->commands, e);
    if (rc < 0)
        return rc;
    s->kind = "jail";
    s->name = name;
    return 1;
}

/* The filter's file; NULL: there is none. */
static const char *find_file(struct regex_source *s, const char *name)
{
    static const char *const ends[] = {"", ".conf", ".local"};
    bool in_folder = strncmp(name, "filter.d/", 9) == 0 || !strchr(name, '/');
    for (size_t i = 0; i < ARRAY_COUNT(ends); i++) {
        const char *path = in_folder
                               ? arena_print(&s->arena, "%s/%s%s%s", s->store.folder,
                                             strchr(name, '/') ? "" : "filter.d/", name, ends[i])
                               : arena_print(&s->arena, "%s%s", name, ends[i]);
        bool named = ends_with(path, ".conf") || ends_with(path, ".local");
        if (named && access(path, R_OK) == 0)
            return path;
    }
    return NULL;
}

static int read_filter(struct regex_source *s, const char *path, const struct conf_opts *given,
                       struct err *e)
{
    struct conf_definition filter;
    struct conf_opts none = {0};
    const char *base = strrchr(path, '/') + 1;
    const char *own = arena_print(&s->arena, "%s/filter.d/%s", s->store.folder, base);
    /* a file of the folder is read with what lies over it, any other by itself */
    if (strcmp(own, path) == 0)
        path = arena_copy(&s->arena, base, (size_t)(strrchr(base, '.') - base));
    else if (path[0] != '/')
        path = arena_print(&s->arena, "./%s", path);
    s->kind = "filter file";
    s->name = path;
    int rc = conf_definition_open(&filter, &conf_kind_filter, &s->store, path, "jail", given, e);
    if (rc == 0)
        rc = conf_definition_read(&filter, &none, false, e);
    if (rc == 0)
        rc = conf_definition_convert(&filter, &s->commands, e);
    return rc < 0 ? err_wrap(e, "filter %s", path) : 0;
}

int regex_source_read(struct regex_source *s, const char *conf, const char *word, struct err *e)
{
    struct conf_opts given = {0};
    const char *name;
    struct err ignored = {0};
    s->store = conf_store_of(arena_text(&s->arena, conf), &s->arena);
    if (may_be_name(word) && conf_args_parse(word, &s->arena, &name, &given, &ignored) == 0) {
        /* A jail often has the name of its filter, which it runs in a mode of its own; the filter
         * is what is asked for. */
        const char *path = find_file(s, name);
        if (path)
            return read_filter(s, path, &given, e);
        int rc = strchr(name, '/') || ends_with(name, ".conf") || ends_with(name, ".local")
                     ? 0
                     : read_jail(s, name, &given, e);
        if (rc != 0)
            return rc < 0 ? rc : 0;
    } else if (may_be_name(word)) {
        *e = ignored;
        return err_wrap(e, "wrong filter name or options");
    }
    ban_list_add(&s->commands, &s->arena,
                 ban_value_words(&s->arena, "set", "jail", "addfailregex", word, NULL));
    return 0;
}

static int add_rules(struct ban_filter *f, const struct ban_value *value, bool ignore,
                     struct arena *arena, struct ban_list *told, struct err *e)
{
    const struct ban_list *list = value->list;
    size_t count = value->kind == BAN_VALUE_LIST ? list->count : 1;
    for (size_t i = 0; i < count; i++) {
        const char *text = value->kind == BAN_VALUE_LIST ? list->item[i].text : value->text;
        int rc = ignore ? ban_filter_add_ignore(f, text, e) : ban_filter_add_fail(f, text, e);
        if (rc < 0)
            return rc;
        ban_list_add_text(told, arena, text);
    }
    return 0;
}

static int apply(struct regex_source *s, struct ban_filter *f, const char *what,
                 const struct ban_list *command, int max_lines, struct err *e)
{
    const struct ban_value *value = &command->item[3];
    int64_t number;
    if (strcmp(what, "prefregex") == 0)
        return ban_filter_set_pref(f, ban_value_str(value, &s->arena), e);
    if (strcmp(what, "addfailregex") == 0)
        return add_rules(f, value, false, &s->arena, &s->fail, e);
    if (strcmp(what, "addignoreregex") == 0)
        return add_rules(f, value, true, &s->arena, &s->ignore, e);
    if (strcmp(what, "datepattern") == 0)
        s->date_pattern = ban_value_str(value, &s->arena);
    if (strcmp(what, "addjournalmatch") == 0)
        for (size_t i = 3; i < command->count; i++)
            ban_list_add(&s->journal_match, &s->arena, command->item[i]);
    if (strcmp(what, "maxlines") == 0 && max_lines == 0) {
        if (value->kind == BAN_VALUE_INT)
            number = value->number;
        else if (conf_read_int(ban_value_str(value, &s->arena), &number) < 0)
            return err_set(e, -EINVAL, "maxlines is no number");
        if (number < 1 || number > FILTER_LINES_MAX)
            return err_set(e, -EINVAL, "maxlines is not from 1 to %d", FILTER_LINES_MAX);
        f->max_lines = (unsigned)number;
    }
    return 0;
}

int regex_source_apply(struct regex_source *s, struct ban_filter *f, int max_lines,
                       const char *date_pattern, struct err *e)
{
    if (max_lines > FILTER_LINES_MAX)
        return err_set(e, -EINVAL, "maxlines is over %d", FILTER_LINES_MAX);
    if (max_lines > 0)
        f->max_lines = (unsigned)max_lines;
    int rc = 0;
    for (size_t i = 0; i < s->commands.count && rc == 0; i++) {
        const struct ban_list *command = s->commands.item[i].list;
        if (command->count > 3 && strstr(command->item[0].text, "set"))
            rc = apply(s, f, command->item[2].text, command, max_lines, e);
    }
    const char *pattern = date_pattern ? date_pattern : s->date_pattern;
    if (rc == 0 && pattern)
        rc = date_detector_set(&f->dates, pattern, e);
    return rc;
}

void regex_source_done(struct regex_source *s)
{
    conf_store_done(&s->store);
    arena_done(&s->arena);
}
