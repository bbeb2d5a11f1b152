/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The order of things in a rule matters twice: modifiers belong to the content before them, and in
 * Snort 3 and Suricata a buffer's name rules until the next one. */
#include "tool/ids/rule/parser.h"

#include <errno.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/base/own.h"
#include "tool/ids/keyword/keyword.h"
#include "tool/ids/rule/requires.h"
#include "tool/ids/rule/finish.h"
#include "tool/ids/rule/header.h"

/* Arrays that grow while one rule is read: the old one stays in the arena, which is small. */
static void *grown(struct rule_parser *p, void *array, size_t count, size_t *capacity, size_t size)
{
    if (count < *capacity)
        return array;
    *capacity = *capacity ? 2 * *capacity : 4;
    void *bigger = arena_array(p->arena, *capacity, size);
    if (count)
        memcpy(bigger, array, count * size);
    return bigger;
}

void *parser_take(struct rule_parser *p, size_t size)
{
    return arena_take(p->arena, size);
}

void parser_add_test(struct rule_parser *p, bool (*holds)(const void *, const struct look *),
                     const void *state)
{
    struct rule *r = p->rule;
    r->test = grown(p, r->test, r->test_count, &p->test_capacity, sizeof *r->test);
    r->test[r->test_count++] = (struct rule_test){holds, state};
}

void parser_add_deed(struct rule_parser *p, void (*act)(const void *, struct look *),
                     const void *state)
{
    struct rule *r = p->rule;
    r->deed = grown(p, r->deed, r->deed_count, &p->deed_capacity, sizeof *r->deed);
    r->deed[r->deed_count++] = (struct rule_deed){act, state};
}

struct rule_list *parser_new_list(struct rule_parser *p, const struct sticky *sticky,
                                  const char *detail)
{
    struct rule_list *list = arena_take(p->arena, sizeof *list), **end = &p->rule->list;
    while (*end)
        end = &(*end)->next;
    *end = list;
    list->sticky = sticky;
    list->detail = detail;
    list->place = p->rule->list_count++;
    const struct buffer_row *row = sticky_row(sticky);
    list->progress = row ? row->progress : 0;
    return list;
}

struct rule_list *parser_list(struct rule_parser *p)
{
    if (!p->list) {
        if (!p->payload)
            p->payload = parser_new_list(p, &sticky_payload, NULL);
        p->list = p->payload;
    }
    if (p->transform_count > 0 && p->list->step_count == 0) {
        struct rule_transform *copy = arena_array(p->arena, p->transform_count, sizeof *copy);
        memcpy(copy, p->transform, p->transform_count * sizeof *copy);
        p->list->transform = copy;
        p->list->transform_count = p->transform_count;
        p->transform_count = 0;
    }
    return p->list;
}

struct rule_list *parser_list_for(struct rule_parser *p, bool relative)
{
    bool moved = relative && !p->in_sticky && p->step_list && p->step_list->by_modifier;
    return moved ? p->step_list : parser_list(p);
}

void parser_add_step(struct rule_parser *p, struct rule_list *list, struct rule_step *step)
{
    (void)p;
    step->next = NULL;
    if (list->last_step)
        list->last_step->next = step;
    else
        list->step = step;
    list->last_step = step;
    list->step_count++;
}

static void take_out(struct rule_list *list, struct rule_step *step)
{
    struct rule_step **at = &list->step, *before = NULL;
    while (*at != step) {
        before = *at;
        at = &(*at)->next;
    }
    *at = step->next;
    if (list->last_step == step)
        list->last_step = before;
    list->step_count--;
}

/* The list that contents with this modifier share. */
static struct rule_list *modifier_list(struct rule_parser *p, const struct sticky *sticky)
{
    for (struct rule_list *l = p->rule->list; l; l = l->next)
        if (l->by_modifier && l->sticky == sticky)
            return l;
    struct rule_list *list = parser_new_list(p, sticky, NULL);
    list->by_modifier = true;
    return list;
}

int parser_move_step(struct rule_parser *p, const struct sticky *sticky, struct err *e)
{
    if (!p->step)
        return err_set(e, -EINVAL, "no content stands before it");
    if (p->step_list->by_modifier)
        return err_set(e, -EINVAL, "the content before it is in %s already",
                       p->step_list->sticky->name);
    const struct buffer_row *row = sticky_row(sticky);
    if (row && parser_proto(p, row->proto, row->also, e) < 0)
        return e->code;
    struct rule_list *list = modifier_list(p, sticky);
    take_out(p->step_list, p->step);
    parser_add_step(p, list, p->step);
    p->step_list = list;
    return 0;
}

struct rule_list *parser_add_tx_test(struct rule_parser *p, const struct sticky *sticky,
                                     bool (*holds)(const void *, const struct look *),
                                     const void *state)
{
    struct rule_list *list = parser_new_list(p, sticky, NULL);
    list->test = (struct rule_test){holds, state};
    return list;
}

int parser_var(const struct rule_parser *p, const char *name)
{
    for (int i = 0; i < p->rule->var_count; i++)
        if (strcmp(p->var[i], name) == 0)
            return p->dialect == RULE_SURICATA && p->in_sticky && p->list != p->var_list[i] &&
                           p->var_list[i] == p->payload
                       ? -1 /* the payload's are not known in other buffers */
                       : i;
    return -1;
}

