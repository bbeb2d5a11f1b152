/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How long the buffer is: isdataat, bsize, urilen, bufferlen. */
#include <errno.h>
#include <string.h>

#include "tool/ids/keyword/keyword.h"
#include "tool/ids/look/number_range.h"

struct at_step {
    struct rule_step step;
    int64_t offset;
    int8_t var;
    bool index; /* Snort: N is an index from the cursor; Suricata: a number of bytes */
};

static bool at_holds(const struct rule_step *s, struct payload *p)
{
    const struct at_step *a = (const struct at_step *)s;
    int64_t at = a->var < 0 ? a->offset : (int64_t)p->var[a->var];
    if (s->relative)
        return (int64_t)p->cursor + at + a->index <= p->len && (int64_t)p->cursor + at >= 0;
    return at >= 0 && at < (int64_t)p->at + p->len;
}

static const struct step_kind at_kind = {.name = "isdataat", .holds = at_holds};

/* [!]N[,relative][,rawbytes] */
static int parse_at(struct rule_parser *p, const struct ids_keyword *k, char *value, struct err *e)
{
    struct at_step *a = parser_take(p, sizeof *a);
    char *rest = value, *number = word_next(&rest, ',');
    (void)k;
    a->step.kind = &at_kind;
    a->var = -1;
    a->index = p->dialect != RULE_SURICATA;
    if (*number == '!') {
        a->step.negated = true;
        number = word_trim(number + 1);
    }
    if (!word_to_i64(number, &a->offset)) {
        int var = parser_var(p, number);
        if (var < 0)
            return err_set(e, -EINVAL, "\"%s\" is neither a number nor a variable", number);
        a->var = (int8_t)var;
    }
    for (char *word; (word = word_next(&rest, ','));) {
        if (strcmp(word, "relative") == 0)
            a->step.relative = true;
        else if (strcmp(word, "rawbytes") != 0)
            return err_set(e, -EINVAL, "unknown word \"%s\"", word);
    }
    if (a->var < 0 && (a->offset < -65535 || a->offset > 65535))
        return err_set(e, -EINVAL, "%lld is out of range", (long long)a->offset);
    parser_add_step(p, parser_list_for(p, a->step.relative), &a->step);
    return 0;
}

struct length_step {
    struct rule_step step;
    struct number_range range;
};

static bool length_holds(const struct rule_step *s, struct payload *p)
{
    const struct length_step *l = (const struct length_step *)s;
    uint64_t len =
        s->relative ? p->len - (p->cursor < p->len ? p->cursor : p->len) : p->at + p->len;
    if (!p->whole && len <= l->range.high && !(l->range.high == UINT64_MAX && len >= l->range.low))
        return false; /* it may yet grow out of the range */
    return number_range_has(&l->range, len);
}

static const struct step_kind length_kind = {.name = "bsize", .holds = length_holds};

static struct length_step *new_length(struct rule_parser *p, char *value, struct err *e)
{
    struct length_step *l = parser_take(p, sizeof *l);
    l->step.kind = &length_kind;
    return number_range_parse(&l->range, value, p->dialect, UINT32_MAX, NULL, e) < 0 ? NULL : l;
}

static int parse_bsize(struct rule_parser *p, const struct ids_keyword *k, char *value,
                       struct err *e)
{
    (void)k;
    struct length_step *l = new_length(p, value, e);
    if (!l)
        return e->code;
    if (!p->in_sticky)
        return err_set(e, -EINVAL, "no buffer is chosen before it");
    parser_add_step(p, parser_list(p), &l->step);
    return 0;
}

static int parse_bufferlen(struct rule_parser *p, const struct ids_keyword *k, char *value,
                           struct err *e)
{
    char *rest = value, *range = word_next(&rest, ','), *word = word_next(&rest, ',');
    (void)k;
    struct length_step *l = new_length(p, range, e);
    if (!l)
        return e->code;
    if (word && strcmp(word, "relative") != 0)
        return err_set(e, -EINVAL, "unknown word \"%s\"", word);
    l->step.relative = word != NULL;
    parser_add_step(p, parser_list(p), &l->step);
    return 0;
}

/* urilen:RANGE[,raw|norm] */
static int parse_urilen(struct rule_parser *p, const struct ids_keyword *k, char *value,
                        struct err *e)
{
    char *rest = value, *range = word_next(&rest, ','), *word = word_next(&rest, ',');
    bool raw = word && strcmp(word, "raw") == 0;
    (void)k;
    if (word && !raw && strcmp(word, "norm") != 0)
        return err_set(e, -EINVAL, "unknown word \"%s\"", word);
    if (!word && p->dialect == RULE_SNORT2)
        raw = true; /* Snort 2 counts the URI as it was sent */
    struct length_step *l = new_length(p, range, e);
    const struct sticky *sticky = &sticky_tx[raw ? BUFFER_HTTP_URI_RAW : BUFFER_HTTP_URI];
    if (!l || parser_proto(p, INSPECT_HTTP_ANY, INSPECT_UNKNOWN, e) < 0)
        return e->code;
    struct rule_list *list = NULL;
    for (struct rule_list *at = p->rule->list; at; at = at->next)
        if (at->by_modifier && at->sticky == sticky)
            list = at;
    if (!list) {
        list = parser_new_list(p, sticky, NULL);
        list->by_modifier = true;
    }
    parser_add_step(p, list, &l->step);
    return 0;
}

static const struct ids_keyword keyword[] = {
    {"isdataat", RULE_ANY_DIALECT, KEYWORD_NEEDS_VALUE, parse_at, NULL,
     "isdataat:[!]N[,relative]; is there a byte"},
    {"bsize", RULE_SURICATA, KEYWORD_NEEDS_VALUE, parse_bsize, NULL,
     "bsize:RANGE; length of the chosen buffer"},
    {"bufferlen", RULE_SNORT3, KEYWORD_NEEDS_VALUE, parse_bufferlen, NULL,
     "bufferlen:RANGE[,relative]; length of the buffer, or of what is left of it"},
    {"urilen", RULE_SNORT2 | RULE_SURICATA, KEYWORD_NEEDS_VALUE, parse_urilen, NULL,
     "urilen:RANGE[,raw|norm]; length of the URI"},
};

const struct ids_keyword_family ids_keyword_size = {"size", "length of the buffer", keyword,
                                                    ARRAY_COUNT(keyword)};
