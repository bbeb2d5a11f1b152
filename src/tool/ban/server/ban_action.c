/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/ban/server/ban_action.h"

#include <ctype.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/log.h"
#include "core/base/mem.h"
#include "tool/ban/conf/ban_duration.h"
#include "tool/ban/conf/conf_definition.h"
#include "tool/ban/conf/conf_tags.h"

static const double TIMEOUT_S = 60;

/* Tags that are values of a ban, whatever an option is called. */
static const char *const dynamic_tags[] = {"matches", "ipmatches", "ipjailmatches", NULL};

struct ban_action *ban_action_new(const char *name)
{
    struct ban_action *a = mem_zero(sizeof *a);
    a->name = mem_copy_text(name);
    return a;
}

void ban_action_clear(struct ban_action *a)
{
    a->opts = (struct conf_opts){0};
    memset(a->is_resolved, 0, sizeof a->is_resolved);
    arena_reset(&a->arena);
}

void ban_action_free(struct ban_action *a)
{
    if (!a)
        return;
    for (int f = 0; f < FAMILY_COUNT; f++)
        mem_free(a->running_stop[f]);
    arena_done(&a->arena);
    mem_free(a->name);
    mem_free(a);
}

void ban_action_set(struct ban_action *a, const char *name, const struct ban_value *value)
{
    if (strcmp(name, "bantime") == 0) /* each ban has its own */
        return;
    conf_opts_set(&a->opts, &a->arena, arena_text(&a->arena, name),
                  ban_value_copy(value, &a->arena));
    memset(a->is_resolved, 0, sizeof a->is_resolved);
}

enum ban_family ban_family_of(const struct cidr *net)
{
    return net->base.family == ADDR_IP4   ? FAMILY_INET4
           : net->base.family == ADDR_IP6 ? FAMILY_INET6
                                          : FAMILY_ANY;
}

const char *ban_family_name(enum ban_family f)
{
    static const char *const names[] = {"", "inet4", "inet6"};
    return names[f];
}

bool ban_action_has_families(struct ban_action *a)
{
    for (size_t i = 0; i < a->opts.count; i++) {
        size_t n = conf_opts_condition(a->opts.opt[i].name);
        if (n && strncmp(a->opts.opt[i].name + n, "?family=", 8) == 0)
            return true;
    }
    return false;
}

bool ban_action_flag(struct ban_action *a, const char *name)
{
    const struct ban_value *v = conf_opts_find(&a->opts, name);
    if (!v || v->kind == BAN_VALUE_NONE)
        return false;
    return v->kind == BAN_VALUE_TEXT ? conf_is_true(v->text) : v->number != 0;
}

bool ban_action_on_demand(struct ban_action *a)
{
    const struct ban_value *v = conf_opts_find(&a->opts, "actionstart_on_demand");
    return v && v->kind != BAN_VALUE_NONE ? ban_action_flag(a, "actionstart_on_demand")
                                          : ban_action_has_families(a);
}

double ban_action_timeout_s(const struct ban_action *a)
{
    const struct ban_value *v = conf_opts_find(&a->opts, "timeout");
    struct err ignored = {0};
    double seconds = TIMEOUT_S;
    if (v && v->kind == BAN_VALUE_INT)
        seconds = (double)v->number;
    else if (v && v->kind == BAN_VALUE_TEXT &&
             ban_duration_parse(v->text, &seconds, NULL, &ignored) < 0)
        seconds = TIMEOUT_S;
    return seconds > 0 ? seconds : TIMEOUT_S;
}

static const struct conf_opts *resolve(struct ban_action *a, enum ban_family f)
{
    if (a->is_resolved[f])
        return &a->resolved[f];
    struct err e = {0};
    char condition[24] = "family=";
    strncat(condition, ban_family_name(f), sizeof condition - 8);
    struct conf_tags how = {.condition = f == FAMILY_ANY ? NULL : arena_text(&a->arena, condition),
                            .keep = dynamic_tags};
    a->resolved[f] = (struct conf_opts){0};
    conf_opts_merge(&a->resolved[f], &a->arena, &a->opts);
    if (conf_tags_replace(&a->resolved[f], &how, &a->arena, &e) < 0)
        log_at(LOG_LEVEL_ERROR, "action %s: %s", a->name, e.text);
    a->is_resolved[f] = true;
    return &a->resolved[f];
}

