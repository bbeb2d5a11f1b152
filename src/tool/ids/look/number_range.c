/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/ids/look/number_range.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

#include "tool/ids/rule/lexer.h"

struct reading {
    const struct number_name *name;
    uint64_t limit;
    struct err *e;
};

/* "5KiB" and its like */
static bool with_unit(char *text, uint64_t *out)
{
    static const struct number_name unit[] = {
        {"gib", 1 << 30}, {"mib", 1 << 20}, {"kib", 1 << 10},
        {"gb", 1 << 30},  {"mb", 1 << 20},  {"kb", 1 << 10},
    };
    size_t len = strlen(text);
    for (size_t i = 0; i < ARRAY_COUNT(unit); i++) {
        size_t unit_len = strlen(unit[i].name);
        if (len <= unit_len || strcasecmp(text + len - unit_len, unit[i].name) != 0)
            continue;
        text[len - unit_len] = '\0';
        uint64_t value;
        if (!word_to_u64(word_trim(text), &value) || value > UINT64_MAX / unit[i].value)
            return false;
        *out = value * unit[i].value;
        return true;
    }
    return false;
}

static int read_value(const struct reading *r, char *text, uint64_t *out)
{
    text = word_trim(text);
    for (const struct number_name *n = r->name; n && n->name; n++)
        if (strcasecmp(n->name, text) == 0) {
            *out = n->value;
            return 0;
        }
    if (!word_to_u64(text, out) && !with_unit(text, out))
        return err_set(r->e, -EINVAL, "\"%s\" is no number%s", text, r->name ? " or name" : "");
    if (*out > r->limit)
        return err_set(r->e, -EINVAL, "\"%s\" is out of range", text);
    return 0;
}

/* Everything above or below one number; nothing lies beyond the limits. */
static int read_one_sided(const struct reading *r, char *text, struct number_range *out)
{
    bool above = *text == '>', equal = text[1] == '=';
    uint64_t value;
    if (read_value(r, text + 1 + equal, &value) < 0)
        return r->e->code;
    if (!equal && value == (above ? r->limit : 0))
        return err_set(r->e, -EINVAL, "no number is %s %s", above ? "above" : "below", text + 1);
    out->low = above ? value + !equal : 0;
    out->high = above ? UINT64_MAX : value - !equal;
    return 0;
}

static int read_two_sided(const struct reading *r, char *text, char *mark, size_t mark_len,
                          bool inclusive, struct number_range *out)
{
    uint64_t low, high;
    *mark = '\0';
    char *from = word_trim(text), *to = word_trim(mark + mark_len);
    low = 0;
    high = r->limit;
    if ((*from && read_value(r, from, &low) < 0) || (*to && read_value(r, to, &high) < 0))
        return r->e->code;
    if (!*from && !*to)
        return err_set(r->e, -EINVAL, "a range without numbers");
    if (low > high || (!inclusive && low == high))
        return err_set(r->e, -EINVAL, "the range is upside down");
    bool open_low = !inclusive && *from, open_high = !inclusive && *to;
    out->low = low + open_low; /* "7<>8" leaves nothing, and is not refused: rules have it */
    out->high = high - open_high;
    return 0;
}

/* "&0xc0=0x80", "!&0x80" (no bit of it), "&0x80" (any bit of it) */
static int read_mask(const struct reading *r, char *text, struct number_range *out)
{
    char *equal = strchr(text, '=');
    bool unequal = equal && equal > text && equal[-1] == '!';
    uint64_t value;
    if (equal) {
        *equal = '\0';
        equal[-(int)unequal] = '\0';
    }
    if (read_value(r, text + 1, &out->mask) < 0)
        return r->e->code;
    if (out->mask == 0)
        return err_set(r->e, -EINVAL, "an empty mask");
    if (!equal) {
        out->low = 1;
        out->high = UINT64_MAX;
        return 0;
    }
    if (read_value(r, equal + 1, &value) < 0)
        return r->e->code;
    out->low = out->high = value;
    out->negated ^= unequal;
    return 0;
}

int number_range_parse(struct number_range *out, char *text, enum rule_dialect dialect,
                       uint64_t limit, const struct number_name *name, struct err *e)
{
    struct reading r = {name, limit, e};
    struct number_range made = {0};
    char *mark;
    int rc;
    text = word_trim(text);
    if (*text == '!') {
        made.negated = true;
        text = word_trim(text + 1);
    }
    if (*text == '=')
        text = word_trim(text + 1);
    if ((mark = strstr(text, "<=>")))
        rc = read_two_sided(&r, text, mark, 3, true, &made);
    else if ((mark = strstr(text, "<>")))
        rc = read_two_sided(&r, text, mark, 2, dialect == RULE_SNORT2, &made);
    else if (*text == '>' || *text == '<')
        rc = read_one_sided(&r, text, &made);
    else if (*text == '&')
        rc = read_mask(&r, text, &made);
    else if (!name && (mark = strchr(text, '-')))
        rc = read_two_sided(&r, text, mark, 1, dialect == RULE_SNORT2, &made);
    else if ((rc = read_value(&r, text, &made.low)) == 0)
        made.high = made.low;
    if (rc == 0)
        *out = made;
    return rc;
}
