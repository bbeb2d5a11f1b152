/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pcre and regex.  Letters behind the second slash are Perl's, or say where to look: R from the
 * last match on; U, H, P and others name a buffer of HTTP.  Suricata's "name[, name]" behind the
 * pattern keeps groups as variables of the flow. */
#include <errno.h>
#include <string.h>

#include "core/match/regex.h"
#include "tool/ids/keyword/content.h"
#include "tool/ids/keyword/keyword.h"
#include "tool/ids/look/memory.h"

enum { CAPTURE_MAX = 8 };

struct pcre_step {
    struct rule_step step;
    const struct regex *regex;
    uint8_t capture_count;
    uint16_t group[CAPTURE_MAX];   /* of the pattern */
    uint32_t flowvar[CAPTURE_MAX]; /* its number */
    bool is_packet[CAPTURE_MAX];   /* pkt: instead of flow: */
    bool raw;
};

static bool pcre_find(const struct rule_step *s, struct payload *p, uint32_t *from)
{
    const struct pcre_step *r = (const struct pcre_step *)s;
    uint32_t base = s->relative ? p->cursor : 0;
    if (base > p->len || *from > p->len)
        return false;
    size_t start = *from > base ? *from - base : 0, at, end;
    struct regex_match *m = p->scratch->regex;
    if (regex_find(r->regex, m, p->data + base, p->len - base, start) != REGEX_YES ||
        !regex_group(m, 0, &at, &end))
        return false;
    p->cursor = base + (uint32_t)end;
    *from = base + (uint32_t)at + 1;
    for (uint8_t i = 0; i < r->capture_count; i++) {
        size_t group_at, group_end;
        if (regex_group(m, r->group[i], &group_at, &group_end))
            memory_keep_var(p->look, r->flowvar[i], r->is_packet[i], p->data + base + group_at,
                            group_end - group_at);
    }
    return true;
}

static const struct step_kind pcre_kind = {.name = "pcre", .find = pcre_find, .moves = true};

static const struct {
    char letter;
    unsigned flag; /* enum regex_flag */
} perl[] = {
    {'i', REGEX_CASELESS}, {'s', REGEX_DOTALL},   {'m', REGEX_MULTILINE},
    {'x', REGEX_EXTENDED}, {'A', REGEX_ANCHORED}, {'E', REGEX_DOLLAR_ENDONLY},
    {'G', REGEX_UNGREEDY},
};

static const struct {
    char letter;
    enum buffer_id buffer;
} place[] = {
    {'U', BUFFER_HTTP_URI},           {'I', BUFFER_HTTP_URI_RAW},  {'P', BUFFER_HTTP_REQUEST_BODY},
    {'Q', BUFFER_HTTP_RESPONSE_BODY}, {'H', BUFFER_HTTP_HEADER},   {'D', BUFFER_HTTP_HEADER_RAW},
    {'M', BUFFER_HTTP_METHOD},        {'C', BUFFER_HTTP_COOKIE},   {'K', BUFFER_HTTP_COOKIE},
    {'S', BUFFER_HTTP_STAT_CODE},     {'Y', BUFFER_HTTP_STAT_MSG}, {'V', BUFFER_HTTP_USER_AGENT},
    {'W', BUFFER_HTTP_HOST},          {'Z', BUFFER_HTTP_HOST_RAW},
};

struct options {
    unsigned flags;
    bool relative, raw;
    int buffer; /* enum buffer_id; -1: where the rule looks anyway */
};

static int read_letter(struct options *o, char letter, struct err *e)
{
    for (size_t i = 0; i < ARRAY_COUNT(perl); i++)
        if (perl[i].letter == letter) {
            o->flags |= perl[i].flag;
            return 0;
        }
    for (size_t i = 0; i < ARRAY_COUNT(place); i++)
        if (place[i].letter == letter) {
            if (o->buffer >= 0 && o->buffer != (int)place[i].buffer)
                return err_set(e, -EINVAL, "two buffers at once");
            o->buffer = place[i].buffer;
            return 0;
        }
    if (letter == 'R')
        o->relative = true;
    else if (letter == 'B')
        o->raw = true;
    else if (letter != 'O') /* O: no limit of its own; ours holds for all */
        return err_set(e, -EINVAL, "unknown letter \"%c\" behind the pattern", letter);
    return 0;
}

