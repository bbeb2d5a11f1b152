/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/ban/conf/conf_definition.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/base/log.h"
#include "tool/ban/conf/conf_args.h"
#include "tool/ban/conf/conf_tags.h"

enum opt_type { OPT_TEXT, OPT_INT, OPT_BOOL };

struct conf_kind {
    const char *folder;
    struct {
        const char *name;
        enum opt_type type;
    } opt[16];
    const char *const *keep; /* tags that are values of a ban, whatever options are called */
};

static const char *const action_keep[] = {"matches", "ipmatches", "ipjailmatches",
                                          "timeout", "bantime",   NULL};

const struct conf_kind conf_kind_filter = {.folder = "filter.d",
                                           .opt = {{"usedns", OPT_TEXT},
                                                   {"prefregex", OPT_TEXT},
                                                   {"ignoreregex", OPT_TEXT},
                                                   {"failregex", OPT_TEXT},
                                                   {"maxlines", OPT_INT},
                                                   {"datepattern", OPT_TEXT},
                                                   {"journalmatch", OPT_TEXT}}};

const struct conf_kind conf_kind_action = {.folder = "action.d",
                                           .opt = {{"actionstart", OPT_TEXT},
                                                   {"actionstart_on_demand", OPT_BOOL},
                                                   {"actionstop", OPT_TEXT},
                                                   {"actionflush", OPT_TEXT},
                                                   {"actionreload", OPT_TEXT},
                                                   {"actioncheck", OPT_TEXT},
                                                   {"actionrepair", OPT_TEXT},
                                                   {"actionrepair_on_unban", OPT_BOOL},
                                                   {"actionban", OPT_TEXT},
                                                   {"actionprolong", OPT_TEXT},
                                                   {"actionreban", OPT_TEXT},
                                                   {"actionunban", OPT_TEXT},
                                                   {"norestored", OPT_BOOL}},
                                           .keep = action_keep};

bool conf_is_true(const char *text)
{
    return !strcmp(text, "1") || !strcasecmp(text, "on") || !strcasecmp(text, "true") ||
           !strcasecmp(text, "yes");
}

int conf_read_int(const char *text, int64_t *out)
{
    char *end;
    while (isspace((unsigned char)*text))
        text++;
    errno = 0;
    long long value = strtoll(text, &end, 10);
    if (end == text || errno)
        return -EINVAL;
    while (isspace((unsigned char)*end))
        end++;
    if (*end)
        return -EINVAL;
    *out = value;
    return 0;
}

static bool is_known_option(const struct conf_kind *k, const char *name)
{
    for (size_t i = 0; i < ARRAY_COUNT(k->opt) && k->opt[i].name; i++)
        if (strcmp(k->opt[i].name, name) == 0)
            return true;
    return false;
}

int conf_definition_open(struct conf_definition *out, const struct conf_kind *kind,
                         struct conf_store *store, const char *file, const char *jail,
                         const struct conf_opts *init, struct err *e)
{
    struct arena *arena = store->arena;
    struct conf_definition d = {.kind = kind, .jail = jail, .arena = arena};
    conf_opts_merge(&d.init, arena, init);
    if (kind == &conf_kind_action) {
        const char *name = conf_opts_text(&d.init, "name");
        if (!name)
            conf_opts_set_text(&d.init, arena, "name", name = jail);
        d.name = conf_opts_text(&d.init, "actname");
        size_t n = strlen(jail);
        if (!d.name && strcmp(name, jail) == 0)
            d.name = arena_text(arena, file);
        else if (!d.name) /* an action twice in a jail is told apart by what it is named */
            d.name = strncmp(name, jail, n) == 0 ? arena_print(arena, "%s%s", file, name + n)
                                                 : arena_print(arena, "%s-%s", file, name);
        conf_opts_set_text(&d.init, arena, "actname", d.name);
    }
    int rc =
        file[0] == '/' || strncmp(file, "./", 2) == 0
            ? conf_store_read_file(store, file, &d.tree, e)
            : conf_store_read(store, arena_print(arena, "%s/%s", kind->folder, file), &d.tree, e);
    if (rc == 0)
        *out = d;
    return rc;
}

void conf_definition_set_logtype(struct conf_definition *d, const char *backend)
{
    const struct conf_section *s = conf_tree_section(d->tree, "Definition");
    if (conf_opts_find(&d->init, "logtype") || (s && conf_opts_find(&s->opts, "logtype")))
        return;
    conf_opts_set_text(&d->init, d->arena, "logtype",
                       strncmp(backend, "systemd", 7) == 0 ? "journal" : "file");
}

