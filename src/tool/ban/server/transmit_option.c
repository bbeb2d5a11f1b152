/* SPDX-License-Identifier: GPL-3.0-or-later */
/* get and set: a table of the options, each with how it is read and written.  long because each
 * option has two small functions here, and the table belongs with them. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/base/mem.h"
#include "tool/ban/conf/ban_duration.h"
#include "tool/ban/conf/conf_args.h"
#include "tool/ban/conf/conf_definition.h"
#include "tool/ban/server/transmit_private.h"

/* An option of a jail.  In set, the value is word 3 and up (`get` and `set` are word 0). */
struct option_row {
    const char *name;
    int (*set)(struct request *q, struct ban_jail *j); /* NULL: cannot be set */
    int (*get)(struct request *q, struct ban_jail *j); /* NULL: cannot be read */
    const char *shows; /* set answers with this option; NULL: with its own */
};

static int missing(struct request *q)
{
    return transmit_fault(q, -EINVAL, "Sorry but the command is invalid", NULL);
}

static int number_of(struct request *q, size_t n, int64_t least, int64_t *out)
{
    const char *text = transmit_text(q, n);
    if (!text)
        return missing(q);
    if (conf_read_int(text, out) < 0 || *out < least)
        return transmit_fault(q, -EINVAL, "no such number: '", text);
    return 0;
}

static int duration_of(struct request *q, size_t n, double *out)
{
    const char *text = transmit_text(q, n);
    return text ? ban_duration_parse(text, out, NULL, q->e) : missing(q);
}

static void answer_number(struct request *q, double value)
{
    *q->out = value == trunc(value) && fabs(value) < 1e15 ? ban_value_int((int64_t)value)
                                                          : ban_value_real(value);
}

static void keep_text(char **to, const char *text)
{
    char *copy = mem_copy_text(text);
    mem_free(*to);
    *to = copy;
}

static struct ban_value text_or_none(const char *text)
{
    return text ? ban_value_text(text) : (struct ban_value){0};
}

/* ---- numbers and times ---- */

static int set_bantime(struct request *q, struct ban_jail *j)
{
    double value;
    int rc = duration_of(q, 3, &value);
    if (rc == 0)
        j->ban_s = (int64_t)value;
    return rc;
}

static int get_bantime(struct request *q, struct ban_jail *j)
{
    answer_number(q, (double)j->ban_s);
    return 0;
}

static int set_findtime(struct request *q, struct ban_jail *j)
{
    double value;
    int rc = duration_of(q, 3, &value);
    if (rc == 0)
        j->find_time_s = j->filter.find_time_s = value;
    return rc;
}

static int get_findtime(struct request *q, struct ban_jail *j)
{
    answer_number(q, j->find_time_s);
    return 0;
}

static int set_maxretry(struct request *q, struct ban_jail *j)
{
    int64_t value;
    int rc = number_of(q, 3, 0, &value);
    if (rc == 0)
        j->max_retry = (int)(value < INT32_MAX ? value : INT32_MAX);
    return rc;
}

static int get_maxretry(struct request *q, struct ban_jail *j)
{
    *q->out = ban_value_int(j->max_retry);
    return 0;
}

static int set_maxmatches(struct request *q, struct ban_jail *j)
{
    int64_t value;
    int rc = number_of(q, 3, 0, &value);
    if (rc == 0)
        j->max_matches = (int)(value < 100000 ? value : 100000);
    return rc;
}

static int get_maxmatches(struct request *q, struct ban_jail *j)
{
    *q->out = ban_value_int(j->max_matches);
    return 0;
}

static int set_maxlines(struct request *q, struct ban_jail *j)
{
    int64_t value;
    int rc = number_of(q, 3, 1, &value);
    if (rc == 0)
        j->filter.max_lines = value < FILTER_LINES_MAX ? (unsigned)value : FILTER_LINES_MAX;
    return rc;
}

static int get_maxlines(struct request *q, struct ban_jail *j)
{
    *q->out = ban_value_int(j->filter.max_lines);
    return 0;
}

/* ---- expressions ---- */

