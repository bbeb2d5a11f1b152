/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A pattern becomes an expression in steps that look at its text, as fail2ban's do, because what
 * users write leans on them: a group is put around it if there is none, bounds at both ends if
 * there is no anchor, and "**" at an end says that there shall be none. */
#include "tool/ban/filter/date_template.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define EPOCH_TEXT      "\\d{10,11}\\b(?:\\.\\d{3,6})?"
#define LONG_EPOCH_TEXT "\\d{10,11}(?:\\d{3}(?:\\.\\d{1,6}|\\d{3})?)?"

/* ---- looking at texts of expressions ---- */

/* "(?iu)" at `at`: its length, or 0. */
static size_t flag_len(const char *at)
{
    size_t n = strncmp(at, "(?", 2) == 0 ? strspn(at + 2, "abcdefghijklmnopqrstuvwxyz") : 0;
    return n && at[2 + n] == ')' ? n + 3 : 0;
}

static bool has_group(const char *text)
{
    for (const char *at = strchr(text, '('); at; at = strchr(at + 1, '(')) {
        bool escaped = at > text && at[-1] == '\\';
        bool in_head = at - text >= 2 && at[-1] == '?' && at[-2] == '(';
        if (at[1] != '?' && !escaped && !in_head)
            return true;
    }
    return false;
}

/* Is there an anchor, or "**", at the begin? */
static bool is_bound_at_begin(const char *text)
{
    const char *at = text;
    for (;; at++) {
        const char *here = at + flag_len(at), *stars = here + strspn(here, "(");
        if (*here == '^' || strncmp(stars, "**", 2) == 0 || strncmp(here, "(^", 2) == 0 ||
            strncmp(here, "(?:^", 4) == 0)
            return true;
        if (*at != '(')
            return false;
    }
}

static bool ends_with(const char *text, size_t len, const char *end)
{
    size_t n = strlen(end);
    return len >= n && memcmp(text + len - n, end, n) == 0 &&
           !(len > n && text[len - n - 1] == '\\');
}

static bool is_bound_at_end(const char *text)
{
    size_t len = strlen(text), open = len;
    if (ends_with(text, len, "$") || ends_with(text, len, "$)") || ends_with(text, len, "\\b") ||
        ends_with(text, len, "\\s"))
        return true;
    while (open && text[open - 1] == ')')
        open--;
    return ends_with(text, open, "**");
}

static bool is_at_line_begin(const char *text)
{
    text += flag_len(text);
    if (*text == '^')
        return true;
    if (*text++ != '(')
        return false;
    text += strncmp(text, "?:", 2) == 0 ? 2 : 0;
    return text[0] == '^' && text[1] != '|';
}

static bool is_at_line_end(const char *text)
{
    size_t len = strlen(text);
    len -= len > 1 && text[len - 1] == ')' && text[len - 2] == '$';
    return len && text[len - 1] == '$' && !(len > 1 && strchr("\\|", text[len - 2]));
}

/* Without the "**" at its ends. */
static void strip_stars(struct str *s)
{
    const char *text = str_text(s);
    size_t at = strspn(text, "(");
    at += flag_len(text + at);
    at += strspn(text + at, "(");
    if (strncmp(text + at, "**", 2) == 0) {
        memmove(s->text + at, s->text + at + 2, s->len - at - 1);
        s->len -= 2;
    }
    size_t end = s->len;
    while (end && s->text[end - 1] == ')')
        end--;
    if (end >= 2 && ends_with(s->text, end, "**")) {
        memmove(s->text + end - 2, s->text + end, s->len - end + 1);
        s->len -= 2;
    }
}

static void put_group_around(const char *text, struct str *out)
{
    size_t head = flag_len(text), len = strlen(text);
    head += text[head] == '^';
    head += flag_len(text + head);
    bool dollar = len > head && text[len - 1] == '$';
    str_addf(out, "%.*s(%.*s)%s", (int)head, text, (int)(len - head - dollar), text + head,
             dollar ? "$" : "");
}

static const char *without_flags(const char *text, struct arena *arena, const char **out_flags)
{
    *out_flags = "";
    for (const char *at = strchr(text, '('); at; at = strchr(at + 1, '(')) {
        size_t n = flag_len(at);
        if (!n || (at > text && at[-1] == '\\'))
            continue;
        *out_flags = arena_copy(arena, at, n);
        return arena_print(arena, "%.*s%s", (int)(at - text), text, at + n);
    }
    return text;
}

