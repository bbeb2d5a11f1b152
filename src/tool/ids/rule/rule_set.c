/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/ids/rule/rule_set.h"

#include <errno.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/base/own.h"
#include "core/base/str.h"
#include "core/match/regex.h"
#include "tool/ids/look/dataset.h"
#include "tool/ids/keyword/keyword.h"
#include "tool/ids/rule/lexer.h"

struct text_store {
    struct text_store *next;
    char *text;
};

void rule_set_init(struct rule_set *set, enum rule_engine engine)
{
    *set = (struct rule_set){.engine = engine};
    for (int i = 0; i < 3; i++)
        ids_keyword_index(&set->keyword[i], 1U << i);
}

void rule_set_done(struct rule_set *set)
{
    for (int i = 0; i < RULE_NAMES_COUNT; i++) {
        map_done(&set->names[i].number);
        mem_free(set->names[i].name);
    }
    for (int i = 0; i < 3; i++)
        map_done(&set->keyword[i]);
    const struct map_slot *slot;
    for (size_t at = 0; (slot = map_next(&set->regex, &at));)
        regex_free(slot->value);
    map_done(&set->regex);
    dataset_free_all(set);
    map_done(&set->by_id);
    map_done(&set->class);
    map_done(&set->reference_url);
    variable_table_done(&set->variable);
    for (struct text_store *t = set->text; t; t = t->next)
        mem_free(t->text);
    mem_free(set->rule);
    arena_done(&set->arena);
    *set = (struct rule_set){0};
}

char *rule_set_keep(struct rule_set *set, char *text)
{
    struct text_store *t = arena_take(&set->arena, sizeof *t);
    *t = (struct text_store){set->text, text};
    set->text = t;
    return text;
}

uint32_t rule_set_name(struct rule_set *set, enum rule_names kind, const char *name)
{
    struct rule_names_table *t = &set->names[kind];
    uintptr_t found = (uintptr_t)map_find_text(&t->number, name);
    if (found)
        return (uint32_t)(found - 1);
    MEM_GROW(t->name, t->count, t->capacity);
    t->name[t->count] = arena_text(&set->arena, name);
    map_put_text(&t->number, name, (void *)(uintptr_t)(t->count + 1));
    return (uint32_t)t->count++;
}

static char *lower(char *text)
{
    for (char *c = text; *c; c++)
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c + 'a' - 'A');
    return text;
}

int rule_set_classify(struct rule_set *set, const char *line, struct err *e)
{
    char *rest = arena_text(&set->arena, line);
    char *name = word_next(&rest, ','), *text = word_next(&rest, ',');
    char *number = word_next(&rest, ',');
    uint64_t priority;
    if (!name || !*name || !text || !number || !word_to_u64(number, &priority) || priority > 255)
        return err_set(e, -EINVAL, "a classification is NAME,TEXT,PRIORITY");
    struct rule_classification *c = arena_take(&set->arena, sizeof *c);
    *c = (struct rule_classification){name, text, ++set->class_count, (uint8_t)priority};
    map_put_text(&set->class, lower(arena_text(&set->arena, name)), c);
    return 0;
}

const struct rule_classification *rule_set_class(const struct rule_set *set, const char *name)
{
    OWN_MEM char *key = mem_copy_text(name);
    return map_find_text(&set->class, lower(key));
}

int rule_set_reference(struct rule_set *set, const char *line, struct err *e)
{
    char *system = word_trim(arena_text(&set->arena, line));
    size_t len = strcspn(system, " \t");
    if (len == 0)
        return err_set(e, -EINVAL, "a reference is SYSTEM URL");
    char *url = system[len] ? word_trim(system + len + 1) : system + len;
    system[len] = '\0';
    map_put_text(&set->reference_url, lower(system), url);
    return 0;
}

static int read_config_line(struct rule_set *set, char *line, struct err *e)
{
    if (!*line || *line == '#')
        return 0;
    char *colon = strchr(line, ':');
    if (strncmp(line, "config", 6) != 0 || !colon)
        return err_set(e, -EINVAL, "not a line of \"config NAME: ...\"");
    *colon = '\0';
    const char *what = word_trim(line + 6), *value = word_trim(colon + 1);
    if (strcmp(what, "classification") == 0)
        return rule_set_classify(set, value, e);
    if (strcmp(what, "reference") == 0)
        return rule_set_reference(set, value, e);
    return err_set(e, -EINVAL, "\"%s\" is neither classification nor reference", what);
}

int rule_set_read_config(struct rule_set *set, const char *text, const char *name, struct err *e)
{
    OWN_MEM char *copy = mem_copy_text(text);
    unsigned number = 1;
    for (char *line = copy; line; number++) {
        char *end = strchr(line, '\n');
        if (end)
            *end = '\0';
        if (read_config_line(set, word_trim(line), e) < 0)
            return err_wrap(e, "%s:%u", name, number);
        line = end ? end + 1 : NULL;
    }
    return 0;
}

const char *rule_set_path(struct rule_set *set, const char *path)
{
    if (*path == '/' || !set->folder)
        return path;
    return arena_print(&set->arena, "%s/%s", set->folder, path);
}

int rule_set_regex(struct rule_set *set, const char *pattern, unsigned flags, struct regex **out,
                   struct err *e)
{
    struct str key = str_of(0);
    str_addf(&key, "%x/%s", flags, pattern);
    struct regex *found = map_find(&set->regex, key.text, key.len);
    int rc = 0;
    if (!found) {
        rc = regex_compile(&found, pattern, strlen(pattern), flags, e);
        if (rc == 0)
            map_put(&set->regex, key.text, key.len, found);
    }
    str_done(&key);
    if (rc == 0)
        *out = found;
    return rc;
}

struct id_key {
    uint32_t gid, sid;
};

int rule_set_add(struct rule_set *set, struct rule *rule, struct err *e)
{
    struct id_key key = {rule->gid, rule->sid};
    struct rule *old = map_find(&set->by_id, &key, sizeof key);
    if (old && old->rev == rule->rev && set->engine == RULE_ENGINE_SURICATA)
        return err_set(e, -EEXIST, "sid %u (gid %u) is there already, in %s:%u", rule->sid,
                       rule->gid, old->file, old->line);
    if (old && old->rev > rule->rev)
        return 1;
    if (old) {
        rule->number = old->number;
        set->rule[old->number] = rule;
    } else {
        MEM_GROW(set->rule, set->count, set->capacity);
        rule->number = (uint32_t)set->count;
        set->rule[set->count++] = rule;
    }
    map_put(&set->by_id, &key, sizeof key, rule);
    return 0;
}

const struct rule *rule_set_find(const struct rule_set *set, uint32_t gid, uint32_t sid)
{
    struct id_key key = {gid, sid};
    return map_find(&set->by_id, &key, sizeof key);
}

void rule_set_seal(struct rule_set *set)
{
    for (size_t i = 0; i < set->count; i++)
        set->rule[i]->number = (uint32_t)i;
}