const char *ban_action_text(struct ban_action *a, enum ban_family f, const char *option)
{
    const struct conf_opts *opts = resolve(a, f);
    const struct ban_value *v = NULL;
    if (f != FAMILY_ANY)
        v = conf_opts_find(opts,
                           arena_print(&a->arena, "%s?family=%s", option, ban_family_name(f)));
    if (!v)
        v = conf_opts_find(opts, option);
    return v && v->kind == BAN_VALUE_TEXT ? v->text : "";
}

/* ---- values ---- */

static void add_reversed(const struct cidr *net, struct str *out)
{
    const uint8_t *byte = net->base.byte;
    if (net->base.family == ADDR_IP4)
        str_addf(out, "%u.%u.%u.%u.", byte[3], byte[2], byte[1], byte[0]);
    for (int i = 15; net->base.family == ADDR_IP6 && i >= 0; i--)
        str_addf(out, "%x.%x.", byte[i] & 15, byte[i] >> 4);
}

static void add_matches(const struct ticket *t, struct str *out)
{
    for (size_t i = 0; i < t->match_count; i++)
        str_addf(out, "%s%s", i ? "\n" : "", t->match[i]);
}

/* matches and failures of this and of earlier bans. */
static void add_history(const struct action_values *v, bool all, bool failures, struct str *out)
{
    struct str matches = str_of(1 << 16);
    int count = 0;
    if (v->history)
        v->history(v->ctx, v->ticket, all, &matches, &count);
    if (failures)
        str_addf(out, "%d", count ? count : v->ticket->failures);
    else if (matches.len)
        str_add(out, str_text(&matches));
    else
        add_matches(v->ticket, out);
    str_done(&matches);
}

static void add_host_name(bool full, struct str *out)
{
    char name[256] = "";
    gethostname(name, sizeof name - 1);
    if (!full)
        name[strcspn(name, ".")] = '\0';
    struct addrinfo hints = {.ai_flags = AI_CANONNAME}, *info = NULL;
    if (full && !strchr(name, '.') && getaddrinfo(name, NULL, &hints, &info) == 0 && info) {
        str_add(out, info->ai_canonname ? info->ai_canonname : name);
        freeaddrinfo(info);
    } else {
        str_add(out, name);
    }
}

static bool add_ticket_value(const char *tag, const struct action_values *v, struct str *out)
{
    const struct ticket *t = v->ticket;
    if (!strcmp(tag, "ip"))
        str_add(out, t ? ticket_ip(t) : "");
    else if (!strcmp(tag, "fid"))
        str_add(out, t ? t->id : "");
    else if (!strcmp(tag, "ip-rev") && t)
        add_reversed(&t->net, out);
    else if (!strcmp(tag, "ip-host"))
        str_add(out, ""); /* a name that the offender may choose is no value worth a wait */
    else if (!strcmp(tag, "failures"))
        str_addf(out, "%d", t ? t->failures : 0);
    else if (!strcmp(tag, "bantime"))
        str_addf(out, "%lld", (long long)v->ban_s);
    else if (!strcmp(tag, "bancount"))
        str_addf(out, "%u", t ? t->ban_count : 0);
    else if (!strcmp(tag, "restored"))
        str_add(out, t && t->is_restored ? "1" : "0");
    else if (!strcmp(tag, "matches") && t)
        add_matches(t, out);
    else if (!strcmp(tag, "ipmatches") && t)
        add_history(v, true, false, out);
    else if (!strcmp(tag, "ipjailmatches") && t)
        add_history(v, false, false, out);
    else if (!strcmp(tag, "ipfailures") && t)
        add_history(v, true, true, out);
    else if (!strcmp(tag, "ipjailfailures") && t)
        add_history(v, false, true, out);
    else if (!strcmp(tag, "raw-ticket") && t)
        str_addf(out, "BanTicket: ip=%s time=%.0f bancount=%u #attempts=%d", t->id, t->time_s,
                 t->ban_count, t->failures);
    else
        return false;
    return true;
}

