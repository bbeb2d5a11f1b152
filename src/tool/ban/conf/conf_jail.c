/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/ban/conf/conf_jail.h"

#include <errno.h>
#include <glob.h>
#include <string.h>
#include <sys/stat.h>

#include "core/base/log.h"
#include "tool/ban/conf/conf_args.h"

enum jail_type { JAIL_TEXT, JAIL_INT, JAIL_BOOL };

/* How an option gets into the jail's commands. */
enum jail_use { USE_SET, USE_FILTER, USE_NONE };

static const struct {
    const char *name;
    enum jail_type type;
    enum jail_use use;
    const char *fallback; /* NULL: none */
} jail_opts[] = {
    {"enabled", JAIL_BOOL, USE_NONE, "false"},
    {"backend", JAIL_TEXT, USE_NONE, "auto"},
    {"maxretry", JAIL_INT, USE_SET, NULL},
    {"maxmatches", JAIL_INT, USE_SET, NULL},
    {"findtime", JAIL_TEXT, USE_SET, NULL},
    {"bantime", JAIL_TEXT, USE_SET, NULL},
    {"bantime.increment", JAIL_BOOL, USE_SET, NULL},
    {"bantime.factor", JAIL_TEXT, USE_SET, NULL},
    {"bantime.formula", JAIL_TEXT, USE_SET, NULL},
    {"bantime.multipliers", JAIL_TEXT, USE_SET, NULL},
    {"bantime.maxtime", JAIL_TEXT, USE_SET, NULL},
    {"bantime.rndtime", JAIL_TEXT, USE_SET, NULL},
    {"bantime.overalljails", JAIL_BOOL, USE_SET, NULL},
    {"ignorecommand", JAIL_TEXT, USE_SET, NULL},
    {"ignoreself", JAIL_BOOL, USE_SET, NULL},
    {"ignoreip", JAIL_TEXT, USE_SET, NULL},
    {"ignorecache", JAIL_TEXT, USE_SET, NULL},
    {"filter", JAIL_TEXT, USE_NONE, ""},
    {"logtimezone", JAIL_TEXT, USE_SET, NULL},
    {"logencoding", JAIL_TEXT, USE_SET, NULL},
    {"logpath", JAIL_TEXT, USE_SET, NULL},
    {"skip_if_nologs", JAIL_BOOL, USE_NONE, "false"},
    {"systemd_if_nologs", JAIL_BOOL, USE_NONE, "true"},
    {"action", JAIL_TEXT, USE_NONE, ""},
    {"usedns", JAIL_TEXT, USE_FILTER, NULL},
    {"prefregex", JAIL_TEXT, USE_FILTER, NULL},
    {"ignoreregex", JAIL_TEXT, USE_FILTER, NULL},
    {"failregex", JAIL_TEXT, USE_FILTER, NULL},
    {"maxlines", JAIL_INT, USE_FILTER, NULL},
    {"datepattern", JAIL_TEXT, USE_FILTER, NULL},
    {"journalmatch", JAIL_TEXT, USE_FILTER, NULL},
};

static const char *const first_opts[] = {"enabled", "backend", "filter", NULL};

static struct ban_value typed(enum jail_type type, const char *name, const char *text,
                              const char *fallback)
{
    int64_t number;
    if (type == JAIL_BOOL)
        return ban_value_bool(conf_is_true(text));
    if (type != JAIL_INT)
        return ban_value_text(text);
    if (conf_read_int(text, &number) == 0)
        return ban_value_int(number);
    log_at(LOG_LEVEL_WARN, "%s is no number: \"%s\"", name, text);
    return ban_value_text(fallback);
}

/* Read the options named (NULL: all) into jail->opts. */
static int read_opts(struct conf_jail *jail, const struct conf_tree *tree, const char *const *names,
                     struct err *e)
{
    struct conf_opts opts = {0};
    for (size_t i = 0; i < ARRAY_COUNT(jail_opts); i++) {
        size_t n = 0;
        while (names && names[n] && strcmp(names[n], jail_opts[i].name) != 0)
            n++;
        if (names && !names[n])
            continue;
        const char *text;
        int rc = conf_tree_get(tree, jail->name, jail_opts[i].name, NULL, &text, e);
        if (rc == -ENOENT) {
            e->code = 0;
            text = jail_opts[i].fallback;
        } else if (rc < 0) {
            return err_wrap(e, "jail configuration");
        }
        if (text)
            conf_opts_set(&opts, jail->arena, jail_opts[i].name,
                          typed(jail_opts[i].type, jail_opts[i].name, text, jail_opts[i].fallback));
    }
    jail->opts = opts;
    return 0;
}