/* "unable to compile" is what fail2ban's users look for. */
static int regex_fault(struct request *q, struct ban_jail *j)
{
    struct err cause = *q->e;
    return err_set(q->e, cause.code, "[%s] Unable to compile regular expression: %.180s", j->name,
                   cause.text);
}

static int add_regexes(struct request *q, struct ban_jail *j, bool ignore)
{
    const struct ban_value *v = q->words->count > 3 ? &q->words->item[3] : NULL;
    if (!v)
        return missing(q);
    size_t count = v->kind == BAN_VALUE_LIST ? v->list->count : 1;
    for (size_t i = 0; i < count; i++) {
        const char *text =
            ban_value_str(v->kind == BAN_VALUE_LIST ? &v->list->item[i] : v, q->arena);
        int rc = ignore ? ban_filter_add_ignore(&j->filter, text, q->e)
                        : ban_filter_add_fail(&j->filter, text, q->e);
        if (rc < 0)
            return regex_fault(q, j);
    }
    return 0;
}

static int set_addfailregex(struct request *q, struct ban_jail *j)
{
    return add_regexes(q, j, false);
}

static int set_addignoreregex(struct request *q, struct ban_jail *j)
{
    return add_regexes(q, j, true);
}

static int remove_regex(struct request *q, struct ban_jail *j, bool ignore)
{
    int64_t index;
    int rc = number_of(q, 3, 0, &index);
    if (rc == 0 && !ban_filter_remove_rule(&j->filter, ignore, (size_t)index))
        return transmit_fault(q, -ENOENT, "no such expression: '", transmit_text(q, 3));
    return rc;
}

static int set_delfailregex(struct request *q, struct ban_jail *j)
{
    return remove_regex(q, j, false);
}

static int set_delignoreregex(struct request *q, struct ban_jail *j)
{
    return remove_regex(q, j, true);
}

static int list_rules(struct request *q, const struct rule *rule, size_t count)
{
    *q->out = ban_value_list(q->arena);
    for (size_t i = 0; i < count; i++)
        ban_list_add_text(q->out->list, q->arena, rule[i].python);
    return 0;
}

static int get_failregex(struct request *q, struct ban_jail *j)
{
    return list_rules(q, j->filter.fail, j->filter.fail_count);
}

static int get_ignoreregex(struct request *q, struct ban_jail *j)
{
    return list_rules(q, j->filter.ignore, j->filter.ignore_count);
}

static int set_prefregex(struct request *q, struct ban_jail *j)
{
    const char *text = transmit_text(q, 3);
    if (!text)
        return missing(q);
    return ban_filter_set_pref(&j->filter, text, q->e) < 0 ? regex_fault(q, j) : 0;
}

static int get_prefregex(struct request *q, struct ban_jail *j)
{
    *q->out = ban_value_text(j->filter.has_pref ? j->filter.pref.python : "");
    return 0;
}

static int set_usedns(struct request *q, struct ban_jail *j)
{
    const char *text = transmit_text(q, 3);
    if (!text)
        return missing(q);
    j->filter.usedns = ban_usedns_of(text);
    return 0;
}

static int get_usedns(struct request *q, struct ban_jail *j)
{
    *q->out = ban_value_text(ban_usedns_name(j->filter.usedns));
    return 0;
}

/* ---- dates, encodings ---- */

static int set_datepattern(struct request *q, struct ban_jail *j)
{
    const char *text = transmit_text(q, 3);
    int rc = text ? date_detector_set(&j->filter.dates, text, q->e) : missing(q);
    if (rc == 0)
        keep_text(&j->date_pattern, text);
    return rc;
}

static int get_datepattern(struct request *q, struct ban_jail *j)
{
    const struct date_detector *d = &j->filter.dates;
    *q->out = ban_value_list(q->arena);
    bool own = j->date_pattern && d->count >= 1 && d->count <= 2;
    ban_list_add(q->out->list, q->arena, text_or_none(own ? d->item[0].template->pattern : NULL));
    ban_list_add_text(q->out->list, q->arena,
                      own ? d->item[0].template->name : "Default Detectors");
    return 0;
}

