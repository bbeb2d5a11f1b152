/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What rules tell one another: flowbits, flowint, hostbits, xbits. */
#include <errno.h>
#include <string.h>

#include "tool/ids/keyword/keyword.h"
#include "tool/ids/look/memory.h"

enum { BITS_MAX = 32, XBIT_EXPIRE_S = 30, HOSTBIT_EXPIRE_S = 300 };

enum verb { VERB_SET, VERB_UNSET, VERB_TOGGLE, VERB_ISSET, VERB_ISNOTSET, VERB_SETX, VERB_RESET };

static const struct {
    const char *name;
    enum verb verb;
} verb_row[] = {
    {"set", VERB_SET},     {"unset", VERB_UNSET},       {"toggle", VERB_TOGGLE},
    {"isset", VERB_ISSET}, {"isnotset", VERB_ISNOTSET}, {"isnoset", VERB_ISNOTSET},
    {"setx", VERB_SETX},   {"reset", VERB_RESET},
};

static int read_verb(const char *text, struct err *e)
{
    for (size_t i = 0; i < ARRAY_COUNT(verb_row); i++)
        if (strcmp(verb_row[i].name, text) == 0)
            return verb_row[i].verb;
    return err_set(e, -EINVAL, "unknown command \"%s\"", text);
}

static void bit_test(struct rule_parser *p, bool (*holds)(const void *, const struct look *),
                     const void *state)
{
    p->rule->trait |= RULE_ASKS_BITS;
    parser_add_test(p, holds, state);
}

static void bit_deed(struct rule_parser *p, void (*act)(const void *, struct look *),
                     const void *state)
{
    p->rule->trait |= RULE_SETS_BITS;
    parser_add_deed(p, act, state);
}

struct bits_state {
    uint8_t verb, count, track;
    bool all; /* "a&b" */
    uint32_t bit[BITS_MAX];
    uint32_t expire_s;
};

static bool flow_holds(const void *state, const struct look *look)
{
    const struct bits_state *s = state;
    bool any = false, all = true;
    for (uint8_t i = 0; i < s->count; i++) {
        bool on = memory_flow_bit(look, s->bit[i]);
        any |= on;
        all &= on;
    }
    bool holds = s->all ? all : any;
    return s->verb == VERB_ISSET ? holds : !holds;
}

static void flow_act(const void *state, struct look *look)
{
    const struct bits_state *s = state;
    for (uint8_t i = 0; i < s->count; i++)
        memory_set_flow_bit(look, s->bit[i],
                            s->verb == VERB_TOGGLE ? !memory_flow_bit(look, s->bit[i])
                                                   : s->verb == VERB_SET || s->verb == VERB_SETX);
}

static void flow_reset(const void *state, struct look *look)
{
    (void)state;
    for (uint32_t i = 0; i < look->memory->set->names[RULE_NAMES_FLOWBIT].count; i++)
        memory_set_flow_bit(look, i, false);
}

/* "a", "a|b", "a&b" */
static int read_names(struct rule_parser *p, struct bits_state *s, enum rule_names kind, char *text,
                      struct err *e)
{
    char separator = strchr(text, '&') ? '&' : '|';
    s->all = separator == '&';
    for (char *name; (name = word_next(&text, separator));) {
        if (!*name || strpbrk(name, " \t|&"))
            return err_set(e, -EINVAL, "\"%s\" is no name", name);
        if (s->count == BITS_MAX)
            return err_set(e, -EINVAL, "more than %d names", BITS_MAX);
        s->bit[s->count++] = rule_set_name(p->set, kind, name);
    }
    return 0;
}

static int parse_flowbits(struct rule_parser *p, const struct ids_keyword *k, char *value,
                          struct err *e)
{
    char *rest = value, *word = word_next(&rest, ','), *names = word_next(&rest, ',');
    (void)k;
    if (strcmp(word, "noalert") == 0 && !names) {
        p->rule->trait |= RULE_NO_ALERT;
        return 0;
    }
    int verb = read_verb(word, e);
    if (verb < 0)
        return verb;
    struct bits_state *s = parser_take(p, sizeof *s);
    s->verb = (uint8_t)verb;
    if (verb == VERB_RESET) {
        bit_deed(p, flow_reset, s);
        return 0;
    }
    if (!names)
        return err_set(e, -EINVAL, "a name is missing");
    if (read_names(p, s, RULE_NAMES_FLOWBIT, names, e) < 0)
        return e->code;
    if (s->count > 1 && !s->all && p->dialect == RULE_SURICATA &&
        (verb == VERB_SET || verb == VERB_UNSET || verb == VERB_TOGGLE))
        return err_set(e, -EINVAL, "\"a|b\" can only be asked for");
    if (verb == VERB_ISSET || verb == VERB_ISNOTSET)
        bit_test(p, flow_holds, s);
    else
        bit_deed(p, flow_act, s);
    return 0;
}

