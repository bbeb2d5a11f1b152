/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/ids/rule/limit.h"

#include <errno.h>
#include <string.h>

#include "tool/ids/rule/lexer.h"

static int read_name(const char *const *name, size_t count, const char *text)
{
    for (size_t i = 0; i < count; i++)
        if (name[i] && strcmp(name[i], text) == 0)
            return (int)i;
    return -1;
}

static int read_type(struct rule_limit *limit, const char *value, struct err *e)
{
    static const char *const type[] = {[LIMIT_LIMIT] = "limit",
                                       [LIMIT_THRESHOLD] = "threshold",
                                       [LIMIT_BOTH] = "both",
                                       [LIMIT_BACKOFF] = "backoff"};
    int kind = read_name(type, ARRAY_COUNT(type), value);
    if (kind < 0)
        return err_set(e, -EINVAL, "unknown type \"%s\"", value);
    limit->kind = (uint8_t)kind;
    return 0;
}

static int read_track(struct rule_limit *limit, const char *value, struct err *e)
{
    static const char *const track[] = {"by_src",  "by_dst",  "by_both",
                                        "by_rule", "by_flow", "by_either"};
    int which = read_name(track, ARRAY_COUNT(track), value);
    if (which < 0)
        return err_set(e, -EINVAL, "unknown track \"%s\"", value);
    limit->track = (uint8_t)which;
    return 0;
}

static int read_number(uint32_t *out, const char *what, const char *value, uint32_t least,
                       struct err *e)
{
    uint64_t number;
    if (!word_to_u64(value, &number) || number > UINT32_MAX || number < least)
        return err_set(e, -EINVAL, "%s wants a number from %u on", what, least);
    *out = (uint32_t)number;
    return 0;
}

int limit_read_word(struct rule_limit *limit, unsigned *seen, char *word, struct err *e)
{
    static const struct {
        const char *name;
        unsigned bit;
    } row[] = {{"type", LIMIT_SEEN_TYPE},
               {"track", LIMIT_SEEN_TRACK},
               {"count", LIMIT_SEEN_COUNT},
               {"seconds", LIMIT_SEEN_SECONDS},
               {"multiplier", LIMIT_SEEN_MULTIPLIER}};
    size_t len = strcspn(word, " \t:"), i = 0;
    while (i < ARRAY_COUNT(row) &&
           (strlen(row[i].name) != len || strncmp(row[i].name, word, len) != 0))
        i++;
    if (i == ARRAY_COUNT(row) || !word[len])
        return -ENOENT;
    if (*seen & row[i].bit)
        return err_set(e, -EINVAL, "%s is given twice", row[i].name);
    *seen |= row[i].bit;
    const char *value = word_trim(word + len + 1);
    switch (row[i].bit) {
    case LIMIT_SEEN_TYPE:
        return read_type(limit, value, e);
    case LIMIT_SEEN_TRACK:
        return read_track(limit, value, e);
    case LIMIT_SEEN_COUNT:
        return read_number(&limit->count, "count", value, 1, e);
    case LIMIT_SEEN_SECONDS:
        return read_number(&limit->seconds, "seconds", value, 0, e);
    default:
        return read_number(&limit->multiplier, "multiplier", value, 2, e);
    }
}