static int set_logtimezone(struct request *q, struct ban_jail *j)
{
    const char *text = transmit_text(q, 3);
    int rc = text ? date_detector_set_zone(&j->filter.dates, text, q->e) : missing(q);
    if (rc == 0)
        keep_text(&j->zone, text);
    return rc;
}

static int get_logtimezone(struct request *q, struct ban_jail *j)
{
    *q->out = text_or_none(j->zone);
    return 0;
}

static int set_logencoding(struct request *q, struct ban_jail *j)
{
    const char *text = transmit_text(q, 3);
    if (!text)
        return missing(q);
    keep_text(&j->encoding, strcasecmp(text, "auto") == 0 ? "UTF-8" : text);
    return 0;
}

static int get_logencoding(struct request *q, struct ban_jail *j)
{
    *q->out = ban_value_text(j->encoding);
    return 0;
}

/* ---- whom to ignore ---- */

static int set_ignoreself(struct request *q, struct ban_jail *j)
{
    const char *text = transmit_text(q, 3);
    if (!text)
        return missing(q);
    j->ignore.self = conf_is_true(text);
    return 0;
}

static int get_ignoreself(struct request *q, struct ban_jail *j)
{
    *q->out = ban_value_bool(j->ignore.self);
    return 0;
}

static int set_addignoreip(struct request *q, struct ban_jail *j)
{
    for (size_t i = 3; i < q->words->count; i++)
        (void)ban_ignore_add(&j->ignore, transmit_text(q, i));
    return 0;
}

static int set_delignoreip(struct request *q, struct ban_jail *j)
{
    const char *text = transmit_text(q, 3);
    if (!text)
        return missing(q);
    return ban_ignore_remove(&j->ignore, text)
               ? 0
               : transmit_fault(q, -ENOENT, "not in the list: '", text);
}

static int get_ignoreip(struct request *q, struct ban_jail *j)
{
    *q->out = ban_value_list(q->arena);
    for (size_t i = 0; i < j->ignore.entries.count; i++)
        ban_list_add_text(q->out->list, q->arena, arena_text(q->arena, j->ignore.entries.text[i]));
    return 0;
}

static int set_ignorecommand(struct request *q, struct ban_jail *j)
{
    const char *text = transmit_text(q, 3);
    if (!text)
        return missing(q);
    keep_text(&j->ignore.command, text);
    return 0;
}

static int get_ignorecommand(struct request *q, struct ban_jail *j)
{
    *q->out = ban_value_text(j->ignore.command ? j->ignore.command : "");
    return 0;
}

static int set_ignorecache(struct request *q, struct ban_jail *j)
{
    const char *text = transmit_text(q, 3);
    if (!text)
        return missing(q);
    keep_text(&j->ignore.cache, text);
    return 0;
}

static int get_ignorecache(struct request *q, struct ban_jail *j)
{
    *q->out = text_or_none(j->ignore.cache);
    return 0;
}

/* ---- logs and the journal ---- */

static int set_addlogpath(struct request *q, struct ban_jail *j)
{
    const char *path = transmit_text(q, 3), *where = transmit_text(q, 4);
    if (!path)
        return missing(q);
    if (where && strcasecmp(where, "tail") != 0 && strcasecmp(where, "head") != 0)
        return transmit_fault(q, -EINVAL, "File option must be 'head' or 'tail', not '", where);
    return ban_jail_add_log(j, path, where && strcasecmp(where, "tail") == 0, q->e);
}

static int set_dellogpath(struct request *q, struct ban_jail *j)
{
    const char *path = transmit_text(q, 3);
    if (!path)
        return missing(q);
    return ban_jail_remove_log(j, path) ? 0 : transmit_fault(q, -ENOENT, "not read: '", path);
}

static int get_logpath(struct request *q, struct ban_jail *j)
{
    *q->out = ban_value_list(q->arena);
    for (const struct jail_log *l = j->logs; l; l = l->next)
        ban_list_add_text(q->out->list, q->arena, arena_text(q->arena, l->path));
    return 0;
}

