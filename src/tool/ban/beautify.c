/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/ban/beautify.h"

#include <stdio.h>
#include <string.h>

#include "core/base/attr.h"

/* What is being told: the words asked, the answer, and room for texts. */
struct telling {
    const struct ban_list *words;
    const struct ban_value *answer;
    struct str *out;
    struct arena arena;
};

static const char *word(const struct telling *t, size_t n)
{
    return n < t->words->count ? ban_value_str(&t->words->item[n], (struct arena *)&t->arena) : "";
}

static bool is_word(const struct telling *t, size_t n, const char *text)
{
    return n < t->words->count && strcmp(word(t, n), text) == 0;
}

static bool is_one_of(const struct telling *t, size_t n, const char *const *texts)
{
    for (; *texts; texts++)
        if (is_word(t, n, *texts))
            return true;
    return false;
}

static const char *text_of(struct telling *t, const struct ban_value *v)
{
    return ban_value_str(v, &t->arena);
}

static void join(struct telling *t, const struct ban_value *list, const char *between)
{
    for (size_t i = 0; i < list->list->count; i++)
        str_addf(t->out, "%s%s", i ? between : "", text_of(t, &list->list->item[i]));
}

static void add_value(struct telling *t, const struct ban_value *v)
{
    if (v->kind == BAN_VALUE_LIST)
        join(t, v, " ");
    else
        str_add(t->out, text_of(t, v));
}

/* ---- status ---- */

/* [["Filter", [["Currently failed", 0], ...]], ...] as a tree. */
static void jail_tree(struct telling *t, const struct ban_value *jail, const char *before)
{
    for (size_t i = 0; i < jail->list->count; i++) {
        const struct ban_list *part = jail->list->item[i].list;
        bool last = i + 1 == jail->list->count;
        str_addf(t->out, "\n%s%s %s", before, last ? "`-" : "|-", part->item[0].text);
        const struct ban_list *rows = part->item[1].list;
        for (size_t k = 0; k < rows->count; k++) {
            const struct ban_list *row = rows->item[k].list;
            str_addf(t->out, "\n%s%s%s %s:\t", before, last ? "   " : "|  ",
                     k + 1 == rows->count ? "`-" : "|-", row->item[0].text);
            add_value(t, &row->item[1]);
        }
    }
}

static void tell_all_jails(struct telling *t, const struct ban_value *jails)
{
    size_t count = jails->list->count / 2;
    str_add(t->out, "\n`- Status for the jails:");
    for (size_t i = 0; i < count; i++) {
        bool last = i + 1 == count;
        str_addf(t->out, "\n   %s Jail: %s", last ? "`-" : "|-", jails->list->item[2 * i].text);
        jail_tree(t, &jails->list->item[2 * i + 1], last ? "      " : "   |  ");
    }
}

static void tell_status(struct telling *t)
{
    const struct ban_list *rows = t->answer->list;
    bool all = is_word(t, 1, "--all");
    if (t->words->count > 1 && !all) {
        str_addf(t->out, "Status for the jail: %s", word(t, 1));
        jail_tree(t, t->answer, "");
        return;
    }
    size_t count = rows->count - all;
    str_add(t->out, "Status");
    for (size_t i = 0; i < count; i++) {
        str_addf(t->out, "\n%s %s:\t", !all && i + 1 == count ? "`-" : "|-",
                 rows->item[i].list->item[0].text);
        add_value(t, &rows->item[i].list->item[1]);
    }
    if (all)
        tell_all_jails(t, &rows->item[count]);
}

/* {jail: [backend, [cur, tot], [cur, tot]]} as a table. */
static void tell_stats(struct telling *t)
{
    const struct ban_list *map = t->answer->list;
    if (map->count == 0) {
        str_add(t->out, "No jails found.");
        return;
    }
    str_addf(t->out, " %-20s | %-9s | %-17s | %-17s\n", "Jail", "Backend", "Filter cur | tot",
             "Actions cur | tot");
    for (int i = 0; i < 73; i++)
        str_add_char(t->out, '-');
    for (size_t i = 0; i + 1 < map->count; i += 2) {
        const struct ban_list *row = map->item[i + 1].list;
        const struct ban_list *filter = row->item[1].list, *bans = row->item[2].list;
        str_addf(t->out, "\n %-20s | %-9s | %7lld | %7lld | %7lld | %7lld", map->item[i].text,
                 text_of(t, &row->item[0]), (long long)filter->item[0].number,
                 (long long)filter->item[1].number, (long long)bans->item[0].number,
                 (long long)bans->item[1].number);
    }
}

/* ---- lists ---- */

/* "|- x" lines and "`- y", numbered or not. */
static void tell_list(struct telling *t, const char *none, const char *head, bool numbered)
{
    const struct ban_list *list = t->answer->list;
    if (list->count == 0) {
        str_add(t->out, none);
        return;
    }
    str_add(t->out, head);
    for (size_t i = 0; i < list->count; i++) {
        str_addf(t->out, "%s%s ", i ? "\n" : "", i + 1 == list->count ? "`-" : "|-");
        if (numbered)
            str_addf(t->out, "[%zu]: ", i);
        str_add(t->out, text_of(t, &list->item[i]));
    }
}

static void tell_journal(struct telling *t)
{
    const struct ban_list *list = t->answer->list;
    str_add(t->out, list->count ? "Current match filter:\n" : "No journal match filter set");
    for (size_t i = 0; i < list->count; i++) {
        str_add(t->out, i ? " + " : "");
        add_value(t, &list->item[i]);
    }
}