static const char *opt_text(const struct conf_jail *jail, const char *name)
{
    const char *text = conf_opts_text(&jail->opts, name);
    return text ? text : "";
}

static bool opt_bool(const struct conf_jail *jail, const char *name)
{
    const struct ban_value *v = conf_opts_find(&jail->opts, name);
    return v && v->kind == BAN_VALUE_BOOL && v->number;
}

/* Open the filter; what it says becomes "known/..." of the jail's section. */
static int read_filter(struct conf_jail *jail, struct conf_store *store, struct conf_tree *tree,
                       const struct conf_opts *extra, struct err *e)
{
    const char *name, *text = opt_text(jail, "filter");
    struct conf_opts given = {0}, combined = {0};
    if (!*text) {
        log_at(LOG_LEVEL_WARN, "No filter set for jail %s", jail->name);
        return 0;
    }
    int rc = conf_args_parse(text, jail->arena, &name, &given, e);
    if (rc < 0)
        return err_wrap(e, "invalid filter definition %.80s", text);
    if (extra)
        conf_opts_merge(&given, jail->arena, extra);
    rc = conf_definition_open(&jail->filter, &conf_kind_filter, store, name, jail->name, &given, e);
    if (rc < 0)
        return err_wrap(e, "filter %s", name);
    jail->has_filter = true;
    conf_definition_set_logtype(&jail->filter, opt_text(jail, "backend"));
    rc = conf_definition_read(&jail->filter, &jail->opts, true, e);
    if (rc == 0)
        rc = conf_definition_combine(&jail->filter, &combined, e);
    if (rc < 0)
        return err_wrap(e, "filter %s", name);
    struct conf_section *section = conf_tree_section(tree, jail->name);
    for (size_t i = 0; i < combined.count; i++)
        if (strncmp(combined.opt[i].name, "known/", 6) != 0)
            conf_opts_set_text(&section->opts, jail->arena,
                               arena_print(jail->arena, "known/%s", combined.opt[i].name),
                               combined.opt[i].value.kind == BAN_VALUE_NONE
                                   ? ""
                                   : ban_value_str(&combined.opt[i].value, jail->arena));
    return 0;
}

static void json_of_opts(const struct conf_opts *opts, struct str *out)
{
    struct str one = str_of(0);
    str_add_char(out, '{');
    for (size_t i = 0; i < opts->count; i++) {
        str_reset(&one);
        struct json_out j = json_out_of(&one);
        json_array(&j, NULL);
        json_text(&j, NULL, opts->opt[i].name);
        json_end(&j);
        str_addf(out, "%s%.*s: ", i ? ", " : "", (int)one.len - 2, str_text(&one) + 1);
        str_reset(&one);
        j = json_out_of(&one);
        json_array(&j, NULL);
        json_text(&j, NULL, opts->opt[i].value.text);
        json_end(&j);
        str_addf(out, "%.*s", (int)one.len - 2, str_text(&one) + 1);
    }
    str_add_char(out, '}');
    str_done(&one);
}

/* An action that is a Python program: handed on by its path, as fail2ban does. */
static void add_program_action(struct conf_jail *jail, const struct conf_store *store,
                               const char *file, struct conf_opts *opts)
{
    const char *name = conf_opts_text(opts, "actname");
    struct conf_opts rest = {0};
    for (size_t i = 0; i < opts->count; i++)
        if (strcmp(opts->opt[i].name, "actname") != 0)
            conf_opts_set(&rest, jail->arena, opts->opt[i].name, opts->opt[i].value);
    if (!name)
        name = arena_copy(jail->arena, file, strlen(file) - 3);
    struct str json = str_of(0);
    json_of_opts(&rest, &json);
    ban_list_add(&jail->actions, jail->arena,
                 ban_value_words(jail->arena, "set", jail->name, "addaction", name,
                                 arena_print(jail->arena, "%s/action.d/%s", store->folder, file),
                                 arena_text(jail->arena, str_text(&json)), NULL));
    str_done(&json);
}

