/* SPDX-License-Identifier: GPL-3.0-or-later */
/* content and its modifiers: bytes at a place.  Places are counted from the buffer's beginning
 * (offset, depth) or from the end of the match before (distance, within). */
#include "tool/ids/keyword/content.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

#include "tool/ids/keyword/keyword.h"

static int hex_digit(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

/* What stands between two bars; *text is moved behind the second one. */
static int decode_hex(const char **text, uint8_t *out, struct err *e)
{
    int count = 0, high = -1;
    const char *c = *text + 1;
    for (; *c && *c != '|'; c++) {
        if (*c == ' ')
            continue;
        int digit = hex_digit(*c);
        if (digit < 0)
            return err_set(e, -EINVAL, "\"%c\" is no hex digit", *c);
        if (high < 0) {
            high = digit;
            continue;
        }
        out[count++] = (uint8_t)(high << 4 | digit);
        high = -1;
    }
    if (!*c)
        return err_set(e, -EINVAL, "the hex part is not closed by \"|\"");
    if (high >= 0)
        return err_set(e, -EINVAL, "an odd number of hex digits");
    *text = c;
    return count;
}

int content_decode(const char *text, uint8_t *out, struct err *e)
{
    int len = 0;
    for (; *text; text++) {
        if (*text == '|') {
            int count = decode_hex(&text, out + len, e);
            if (count < 0)
                return count;
            len += count;
        } else if (*text == '"') {
            return err_set(e, -EINVAL, "a quote inside must be written \\\"");
        } else {
            if (*text == '\\' && text[1])
                text++;
            out[len++] = (uint8_t)*text;
        }
    }
    if (len == 0)
        return err_set(e, -EINVAL, "an empty content");
    if (len > CONTENT_LEN_MAX)
        return err_set(e, -EINVAL, "longer than %d bytes", CONTENT_LEN_MAX);
    return len;
}

static uint8_t lower(uint8_t c)
{
    return c >= 'A' && c <= 'Z' ? (uint8_t)(c + 32) : c;
}

static bool same_caseless(const uint8_t *data, const uint8_t *lowered, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (lower(data[i]) != lowered[i])
            return false;
    return true;
}

static const uint8_t *search_caseless(const uint8_t *data, size_t len, const uint8_t *lowered,
                                      size_t want)
{
    uint8_t last = lowered[want - 1];
    for (size_t i = want - 1; i < len; i++)
        if (lower(data[i]) == last && same_caseless(data + i + 1 - want, lowered, want))
            return data + i + 1 - want;
    return NULL;
}

/* The value of a bound, out of the rule or a variable. */
static int64_t bound_of(const struct content_step *c, enum content_bound b, const struct payload *p)
{
    if (c->var[b] < 0)
        return c->bound[b];
    uint64_t value = p->var[c->var[b]];
    return value > INT32_MAX ? INT32_MAX : (int64_t)value;
}

/* The window [*from, *to) of the data in which all of the content must lie. */
static bool window(const struct content_step *c, const struct payload *p, int64_t *from,
                   int64_t *to)
{
    *from = 0;
    *to = p->len;
    if (c->step.relative) {
        int64_t start = p->cursor;
        if (c->has & 1 << CONTENT_DISTANCE)
            start += bound_of(c, CONTENT_DISTANCE, p);
        if (c->has & 1 << CONTENT_WITHIN && start + bound_of(c, CONTENT_WITHIN, p) < *to)
            *to = start + bound_of(c, CONTENT_WITHIN, p);
        *from = start;
    }
    if (c->has & (1 << CONTENT_OFFSET | 1 << CONTENT_DEPTH)) {
        int64_t at = (int64_t)p->at;
        int64_t start = c->has & 1 << CONTENT_OFFSET ? bound_of(c, CONTENT_OFFSET, p) : 0;
        if (start - at > *from)
            *from = start - at;
        if (c->has & 1 << CONTENT_DEPTH && start + bound_of(c, CONTENT_DEPTH, p) - at < *to)
            *to = start + bound_of(c, CONTENT_DEPTH, p) - at;
    }
    if (*from < 0)
        *from = 0;
    return *to - *from >= c->len;
}

static bool content_find(const struct rule_step *s, struct payload *p, uint32_t *from)
{
    const struct content_step *c = (const struct content_step *)s;
    int64_t first, end;
    if (!window(c, p, &first, &end))
        return false;
    if (*from > first)
        first = *from;
    if (c->ends) {
        if (!p->whole || end < p->len)
            return false;
        if (first < end - c->len)
            first = end - c->len;
    }
    if (end - first < c->len)
        return false;
    const uint8_t *found =
        c->nocase ? search_caseless(p->data + first, (size_t)(end - first), c->bytes, c->len)
                  : memmem(p->data + first, (size_t)(end - first), c->bytes, c->len);
    if (!found)
        return false;
    uint32_t at = (uint32_t)(found - p->data);
    p->cursor = at + c->len;
    *from = at + 1;
    return true;
}

const struct step_kind content_kind = {.name = "content", .find = content_find, .moves = true};

static struct content_step *last_content(struct rule_parser *p, struct err *e)
{
    struct content_step *c = content_of(p->step);
    if (!c)
        err_set(e, -EINVAL, "no content stands before it");
    return c;
}

static int set_bound(struct rule_parser *p, struct content_step *c, enum content_bound b,
                     const char *value, struct err *e)
{
    static const char *const name[] = {"offset", "depth", "distance", "within"};
    int64_t number = 0;
    if (c->has & 1 << b)
        return err_set(e, -EINVAL, "%s is given twice", name[b]);
    if (c->starts && (b == CONTENT_OFFSET || b == CONTENT_DEPTH))
        return err_set(e, -EINVAL, "%s does not go with startswith", name[b]);
    c->var[b] = -1;
    if (!word_to_i64(value, &number)) {
        int var = parser_var(p, value);
        if (var < 0)
            return err_set(e, -EINVAL, "\"%s\" is neither a number nor a variable", value);
        c->var[b] = (int8_t)var;
    } else if (number > INT32_MAX / 2 || number < INT32_MIN / 2 ||
               (number < 0 && b != CONTENT_DISTANCE)) {
        if (p->dialect == RULE_SURICATA || number > INT32_MAX / 2 || number < INT32_MIN / 2)
            return err_set(e, -EINVAL, "%s is out of range", name[b]);
    }
    c->bound[b] = (int32_t)number;
    c->has |= (uint8_t)(1 << b);
    if (b == CONTENT_DISTANCE || b == CONTENT_WITHIN)
        c->step.relative = true;
    return 0;
}

static int set_fast(struct rule_parser *p, struct content_step *c, struct err *e)
{
    if (p->has_fast)
        return err_set(e, -EINVAL, "only one content of a rule can be the fast pattern");
    p->has_fast = true;
    c->fast = true;
    return 0;
}

void content_ignore_case(struct content_step *c)
{
    uint8_t *bytes = (uint8_t *)(uintptr_t)c->bytes;
    c->nocase = true;
    for (uint16_t i = 0; i < c->len; i++)
        bytes[i] = lower(bytes[i]);
}

/* "depth 5" and its like behind a content of Snort 3. */
static int take_modifier(struct rule_parser *p, struct content_step *c, char *word, struct err *e)
{
    static const char *const bound[] = {"offset", "depth", "distance", "within"};
    char *value = word + strcspn(word, " \t");
    if (*value) {
        *value = '\0';
        value = word_trim(value + 1);
    }
    for (int b = 0; b < CONTENT_BOUNDS; b++)
        if (strcmp(word, bound[b]) == 0)
            return set_bound(p, c, (enum content_bound)b, value, e);
    uint64_t number = 0;
    if (strcmp(word, "nocase") == 0)
        return content_ignore_case(c), 0;
    if (strcmp(word, "fast_pattern") == 0)
        return set_fast(p, c, e);
    if (strcmp(word, "fast_pattern_offset") == 0 && word_to_u64(value, &number) &&
        number < c->len) {
        c->fast_at = (uint16_t)number;
        if (c->fast_len == 0)
            c->fast_len = (uint16_t)(c->len - number);
        return 0;
    }
    if (strcmp(word, "fast_pattern_length") == 0 && word_to_u64(value, &number) && number > 0 &&
        number <= c->len) {
        c->fast_len = (uint16_t)number;
        return 0;
    }
    if (strcmp(word, "width") == 0 || strcmp(word, "endian") == 0 || strcmp(word, "rawbytes") == 0)
        return 0; /* width and endian: of numbers in a plug-in's own use; bytes stay bytes */
    return err_set(e, -EINVAL, "unknown modifier \"%s\"", word);
}

static struct content_step *new_content(struct rule_parser *p, char *text, bool negated,
                                        struct err *e)
{
    uint8_t *bytes = parser_take(p, strlen(text) + 1);
    int len = content_decode(text, bytes, e);
    if (len < 0)
        return NULL;
    struct content_step *c = parser_take(p, sizeof *c);
    c->step.kind = &content_kind;
    c->step.negated = negated;
    c->bytes = bytes;
    c->len = (uint16_t)len;
    memset(c->var, -1, sizeof c->var);
    return c;
}

static int parse_content(struct rule_parser *p, const struct ids_keyword *k, char *value,
                         struct err *e)
{
    char *rest = value, *text = word_next(&rest, ',');
    bool negated = *text == '!';
    (void)k;
    if (negated)
        text = word_trim(text + 1);
    text = word_unquote(text);
    if (!text)
        return err_set(e, -EINVAL, "not \"in quotes\"");
    struct content_step *c = new_content(p, text, negated, e);
    if (!c)
        return e->code;
    for (char *word; (word = word_next(&rest, ','));)
        if (take_modifier(p, c, word, e) < 0)
            return e->code;
    struct rule_list *list = parser_list(p);
    if (list->step_count >= STEP_DEPTH_MAX)
        return err_set(e, -EINVAL, "more than %d steps in one buffer", STEP_DEPTH_MAX);
    if (list->wants_absent)
        return err_set(e, -EINVAL, "what is absent has no content");
    parser_add_step(p, list, &c->step);
    p->step = &c->step;
    p->step_list = list;
    return 0;
}

static int parse_uricontent(struct rule_parser *p, const struct ids_keyword *k, char *value,
                            struct err *e)
{
    if (parse_content(p, k, value, e) < 0)
        return e->code;
    return parser_move_step(p, &sticky_tx[BUFFER_HTTP_URI], e);
}

static int parse_bound(struct rule_parser *p, const struct ids_keyword *k, char *value,
                       struct err *e)
{
    enum content_bound bound = (enum content_bound)((uintptr_t)k->detail - 1);
    int64_t number;
    if (!p->step && p->hashed && word_to_i64(value, &number) && number >= -65535 && number <= 65535)
        return hash_set_offset(p->hashed, (int32_t)number, bound == CONTENT_DISTANCE);
    struct content_step *c = last_content(p, e);
    if (!c)
        return e->code;
    return set_bound(p, c, bound, value, e);
}

static int parse_nocase(struct rule_parser *p, const struct ids_keyword *k, char *value,
                        struct err *e)
{
    (void)k;
    (void)value;
    struct content_step *c = last_content(p, e);
    if (!c)
        return e->code;
    content_ignore_case(c);
    return 0;
}

static int parse_starts(struct rule_parser *p, const struct ids_keyword *k, char *value,
                        struct err *e)
{
    (void)k;
    (void)value;
    struct content_step *c = last_content(p, e);
    if (!c)
        return e->code;
    if (c->has || c->starts)
        return err_set(e, -EINVAL, "it does not go with offset, depth, distance or within");
    c->has = 1 << CONTENT_OFFSET | 1 << CONTENT_DEPTH;
    c->bound[CONTENT_DEPTH] = c->len;
    c->starts = true;
    return 0;
}

static int parse_ends(struct rule_parser *p, const struct ids_keyword *k, char *value,
                      struct err *e)
{
    (void)k;
    (void)value;
    struct content_step *c = last_content(p, e);
    if (!c)
        return e->code;
    c->ends = true;
    return 0;
}

/* "", "only" or "OFFSET,LENGTH" */
static int parse_fast(struct rule_parser *p, const struct ids_keyword *k, char *value,
                      struct err *e)
{
    (void)k;
    struct content_step *c = last_content(p, e);
    if (!c || set_fast(p, c, e) < 0)
        return e->code;
    if (!value)
        return 0;
    if (strcmp(value, "only") == 0) {
        if (c->step.negated || c->step.relative || c->has)
            return err_set(e, -EINVAL, "\"only\" does not go with a negated or placed content");
        c->fast_only = true;
        return 0;
    }
    char *rest = value, *from = word_next(&rest, ','), *len = word_next(&rest, ',');
    uint64_t at, count;
    if (!len || !word_to_u64(from, &at) || !word_to_u64(len, &count) || count == 0 ||
        at + count > c->len)
        return err_set(e, -EINVAL, "it is \"only\" or OFFSET,LENGTH within the content");
    c->fast_at = (uint16_t)at;
    c->fast_len = (uint16_t)count;
    return 0;
}

static int parse_rawbytes(struct rule_parser *p, const struct ids_keyword *k, char *value,
                          struct err *e)
{
    (void)k;
    (void)value;
    struct content_step *c = last_content(p, e);
    if (!c)
        return e->code;
    c->rawbytes = true;
    return 0;
}

/* Inline, the match would be written over; a sensor beside the line only knows that it would. */
static int parse_replace(struct rule_parser *p, const struct ids_keyword *k, char *value,
                         struct err *e)
{
    (void)k;
    struct content_step *c = last_content(p, e);
    char *text = word_unquote(value);
    if (!c)
        return e->code;
    if (!text)
        return err_set(e, -EINVAL, "not \"in quotes\"");
    int len = content_decode(text, parser_take(p, strlen(text) + 1), e);
    if (len < 0)
        return len;
    if (len != c->len)
        return err_set(e, -EINVAL, "it must be as long as the content before it");
    return 0;
}

#define BOUND(b) ((const void *)(uintptr_t)((b) + 1))

static const struct ids_keyword keyword[] = {
    {"content", RULE_ANY_DIALECT, KEYWORD_NEEDS_VALUE, parse_content, NULL,
     "content:[!]\"bytes |hex|\"; bytes that must (not) be there"},
    {"uricontent", RULE_SNORT2 | RULE_SURICATA, KEYWORD_NEEDS_VALUE, parse_uricontent, NULL,
     "uricontent:\"bytes\"; content in the normalised URI"},
    {"offset", RULE_ANY_DIALECT, KEYWORD_NEEDS_VALUE, parse_bound, BOUND(CONTENT_OFFSET),
     "offset:N; not before this byte of the buffer"},
    {"depth", RULE_ANY_DIALECT, KEYWORD_NEEDS_VALUE, parse_bound, BOUND(CONTENT_DEPTH),
     "depth:N; within so many bytes from the offset"},
    {"distance", RULE_ANY_DIALECT, KEYWORD_NEEDS_VALUE, parse_bound, BOUND(CONTENT_DISTANCE),
     "distance:N; not before so many bytes behind the match before"},
    {"within", RULE_ANY_DIALECT, KEYWORD_NEEDS_VALUE, parse_bound, BOUND(CONTENT_WITHIN),
     "within:N; ends at most so many bytes behind the match before"},
    {"nocase", RULE_ANY_DIALECT, KEYWORD_NO_VALUE, parse_nocase, NULL,
     "nocase; letters of either case"},
    {"startswith", RULE_SURICATA, KEYWORD_NO_VALUE, parse_starts, NULL,
     "startswith; at the beginning of the buffer"},
    {"endswith", RULE_SURICATA, KEYWORD_NO_VALUE, parse_ends, NULL,
     "endswith; at the end of the buffer"},
    {"fast_pattern", RULE_ANY_DIALECT, KEYWORD_MAY_HAVE_VALUE, parse_fast, NULL,
     "fast_pattern[:only|OFFSET,LENGTH]; the content to look for first"},
    {"rawbytes", RULE_ANY_DIALECT, KEYWORD_NO_VALUE, parse_rawbytes, NULL,
     "rawbytes; in the packet as it came"},
    {"replace", RULE_ANY_DIALECT, KEYWORD_NEEDS_VALUE, parse_replace, NULL,
     "replace:\"bytes\"; what inline use writes over the content"},
};

const struct ids_keyword_family ids_keyword_content = {"content", "bytes at a place", keyword,
                                                       ARRAY_COUNT(keyword)};