static bool host_holds(const void *state, const struct look *look)
{
    const struct bits_state *s = state;
    return memory_host_bit(look, (enum memory_track)s->track, s->bit[0]) == (s->verb == VERB_ISSET);
}

static void host_act(const void *state, struct look *look)
{
    const struct bits_state *s = state;
    enum memory_track track = (enum memory_track)s->track;
    bool on =
        s->verb == VERB_SET || (s->verb == VERB_TOGGLE && !memory_host_bit(look, track, s->bit[0]));
    memory_set_host_bit(look, track, s->bit[0], on ? s->expire_s : 0);
}

static void add_host_bit(struct rule_parser *p, const struct bits_state *s)
{
    if (s->verb == VERB_ISSET || s->verb == VERB_ISNOTSET)
        bit_test(p, host_holds, s);
    else
        bit_deed(p, host_act, s);
}

/* hostbits:VERB,NAME[,src|dst|both] */
static int parse_hostbits(struct rule_parser *p, const struct ids_keyword *k, char *value,
                          struct err *e)
{
    char *rest = value, *word = word_next(&rest, ','), *name = word_next(&rest, ',');
    char *end = word_next(&rest, ',');
    (void)k;
    if (strcmp(word, "noalert") == 0 && !name) {
        p->rule->trait |= RULE_NO_ALERT;
        return 0;
    }
    int verb = read_verb(word, e);
    if (verb < 0)
        return verb;
    if (verb > VERB_ISNOTSET || !name || !*name)
        return err_set(e, -EINVAL, "it is set|unset|toggle|isset|isnotset,NAME,src|dst");
    struct bits_state *s = parser_take(p, sizeof *s);
    s->verb = (uint8_t)verb;
    s->expire_s = HOSTBIT_EXPIRE_S;
    s->track = end && strcmp(end, "dst") == 0 ? MEMORY_DST : MEMORY_SRC;
    if (end && strcmp(end, "dst") != 0 && strcmp(end, "src") != 0)
        return err_set(e, -EINVAL, "\"%s\" is neither src nor dst", end);
    s->bit[s->count++] = rule_set_name(p->set, RULE_NAMES_HOSTBIT, name) | 1U << 31;
    add_host_bit(p, s);
    return 0;
}

/* xbits:VERB,NAME,track ip_src|ip_dst|ip_pair|tx[,expire S] */
static int parse_xbits(struct rule_parser *p, const struct ids_keyword *k, char *value,
                       struct err *e)
{
    static const char *const track[] = {"track ip_src", "track ip_dst", "track ip_pair"};
    char *rest = value, *word = word_next(&rest, ','), *name = word_next(&rest, ',');
    (void)k;
    int verb = read_verb(word, e);
    if (verb < 0)
        return verb;
    if (verb > VERB_ISNOTSET || !name || !*name)
        return err_set(e, -EINVAL, "it is set|unset|toggle|isset|isnotset,NAME,track WHOM");
    struct bits_state *s = parser_take(p, sizeof *s);
    bool tracked = false;
    s->verb = (uint8_t)verb;
    s->expire_s = XBIT_EXPIRE_S;
    for (char *item; (item = word_next(&rest, ','));) {
        uint64_t seconds;
        if (strncmp(item, "expire ", 7) == 0) {
            if (!word_to_u64(word_trim(item + 7), &seconds) || seconds == 0 || seconds > UINT32_MAX)
                return err_set(e, -EINVAL, "expire wants seconds above 0");
            s->expire_s = (uint32_t)seconds;
            continue;
        }
        for (unsigned i = 0; i < ARRAY_COUNT(track); i++)
            if (strcmp(track[i], item) == 0) {
                s->track = (uint8_t)i;
                tracked = true;
            }
    }
    if (!tracked)
        return err_set(e, -EINVAL, "it wants track ip_src, ip_dst or ip_pair");
    s->bit[s->count++] = rule_set_name(p->set, RULE_NAMES_XBIT, name);
    add_host_bit(p, s);
    return 0;
}

enum int_verb {
    INT_EQ,
    INT_NE,
    INT_LT,
    INT_LE,
    INT_GT,
    INT_GE,
    INT_SET,
    INT_ADD,
    INT_SUB,
    INT_ISSET,
    INT_NOTSET
};

struct int_state {
    uint8_t verb;
    uint32_t name;
    uint64_t value;
    int64_t other; /* another flowint in place of the value; -1: none */
};