static int set_addjournalmatch(struct request *q, struct ban_jail *j)
{
    struct arena *arena = &j->filter.arena;
    struct ban_value match = ban_value_list(arena);
    if (!j->journal_matches.list)
        j->journal_matches = ban_value_list(arena);
    for (size_t i = 3; i < q->words->count; i++)
        ban_list_add(match.list, arena, ban_value_copy(&q->words->item[i], arena));
    ban_list_add(j->journal_matches.list, arena, match);
    return 0;
}

static int set_deljournalmatch(struct request *q, struct ban_jail *j)
{
    if (q->words->count <= 3)
        j->journal_matches = (struct ban_value){0};
    for (size_t i = 0; j->journal_matches.list && i < j->journal_matches.list->count; i++) {
        struct ban_list *all = j->journal_matches.list, *match = all->item[i].list;
        bool same = match->count == q->words->count - 3;
        for (size_t k = 0; same && k < match->count; k++)
            same = strcmp(match->item[k].text, transmit_text(q, k + 3)) == 0;
        if (!same)
            continue;
        memmove(&all->item[i], &all->item[i + 1], (all->count - i - 1) * sizeof *all->item);
        all->count--;
        return 0;
    }
    return 0;
}

static int get_journalmatch(struct request *q, struct ban_jail *j)
{
    *q->out = j->journal_matches.list ? ban_value_copy(&j->journal_matches, q->arena)
                                      : ban_value_list(q->arena);
    return 0;
}

/* ---- bans ---- */

static int set_banip(struct request *q, struct ban_jail *j)
{
    size_t count = q->words->count > 3 ? q->words->count - 3 : 0;
    const char **id = arena_array(q->arena, count + 1, sizeof(const char *));
    for (size_t i = 0; i < count; i++)
        id[i] = transmit_text(q, i + 3);
    *q->out = ban_value_int((int64_t)ban_jail_ban(j, id, count));
    return 0;
}

static int set_unbanip(struct request *q, struct ban_jail *j)
{
    size_t from = 3, done = 0;
    bool report = q->words->count > 3 && !strcmp(transmit_text(q, 3), "--report-absent");
    struct str absent = str_of(1 << 16);
    int rc = 0;
    for (size_t i = from + report; i < q->words->count; i++) {
        size_t lifted = ban_jail_unban(j, transmit_text(q, i));
        done += lifted;
        if (!lifted)
            str_addf(&absent, "%s'%s'", absent.len ? ", " : "", transmit_text(q, i));
    }
    *q->out = ban_value_int((int64_t)done);
    if (report && absent.len)
        rc = err_set(q->e, -ENOENT, "not banned: [%.200s]", str_text(&absent));
    str_done(&absent);
    return rc;
}

static int set_attempt(struct request *q, struct ban_jail *j)
{
    const char *id = transmit_text(q, 3);
    if (!id)
        return missing(q);
    struct ban_list matches = {0};
    for (size_t i = 4; i < q->words->count; i++)
        ban_list_add(&matches, q->arena, q->words->item[i]);
    *q->out = ban_value_int((int64_t)ban_jail_attempt(j, id, &matches));
    return 0;
}

static int get_banned(struct request *q, struct ban_jail *j)
{
    *q->out = ban_value_list(q->arena);
    for (const struct ticket *t = j->bans.oldest; t && q->words->count <= 3; t = t->newer)
        ban_list_add_text(q->out->list, q->arena, arena_text(q->arena, t->id));
    for (size_t i = 3; i < q->words->count; i++)
        ban_list_add(q->out->list, q->arena,
                     ban_value_int(ban_jail_has_ban(j, transmit_text(q, i))));
    if (q->words->count == 4)
        *q->out = q->out->list->item[0];
    return 0;
}

static void stamp_of(double s, char to[32])
{
    struct tm tm;
    time_t t = isinf(s) ? (time_t)253402300799 : (time_t)floor(s);
    if (!localtime_r(&t, &tm) || !strftime(to, 32, "%Y-%m-%d %H:%M:%S", &tm))
        to[0] = '\0';
}

struct sortable {
    const struct ticket *t;
    double end_s;
};