/* false: the tag is no value of ours. */
static bool add_value(const char *tag, const struct action_values *v, enum ban_family f,
                      struct str *out)
{
    if (!strcmp(tag, "family"))
        str_add(out, ban_family_name(f));
    else if (!strcmp(tag, "time"))
        str_addf(out, "%.0f", v->ticket ? v->ticket->time_s : v->now_s);
    else if (!strcmp(tag, "jail.name"))
        str_add(out, v->jail);
    else if (!strcmp(tag, "jail.banned"))
        str_addf(out, "%zu", v->banned);
    else if (!strcmp(tag, "jail.banned_total"))
        str_addf(out, "%zu", v->banned_total);
    else if (!strcmp(tag, "jail.found"))
        str_addf(out, "%zu", v->found);
    else if (!strcmp(tag, "jail.found_total"))
        str_addf(out, "%zu", v->found_total);
    else if (!strcmp(tag, "fq-hostname") || !strcmp(tag, "sh-hostname"))
        add_host_name(tag[0] == 'f', out);
    else if (!strcmp(tag, "br") || !strcmp(tag, "sp"))
        str_add(out, tag[0] == 'b' ? "\n" : " ");
    else
        return add_ticket_value(tag, v, out);
    return true;
}

/* <F-USER>: a captured group; nothing where it took no part. */
static bool add_group(const char *tag, const struct action_values *v, struct str *out)
{
    char name[64] = "";
    size_t n = strlen(tag);
    if (strncmp(tag, "F-", 2) != 0 || n > sizeof name || n < 3)
        return false;
    for (size_t i = 2; i < n; i++) {
        if (!isupper((unsigned char)tag[i]) && !isdigit((unsigned char)tag[i]) && tag[i] != '_' &&
            tag[i] != '-')
            return false;
        name[i - 2] = (char)tolower((unsigned char)tag[i]);
    }
    const char *key = !strcmp(name, "id") ? "fid" : !strcmp(name, "port") ? "fport" : name;
    const char *value = v->ticket ? ticket_pair(v->ticket, key) : NULL;
    str_add(out, value ? value : "");
    return true;
}

/* May stand in a command as it is, quoted or not. */
static bool is_harmless(const char *text)
{
    if (*text == '-' && !isdigit((unsigned char)text[1]))
        return false;
    for (; *text; text++)
        if (!isalnum((unsigned char)*text) && !strchr("._:/@%+=,-", *text))
            return false;
    return true;
}

static void put_value(const char *tag, const struct str *value, struct arena *arena,
                      struct str *out, struct text_list *env)
{
    const char *text = str_text(value);
    if (is_harmless(text) || !strcmp(tag, "br") || !strcmp(tag, "sp")) {
        str_add(out, text);
        return;
    }
    char *name = arena_print(arena, "f2bV_%s", tag);
    for (char *c = name; *c; c++)
        if (!isalnum((unsigned char)*c) && *c != '_')
            *c = '_';
    str_addf(out, "$%s", name);
    text_list_add(env, arena_print(arena, "%s=%s", name, text));
}

void action_values_put(const char *text, const struct action_values *v, enum ban_family f,
                       struct arena *arena, struct str *out, struct text_list *env)
{
    struct str value = str_of(1 << 16);
    while (*text) {
        size_t n = *text == '<' ? strcspn(text + 1, " <>") : 0;
        if (!n || text[1 + n] != '>') {
            str_add_char(out, *text++);
            continue;
        }
        const char *tag = arena_copy(arena, text + 1, n);
        str_reset(&value);
        if (add_value(tag, v, f, &value)) {
            put_value(tag, &value, arena, out, env);
        } else if (add_group(tag, v, &value)) {
            char *name = arena_print(arena, "F_%s", tag + 2);
            for (char *c = name; *c; c++)
                *c = (char)tolower((unsigned char)*c);
            name[0] = 'F';
            put_value(name, &value, arena, out, env);
        } else {
            str_addf(out, "<%s>", tag);
        }
        text += n + 2;
    }
    str_done(&value);
}

void ban_action_command(struct ban_action *a, enum ban_family f, const char *option,
                        const struct action_values *v, struct arena *arena, struct str *text,
                        struct text_list *env)
{
    action_values_put(ban_action_text(a, f, option), v, f, arena, text, env);
}