static bool int_value(const struct flow_memory *f, uint32_t name, uint64_t *out)
{
    if (!f || !(f->number_set[name / 64] >> name % 64 & 1))
        return false;
    *out = f->number[name];
    return true;
}

static bool int_holds(const void *state, const struct look *look)
{
    const struct int_state *s = state;
    const struct flow_memory *f = memory_of_flow(look, false);
    uint64_t have = 0, want = s->value;
    bool is_set = int_value(f, s->name, &have);
    if (s->verb == INT_ISSET || s->verb == INT_NOTSET)
        return is_set == (s->verb == INT_ISSET);
    if (!is_set || (s->other >= 0 && !int_value(f, (uint32_t)s->other, &want)))
        return false;
    switch ((enum int_verb)s->verb) {
    case INT_EQ:
        return have == want;
    case INT_NE:
        return have != want;
    case INT_LT:
        return have < want;
    case INT_LE:
        return have <= want;
    case INT_GT:
        return have > want;
    default:
        return have >= want;
    }
}

static void int_act(const void *state, struct look *look)
{
    const struct int_state *s = state;
    struct flow_memory *f = memory_of_flow(look, true);
    uint64_t have = 0, value = s->value;
    if (!f || (s->other >= 0 && !int_value(f, (uint32_t)s->other, &value)))
        return;
    (void)int_value(f, s->name, &have); /* not set counts from 0 */
    f->number[s->name] = s->verb == INT_SET   ? value
                         : s->verb == INT_ADD ? have + value
                                              : have - value;
    f->number_set[s->name / 64] |= UINT64_C(1) << s->name % 64;
}

/* flowint:NAME,OPERATOR[,VALUE] */
static int parse_flowint(struct rule_parser *p, const struct ids_keyword *k, char *value,
                         struct err *e)
{
    static const struct {
        const char *text;
        enum int_verb verb;
    } row[] = {{"==", INT_EQ},
               {"!=", INT_NE},
               {"<", INT_LT},
               {"<=", INT_LE},
               {">", INT_GT},
               {">=", INT_GE},
               {"=", INT_SET},
               {"+", INT_ADD},
               {"-", INT_SUB},
               {"isset", INT_ISSET},
               {"isnotset", INT_NOTSET},
               {"notset", INT_NOTSET}};
    char *rest = value, *name = word_next(&rest, ','), *word = word_next(&rest, ',');
    char *number = word_next(&rest, ',');
    (void)k;
    size_t i = 0;
    while (word && i < ARRAY_COUNT(row) && strcmp(row[i].text, word) != 0)
        i++;
    if (!word || i == ARRAY_COUNT(row) || !*name)
        return err_set(e, -EINVAL, "it is NAME,OPERATOR[,VALUE]");
    struct int_state *s = parser_take(p, sizeof *s);
    s->verb = (uint8_t)row[i].verb;
    s->name = rule_set_name(p->set, RULE_NAMES_FLOWINT, name);
    s->other = -1;
    if (s->verb < INT_ISSET && (!number || !*number))
        return err_set(e, -EINVAL, "a value is missing");
    if (s->verb < INT_ISSET && !word_to_u64(number, &s->value))
        s->other = rule_set_name(p->set, RULE_NAMES_FLOWINT, number);
    if (s->verb >= INT_SET && s->verb <= INT_SUB)
        bit_deed(p, int_act, s);
    else
        bit_test(p, int_holds, s);
    return 0;
}

static const struct ids_keyword keyword[] = {
    {"flowbits", RULE_ANY_DIALECT, KEYWORD_NEEDS_VALUE, parse_flowbits, NULL,
     "flowbits:set|unset|toggle|isset|isnotset,NAME[|NAME]; flowbits:noalert; bits of the flow"},
    {"hostbits", RULE_SURICATA, KEYWORD_NEEDS_VALUE, parse_hostbits, NULL,
     "hostbits:set|unset|toggle|isset|isnotset,NAME[,src|dst]; bits of a host"},
    {"xbits", RULE_SURICATA, KEYWORD_NEEDS_VALUE, parse_xbits, NULL,
     "xbits:set|unset|toggle|isset|isnotset,NAME,track ip_src|ip_dst|ip_pair[,expire S]"},
    {"flowint", RULE_SURICATA, KEYWORD_NEEDS_VALUE, parse_flowint, NULL,
     "flowint:NAME,OPERATOR,VALUE; flowint:NAME,isset|notset; numbers of the flow"},
};

const struct ids_keyword_family ids_keyword_bits = {"bits", "what rules tell one another", keyword,
                                                    ARRAY_COUNT(keyword)};