static int compare_ends(const void *a, const void *b)
{
    double x = ((const struct sortable *)a)->end_s, y = ((const struct sortable *)b)->end_s;
    return x < y ? -1 : x > y;
}

/* By the end of the ban; "--with-time" shows from when to when. */
static int get_banip(struct request *q, struct ban_jail *j)
{
    const char *how = transmit_text(q, 3);
    bool with_time = how && strcmp(how, "--with-time") == 0;
    struct sortable *row = arena_array(q->arena, j->bans.count + 1, sizeof *row);
    size_t count = 0;
    for (const struct ticket *t = j->bans.oldest; t; t = t->newer)
        row[count++] = (struct sortable){t, ticket_end(t, j->ban_s)};
    qsort(row, count, sizeof *row, compare_ends);
    *q->out = ban_value_list(q->arena);
    for (size_t i = 0; i < count; i++) {
        const struct ticket *t = row[i].t;
        char from[32], to[32];
        stamp_of(t->time_s, from);
        stamp_of(row[i].end_s, to);
        int64_t ban_s = t->ban_s == TICKET_BANTIME_DEFAULT ? j->ban_s : t->ban_s;
        ban_list_add_text(q->out->list, q->arena,
                          with_time ? arena_print(q->arena, "%s \t%s + %lld = %s", t->id, from,
                                                  (long long)ban_s, to)
                                    : arena_text(q->arena, t->id));
    }
    return 0;
}

/* ---- bantime.* ---- */

static int get_increment(struct request *q, struct ban_jail *j)
{
    const struct jail_increment *inc = &j->increment;
    const char *option = transmit_text(q, 2) + strlen("bantime.");
    if (!strcmp(option, "increment"))
        *q->out = ban_value_bool(inc->on);
    else if (!strcmp(option, "overalljails"))
        *q->out = ban_value_bool(inc->overall);
    else if (!strcmp(option, "factor"))
        answer_number(q, inc->factor);
    else if (!strcmp(option, "maxtime"))
        answer_number(q, inc->max_s);
    else if (!strcmp(option, "rndtime"))
        answer_number(q, inc->random_s);
    else if (!strcmp(option, "formula"))
        *q->out = text_or_none(inc->formula);
    else if (!strcmp(option, "multipliers"))
        *q->out = text_or_none(inc->multipliers);
    else
        return transmit_fault(q, -EINVAL, "no such option: 'bantime.", option);
    return 0;
}

static int set_increment(struct request *q, struct ban_jail *j)
{
    struct jail_increment *inc = &j->increment;
    const char *option = transmit_text(q, 2) + strlen("bantime."), *text = transmit_text(q, 3);
    struct ban_formula_values sample = {600, 1, 1};
    double value;
    if (!text)
        return missing(q);
    if (!strcmp(option, "increment"))
        inc->on = conf_is_true(text);
    else if (!strcmp(option, "overalljails"))
        inc->overall = conf_is_true(text);
    else if (!strcmp(option, "factor"))
        return ban_formula_eval(text, &sample, &inc->factor, q->e);
    else if (!strcmp(option, "maxtime"))
        return ban_duration_parse(text, &inc->max_s, NULL, q->e);
    else if (!strcmp(option, "rndtime"))
        return ban_duration_parse(text, &inc->random_s, NULL, q->e);
    else if (!strcmp(option, "formula")) {
        int rc = *text ? ban_formula_eval(text, &sample, &value, q->e) : 0;
        if (rc < 0)
            return rc;
        mem_free(inc->formula);
        inc->formula = *text ? mem_copy_text(text) : NULL;
    } else if (!strcmp(option, "multipliers")) {
        mem_free(inc->multipliers);
        inc->multipliers = *text ? mem_copy_text(text) : NULL;
    } else {
        return transmit_fault(q, -EINVAL, "no such option: 'bantime.", option);
    }
    return 0;
}

/* ---- actions ---- */

