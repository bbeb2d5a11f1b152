/* SPDX-License-Identifier: GPL-3.0-or-later */
/* threshold, detection_filter and tag.  What they do is in detect/limit and the packet logger. */
#include "tool/ids/rule/limit.h"

#include <errno.h>
#include <string.h>

#include "tool/ids/keyword/keyword.h"

static int read_words(struct rule_limit *limit, unsigned *seen, char *value, struct err *e)
{
    for (char *word; (word = word_next(&value, ','));) {
        int rc = limit_read_word(limit, seen, word, e);
        if (rc == -ENOENT)
            return err_set(e, -EINVAL, "unknown word \"%s\"", word);
        if (rc < 0)
            return rc;
    }
    return 0;
}

static int take_limit(struct rule_parser *p, struct rule_limit *limit, struct err *e)
{
    if (p->rule->limit)
        return err_set(e, -EINVAL, "a rule has one of threshold and detection_filter, once");
    p->rule->limit = limit;
    return 0;
}

static int parse_threshold(struct rule_parser *p, const struct ids_keyword *k, char *value,
                           struct err *e)
{
    struct rule_limit *limit = parser_take(p, sizeof *limit);
    unsigned seen = 0, need = LIMIT_SEEN_TYPE | LIMIT_SEEN_TRACK | LIMIT_SEEN_COUNT;
    (void)k;
    if (read_words(limit, &seen, value, e) < 0)
        return e->code;
    need |= limit->kind == LIMIT_BACKOFF ? LIMIT_SEEN_MULTIPLIER : LIMIT_SEEN_SECONDS;
    if (seen != need)
        return err_set(e, -EINVAL,
                       limit->kind == LIMIT_BACKOFF ? "it wants type, track, count and multiplier"
                                                    : "it wants type, track, count and seconds");
    if (limit->kind == LIMIT_BACKOFF && limit->track != TRACK_FLOW)
        return err_set(e, -EINVAL, "backoff is tracked by_flow");
    return take_limit(p, limit, e);
}

static int parse_detection(struct rule_parser *p, const struct ids_keyword *k, char *value,
                           struct err *e)
{
    struct rule_limit *limit = parser_take(p, sizeof *limit);
    unsigned seen = 0;
    (void)k;
    if (read_words(limit, &seen, value, e) < 0)
        return e->code;
    if (seen != (LIMIT_SEEN_TRACK | LIMIT_SEEN_COUNT | LIMIT_SEEN_SECONDS))
        return err_set(e, -EINVAL, "it wants track, count and seconds");
    limit->kind = LIMIT_DETECTION;
    return take_limit(p, limit, e);
}

static int set_bound(struct rule_tag *tag, const char *unit, const char *number, struct err *e)
{
    uint64_t value;
    uint32_t *to = strcmp(unit, "packets") == 0   ? &tag->packets
                   : strcmp(unit, "seconds") == 0 ? &tag->seconds
                   : strcmp(unit, "bytes") == 0   ? &tag->bytes
                                                  : NULL;
    if (!to || !word_to_u64(number, &value) || value > UINT32_MAX)
        return err_set(e, -EINVAL, "\"%s %s\" is no bound", unit, number);
    *to = (uint32_t)value;
    return 0;
}

/* session|host,N,packets|seconds|bytes[,src|dst]; in Snort 3 session|host_src|host_dst,packets N */
static int parse_tag(struct rule_parser *p, const struct ids_keyword *k, char *value, struct err *e)
{
    struct rule_tag *tag = parser_take(p, sizeof *tag);
    char *rest = value, *whom = word_next(&rest, ',');
    (void)k;
    tag->host = strncmp(whom, "host", 4) == 0;
    tag->by_src = strcmp(whom, "host_dst") != 0;
    if (strcmp(whom, "session") != 0 && strcmp(whom, "host") != 0 &&
        strcmp(whom, "host_src") != 0 && strcmp(whom, "host_dst") != 0)
        return err_set(e, -EINVAL, "\"%s\" is neither session nor host", whom);
    for (char *word; (word = word_next(&rest, ','));) {
        char *space = strchr(word, ' ');
        if (strcmp(word, "src") == 0 || strcmp(word, "dst") == 0) {
            tag->by_src = *word == 's';
        } else if (space) {
            *space = '\0';
            if (set_bound(tag, word, word_trim(space + 1), e) < 0)
                return e->code;
        } else {
            char *unit = word_next(&rest, ',');
            if (!unit)
                return err_set(e, -EINVAL, "a unit is missing behind \"%s\"", word);
            if (set_bound(tag, unit, word, e) < 0)
                return e->code;
        }
    }
    if (p->dialect == RULE_SURICATA && !tag->host && !tag->packets && !tag->seconds && !tag->bytes)
        tag->packets = 256;
    p->rule->tag = tag;
    return 0;
}

static const struct ids_keyword keyword[] = {
    {"threshold", RULE_SNORT2 | RULE_SURICATA, KEYWORD_NEEDS_VALUE, parse_threshold, NULL,
     "threshold:type limit|threshold|both|backoff,track by_src|by_dst|by_both|by_rule|by_flow,"
     "count N,seconds S"},
    {"detection_filter", RULE_ANY_DIALECT, KEYWORD_NEEDS_VALUE, parse_detection, NULL,
     "detection_filter:track by_src|by_dst,count N,seconds S; match behind the Nth"},
    {"tag", RULE_ANY_DIALECT, KEYWORD_NEEDS_VALUE, parse_tag, NULL,
     "tag:session|host,N,packets|seconds|bytes[,src|dst]; log what follows"},
};

const struct ids_keyword_family ids_keyword_limit = {"limit", "how often alerts are told", keyword,
                                                     ARRAY_COUNT(keyword)};
