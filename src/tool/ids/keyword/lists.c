/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dataset, datarep, iprep: is the buffer's value in a list that lies outside of the rules? */
#include <errno.h>
#include <string.h>

#include "core/base/digest.h"
#include "tool/ids/look/dataset.h"
#include "tool/ids/keyword/keyword.h"
#include "tool/ids/look/look.h"
#include "tool/ids/look/number_range.h"
#include "tool/ids/look/reputation.h"

enum list_verb { LIST_SET, LIST_UNSET, LIST_ISSET, LIST_ISNOTSET, LIST_REPUTATION };

struct list_step {
    struct rule_step step;
    struct dataset *set;
    uint8_t verb;
    struct number_range reputation;
};

static bool list_holds(const struct rule_step *s, struct payload *p)
{
    const struct list_step *l = (const struct list_step *)s;
    const uint8_t *data = p->data;
    size_t len = p->len;
    if (!p->whole || len == 0)
        return false;
    if ((l->set->type == DATASET_MD5 && len != 16) || (l->set->type == DATASET_SHA256 && len != 32))
        return false;
    const struct dataset_value *v = dataset_find(l->set, data, len);
    switch ((enum list_verb)l->verb) {
    case LIST_SET:
        return dataset_add(l->set, data, len);
    case LIST_UNSET:
        return dataset_remove(l->set, data, len);
    case LIST_ISSET:
        return v != NULL;
    case LIST_ISNOTSET:
        return v == NULL;
    default:
        return v && number_range_has(&l->reputation, v->reputation);
    }
}

static const struct step_kind list_kind = {.name = "dataset", .holds = list_holds};

/* What stands behind the command and the name. */
struct list_words {
    const char *type, *load, *save, *state;
};

static int read_words(struct list_words *w, char *rest, struct err *e)
{
    static const char *const known[] = {"memcap",      "hashsize",  "format",     "context_key",
                                        "value_key",   "array_key", "remove_key", "match",
                                        "dataset-key", "key"};
    for (char *word; (word = word_next(&rest, ','));) {
        char *arg = word + strcspn(word, " ");
        if (*arg) {
            *arg = '\0';
            arg = word_trim(arg + 1);
        }
        const char **to = strcmp(word, "type") == 0    ? &w->type
                          : strcmp(word, "load") == 0  ? &w->load
                          : strcmp(word, "save") == 0  ? &w->save
                          : strcmp(word, "state") == 0 ? &w->state
                                                       : NULL;
        size_t i = 0;
        while (!to && i < ARRAY_COUNT(known) && strcmp(known[i], word) != 0)
            i++;
        if (i == ARRAY_COUNT(known))
            return err_set(e, -EINVAL, "unknown word \"%s\"", word);
        if (to)
            *to = arg;
    }
    return 0;
}

/* Names of files come from rules, which come from elsewhere: none outside the rules' folder is
 * written to. */
static bool is_inside(const char *path)
{
    return *path != '/' && !strstr(path, "..");
}

static int open_set(struct rule_parser *p, struct list_step *l, const char *name,
                    const struct list_words *w, struct err *e)
{
    const struct dataset *known = dataset_find_set(p->set, name);
    int type = w->type ? dataset_type_find(w->type) : known ? known->type : -1;
    if (type < 0)
        return w->type ? err_set(e, -EINVAL, "unknown type \"%s\"", w->type)
                       : err_set(e, -EINVAL, "it wants a type");
    const char *save = w->save ? w->save : w->state;
    bool reputation = l->verb == LIST_REPUTATION;
    if (known && known->has_reputation != reputation)
        return err_set(e, -EINVAL, "the set \"%s\" is used with and without reputations", name);
    if (save && p->set->never_write)
        return err_set(e, -EINVAL, "the configuration lets rules write no files");
    if (save && !is_inside(save) && !p->set->may_write)
        return err_set(e, -EINVAL, "\"%s\" lies outside of the rules' folder", save);
    bool fresh = !known;
    l->set = dataset_get(p->set, name, (enum dataset_type)type, e);
    if (!l->set)
        return e->code;
    l->set->has_reputation = reputation;
    if (save)
        l->set->save = rule_set_path(p->set, save);
    const char *load = w->load ? w->load : w->state;
    if (!load || !fresh)
        return 0;
    int rc = dataset_load(l->set, rule_set_path(p->set, load), l->verb == LIST_REPUTATION, e);
    if (rc == -ENOENT && w->state) { /* it is made when it is first saved */
        e->code = 0;
        return 0;
    }
    return rc;
}

