/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/ban/conf/ban_conf.h"

#include <errno.h>
#include <string.h>

int ban_conf_read_server(struct ban_conf *c, const char *folder, struct err *e)
{
    static const struct {
        const char *name;
        size_t offset;
        const char *fallback;
    } rows[] = {
        {"socket", offsetof(struct ban_conf_server, socket), "/var/run/fail2ban/fail2ban.sock"},
        {"pidfile", offsetof(struct ban_conf_server, pidfile), "/var/run/fail2ban/fail2ban.pid"},
        {"loglevel", offsetof(struct ban_conf_server, loglevel), "INFO"},
        {"logtarget", offsetof(struct ban_conf_server, logtarget), "/var/log/fail2ban.log"},
        {"syslogsocket", offsetof(struct ban_conf_server, syslogsocket), "auto"},
    };
    struct conf_tree *tree;
    size_t len = strlen(folder);
    while (len > 1 && folder[len - 1] == '/')
        len--;
    c->store = conf_store_of(arena_copy(&c->arena, folder, len), &c->arena);
    int rc = conf_store_read(&c->store, "fail2ban", &tree, e);
    for (size_t i = 0; i < ARRAY_COUNT(rows) && rc == 0; i++) {
        const char **field = (const char **)(void *)((char *)&c->server + rows[i].offset);
        if (*field)
            continue;
        rc = conf_tree_get(tree, "Definition", rows[i].name, NULL, field, e);
        if (rc == -ENOENT || rc == -ENXIO) {
            *field = rows[i].fallback;
            rc = e->code = 0;
        }
    }
    return rc;
}

static int check_log_level(const char *level, struct err *e)
{
    static const char *const names[] = {"CRITICAL", "ERROR", "WARNING",    "NOTICE",
                                        "INFO",     "DEBUG", "TRACEDEBUG", "HEAVYDEBUG",
                                        "MSG",      "WARN",  "FATAL",      "NOTSET"};
    for (size_t i = 0; i < ARRAY_COUNT(names); i++)
        if (strcasecmp(names[i], level) == 0)
            return 0;
    return *level && level[strspn(level, "0123456789")] == '\0'
               ? 0
               : err_set(e, -EINVAL, "invalid log level \"%s\"", level);
}

static void add_set(struct ban_conf *c, const char *what, struct ban_value value)
{
    struct ban_value command = ban_value_words(&c->arena, "set", what, NULL);
    ban_list_add(command.list, &c->arena, value);
    ban_list_add(&c->commands, &c->arena, command);
}

/* [Thread] stacksize: kept for its form's sake; threads here have no stacks to be set. */
static int add_thread(struct ban_conf *c, const struct conf_tree *tree, struct err *e)
{
    const char *text;
    int64_t size;
    if (!conf_tree_section(tree, "Thread"))
        return 0;
    int rc = conf_tree_get(tree, "Thread", "stacksize", NULL, &text, e);
    if (rc == -ENOENT)
        return e->code = 0;
    if (rc < 0)
        return rc;
    if (conf_read_int(text, &size) < 0)
        return 0;
    struct ban_value map = ban_value_map(&c->arena);
    ban_list_add_text(map.list, &c->arena, "stacksize");
    ban_list_add(map.list, &c->arena, ban_value_int(size));
    add_set(c, "thread", map);
    return 0;
}

static int read_main(struct ban_conf *c, struct err *e)
{
    static const struct {
        const char *name, *fallback;
        bool is_int;
    } rows[] = {{"allowipv6", "auto", false},
                {"dbfile", "/var/lib/fail2ban/fail2ban.sqlite3", false},
                {"dbmaxmatches", NULL, true},
                {"dbpurgeage", "1d", false}};
    struct conf_tree *tree;
    int rc = conf_store_read(&c->store, "fail2ban", &tree, e);
    if (rc == 0)
        rc = check_log_level(c->server.loglevel, e);
    if (rc == 0)
        rc = add_thread(c, tree, e);
    if (rc < 0)
        return rc;
    add_set(c, "syslogsocket", ban_value_text(c->server.syslogsocket));
    add_set(c, "loglevel", ban_value_text(c->server.loglevel));
    add_set(c, "logtarget", ban_value_text(c->server.logtarget));
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        const char *text = rows[i].fallback;
        int64_t number;
        rc = conf_tree_get(tree, "Definition", rows[i].name, NULL, &text, e);
        if (rc < 0 && rc != -ENOENT && rc != -ENXIO)
            return rc;
        e->code = 0;
        if (text && rows[i].is_int && conf_read_int(text, &number) == 0)
            add_set(c, rows[i].name, ban_value_int(number));
        else if (text && !rows[i].is_int)
            add_set(c, rows[i].name, ban_value_text(text));
    }
    return 0;
}

static int read_jails(struct ban_conf *c, const char *only, bool allow_no_files, struct err *e)
{
    struct conf_tree *tree;
    int rc = conf_store_read(&c->store, "jail", &tree, e);
    if (rc < 0)
        return rc;
    if (only && !conf_tree_section(tree, only))
        return err_set(e, -ENOENT, "no section: '%s'", only);
    size_t count = tree->count, jails = 0;
    struct conf_jail *jail = arena_array(&c->arena, count, sizeof *jail);
    for (size_t i = 0; i < count && rc == 0; i++) {
        const char *name = tree->section[i].name;
        if (strcmp(name, "INCLUDES") == 0 || (only && strcmp(only, name) != 0))
            continue;
        rc = conf_jail_read(&jail[jails], &c->store, tree, name, false, NULL, e);
        c->bad_jails += rc == 0 && jail[jails].config_error;
        c->good_jails += rc == 0 && jail[jails].is_enabled && !jail[jails].config_error;
        jails += jail[jails].is_enabled;
    }
    for (size_t i = 0; i < jails && rc == 0; i++)
        rc = conf_jail_convert(&jail[i], allow_no_files, &c->commands, e);
    for (size_t i = 0; i < jails && rc == 0; i++)
        if (!jail[i].config_error && !jail[i].runtime_error)
            ban_list_add(&c->commands, &c->arena,
                         ban_value_words(&c->arena, "start", jail[i].name, NULL));
    return rc;
}

int ban_conf_read(struct ban_conf *c, const char *jail, bool allow_no_files, struct err *e)
{
    int rc = read_main(c, e);
    return rc < 0 ? rc : read_jails(c, jail, allow_no_files, e);
}

void ban_conf_done(struct ban_conf *c)
{
    conf_store_done(&c->store);
    arena_done(&c->arena);
}