/* Options of [Init] that the jail does not give. */
static int read_init(struct conf_definition *d, struct err *e)
{
    const struct conf_section *s = conf_tree_section(d->tree, "Init");
    for (size_t i = 0; s && i < s->opts.count; i++) {
        const char *name = s->opts.opt[i].name, *value = NULL;
        int rc = conf_tree_get(d->tree, "Init", name, NULL, &value, e);
        if (rc < 0)
            return rc;
        if (strncmp(name, "known/", 6) != 0)
            conf_opts_set_text(&d->init, d->arena, arena_print(d->arena, "known/%s", name), value);
        if (conf_opts_find(&d->init, name))
            continue;
        /* what the jail says without a condition wins over the file's conditional value, too */
        size_t bare = conf_opts_condition(name);
        const struct ban_value *given =
            bare ? conf_opts_find(&d->vars, arena_copy(d->arena, name, bare)) : NULL;
        conf_opts_set(&d->init, d->arena, name, given ? *given : ban_value_text(value));
    }
    return 0;
}

static int read_option(struct conf_definition *d, const char *name, struct err *e)
{
    const char *value;
    int rc = conf_tree_get(d->tree, "Definition", name, &d->vars, &value, e);
    if (rc == -ENXIO)
        conf_opts_set(&d->opts, d->arena, name, (struct ban_value){0});
    if (rc == -ENOENT || rc == -ENXIO) {
        e->code = 0;
        return 0;
    }
    if (rc == 0)
        conf_opts_set_text(&d->opts, d->arena, name, value);
    return rc;
}

int conf_definition_read(struct conf_definition *d, const struct conf_opts *jail_opts, bool all,
                         struct err *e)
{
    const struct conf_kind *k = d->kind;
    int rc = 0;
    d->vars = d->opts = (struct conf_opts){0};
    conf_opts_merge(&d->vars, d->arena, jail_opts);
    conf_opts_merge(&d->vars, d->arena, &d->init);
    for (size_t i = 0; i < ARRAY_COUNT(k->opt) && k->opt[i].name && rc == 0; i++)
        if (!conf_opts_find(&d->vars, k->opt[i].name))
            rc = read_option(d, k->opt[i].name, e);
    if (rc == 0)
        rc = read_init(d, e);
    const struct conf_section *s = conf_tree_section(d->tree, "Definition");
    for (size_t i = 0; all && s && i < s->opts.count && rc == 0; i++)
        if (!conf_opts_find(&d->opts, s->opts.opt[i].name)) {
            const char *value;
            rc = conf_tree_get(d->tree, "Definition", s->opts.opt[i].name, NULL, &value, e);
            if (rc == 0)
                conf_opts_set_text(&d->opts, d->arena, s->opts.opt[i].name, value);
        }
    return rc;
}

/* A tag that no option of the definition is called: "known/x", "Section/x", or one of the file's
 * other options. */
static const char *look_further(void *ctx, const char *name, struct err *e)
{
    const struct conf_definition *d = ctx;
    const char *value = NULL;
    int rc = conf_tree_get_far(d->tree, "Definition", name, &d->vars, &value, e);
    if (rc == -ENOENT || rc == -ENXIO)
        e->code = 0;
    return rc == 0 ? value : NULL;
}

static void convert_types(const struct conf_kind *k, struct conf_opts *opts)
{
    for (size_t i = 0; i < opts->count; i++) {
        struct ban_value *v = &opts->opt[i].value;
        for (size_t o = 0; o < ARRAY_COUNT(k->opt) && k->opt[o].name; o++) {
            if (v->kind != BAN_VALUE_TEXT || strcmp(k->opt[o].name, opts->opt[i].name) != 0)
                continue;
            int64_t number;
            if (k->opt[o].type == OPT_BOOL)
                *v = ban_value_bool(conf_is_true(v->text));
            else if (k->opt[o].type == OPT_INT && conf_read_int(v->text, &number) == 0)
                *v = ban_value_int(number);
            else if (k->opt[o].type == OPT_INT) {
                log_at(LOG_LEVEL_WARN, "%s is no number: \"%s\"", opts->opt[i].name, v->text);
                *v = (struct ban_value){0};
            }
        }
    }
}

int conf_definition_combine(struct conf_definition *d, struct conf_opts *out, struct err *e)
{
    struct conf_opts opts = {0};
    conf_opts_merge(&opts, d->arena, &d->opts);
    conf_opts_merge(&opts, d->arena, &d->init);
    struct conf_tags how = {
        .keep = d->kind->keep, .keep_conditional = true, .more = look_further, .ctx = d};
    int rc = conf_tags_replace(&opts, &how, d->arena, e);
    if (rc < 0)
        return err_wrap(e, "jail %s", d->jail);
    convert_types(d->kind, &opts);
    *out = opts;
    return 0;
}

/* ---- commands ---- */

static struct ban_value set_command(struct arena *arena, const char *jail, const char *what,
                                    struct ban_value value)
{
    struct ban_value command = ban_value_words(arena, "set", jail, what, NULL);
    ban_list_add(command.list, arena, value);
    return command;
}