static int parse_dataset(struct rule_parser *p, const struct ids_keyword *k, char *value,
                         struct err *e)
{
    static const char *const verb[] = {"set", "unset", "isset", "isnotset"};
    struct list_step *l = parser_take(p, sizeof *l);
    char *rest = value, *word = word_next(&rest, ','), *name = word_next(&rest, ',');
    struct list_words w = {0};
    size_t i = 0;
    (void)k;
    l->step.kind = &list_kind;
    while (i < ARRAY_COUNT(verb) && strcmp(verb[i], word) != 0)
        i++;
    if (i == ARRAY_COUNT(verb) || !name || !*name)
        return err_set(e, -EINVAL, "it is set|unset|isset|isnotset,NAME,type TYPE");
    if (!p->in_sticky)
        return err_set(e, -EINVAL, "no buffer is chosen before it");
    l->verb = (uint8_t)i;
    if (read_words(&w, rest, e) < 0 || open_set(p, l, name, &w, e) < 0)
        return e->code;
    parser_add_step(p, parser_list(p), &l->step);
    return 0;
}

/* datarep:NAME,OPERATOR,VALUE,load FILE,type TYPE */
static int parse_datarep(struct rule_parser *p, const struct ids_keyword *k, char *value,
                         struct err *e)
{
    struct list_step *l = parser_take(p, sizeof *l);
    char *rest = value, *name = word_next(&rest, ','), *operator= word_next(&rest, ',');
    char *number = word_next(&rest, ',');
    struct list_words w = {0};
    (void)k;
    l->step.kind = &list_kind;
    l->verb = LIST_REPUTATION;
    if (!number)
        return err_set(e, -EINVAL, "it is NAME,OPERATOR,VALUE,load FILE,type TYPE");
    char *range = arena_print(
        p->arena, "%s%s", strcmp(operator, "=") == 0 || strcmp(operator, "==") == 0 ? "" : operator,
        number);
    if (number_range_parse(&l->reputation, range, p->dialect, UINT16_MAX, NULL, e) < 0)
        return e->code;
    if (read_words(&w, rest, e) < 0 || open_set(p, l, name, &w, e) < 0)
        return e->code;
    parser_add_step(p, parser_list(p), &l->step);
    return 0;
}

/* iprep:any|src|dst|both,CATEGORY,OPERATOR,VALUE */
struct reputation_test {
    uint8_t who; /* 0 any, 1 src, 2 dst, 3 both */
    const struct reputation *table;
    uint8_t category;
    struct number_range range;
};

static bool reputation_of(const struct reputation_test *t, const struct addr *a)
{
    uint8_t value;
    return reputation_find(t->table, a, t->category, &value) && number_range_has(&t->range, value);
}

static bool reputation_holds(const void *state, const struct look *look)
{
    const struct reputation_test *t = state;
    bool src = t->who != 2 && reputation_of(t, &look->packet->src);
    bool dst = t->who != 1 && reputation_of(t, &look->packet->dst);
    return t->who == 0 ? src || dst : t->who == 1 ? src : t->who == 2 ? dst : src && dst;
}

static int parse_iprep(struct rule_parser *p, const struct ids_keyword *k, char *value,
                       struct err *e)
{
    static const char *const who[] = {"any", "src", "dst", "both"};
    struct reputation_test *t = parser_take(p, sizeof *t);
    char *rest = value, *whom = word_next(&rest, ','), *category = word_next(&rest, ',');
    char *operator= word_next(&rest, ','), *number = word_next(&rest, ',');
    size_t i = 0;
    (void)k;
    while (i < ARRAY_COUNT(who) && strcmp(who[i], whom) != 0)
        i++;
    if (i == ARRAY_COUNT(who) || !category)
        return err_set(e, -EINVAL, "it is any|src|dst|both,CATEGORY[,OPERATOR,VALUE]");
    t->who = (uint8_t)i;
    t->table = p->set->reputation;
    int found = t->table ? reputation_category(t->table, category) : -1;
    if (found < 0)
        return err_set(e, -EINVAL, "no reputation file has the category \"%s\"", category);
    t->category = (uint8_t)found;
    char *range = operator&& strcmp(operator, "isset") != 0
                      ? arena_print(p->arena, "%s%s", strcmp(operator, "=") == 0 ? "" : operator,
                                    number ? number : "")
                      : arena_print(p->arena, ">=0");
    if (number_range_parse(&t->range, range, p->dialect, 127, NULL, e) < 0)
        return e->code;
    if (operator&& strcmp(operator, "isnotset") == 0)
        t->range.negated = true;
    parser_add_test(p, reputation_holds, t);
    return 0;
}

static const struct ids_keyword keyword[] = {
    {"dataset", RULE_SURICATA, KEYWORD_NEEDS_VALUE, parse_dataset, NULL,
     "dataset:set|unset|isset|isnotset,NAME,type TYPE[,load FILE|save FILE|state FILE]"},
    {"datarep", RULE_SURICATA, KEYWORD_NEEDS_VALUE, parse_datarep, NULL,
     "datarep:NAME,OPERATOR,VALUE,load FILE,type TYPE; reputation of the buffer's value"},
    {"iprep", RULE_SURICATA, KEYWORD_NEEDS_VALUE, parse_iprep, NULL,
     "iprep:any|src|dst|both,CATEGORY[,OPERATOR,VALUE]; reputation of an address"},
};

const struct ids_keyword_family ids_keyword_lists = {
    "lists", "values in lists outside of the rules", keyword, ARRAY_COUNT(keyword)};
