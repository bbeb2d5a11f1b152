/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The flow that a packet belongs to: direction and state, age, size, what its stream holds. */
#include <errno.h>
#include <string.h>

#include "core/base/clock.h"
#include "tool/ids/keyword/keyword.h"
#include "tool/ids/look/look.h"
#include "tool/ids/look/number_range.h"

static const struct {
    const char *word;
    uint16_t bit;
    uint16_t against; /* bits it contradicts */
} flow_row[] = {
    {"to_server", RULE_TO_SERVER, RULE_TO_CLIENT},
    {"toserver", RULE_TO_SERVER, RULE_TO_CLIENT},
    {"from_client", RULE_TO_SERVER, RULE_TO_CLIENT},
    {"to_client", RULE_TO_CLIENT, RULE_TO_SERVER},
    {"toclient", RULE_TO_CLIENT, RULE_TO_SERVER},
    {"from_server", RULE_TO_CLIENT, RULE_TO_SERVER},
    {"established", RULE_ESTABLISHED, RULE_NOT_ESTABLISHED | RULE_STATELESS},
    {"not_established", RULE_NOT_ESTABLISHED, RULE_ESTABLISHED | RULE_STATELESS},
    {"stateless", RULE_STATELESS, RULE_ESTABLISHED | RULE_NOT_ESTABLISHED},
    {"only_stream", RULE_ONLY_STREAM, RULE_NO_STREAM},
    {"no_stream", RULE_NO_STREAM, RULE_ONLY_STREAM},
    {"only_frag", RULE_ONLY_FRAG, RULE_NO_FRAG},
    {"no_frag", RULE_NO_FRAG, RULE_ONLY_FRAG},
};

static int parse_flow(struct rule_parser *p, const struct ids_keyword *k, char *value,
                      struct err *e)
{
    (void)k;
    for (char *word; (word = word_next(&value, ','));) {
        size_t i = 0;
        while (i < ARRAY_COUNT(flow_row) && strcmp(flow_row[i].word, word) != 0)
            i++;
        if (i == ARRAY_COUNT(flow_row))
            return err_set(e, -EINVAL, "unknown word \"%s\"", word);
        if (p->rule->flow & flow_row[i].against)
            return err_set(e, -EINVAL, "\"%s\" contradicts what stands before it", word);
        p->rule->flow |= flow_row[i].bit;
    }
    return 0;
}

enum measure { MEASURE_AGE, MEASURE_PACKETS, MEASURE_BYTES };

struct measure_test {
    struct number_range range;
    uint8_t what;
    bool side[FLOW_SIDES], either;
};

static bool measure_holds(const void *state, const struct look *look)
{
    const struct measure_test *t = state;
    const struct flow *f = look->flow;
    if (!f)
        return false;
    if (t->what == MEASURE_AGE)
        return number_range_has(&t->range, (f->last_ns - f->first_ns) / NS_PER_S);
    const uint64_t *value = t->what == MEASURE_PACKETS ? f->packets : f->bytes;
    if (t->either)
        return number_range_has(&t->range, value[0]) || number_range_has(&t->range, value[1]);
    uint64_t sum = (t->side[0] ? value[0] : 0) + (t->side[1] ? value[1] : 0);
    return number_range_has(&t->range, sum);
}

struct measure_kind {
    uint8_t what;
    int8_t side; /* -1: the value begins with it */
};

static int parse_measure(struct rule_parser *p, const struct ids_keyword *k, char *value,
                         struct err *e)
{
    const struct measure_kind *kind = k->detail;
    struct measure_test *t = parser_take(p, sizeof *t);
    char *rest = value;
    t->what = kind->what;
    if (kind->side >= 0) {
        t->side[kind->side] = true;
    } else if (kind->what != MEASURE_AGE) {
        const char *side = word_next(&rest, ',');
        t->side[FLOW_TO_SERVER] = strcmp(side, "toserver") == 0 || strcmp(side, "both") == 0;
        t->side[FLOW_TO_CLIENT] = strcmp(side, "toclient") == 0 || strcmp(side, "both") == 0;
        t->either = strcmp(side, "either") == 0;
        if (!rest || (!t->side[0] && !t->side[1] && !t->either))
            return err_set(e, -EINVAL, "it is toserver|toclient|either|both,RANGE");
    }
    if (number_range_parse(&t->range, rest, p->dialect, UINT32_MAX, NULL, e) < 0)
        return e->code;
    parser_add_test(p, measure_holds, t);
    return 0;
}

struct size_test {
    struct number_range range;
    bool side[FLOW_SIDES], either;
};

static bool size_holds(const void *state, const struct look *look)
{
    const struct size_test *t = state;
    if (!look->flow || !look->flow->stream)
        return false;
    bool in[FLOW_SIDES];
    for (int side = 0; side < FLOW_SIDES; side++)
        in[side] =
            number_range_has(&t->range, stream_size(look->flow->stream, (enum flow_side)side));
    if (t->either)
        return in[0] || in[1];
    return (!t->side[0] || in[0]) && (!t->side[1] || in[1]);
}