/* "/pattern/letters", in Snort also "m" and another mark in place of the slashes; behind a comma
 * the names that captures get (*out_captures, NULL: none). */
static int split(char *text, char **out_pattern, char **out_captures, struct options *o,
                 struct err *e)
{
    char mark = '/';
    o->buffer = -1;
    if (*text == 'm' && text[1]) {
        mark = text[1];
        text++;
    }
    char *end = strrchr(text, mark);
    if (*text != mark || end == text)
        return err_set(e, -EINVAL, "the pattern does not stand between slashes");
    *end = '\0';
    *out_pattern = text + 1;
    char *letters = end + 1, *comma = strchr(letters, ',');
    *out_captures = comma ? comma + 1 : NULL;
    if (comma)
        *comma = '\0';
    letters = word_trim(letters);
    for (const char *c = letters; *c; c++)
        if (read_letter(o, *c, e) < 0)
            return e->code;
    return 0;
}

/* "flow:name, pkt:other" behind the pattern: groups 1, 2 ... go there. */
static int read_captures(struct rule_parser *p, struct pcre_step *s, char *text, struct err *e)
{
    for (char *word; (word = word_next(&text, ','));) {
        if (s->capture_count == CAPTURE_MAX)
            return err_set(e, -EINVAL, "more than %d captures", CAPTURE_MAX);
        bool packet = strncmp(word, "pkt:", 4) == 0, flow = strncmp(word, "flow:", 5) == 0;
        if (!packet && !flow && strncmp(word, "alert:", 6) != 0)
            return err_set(e, -EINVAL, "a capture is flow:NAME, pkt:NAME or alert:NAME");
        unsigned n = s->capture_count++;
        s->group[n] = (uint16_t)(n + 1);
        s->is_packet[n] = !flow;
        s->flowvar[n] = rule_set_name(p->set, RULE_NAMES_FLOWVAR, strchr(word, ':') + 1);
    }
    return 0;
}

/* (?P<flow_name>...) and (?P<pkt_name>...) keep what they match as well. */
static int read_named(struct rule_parser *p, struct pcre_step *s, const char *pattern)
{
    for (const char *c = pattern; (c = strstr(c, "(?P<")) && s->capture_count < CAPTURE_MAX;) {
        c += 4;
        size_t len = strcspn(c, ">");
        char name[64];
        bool flow = strncmp(c, "flow_", 5) == 0, packet = strncmp(c, "pkt_", 4) == 0;
        if (len >= sizeof name || (!flow && !packet))
            continue;
        memcpy(name, c, len);
        name[len] = '\0';
        int group = regex_group_number(s->regex, name);
        if (group < 0)
            continue;
        unsigned n = s->capture_count++;
        s->group[n] = (uint16_t)group;
        s->is_packet[n] = packet;
        s->flowvar[n] = rule_set_name(p->set, RULE_NAMES_FLOWVAR, name + (flow ? 5 : 4));
    }
    return 0;
}

