/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/ids/conf/filter_conf.h"

#include <errno.h>
#include <string.h>

#include "core/base/mem.h"
#include "tool/ids/rule/action.h"
#include "tool/ids/rule/lexer.h"

void filter_conf_done(struct filter_conf *c)
{
    mem_free(c->filter);
    *c = (struct filter_conf){0};
}

static int read_id(const char *value, uint32_t *out, struct err *e)
{
    uint64_t number;
    if (!word_to_u64(value, &number) || number > UINT32_MAX)
        return err_set(e, -EINVAL, "\"%s\" is no number", value);
    *out = (uint32_t)number;
    return 0;
}

static int read_action(struct rule_limit *limit, const char *value, struct err *e)
{
    int action = rule_action_from_name(value, strlen(value));
    if (action < 0)
        return err_set(e, -EINVAL, "unknown action \"%s\"", value);
    limit->new_action = (uint8_t)action;
    limit->has_action = true;
    return 0;
}

static int read_addresses(struct rule_limit *limit, struct rule_set *set, const char *value,
                          struct err *e)
{
    return variable_addresses(&set->variable, value, &limit->addresses, e);
}

static int read_word(struct filter *f, struct rule_set *set, unsigned *seen, char *word,
                     struct err *e)
{
    int rc = limit_read_word(&f->limit, seen, word, e);
    if (rc != -ENOENT)
        return rc;
    char *value = word + strcspn(word, " \t:");
    if (*value) {
        *value = '\0';
        value = word_trim(value + 1);
    }
    if (strcmp(word, "gen_id") == 0)
        return read_id(value, &f->gid, e);
    if (strcmp(word, "sig_id") == 0)
        return read_id(value, &f->sid, e);
    if (strcmp(word, "ip") == 0 || strcmp(word, "apply_to") == 0)
        return read_addresses(&f->limit, set, value, e);
    if (strcmp(word, "new_action") == 0)
        return read_action(&f->limit, value, e);
    if (strcmp(word, "timeout") == 0)
        return read_id(value, &f->limit.timeout_s, e);
    return err_set(e, -EINVAL, "unknown word \"%s\"", word);
}

/* The next part of the line: commas inside of an address list do not end it. */
static char *next_part(char **rest)
{
    char *part = *rest, *c = part;
    int depth = 0;
    if (!part)
        return NULL;
    for (; *c && (*c != ',' || depth > 0); c++)
        depth += (*c == '[') - (*c == ']');
    *rest = *c ? c + 1 : NULL;
    *c = '\0';
    return word_trim(part);
}

int filter_conf_line(struct filter_conf *c, struct rule_set *set, char *line, unsigned number,
                     struct err *e)
{
    static const struct {
        const char *name;
        int kind;
    } row[] = {{"event_filter", -1},
               {"threshold", -1},
               {"rate_filter", LIMIT_RATE},
               {"suppress", LIMIT_SUPPRESS},
               {"detection_filter", LIMIT_DETECTION}};
    size_t len = strcspn(line, " \t"), i = 0;
    while (i < ARRAY_COUNT(row) &&
           (strlen(row[i].name) != len || strncmp(row[i].name, line, len) != 0))
        i++;
    if (i == ARRAY_COUNT(row))
        return -ENOENT;
    struct filter f = {.limit = {.track = TRACK_RULE}, .line = number};
    unsigned seen = 0;
    char *rest = line + len;
    for (char *part; (part = next_part(&rest));)
        if (*part && read_word(&f, set, &seen, part, e) < 0)
            return err_wrap(e, "%s", row[i].name);
    if (row[i].kind >= 0)
        f.limit.kind = (uint8_t)row[i].kind;
    unsigned need = row[i].kind == LIMIT_SUPPRESS ? 0
                    : row[i].kind == LIMIT_RATE
                        ? LIMIT_SEEN_TRACK | LIMIT_SEEN_COUNT | LIMIT_SEEN_SECONDS
                        : LIMIT_SEEN_TYPE | LIMIT_SEEN_TRACK | LIMIT_SEEN_COUNT;
    if ((seen & need) != need)
        return err_set(e, -EINVAL, "%s: type, track, count or seconds is missing", row[i].name);
    MEM_GROW(c->filter, c->count, c->capacity);
    c->filter[c->count++] = f;
    return 0;
}

int filter_conf_read(struct filter_conf *c, struct rule_set *set, char *text, const char *name,
                     struct err *e)
{
    unsigned number = 1;
    for (char *line = text, *next; line; line = next, number++) {
        unsigned first = number;
        char *end = strchr(line, '\n');
        while (end && end > line && end[-1] == '\\') { /* the line goes on */
            end[-1] = end[0] = ' ';
            number++;
            end = strchr(end, '\n');
        }
        next = end ? end + 1 : NULL;
        if (end)
            *end = '\0';
        line[strcspn(line, "#")] = '\0';
        line = word_trim(line);
        if (!*line)
            continue;
        int rc = filter_conf_line(c, set, line, first, e);
        if (rc == -ENOENT)
            return err_set(e, -EINVAL,
                           "%s:%u: neither threshold, event_filter, rate_filter nor "
                           "suppress",
                           name, first);
        if (rc < 0)
            return err_wrap(e, "%s:%u", name, first);
    }
    return 0;
}