static int read_side(const char *word, struct size_test *t)
{
    t->side[FLOW_TO_SERVER] = strcmp(word, "client") == 0 || strcmp(word, "to_server") == 0;
    t->side[FLOW_TO_CLIENT] = strcmp(word, "server") == 0 || strcmp(word, "to_client") == 0;
    t->either = strcmp(word, "either") == 0;
    if (strcmp(word, "both") == 0)
        t->side[0] = t->side[1] = true;
    return t->side[0] || t->side[1] || t->either ? 0 : -EINVAL;
}

/* SIDE,OPERATOR,N; in Snort 3 RANGE[,to_server|to_client|either|both] */
static int parse_size(struct rule_parser *p, const struct ids_keyword *k, char *value,
                      struct err *e)
{
    struct size_test *t = parser_take(p, sizeof *t);
    char *rest = value, *first = word_next(&rest, ','), *second = word_next(&rest, ',');
    char *third = word_next(&rest, ','), *range = first;
    (void)k;
    if (third) {
        range = arena_print(p->arena, "%s%s", strcmp(second, "=") == 0 ? "" : second, third);
        second = first;
    }
    if (!second)
        t->either = true;
    else if (read_side(second, t) < 0)
        return err_set(e, -EINVAL, "unknown side \"%s\"", second);
    if (number_range_parse(&t->range, range, p->dialect, UINT32_MAX, NULL, e) < 0)
        return e->code;
    parser_add_test(p, size_holds, t);
    return 0;
}

/* The rule's flow is not to be put together any further on some side. */
struct reassemble {
    bool disable;
    bool side[FLOW_SIDES];
};

static void reassemble_act(const void *state, struct look *look)
{
    const struct reassemble *r = state;
    if (look->flow && r->disable && r->side[FLOW_TO_SERVER] && r->side[FLOW_TO_CLIENT])
        look->flow->flag |= FLOW_APP_DONE;
}

static int parse_reassemble(struct rule_parser *p, const struct ids_keyword *k, char *value,
                            struct err *e)
{
    struct reassemble *r = parser_take(p, sizeof *r);
    (void)k;
    for (char *word; (word = word_next(&value, ','));) {
        if (strncmp(word, "action ", 7) == 0)
            word = word_trim(word + 7);
        if (strncmp(word, "direction ", 10) == 0)
            word = word_trim(word + 10);
        if (strcmp(word, "enable") == 0 || strcmp(word, "disable") == 0)
            r->disable = *word == 'd';
        else if (strcmp(word, "server") == 0)
            r->side[FLOW_TO_CLIENT] = true;
        else if (strcmp(word, "client") == 0)
            r->side[FLOW_TO_SERVER] = true;
        else if (strcmp(word, "both") == 0)
            r->side[0] = r->side[1] = true;
        else if (strcmp(word, "noalert") == 0)
            p->rule->trait |= RULE_NO_ALERT;
        else if (strcmp(word, "fastpath") != 0)
            return err_set(e, -EINVAL, "unknown word \"%s\"", word);
    }
    parser_add_deed(p, reassemble_act, r);
    return 0;
}

static const struct measure_kind age = {MEASURE_AGE, -1}, packets = {MEASURE_PACKETS, -1},
                                 packets_server = {MEASURE_PACKETS, FLOW_TO_SERVER},
                                 packets_client = {MEASURE_PACKETS, FLOW_TO_CLIENT},
                                 bytes = {MEASURE_BYTES, -1},
                                 bytes_server = {MEASURE_BYTES, FLOW_TO_SERVER},
                                 bytes_client = {MEASURE_BYTES, FLOW_TO_CLIENT};

#define MEASURE(word, kind, doc)                                                                   \
    {                                                                                              \
        word, RULE_SURICATA, KEYWORD_NEEDS_VALUE, parse_measure, &kind, doc                        \
    }

static const struct ids_keyword keyword[] = {
    {"flow", RULE_ANY_DIALECT, KEYWORD_NEEDS_VALUE, parse_flow, NULL,
     "flow:to_server|to_client|established|not_established|stateless|only_stream|no_stream[,...]"},
    MEASURE("flow.age", age, "flow.age:RANGE; seconds"),
    MEASURE("flow.pkts", packets, "flow.pkts:toserver|toclient|either|both,RANGE; packets"),
    MEASURE("flow.pkts_toserver", packets_server, "flow.pkts_toserver:RANGE; packets"),
    MEASURE("flow.pkts_toclient", packets_client, "flow.pkts_toclient:RANGE; packets"),
    MEASURE("flow.bytes", bytes, "flow.bytes:toserver|toclient|either|both,RANGE; bytes"),
    MEASURE("flow.bytes_toserver", bytes_server, "flow.bytes_toserver:RANGE; bytes"),
    MEASURE("flow.bytes_toclient", bytes_client, "flow.bytes_toclient:RANGE; bytes"),
    {"stream_size", RULE_ANY_DIALECT, KEYWORD_NEEDS_VALUE, parse_size, NULL,
     "stream_size:server|client|both|either,OPERATOR,N; bytes of the stream"},
    {"stream_reassemble", RULE_SNORT2 | RULE_SNORT3, KEYWORD_NEEDS_VALUE, parse_reassemble, NULL,
     "stream_reassemble:enable|disable,server|client|both[,noalert]; for the rest of the flow"},
};

const struct ids_keyword_family ids_keyword_flow = {"flow", "the flow of a packet", keyword,
                                                    ARRAY_COUNT(keyword)};
