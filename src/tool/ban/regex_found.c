/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/ban/regex_found.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/text/json.h"
#include "tool/ban/conf/ban_value.h"

static int compare_texts(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The users, sorted, as a list. */
static struct ban_value users_of(const struct ban_fail *fail, struct arena *arena)
{
    const char *user[FAIL_USERS_MAX];
    struct ban_value list = ban_value_list(arena);
    for (uint32_t i = 0; i < fail->user_count; i++)
        user[i] = arena_copy(arena, ban_fail_text(fail, fail->user[i]), fail->user[i].len);
    if (fail->user_count)
        qsort(user, fail->user_count, sizeof *user, compare_texts);
    for (uint32_t i = 0; i < fail->user_count; i++)
        ban_list_add_text(list.list, arena, user[i]);
    return list;
}

/* All that is known, by the names of the groups. */
static struct ban_value data_of(const struct ban_filter *f, const struct ban_found *found,
                                struct arena *arena)
{
    const struct ban_fail *fail = found->fail;
    struct ban_value map = ban_value_map(arena);
    for (unsigned key = 0; key < f->keys.count; key++) {
        if (!ban_fail_has(fail, key))
            continue;
        struct fail_text t = fail->value[key];
        ban_list_add_text(map.list, arena, f->keys.name[key]);
        ban_list_add_text(map.list, arena, arena_copy(arena, ban_fail_text(fail, t), t.len));
    }
    if (fail->user_count) {
        ban_list_add_text(map.list, arena, "users");
        ban_list_add(map.list, arena, users_of(fail, arena));
    }
    if (found->ip.text[0]) {
        ban_list_add_text(map.list, arena, "ip");
        ban_list_add_text(map.list, arena, found->ip.text);
    }
    return map;
}

static const char *host_of(const struct ban_found *found, struct arena *arena)
{
    static const unsigned keys[] = {RULE_IP4, RULE_IP6, RULE_DNS};
    for (size_t i = 0; i < ARRAY_COUNT(keys) && found->ip.text[0]; i++)
        if (ban_fail_has(found->fail, keys[i])) {
            struct fail_text t = found->fail->value[keys[i]];
            return arena_copy(arena, ban_fail_text(found->fail, t), t.len);
        }
    return found->id.text;
}

/* A line without its date. */
static void bare_line(const struct ban_fail *fail, const struct fail_line *l, struct str *out)
{
    const char *text = ban_fail_text(fail, l->text);
    str_reset(out);
    str_add_len(out, text, l->date_at);
    str_add_len(out, text + l->date_at + l->date_len, l->text.len - l->date_at - l->date_len);
}

static void write_json(struct str *to, const struct ban_filter *f, const struct ban_found *found,
                       size_t line, struct arena *arena)
{
    const struct ban_fail *fail = found->fail;
    struct json_out j = json_out_of(to);
    struct str bare = str_of(0);
    struct ban_value data = data_of(f, found, arena), moment = ban_value_real(found->moment_s);
    json_object(&j, NULL);
    json_u64(&j, "line", line);
    json_u64(&j, "regex", found->rule);
    json_text(&j, "id", found->id.text);
    json_text(&j, "host", host_of(found, arena));
    ban_value_json(&moment, &j, "time");
    json_u64(&j, "attempts", fail->line_count);
    ban_value_json(&data, &j, "data");
    json_array(&j, "matches");
    for (size_t i = 0; i < fail->line_count; i++) {
        bare_line(fail, &fail->line[i], &bare);
        json_text_len(&j, NULL, str_text(&bare), bare.len);
    }
    json_end(&j);
    json_end(&j);
    str_add_char(to, '\n');
    str_done(&bare);
}

static void write_row(struct str *to, const struct ban_filter *f, const struct ban_found *found,
                      struct arena *arena)
{
    struct ban_value data = data_of(f, found, arena);
    str_add_char(to, '[');
    ban_text_repr(found->id.text, strlen(found->id.text), to);
    str_add(to, ",\t");
    if (isnan(found->moment_s))
        str_add(to, "None");
    else
        ban_real_repr(found->moment_s, to);
    str_add(to, ",\t");
    ban_value_repr(&data, to);
    str_add(to, "],\n");
}

static void add_lines(struct str *to, const struct ban_fail *fail)
{
    for (size_t i = 0; i < fail->line_count; i++) {
        struct fail_text t = fail->line[i].text;
        str_addf(to, "%s%.*s", i ? "\n" : "", (int)t.len, ban_fail_text(fail, t));
    }
}

/* The value of a tag or a group; false: there is none of this name. */
static bool add_value(struct str *to, const struct ban_filter *f, const struct ban_found *found,
                      const char *name, size_t len)
{
    const struct ban_fail *fail = found->fail;
    char key[64] = "";
    if (len >= sizeof key)
        return false;
    for (size_t i = 0; i < len; i++)
        key[i] = (char)tolower((unsigned char)name[i]);
    const char *bare = strncmp(key, "f-", 2) == 0 ? key + 2 : key;
    if (!strcmp(key, "fid") || !strcmp(key, "id")) {
        str_add(to, found->id.text);
    } else if (!strcmp(key, "ip") || !strcmp(key, "host")) {
        str_add(to, found->ip.text[0] ? found->ip.text : found->id.text);
    } else if (!strcmp(key, "family")) {
        const struct ban_id *ip = found->ip.text[0] ? &found->ip : &found->id;
        str_add(to, ip->net.base.family == ADDR_IP4   ? "inet4"
                    : ip->net.base.family == ADDR_IP6 ? "inet6"
                                                      : "");
    } else if (!strcmp(key, "time")) {
        ban_real_repr(found->moment_s, to);
    } else if (!strcmp(key, "failures")) {
        str_add_u64(to, fail->line_count);
    } else if (!strcmp(key, "matches") || !strcmp(key, "msg")) {
        add_lines(to, fail);
    } else {
        int k = rule_key_find(&f->keys, !strcmp(bare, "id") ? "fid" : bare);
        if (k < 0)
            return false;
        if (ban_fail_has(fail, (unsigned)k))
            str_add_len(to, ban_fail_text(fail, fail->value[k]), fail->value[k].len);
    }
    return true;
}

static void write_tags(struct str *to, const char *form, const struct ban_filter *f,
                       const struct ban_found *found)
{
    while (*form) {
        size_t n = *form == '<' ? strcspn(form + 1, " <>") : 0;
        if (n && form[1 + n] == '>' && add_value(to, f, found, form + 1, n)) {
            form += n + 2;
        } else {
            str_add_char(to, *form++);
        }
    }
    str_add_char(to, '\n');
}

void regex_found_write(struct str *to, const char *out, const struct ban_filter *f,
                       const struct ban_found *found, size_t line)
{
    struct arena arena = {0};
    if (strcmp(out, "json") == 0) {
        write_json(to, f, found, line, &arena);
    } else if (strcmp(out, "row") == 0) {
        write_row(to, f, found, &arena);
    } else if (strchr(out, '<')) {
        write_tags(to, out, f, found);
    } else {
        if (!add_value(to, f, found, out, strlen(out)))
            str_add(to, "None");
        str_add_char(to, '\n');
    }
    arena_done(&arena);
}