static int set_addaction(struct request *q, struct ban_jail *j)
{
    const char *name = transmit_text(q, 3);
    if (!name)
        return missing(q);
    if (q->words->count > 4) {
        ban_log(&j->world->log, BAN_LOG_ERROR, "actions",
                "[%s] action %s is a Python program (%s), which is not run", j->name, name,
                transmit_text(q, 4));
        return 0;
    }
    *q->out = ban_value_text(name);
    return ban_jail_add_action(j, name, q->e);
}

static int set_delaction(struct request *q, struct ban_jail *j)
{
    const char *name = transmit_text(q, 3);
    if (!name || !ban_jail_remove_action(j, name))
        return transmit_fault(q, -ENOENT, "Invalid Action name: '", name ? name : "");
    return 0;
}

static struct ban_action *wanted_action(struct request *q, struct ban_jail *j)
{
    const char *name = transmit_text(q, 3);
    struct ban_action *a = name ? ban_jail_action(j, name) : NULL;
    if (!a)
        transmit_fault(q, -ENOENT, "Invalid Action name: '", name ? name : "");
    return a;
}

static int set_action(struct request *q, struct ban_jail *j)
{
    struct ban_action *a = wanted_action(q, j);
    if (!a)
        return q->e->code;
    const struct ban_value *v = q->words->count > 4 ? &q->words->item[4] : NULL;
    if (v && v->kind == BAN_VALUE_LIST) {
        for (size_t i = 0; i < v->list->count; i++) {
            const struct ban_value *pair = &v->list->item[i];
            if (pair->kind == BAN_VALUE_LIST && pair->list->count == 2)
                ban_action_set(a, ban_value_str(&pair->list->item[0], q->arena),
                               &pair->list->item[1]);
        }
        return 0;
    }
    if (q->words->count < 6)
        return missing(q);
    ban_action_set(a, transmit_text(q, 4), &q->words->item[5]);
    *q->out = q->words->item[5];
    return 0;
}

static int get_action(struct request *q, struct ban_jail *j)
{
    struct ban_action *a = wanted_action(q, j);
    const char *option = transmit_text(q, 4);
    if (!a)
        return q->e->code;
    const struct ban_value *v = option ? conf_opts_find(&a->opts, option) : NULL;
    if (!v)
        return transmit_fault(q, -ENOENT, "the action has no such property: '",
                              option ? option : "");
    *q->out = ban_value_copy(v, q->arena);
    return 0;
}

static int get_actions(struct request *q, struct ban_jail *j)
{
    *q->out = ban_value_list(q->arena);
    for (const struct ban_action *a = j->actions; a; a = a->next)
        ban_list_add_text(q->out->list, q->arena, arena_text(q->arena, a->name));
    return 0;
}

static int get_actionproperties(struct request *q, struct ban_jail *j)
{
    struct ban_action *a = wanted_action(q, j);
    if (!a)
        return q->e->code;
    *q->out = ban_value_list(q->arena);
    for (size_t i = 0; i < a->opts.count; i++)
        ban_list_add_text(q->out->list, q->arena, arena_text(q->arena, a->opts.opt[i].name));
    return 0;
}

static int get_actionmethods(struct request *q, struct ban_jail *j)
{
    (void)j;
    *q->out = ban_value_words(q->arena, "ban", "flush", "prolong", "reban", "reload", "start",
                              "stop", "unban", NULL);
    return 0;
}

static int set_idle(struct request *q, struct ban_jail *j)
{
    const char *text = transmit_text(q, 3);
    if (!text || (strcmp(text, "on") != 0 && strcmp(text, "off") != 0))
        return transmit_fault(q, -EINVAL, "Invalid idle option, must be 'on' or 'off', not '",
                              text ? text : "");
    j->is_idle = text[1] == 'n';
    return 0;
}

static int get_idle(struct request *q, struct ban_jail *j)
{
    *q->out = ban_value_bool(j->is_idle);
    return 0;
}

