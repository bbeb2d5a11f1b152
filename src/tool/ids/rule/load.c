/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/ids/rule/load.h"

#include <string.h>

#include "core/base/mem.h"
#include "tool/ids/rule/parser.h"

/* Which dialects a mark outside of quotes speaks for. */
struct mark {
    const char *text;
    enum rule_dialect dialect;
};

static bool starts_with(const char *at, const char *end, const char *word)
{
    size_t len = strlen(word);
    return (size_t)(end - at) >= len && memcmp(at, word, len) == 0;
}

/* A name of an option with a dot in it ("http.uri"), which only Suricata has. */
static bool is_dotted(const char *at, const char *end)
{
    bool dot = false;
    const char *start = at;
    for (; at < end && *at != ';' && *at != ':'; at++) {
        if (*at == '.')
            dot = true;
        else if (!((*at >= 'a' && *at <= 'z') || (*at >= '0' && *at <= '9') || *at == '_'))
            return false;
    }
    return dot && at > start;
}

static const struct mark mark[] = {
    {"service:", RULE_SNORT3},       {"bufferlen:", RULE_SNORT3},
    {"raw_data;", RULE_SNORT3},      {"http_raw_", RULE_SNORT3},
    {"http_param:", RULE_SNORT3},    {"js_data;", RULE_SNORT3},
    {"http_num_", RULE_SNORT3},      {"http_max_", RULE_SNORT3},
    {"http_header:", RULE_SNORT3},   {"http_uri:", RULE_SNORT3},
    {"http_trailer", RULE_SNORT3},   {"http_true_ip", RULE_SNORT3},
    {"http_version", RULE_SNORT3},   {"file_type:", RULE_SNORT3},
    {"regex:", RULE_SNORT3},         {"nocase;", RULE_SNORT2},
    {"depth:", RULE_SNORT2},         {"offset:", RULE_SNORT2},
    {"distance:", RULE_SNORT2},      {"within:", RULE_SNORT2},
    {"uricontent:", RULE_SNORT2},    {"fast_pattern;", RULE_SNORT2},
    {"rawbytes;", RULE_SNORT2},      {"urilen:", RULE_SNORT2},
    {"startswith;", RULE_SURICATA},  {"endswith;", RULE_SURICATA},
    {"bsize:", RULE_SURICATA},       {"xbits:", RULE_SURICATA},
    {"flowint:", RULE_SURICATA},     {"app-layer", RULE_SURICATA},
    {"noalert;", RULE_SURICATA},     {"decode-event", RULE_SURICATA},
    {"stream-event", RULE_SURICATA},
};

/* http_raw_uri and its like are contents' modifiers in Snort 2 and buffers in Snort 3: they tell
 * the one from the other only where no content stands before them. */
static bool is_weak(const char *text)
{
    return strncmp(text, "http_raw_", 9) == 0;
}

static enum rule_dialect guess_option(const char *at, const char *end, bool has_content)
{
    if (is_dotted(at, end))
        return RULE_SURICATA;
    for (size_t i = 0; i < ARRAY_COUNT(mark); i++)
        if (starts_with(at, end, mark[i].text) && !(is_weak(mark[i].text) && has_content))
            return mark[i].dialect;
    if (!has_content &&
        (starts_with(at, end, "http_uri;") || starts_with(at, end, "http_header;") ||
         starts_with(at, end, "http_client_body;") || starts_with(at, end, "http_method;") ||
         starts_with(at, end, "http_cookie;") || starts_with(at, end, "http_stat_")))
        return RULE_SNORT3;
    return 0;
}

/* content:"..." with modifiers behind a comma is Snort 3's. */
static const char *pass_quotes(const char *at, const char *end)
{
    for (at++; at < end && *at != '"'; at++)
        if (*at == '\\')
            at++;
    return at < end ? at : end;
}

enum rule_dialect rule_guess(const char *text, size_t len)
{
    const char *end = text + len, *at = memchr(text, '(', len);
    unsigned seen = 0;
    bool has_content = false, in_content = false;
    if (!at)
        return 0;
    size_t words = 0;
    for (const char *c = text; c < at; c++)
        words += *c != ' ' && (c + 1 == at || c[1] == ' ');
    if (words < 7)
        return RULE_SNORT3; /* a head without addresses */
    for (at++; at < end; at++) {
        while (at < end && (*at == ' ' || *at == '\t' || *at == '\n'))
            at++;
        seen |= guess_option(at, end, has_content);
        in_content = starts_with(at, end, "content:");
        has_content |= in_content;
        for (; at < end && *at != ';'; at++) {
            if (*at == '\\')
                at++;
            else if (*at == '"') {
                at = pass_quotes(at, end);
                if (in_content && at + 1 < end && at[1] == ',')
                    seen |= RULE_SNORT3;
            }
        }
    }
    if (seen & RULE_SNORT3)
        return RULE_SNORT3;
    return seen & RULE_SURICATA ? RULE_SURICATA : seen & RULE_SNORT2 ? RULE_SNORT2 : 0;
}

static void fault(struct rule_set *set, const char *file, unsigned line, const char *text)
{
    set->failed++;
    if (set->fault)
        set->fault(set->fault_ctx, file, line, text);
}

int rule_load_one(struct rule_set *set, const struct rule_text *text, enum rule_dialect dialect,
                  const char *file)
{
    struct err e = {0};
    struct rule *rule;
    int rc = rule_parse(set, text, dialect, file, &rule, &e);
    if (rc == PARSE_RULE)
        rc = rule_set_add(set, rule, &e);
    if (rc < 0)
        fault(set, file, text->line, e.text);
    else
        ++*(rc == PARSE_RULE ? &set->loaded : &set->skipped);
    return rc;
}

/* How a file's undecided rules are read: as most of its decided ones are, and Snort 2's words are
 * Suricata's, too. */
static enum rule_dialect file_dialect(const struct rule_set *set, const size_t votes[5])
{
    bool suricata = set->engine == RULE_ENGINE_SURICATA;
    size_t three = votes[RULE_SNORT3], two = votes[RULE_SNORT2] + votes[RULE_SURICATA];
    if (three > two)
        return RULE_SNORT3;
    if (votes[RULE_SURICATA] > 0 || suricata)
        return RULE_SURICATA;
    if (two > 0)
        return RULE_SNORT2;
    return suricata ? RULE_SURICATA : RULE_SNORT3;
}

struct pending {
    struct rule_text text;
    enum rule_dialect guess;
};

void rule_load(struct rule_set *set, char *text, size_t len, const char *file)
{
    struct rule_lexer lexer = lexer_of(rule_set_keep(set, text), len);
    struct pending *list = NULL;
    size_t count = 0, capacity = 0, votes[5] = {0};
    const char *name = arena_text(&set->arena, file);
    for (struct rule_text one; lexer_next(&lexer, &one); count++) {
        MEM_GROW(list, count, capacity);
        list[count] = (struct pending){one, rule_guess(one.text, one.len)};
        votes[list[count].guess]++;
    }
    enum rule_dialect most = file_dialect(set, votes);
    for (size_t i = 0; i < count; i++) {
        enum rule_dialect dialect = list[i].guess;
        if (dialect == 0 || (dialect == RULE_SNORT2 && most != RULE_SNORT3))
            dialect = most;
        rule_load_one(set, &list[i].text, dialect, name);
    }
    mem_free(list);
}