static void tell_names(struct telling *t, const char *none, const char *head)
{
    str_add(t->out, t->answer->list->count ? head : none);
    join(t, t->answer, ", ");
}

static void tell_date_pattern(struct telling *t)
{
    str_add(t->out, "Current date pattern set to: ");
    if (t->answer->kind != BAN_VALUE_LIST || t->answer->list->count < 2) {
        str_add(t->out, "Not set/required");
        return;
    }
    const struct ban_value *item = t->answer->list->item;
    if (item[0].kind == BAN_VALUE_NONE)
        str_add(t->out, text_of(t, &item[1]));
    else
        str_addf(t->out, "%s (%s)", text_of(t, &item[0]), text_of(t, &item[1]));
}

/* ---- by the option ---- */

static bool tell_jail_list(struct telling *t)
{
    static const char *const logs[] = {"logpath", "addlogpath", "dellogpath", NULL};
    static const char *const journal[] = {"journalmatch", "addjournalmatch", "deljournalmatch",
                                          NULL};
    static const char *const ignored[] = {"ignoreip", "addignoreip", "delignoreip", NULL};
    static const char *const rules[] = {"failregex",   "addfailregex",   "delfailregex",
                                        "ignoreregex", "addignoreregex", "delignoreregex",
                                        NULL};
    char head[256];
    if (t->answer->kind != BAN_VALUE_LIST)
        return false;
    if (is_one_of(t, 2, logs))
        tell_list(t, "No file is currently monitored", "Current monitored log file(s):\n", false);
    else if (is_one_of(t, 2, journal))
        tell_journal(t);
    else if (is_one_of(t, 2, ignored))
        tell_list(t, "No IP address/network is ignored",
                  "These IP addresses/networks are ignored:\n", false);
    else if (is_one_of(t, 2, rules))
        tell_list(t, "No regular expression is defined",
                  "The following regular expression are defined:\n", true);
    else if (is_word(t, 2, "actions")) {
        snprintf(head, sizeof head, "The jail %s has the following actions:\n", word(t, 1));
        tell_names(t, "No actions for this jail", head);
    } else if (is_word(t, 2, "actionproperties") || is_word(t, 2, "actionmethods")) {
        snprintf(head, sizeof head, "The jail %s action %s has the following %s:\n", word(t, 1),
                 word(t, 3), is_word(t, 2, "actionmethods") ? "methods" : "properties");
        tell_names(t, "None for this action", head);
    } else if (is_word(t, 0, "get") && is_word(t, 2, "banip")) {
        join(t, t->answer,
             t->words->count <= 3           ? " "
             : is_word(t, 3, "--with-time") ? "\n"
                                            : word(t, 3));
    } else {
        return false;
    }
    return true;
}

static bool tell_server_option(struct telling *t)
{
    static const struct {
        const char *option, *none, *head;
    } rows[] = {
        {"syslogsocket", NULL, "Current syslog socket is:\n`- "},
        {"logtarget", NULL, "Current logging target is:\n`- "},
        {"dbfile", "Database currently disabled", "Current database file is:\n`- "},
        {"dbpurgeage", "Database currently disabled", "Current database purge age is:\n`- "}};
    if (is_word(t, 1, "loglevel")) {
        str_add(t->out, "Current logging level is ");
        ban_value_repr(t->answer, t->out);
        return true;
    }
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        if (!is_word(t, 1, rows[i].option))
            continue;
        if (rows[i].none && t->answer->kind == BAN_VALUE_NONE)
            str_add(t->out, rows[i].none);
        else
            str_addf(t->out, "%s%s%s", rows[i].head, text_of(t, t->answer),
                     strcmp(rows[i].option, "dbpurgeage") == 0 ? "seconds" : "");
        return true;
    }
    return false;
}

static bool tell_command(struct telling *t)
{
    bool is_none = t->answer->kind == BAN_VALUE_NONE;
    if (is_word(t, 0, "ping"))
        str_addf(t->out, "Server replied: %s", text_of(t, t->answer));
    else if (is_word(t, 0, "start"))
        str_add(t->out, "Jail started");
    else if (is_word(t, 0, "stop") && is_none)
        str_add(t->out, t->words->count == 1 ? "Shutdown successful" : "Jail stopped");
    else if (is_word(t, 0, "add"))
        str_addf(t->out, "Added jail %s", text_of(t, t->answer));
    else if (is_word(t, 0, "flushlogs"))
        str_addf(t->out, "logs: %s", text_of(t, t->answer));
    else if (is_word(t, 0, "echo") && t->answer->kind == BAN_VALUE_LIST)
        join(t, t->answer, " ");
    else if (is_word(t, 0, "status") && t->answer->kind == BAN_VALUE_LIST)
        tell_status(t);
    else if ((is_word(t, 0, "stats") || is_word(t, 0, "statistics")) &&
             t->answer->kind == BAN_VALUE_MAP)
        tell_stats(t);
    else
        return false;
    return true;
}

void beautify(const struct ban_list *words, const struct ban_value *answer, struct str *out)
{
    struct telling t = {.words = words, .answer = answer, .out = out};
    bool told = tell_command(&t) || tell_server_option(&t);
    if (!told && is_word(&t, 2, "logencoding")) {
        str_addf(out, "Current log encoding is set to:\n%s", text_of(&t, answer));
        told = true;
    } else if (!told && is_word(&t, 2, "datepattern")) {
        tell_date_pattern(&t);
        told = true;
    }
    if (!told && !tell_jail_list(&t))
        str_add(out, text_of(&t, answer));
    arena_done(&t.arena);
}