int parser_new_var(struct rule_parser *p, const char *name, struct err *e)
{
    int known = parser_var(p, name);
    if (known >= 0)
        return known;
    if (p->rule->var_count == RULE_VAR_MAX)
        return err_set(e, -EINVAL, "more than %d variables", RULE_VAR_MAX);
    p->var_list[p->rule->var_count] = parser_list(p);
    p->var[p->rule->var_count] = name;
    return p->rule->var_count++;
}

/* HTTP of any version is the same protocol as one of its versions; the narrower one stays. */
static bool merge_proto(uint8_t *into, uint8_t proto)
{
    if (*into == proto || inspect_proto_covers(proto, *into))
        return true;
    if (!inspect_proto_covers(*into, proto))
        return false;
    *into = proto;
    return true;
}

int parser_proto(struct rule_parser *p, enum inspect_proto_id proto, enum inspect_proto_id also,
                 struct err *e)
{
    struct rule *r = p->rule;
    if (proto == INSPECT_UNKNOWN || p->dialect == RULE_SNORT3)
        return 0;
    bool within = also == INSPECT_UNKNOWN || inspect_proto_covers(proto, also);
    if (r->proto == INSPECT_UNKNOWN) {
        if (within) /* else one of two: the list itself knows */
            r->proto = (uint8_t)proto;
        return 0;
    }
    if ((also != INSPECT_UNKNOWN && r->proto == also) || merge_proto(&r->proto, (uint8_t)proto))
        return 0;
    return err_set(e, -EINVAL, "a rule for %s cannot look into %s", inspect_proto_name(r->proto),
                   inspect_proto_name(proto));
}

/* One option to its keyword. */
static int take_option(struct rule_parser *p, const struct rule_option *o, struct err *e)
{
    const struct ids_keyword *k = ids_keyword_find(p->set, o->name, p->dialect);
    if (!k)
        return err_set(e, -EINVAL, "unknown option \"%s\"", o->name);
    bool has = o->value && *o->value;
    if (k->value == KEYWORD_NEEDS_VALUE && !has)
        return err_set(e, -EINVAL, "%s: a value is missing", k->name);
    if (k->value == KEYWORD_NO_VALUE && has)
        return err_set(e, -EINVAL, "%s takes no value", k->name);
    if (k->parse(p, k, has ? o->value : NULL, e) < 0)
        return err_wrap(e, "%s", k->name);
    return 0;
}

static int take_options(struct rule_parser *p, char *text, size_t *at, size_t end, struct err *e)
{
    struct rule_option o;
    while (lexer_option(text, at, end, p->dialect == RULE_SNORT3, &o, e)) {
        size_t behind = *at;
        *at = o.at;
        if (take_option(p, &o, e) < 0)
            return e->code;
        if (p->skip)
            return 0;
        *at = behind;
    }
    return e->code;
}

/* The "(" behind the header; "$(NAME)" in a header is not it. */
static size_t find_options(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (text[i] == '(' && (i == 0 || text[i - 1] != '$'))
            return i;
    return len;
}

/* Does "requires" say that the rule is not for this program? */
static bool is_for_another(const char *options)
{
    const char *at = strstr(options, "requires:");
    if (!at || (at > options && at[-1] != ' ' && at[-1] != ';'))
        return false;
    OWN_MEM char *value = mem_copy_text(at + 9);
    value[strcspn(value, ";")] = '\0';
    struct err ignored = {0}; /* parse_requires tells it again */
    return requires_hold(value, &ignored) == 0;
}

static int parse_text(struct rule_parser *p, char *text, size_t len, size_t *at, struct err *e)
{
    size_t open = find_options(text, len);
    *at = 0;
    if (open == len &&
        p->dialect != RULE_SURICATA) /* Snort: a head alone is a rule without a sid */
        return err_set(e, -EINVAL, "no options, and so no sid");
    *at = len ? len - 1 : 0;
    if (open == len)
        return err_set(e, -EINVAL, "no options in parentheses");
    if (text[len - 1] != ')')
        return err_set(e, -EINVAL, "the options do not end with \")\"");
    text[open] = '\0';
    text[len - 1] = '\0';
    if (is_for_another(text + open + 1)) { /* its head may hold words of that version */
        p->skip = true;
        return 0;
    }
    if (header_parse(p, text, at, e) < 0)
        return e->code;
    *at = open + 1;
    if (take_options(p, text, at, len - 1, e) < 0)
        return e->code;
    *at = 0;
    return p->skip ? 0 : rule_finish(p, e);
}

int rule_parse(struct rule_set *set, const struct rule_text *text, enum rule_dialect dialect,
               const char *file, struct rule **out, struct err *e)
{
    struct rule *rule = arena_take(&set->arena, sizeof *rule);
    struct rule_parser p = {.set = set, .arena = &set->arena, .rule = rule, .dialect = dialect};
    size_t at = 0;
    *rule = (struct rule){.gid = 1,
                          .priority = 3,
                          .dialect = (uint8_t)dialect,
                          .text = text->text,
                          .file = file,
                          .line = text->line,
                          .msg = ""};
    if (parse_text(&p, arena_copy(&set->arena, text->text, text->len), text->len, &at, e) < 0) {
        struct rule_place place = lexer_place(text, at);
        return err_wrap(e, "line %u, column %u", place.line, place.column);
    }
    if (p.skip)
        return PARSE_SKIPPED;
    *out = rule;
    return PARSE_RULE;
}