static int add_pcre(struct rule_parser *p, struct pcre_step *s, const struct options *o,
                    struct err *e)
{
    struct rule_list *list;
    s->step.kind = &pcre_kind;
    s->step.relative = o->relative;
    s->raw = o->raw;
    const struct sticky *chosen = p->in_sticky && p->list ? p->list->sticky : NULL;
    bool same =
        chosen && (chosen == &sticky_tx[o->buffer < 0 ? 0 : o->buffer] ||
                   (chosen->id == BUFFER_FILE_DATA && o->buffer == BUFFER_HTTP_RESPONSE_BODY));
    if (o->buffer < 0 || same) {
        list = parser_list_for(p, o->relative);
        parser_add_step(p, list, &s->step);
        p->step_list = list;
        return 0;
    }
    const struct sticky *sticky = &sticky_tx[o->buffer];
    const struct buffer_row *row = sticky_row(sticky);
    if (p->dialect == RULE_SNORT3 && chosen)
        return err_set(e, -EINVAL, "its letters name another buffer than the rule does");
    if (p->dialect == RULE_SURICATA && parser_proto(p, row->proto, row->also, e) < 0)
        return e->code;
    struct rule_list *found = NULL;
    for (struct rule_list *l = p->rule->list; l; l = l->next)
        if (l->by_modifier && l->sticky == sticky)
            found = l;
    list = found ? found : parser_new_list(p, sticky, NULL);
    list->by_modifier = true;
    parser_add_step(p, list, &s->step);
    p->step_list = list;
    return 0;
}

static int parse_pcre(struct rule_parser *p, const struct ids_keyword *k, char *value,
                      struct err *e)
{
    struct options o = {0};
    struct pcre_step *s = parser_take(p, sizeof *s);
    char *rest = value, *pattern, *captures;
    (void)k;
    if (*value == '!') {
        s->step.negated = true;
        rest = word_trim(value + 1);
    }
    char *text = word_unquote(rest);
    if (split(text ? text : rest, &pattern, &captures, &o, e) < 0)
        return e->code;
    struct regex *regex;
    if (rule_set_regex(p->set, pattern, o.flags, &regex, e) < 0)
        return e->code;
    s->regex = regex;
    p->step = NULL;
    if (captures && read_captures(p, s, captures, e) < 0)
        return e->code;
    read_named(p, s, pattern);
    return add_pcre(p, s, &o, e);
}

/* Snort 3's regex:"/.../i",fast_pattern,nocase: the same without Perl's dearer means. */
static int parse_regex(struct rule_parser *p, const struct ids_keyword *k, char *value,
                       struct err *e)
{
    struct options o = {0};
    struct pcre_step *s = parser_take(p, sizeof *s);
    char *rest = value, *text = word_next(&rest, ','), *pattern, *captures;
    (void)k;
    if (*text == '!') {
        s->step.negated = true;
        text = word_trim(text + 1);
    }
    text = word_unquote(text);
    if (!text)
        return err_set(e, -EINVAL, "not \"in quotes\"");
    if (split(text, &pattern, &captures, &o, e) < 0)
        return e->code;
    for (char *word; (word = word_next(&rest, ','));) {
        if (strcmp(word, "nocase") == 0)
            o.flags |= REGEX_CASELESS;
        else if (strcmp(word, "dotall") == 0)
            o.flags |= REGEX_DOTALL;
        else if (strcmp(word, "multiline") == 0)
            o.flags |= REGEX_MULTILINE;
        else if (strcmp(word, "relative") == 0)
            o.relative = true;
        else if (strcmp(word, "fast_pattern") != 0) /* a regex is no literal: nothing to prefer */
            return err_set(e, -EINVAL, "unknown modifier \"%s\"", word);
    }
    struct regex *regex;
    if (rule_set_regex(p->set, pattern, o.flags, &regex, e) < 0)
        return e->code;
    s->regex = regex;
    p->step = NULL;
    return add_pcre(p, s, &o, e);
}

static const struct ids_keyword keyword[] = {
    {"pcre", RULE_ANY_DIALECT, KEYWORD_NEEDS_VALUE, parse_pcre, NULL,
     "pcre:[!]\"/pattern/letters\"; a regular expression"},
    {"regex", RULE_SNORT3, KEYWORD_NEEDS_VALUE, parse_regex, NULL,
     "regex:\"/pattern/i\"[,nocase,dotall,multiline,relative]; a regular expression"},
};

const struct ids_keyword_family ids_keyword_pcre = {"pcre", "regular expressions", keyword,
                                                    ARRAY_COUNT(keyword)};