static int read_action(struct conf_jail *jail, struct conf_store *store, const char *text,
                       struct err *e)
{
    const char *file;
    struct conf_opts given = {0};
    struct conf_definition action;
    int rc = conf_args_parse(text, jail->arena, &file, &given, e);
    if (rc < 0)
        return err_wrap(e, "invalid action definition %.80s", text);
    size_t len = strlen(file);
    if (len > 3 && strcmp(file + len - 3, ".py") == 0) {
        add_program_action(jail, store, file, &given);
        return 0;
    }
    rc = conf_definition_open(&action, &conf_kind_action, store, file, jail->name, &given, e);
    if (rc == 0)
        rc = conf_definition_read(&action, &jail->opts, false, e);
    if (rc == 0)
        rc = conf_definition_convert(&action, &jail->actions, e);
    return rc < 0 ? err_wrap(e, "action %s", file) : 0;
}

static int read_actions(struct conf_jail *jail, struct conf_store *store, struct err *e)
{
    struct ban_list texts = {0};
    conf_args_split(opt_text(jail, "action"), jail->arena, &texts);
    if (!texts.count)
        log_at(LOG_LEVEL_WARN, "No actions were defined for %s", jail->name);
    for (size_t i = 0; i < texts.count; i++) {
        int rc = read_action(jail, store, texts.item[i].text, e);
        if (rc < 0)
            return rc;
    }
    return 0;
}

int conf_jail_read(struct conf_jail *out, struct conf_store *store, struct conf_tree *tree,
                   const char *name, bool force, const struct conf_opts *extra, struct err *e)
{
    struct arena *arena = store->arena;
    struct err own = {0};
    *out = (struct conf_jail){.name = name, .arena = arena};
    conf_opts_set_text(&tree->defaults, arena, "fail2ban_version", CONF_VERSION);
    conf_opts_set_text(&tree->defaults, arena, "fail2ban_confpath", store->folder);
    int rc = read_opts(out, tree, first_opts, e);
    if (rc < 0)
        return rc;
    if (extra)
        conf_opts_merge(&out->opts, arena, extra);
    out->is_enabled = force || opt_bool(out, "enabled");
    if (!out->is_enabled)
        return 0;
    rc = read_filter(out, store, tree, extra, &own);
    if (rc == 0) {
        rc = read_opts(out, tree, NULL, e);
        if (rc < 0)
            return rc;
        if (out->has_filter)
            rc = conf_definition_read(&out->filter, &out->opts, false, &own);
    }
    if (rc == 0)
        rc = read_actions(out, store, &own);
    if (rc < 0)
        out->config_error = arena_text(arena, own.text);
    return 0;
}

/* ---- commands ---- */

static struct ban_value set_command(struct conf_jail *jail, const char *what,
                                    struct ban_value value)
{
    struct ban_value command = ban_value_words(jail->arena, "set", jail->name, what, NULL);
    ban_list_add(command.list, jail->arena, value);
    return command;
}

/* The files of one line of logpath: "GLOB" or "GLOB tail". */
static size_t add_log_paths(struct conf_jail *jail, const char *line, struct ban_list *logs)
{
    const char *blank = strrchr(line, ' ');
    const char *pattern = blank ? arena_copy(jail->arena, line, (size_t)(blank - line)) : line;
    const char *where = blank ? blank + 1 : "head";
    size_t count = 0;
    glob_t found;
    struct stat st;
    if (glob(pattern, 0, NULL, &found) == 0)
        for (size_t i = 0; i < found.gl_pathc; i++) {
            if (stat(found.gl_pathv[i], &st) != 0) {
                log_at(LOG_LEVEL_WARN, "File %s is a dangling link, thus cannot be monitored",
                       found.gl_pathv[i]);
                continue;
            }
            count++;
            ban_list_add(logs, jail->arena,
                         ban_value_words(jail->arena, "set", jail->name, "addlogpath",
                                         arena_text(jail->arena, found.gl_pathv[i]), where, NULL));
        }
    globfree(&found);
    if (!count)
        log_at(LOG_LEVEL_INFO, "No file(s) found for glob %s", pattern);
    return count;
}