static const struct option_row options[] = {
    {"action", set_action, get_action, ""},
    {"actionmethods", NULL, get_actionmethods, NULL},
    {"actionproperties", NULL, get_actionproperties, NULL},
    {"actions", NULL, get_actions, NULL},
    {"addaction", set_addaction, NULL, ""},
    {"addfailregex", set_addfailregex, NULL, "failregex"},
    {"addignoreip", set_addignoreip, NULL, "ignoreip"},
    {"addignoreregex", set_addignoreregex, NULL, "ignoreregex"},
    {"addjournalmatch", set_addjournalmatch, NULL, "journalmatch"},
    {"addlogpath", set_addlogpath, NULL, "logpath"},
    {"attempt", set_attempt, NULL, ""},
    {"banip", set_banip, get_banip, ""},
    {"banned", NULL, get_banned, NULL},
    {"bantime", set_bantime, get_bantime, NULL},
    {"bantime.", set_increment, get_increment, NULL},
    {"datepattern", set_datepattern, get_datepattern, NULL},
    {"delaction", set_delaction, NULL, ""},
    {"delfailregex", set_delfailregex, NULL, "failregex"},
    {"delignoreip", set_delignoreip, NULL, "ignoreip"},
    {"delignoreregex", set_delignoreregex, NULL, "ignoreregex"},
    {"deljournalmatch", set_deljournalmatch, NULL, "journalmatch"},
    {"dellogpath", set_dellogpath, NULL, "logpath"},
    {"failregex", NULL, get_failregex, NULL},
    {"findtime", set_findtime, get_findtime, NULL},
    {"idle", set_idle, get_idle, NULL},
    {"ignorecache", set_ignorecache, get_ignorecache, NULL},
    {"ignorecommand", set_ignorecommand, get_ignorecommand, NULL},
    {"ignoreip", NULL, get_ignoreip, NULL},
    {"ignoreregex", NULL, get_ignoreregex, NULL},
    {"ignoreself", set_ignoreself, get_ignoreself, NULL},
    {"journalmatch", NULL, get_journalmatch, NULL},
    {"logencoding", set_logencoding, get_logencoding, NULL},
    {"logpath", NULL, get_logpath, NULL},
    {"logtimezone", set_logtimezone, get_logtimezone, NULL},
    {"maxlines", set_maxlines, get_maxlines, NULL},
    {"maxmatches", set_maxmatches, get_maxmatches, NULL},
    {"maxretry", set_maxretry, get_maxretry, NULL},
    {"prefregex", set_prefregex, get_prefregex, NULL},
    {"unbanip", set_unbanip, NULL, ""},
    {"usedns", set_usedns, get_usedns, NULL},
};

static const struct option_row *find_option(const char *name)
{
    for (size_t i = 0; i < ARRAY_COUNT(options); i++) {
        size_t n = strlen(options[i].name);
        bool is_prefix = options[i].name[n - 1] == '.';
        if (is_prefix ? strncmp(options[i].name, name, n) == 0 && name[n]
                      : strcmp(options[i].name, name) == 0)
            return &options[i];
    }
    return NULL;
}

/* ---- options of the server ---- */

static int set_dbfile(struct request *q)
{
    struct ban_world *w = q->t->world;
    const char *path = transmit_text(q, 2);
    if (!path)
        return missing(q);
    if (w->db && strcmp(ban_db_path(w->db), path) == 0)
        return 0;
    if (w->jails)
        return transmit_fault(q, -EBUSY, "the database cannot be changed while there are jails: '",
                              path);
    ban_db_close(w->db);
    w->db = NULL;
    if (strcasecmp(path, "none") == 0 || strcmp(path, ":memory:") == 0)
        return 0;
    int rc = ban_db_open(&w->db, path, q->e);
    if (rc < 0) { /* without one the server still bans, but forgets when it ends */
        ban_log(&w->log, BAN_LOG_ERROR, "database", "%s", q->e->text);
        *q->e = (struct err){0};
        return 0;
    }
    ban_log(&w->log, BAN_LOG_INFO, "database", "Connected to fail2ban persistent database '%s'",
            path);
    return ban_db_disable_jails(w->db, NULL, q->e);
}