static const char *strip(struct arena *arena, const char *text)
{
    size_t len;
    while (isspace((unsigned char)*text))
        text++;
    for (len = strlen(text); len && isspace((unsigned char)text[len - 1]);)
        len--;
    return arena_copy(arena, text, len);
}

/* ---- making one ---- */

static int set_rule(struct date_template *t, const char *text, enum date_bound begin,
                    enum date_bound end, struct arena *arena, struct err *e)
{
    const char *flags;
    text = without_flags(strip(arena, text), arena, &flags);
    bool bound_begin = begin != DATE_BOUND_NONE && !is_bound_at_begin(text);
    bool bound_end = end != DATE_BOUND_NONE && !is_bound_at_end(text);
    struct str out = str_of(0);
    if (bound_begin)
        str_add(&out, begin == DATE_BOUND_LINE ? "^(?:\\W{0,2})?" : "(?=^|\\b|\\W)");
    if (has_group(text))
        str_add(&out, text);
    else
        put_group_around(text, &out);
    if (bound_end)
        str_add(&out, "(?=\\b|\\W|$)");
    bool line = bound_begin && begin == DATE_BOUND_LINE;
    if (line && strncmp(t->name, "{^LN-BEG}", 9) != 0)
        t->name = arena_print(arena, "{^LN-BEG}%s", t->name);
    t->at_line_begin = line || is_at_line_begin(str_text(&out));
    t->at_line_end = is_at_line_end(str_text(&out));
    strip_stars(&out);
    const char *made = arena_print(arena, "%s%s", flags, str_text(&out));
    str_done(&out);
    struct rule_keys keys = {0};
    struct rule_how how = {0};
    int rc = rule_open(&t->rule, made, &how, &keys, arena, e);
    return rc < 0 ? err_wrap(e, "date pattern") : 0;
}

static void learn_fields(struct date_template *t)
{
    const struct pattern *p = &t->rule.pattern;
    for (size_t i = 0; i < p->name_count && t->field_count < DATE_FIELD_COUNT; i++) {
        int field = date_field_of_group(p->name[i].name);
        if (field < 0)
            continue;
        t->field[2 * t->field_count] = (uint8_t)field;
        t->field[2 * t->field_count++ + 1] = (uint8_t)p->name[i].group;
    }
}

int date_template_open(struct date_template *out, const char *pattern,
                       const struct date_rules *rules, struct arena *arena, struct err *e)
{
    struct date_template t = {.kind = DATE_PATTERN, .pattern = pattern, .weight = 1};
    enum date_bound begin = DATE_BOUND_WORD, end = DATE_BOUND_WORD;
    const char *bare = pattern;
    if (strncmp(bare, "{UNB}", 5) == 0) {
        bare += 5;
        begin = end = DATE_BOUND_NONE;
    }
    if (begin != DATE_BOUND_NONE && strncmp(bare, "{^LN-BEG}", 9) == 0) {
        bare += 9;
        begin = DATE_BOUND_LINE;
    }
    struct str text = str_of(0), name = str_of(0);
    if (date_fields_have_letters(bare))
        str_add(&text, "(?iu)");
    int rc = 0;
    if (!date_fields_write(bare, rules, &text, &name))
        rc = err_set(e, -EINVAL, "date pattern \"%.80s\": a '%%' that begins no field", pattern);
    t.name = arena_text(arena, str_text(&name));
    if (rc == 0)
        rc = set_rule(&t, str_text(&text), begin, end, arena, e);
    str_done(&text);
    str_done(&name);
    if (rc < 0)
        return rc;
    learn_fields(&t);
    *out = t;
    return 0;
}

/* {EPOCH} and {LEPOCH} in a pattern, in any case. */
static const char *put_epoch(const char *pattern, bool is_long, struct arena *arena)
{
    struct str out = str_of(0);
    while (*pattern) {
        size_t n = strncasecmp(pattern, "{EPOCH}", 7) == 0    ? 7
                   : strncasecmp(pattern, "{LEPOCH}", 8) == 0 ? 8
                                                              : 0;
        if (n && !(out.len && out.text[out.len - 1] == '\\')) {
            str_addf(&out, "(%s)", is_long ? LONG_EPOCH_TEXT : EPOCH_TEXT);
            pattern += n;
        } else {
            str_add_char(&out, *pattern++);
        }
    }
    const char *made = arena_text(arena, str_text(&out));
    str_done(&out);
    return made;
}