/* No log file at all: the journal may do instead, the jail may be left out, or it is a fault. */
static int without_logs(struct conf_jail *jail, bool allow_no_files, const char **backend,
                        struct err *e)
{
    bool skip = opt_bool(jail, "skip_if_nologs");
    if (strncmp(*backend, "auto", 4) == 0 && opt_bool(jail, "systemd_if_nologs") &&
        conf_opts_find(&jail->opts, "journalmatch")) {
        *backend = "systemd";
        skip = false;
    } else if (!allow_no_files && !skip) {
        return err_set(e, -ENOENT, "Have not found any log file for '%s' jail.", jail->name);
    }
    log_at(LOG_LEVEL_WARN, "Have not found any log file for '%s' jail.", jail->name);
    if (skip)
        jail->runtime_error = arena_print(
            jail->arena, "Jail '%s' skipped, because of missing log files.", jail->name);
    return 0;
}

static int convert_logs(struct conf_jail *jail, bool allow_no_files, const char **backend,
                        struct ban_list *logs, struct err *e)
{
    const char *paths = conf_opts_text(&jail->opts, "logpath");
    if (!paths || strncmp(*backend, "systemd", 7) == 0)
        return 0;
    size_t found = 0;
    do {
        size_t n = strcspn(paths, "\n");
        found += add_log_paths(jail, arena_copy(jail->arena, paths, n), logs);
        paths += n + (paths[n] == '\n');
    } while (*paths);
    return found ? 0 : without_logs(jail, allow_no_files, backend, e);
}

static bool is_early(const struct ban_value *command)
{
    const struct ban_list *l = command->list;
    const char *what = l->count > 2 && l->item[2].kind == BAN_VALUE_TEXT ? l->item[2].text : "";
    return !strcmp(what, "usedns") || !strcmp(what, "maxlines") || !strcmp(what, "prefregex");
}

/* `early` ones first: they decide how expressions are read. */
static void add_sorted(const struct ban_list *from, struct arena *arena, struct ban_list *to)
{
    for (int early = 1; early >= 0; early--)
        for (size_t i = 0; i < from->count; i++)
            if (is_early(&from->item[i]) == early)
                ban_list_add(to, arena, from->item[i]);
}

static void convert_own(struct conf_jail *jail, struct ban_list *to)
{
    for (size_t i = 0; i < ARRAY_COUNT(jail_opts); i++) {
        const struct ban_value *v = conf_opts_find(&jail->opts, jail_opts[i].name);
        if (!v || jail_opts[i].use != USE_SET || !strcmp(jail_opts[i].name, "logpath"))
            continue;
        if (strcmp(jail_opts[i].name, "ignoreip") == 0) {
            struct ban_value command =
                ban_value_words(jail->arena, "set", jail->name, "addignoreip", NULL);
            conf_words(v->text, jail->arena, command.list);
            ban_list_add(to, jail->arena, command);
        } else {
            ban_list_add(to, jail->arena, set_command(jail, jail_opts[i].name, *v));
        }
    }
}

static struct ban_value config_error(struct arena *arena, const char *text)
{
    return ban_value_words(arena, "config-error", text, NULL);
}

int conf_jail_convert(struct conf_jail *jail, bool allow_no_files, struct ban_list *stream,
                      struct err *e)
{
    struct arena *arena = jail->arena;
    struct ban_list filter = {0}, logs = {0}, own = {0};
    const char *backend = opt_text(jail, "backend");
    int rc = 0;
    if (jail->config_error) {
        ban_list_add(stream, arena,
                     config_error(arena, arena_print(arena,
                                                     "Jail '%s' skipped, because of wrong "
                                                     "configuration: %s",
                                                     jail->name, jail->config_error)));
        return 0;
    }
    if (jail->has_filter)
        rc = conf_definition_convert(&jail->filter, &filter, e);
    if (rc == 0)
        rc = conf_filter_commands(&jail->opts, jail->name, arena, &filter, e);
    if (rc == 0)
        rc = convert_logs(jail, allow_no_files, &backend, &logs, e);
    if (rc < 0)
        return rc;
    if (jail->runtime_error) {
        ban_list_add(stream, arena, config_error(arena, jail->runtime_error));
        return 0;
    }
    convert_own(jail, &own);
    ban_list_add(stream, arena, ban_value_words(arena, "add", jail->name, backend, NULL));
    add_sorted(&filter, arena, stream);
    add_sorted(&own, arena, stream);
    add_sorted(&logs, arena, stream);
    for (size_t i = 0; i < jail->actions.count; i++)
        ban_list_add(stream, arena, jail->actions.item[i]);
    return 0;
}