static void add_regexes(const char *text, const char *jail, const char *what, struct arena *arena,
                        struct ban_list *stream)
{
    struct ban_value all = ban_value_list(arena);
    while (*text) {
        size_t n = strcspn(text, "\n");
        if (n)
            ban_list_add_text(all.list, arena, arena_copy(arena, text, n));
        text += n + (text[n] == '\n');
    }
    if (all.list->count == 0)
        return;
    struct ban_value command = all.list->count > 1
                                   ? ban_value_words(arena, "multi-set", jail, what, NULL)
                                   : ban_value_words(arena, "set", jail, what, NULL);
    ban_list_add(command.list, arena, all.list->count > 1 ? all : all.list->item[0]);
    ban_list_add(stream, arena, command);
}

static int add_journal_matches(const char *text, const char *jail, struct arena *arena,
                               struct ban_list *stream, struct err *e)
{
    int rc = 0;
    while (*text && rc == 0) {
        size_t n = strcspn(text, "\n");
        if (n) {
            struct ban_value command = ban_value_words(arena, "set", jail, "addjournalmatch", NULL);
            rc = conf_shell_words(arena_copy(arena, text, n), arena, command.list, e);
            ban_list_add(stream, arena, command);
        }
        text += n + (text[n] == '\n');
    }
    return rc < 0 ? err_wrap(e, "jail %s: journalmatch", jail) : 0;
}

int conf_filter_commands(const struct conf_opts *opts, const char *jail, struct arena *arena,
                         struct ban_list *stream, struct err *e)
{
    /* these count for the expressions, so they come first */
    static const char *const early[] = {"usedns", "maxlines", "prefregex"};
    for (size_t i = 0; i < ARRAY_COUNT(early); i++) {
        const struct ban_value *v = conf_opts_find(opts, early[i]);
        if (v && v->kind != BAN_VALUE_NONE)
            ban_list_add(stream, arena, set_command(arena, jail, early[i], *v));
    }
    int rc = 0;
    for (size_t i = 0; i < opts->count && rc == 0; i++) {
        const char *name = opts->opt[i].name;
        const struct ban_value *v = &opts->opt[i].value;
        if (v->kind == BAN_VALUE_NONE)
            continue;
        if (strcmp(name, "failregex") == 0)
            add_regexes(ban_value_str(v, arena), jail, "addfailregex", arena, stream);
        else if (strcmp(name, "ignoreregex") == 0)
            add_regexes(ban_value_str(v, arena), jail, "addignoreregex", arena, stream);
        else if (strcmp(name, "datepattern") == 0)
            ban_list_add(stream, arena, set_command(arena, jail, name, *v));
        else if (strcmp(name, "journalmatch") == 0)
            rc = add_journal_matches(ban_value_str(v, arena), jail, arena, stream, e);
    }
    return rc;
}

static struct ban_value pair(struct arena *arena, const char *name, struct ban_value value)
{
    struct ban_value p = ban_value_words(arena, name, NULL);
    ban_list_add(p.list, arena, value);
    return p;
}

static void action_commands(const struct conf_definition *d, const struct conf_opts *opts,
                            struct ban_list *stream)
{
    struct arena *arena = d->arena;
    struct ban_value all = ban_value_list(arena);
    ban_list_add(stream, arena, set_command(arena, d->jail, "addaction", ban_value_text(d->name)));
    for (size_t i = 0; i < opts->count; i++)
        if (is_known_option(d->kind, opts->opt[i].name))
            ban_list_add(all.list, arena, pair(arena, opts->opt[i].name, opts->opt[i].value));
    for (size_t i = 0; i < d->init.count; i++)
        if (!is_known_option(d->kind, d->init.opt[i].name) &&
            strncmp(d->init.opt[i].name, "known/", 6) != 0)
            ban_list_add(all.list, arena, pair(arena, d->init.opt[i].name, d->init.opt[i].value));
    struct ban_value command = ban_value_words(arena, all.list->count > 1 ? "multi-set" : "set",
                                               d->jail, "action", d->name, NULL);
    if (all.list->count > 1)
        ban_list_add(command.list, arena, all);
    else
        for (size_t i = 0; all.list->count && i < 2; i++)
            ban_list_add(command.list, arena, all.list->item[0].list->item[i]);
    ban_list_add(stream, arena, command);
}

int conf_definition_convert(struct conf_definition *d, struct ban_list *stream, struct err *e)
{
    struct conf_opts opts;
    int rc = conf_definition_combine(d, &opts, e);
    if (rc < 0)
        return rc;
    if (d->kind == &conf_kind_filter)
        return conf_filter_commands(&opts, d->jail, d->arena, stream, e);
    action_commands(d, &opts, stream);
    return 0;
}