int date_template_open_number(struct date_template *out, enum date_kind kind, bool line_begin,
                              const char *pattern, struct arena *arena, struct err *e)
{
    struct date_template t = {.kind = kind, .weight = 1, .value_group = 1};
    const char *text = kind == DATE_LONG_EPOCH ? LONG_EPOCH_TEXT : EPOCH_TEXT;
    enum date_bound begin = line_begin ? DATE_BOUND_LINE : DATE_BOUND_NONE, end = DATE_BOUND_WORD;
    t.name = kind == DATE_TAI64N ? "TAI64N" : kind == DATE_EPOCH ? "Epoch" : "LongEpoch";
    if (kind == DATE_TAI64N) {
        text = "@[0-9a-f]{24}";
    } else if (pattern) {
        t.name = pattern;
        t.value_group = 2;
        text = put_epoch(pattern, kind == DATE_LONG_EPOCH, arena);
        if (!has_group(pattern))
            text = arena_print(arena, "(%s)", text);
        begin = DATE_BOUND_WORD;
    } else if (!line_begin) {
        /* at the line's begin, behind a bracket there, or in SELinux's audit(EPOCH.MS:SERIAL) */
        text = arena_print(arena, "((?:^|(?<=^\\[)|(?<=\\baudit\\())%s)", text);
    } else {
        text = arena_print(arena, "(%s)", text);
    }
    int rc = set_rule(&t, text, begin, end, arena, e);
    if (rc == 0)
        *out = t;
    return rc;
}

static bool digit_from(char c, char least, char most)
{
    return c >= least && c <= most;
}

bool date_syslog_read(const char *line, size_t len, struct date_text field[DATE_FIELD_COUNT])
{
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    if (len < DATE_SYSLOG_LEN + 2 || line[3] != ' ' || line[6] != ' ' || line[9] != ':' ||
        line[12] != ':' || line[15] != ' ')
        return false;
    bool day = line[4] == ' ' || line[4] == '0' ? digit_from(line[5], '1', '9')
               : line[4] == '3'                 ? digit_from(line[5], '0', '1')
                                : digit_from(line[4], '1', '2') && digit_from(line[5], '0', '9');
    bool hour = digit_from(line[7], '0', '1') ? digit_from(line[8], '0', '9')
                                              : line[7] == '2' && digit_from(line[8], '0', '3');
    bool rest = digit_from(line[10], '0', '5') && digit_from(line[11], '0', '9') &&
                digit_from(line[13], '0', '5') && digit_from(line[14], '0', '9');
    /* a year may follow, in a form that begins with a digit */
    if (!day || !hour || !rest || digit_from(line[16], '0', '9'))
        return false;
    size_t m = 0;
    while (m < 36 && memcmp(months + m, line, 3) != 0)
        m += 3;
    if (m == 36)
        return false;
    field[DATE_MONTH_SHORT] = (struct date_text){line, 3};
    field[DATE_DAY] = (struct date_text){line + 4, 2};
    field[DATE_HOUR] = (struct date_text){line + 7, 2};
    field[DATE_MINUTE] = (struct date_text){line + 10, 2};
    field[DATE_SECOND] = (struct date_text){line + 13, 2};
    return true;
}

void date_template_done(struct date_template *t)
{
    rule_done(&t->rule);
}

/* ---- reading ---- */

static bool number_moment(const struct date_template *t, const char *at, size_t len, double *out_s)
{
    char text[40] = "";
    if (len >= sizeof text)
        return false;
    memcpy(text, at, len);
    if (t->kind == DATE_TAI64N) {
        text[17] = '\0'; /* "@4", then 15 hexadecimal digits of seconds */
        *out_s = (double)strtoull(text + 2, NULL, 16);
        return true;
    }
    double value = strtod(text, NULL);
    if (t->kind == DATE_LONG_EPOCH && len >= 13)
        value /= len >= 16 && !strchr(text, '.') ? 1e6 : 1e3;
    *out_s = value;
    return true;
}

bool date_template_moment(const struct date_template *t, const struct regex_match *m,
                          const char *line, double now_s, const int *zone_minutes,
                          struct date_hour *hour, double *out_s)
{
    size_t from, to;
    if (t->kind != DATE_PATTERN)
        return regex_group(m, t->value_group, &from, &to) &&
               number_moment(t, line + from, to - from, out_s);
    struct date_text field[DATE_FIELD_COUNT] = {0};
    for (unsigned i = 0; i < t->field_count; i++)
        if (regex_group(m, t->field[2 * i + 1], &from, &to))
            field[t->field[2 * i]] = (struct date_text){line + from, to - from};
    return date_moment(field, now_s, zone_minutes, hour, out_s);
}