static int set_server(struct request *q, const char *name)
{
    struct ban_world *w = q->t->world;
    const char *text = transmit_text(q, 2);
    double seconds;
    int64_t number;
    if (!text)
        return missing(q);
    if (!strcmp(name, "loglevel"))
        return ban_log_set_level(&w->log, text, q->e);
    if (!strcmp(name, "logtarget"))
        return ban_log_set_target(&w->log, text, q->e);
    if (!strcmp(name, "syslogsocket"))
        keep_text(&w->log.syslog_socket, text);
    else if (!strcmp(name, "allowipv6"))
        w->has_ip6 = conf_is_true(text) || !strcasecmp(text, "auto");
    else if (!strcmp(name, "dbfile"))
        return set_dbfile(q);
    else if (!strcmp(name, "dbmaxmatches")) {
        if (conf_read_int(text, &number) < 0 || number < 0)
            return transmit_fault(q, -EINVAL, "no such number: '", text);
        w->db_max_matches = (unsigned)(number < UINT32_MAX ? number : UINT32_MAX);
    } else if (!strcmp(name, "dbpurgeage")) {
        int rc = ban_duration_parse(text, &seconds, NULL, q->e);
        if (rc < 0)
            return rc;
        w->db_purge_s = (int64_t)seconds;
    }
    return 0;
}

static bool get_server(struct request *q, const char *name)
{
    struct ban_world *w = q->t->world;
    if (!strcmp(name, "loglevel"))
        *q->out = ban_value_text(ban_log_level_name(w->log.level));
    else if (!strcmp(name, "logtarget"))
        *q->out = ban_value_text(w->log.target);
    else if (!strcmp(name, "syslogsocket"))
        *q->out = ban_value_text(w->log.syslog_socket);
    else if (!strcmp(name, "allowipv6"))
        *q->out = ban_value_bool(w->has_ip6);
    else if (!strcmp(name, "thread"))
        *q->out = ban_value_map(q->arena);
    else if (!strcmp(name, "dbfile"))
        *q->out = text_or_none(w->db ? ban_db_path(w->db) : NULL);
    else if (!strcmp(name, "dbmaxmatches"))
        *q->out = w->db ? ban_value_int(w->db_max_matches) : (struct ban_value){0};
    else if (!strcmp(name, "dbpurgeage"))
        *q->out = w->db ? ban_value_int(w->db_purge_s) : (struct ban_value){0};
    else
        return false;
    return true;
}

static struct ban_jail *jail_of(struct request *q)
{
    const char *name = transmit_text(q, 1);
    struct ban_jail *j = transmit_jail(q->t, name);
    if (j && j->is_leaving)
        j = NULL;
    if (!j)
        err_set(q->e, -ENOENT, "Sorry but the jail '%.100s' does not exist", name);
    return j;
}

int transmit_get(struct request *q)
{
    const char *name = transmit_text(q, 1), *option = transmit_text(q, 2);
    if (!name)
        return missing(q);
    if (get_server(q, name))
        return 0;
    if (!option)
        return missing(q);
    struct ban_jail *j = jail_of(q);
    const struct option_row *row = find_option(option);
    if (!j)
        return q->e->code;
    if (!row || !row->get)
        return transmit_fault(q, -EINVAL,
                              "Invalid command (no get action or not yet implemented): '", option);
    return row->get(q, j);
}

int transmit_set(struct request *q, bool multiple)
{
    const char *name = transmit_text(q, 1), *option = transmit_text(q, 2);
    (void)multiple; /* lists and single values are told by their kind */
    if (!name || !option)
        return missing(q);
    struct ban_value ignored;
    struct request shown = *q;
    shown.out = &ignored;
    if (get_server(&shown, name)) {
        int rc = set_server(q, name);
        if (rc == 0 && !q->t->is_quiet)
            (void)get_server(q, name);
        return rc;
    }
    struct ban_jail *j = jail_of(q);
    const struct option_row *row = find_option(option);
    if (!j)
        return q->e->code;
    if (!row || !row->set)
        return err_set(q->e, -EINVAL,
                       "Invalid command '%.60s' (no set action or not yet implemented)", option);
    int rc = row->set(q, j);
    const struct option_row *other = row->shows ? find_option(row->shows) : row;
    if (rc == 0 && !q->t->is_quiet && other && other->get && (!row->shows || *row->shows))
        rc = other->get(q, j);
    return rc;
}
