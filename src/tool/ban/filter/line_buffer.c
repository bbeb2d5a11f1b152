/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/ban/filter/line_buffer.h"

#include <string.h>

#include "core/base/mem.h"

void line_buffer_add(struct line_buffer *b, const struct line_part *part)
{
    size_t len = part->len[0] + part->len[1] + part->len[2];
    struct buffer_line line = {.text = mem_resize(NULL, len + 1, 1)};
    char *to = line.text;
    for (int i = 0; i < 3; i++) {
        line.len[i] = part->len[i];
        if (part->len[i])
            memcpy(to, part->at[i], part->len[i]);
        to += part->len[i];
    }
    *to = '\0';
    MEM_GROW(b->line, b->count, b->capacity);
    b->line[b->count++] = line;
}

void line_buffer_keep_last(struct line_buffer *b, size_t count)
{
    size_t drop = b->count > count ? b->count - count : 0;
    for (size_t i = 0; i < drop; i++)
        mem_free(b->line[i].text);
    if (drop)
        memmove(b->line, b->line + drop, (b->count - drop) * sizeof *b->line);
    b->count -= drop;
}

struct line_part buffer_line_part(const struct buffer_line *l)
{
    return (struct line_part){.at = {l->text, l->text + l->len[0], l->text + l->len[0] + l->len[1]},
                              .len = {l->len[0], l->len[1], l->len[2]}};
}

void line_buffer_copy(struct line_buffer *to, const struct line_buffer *from)
{
    line_buffer_keep_last(to, 0);
    for (size_t i = 0; i < from->count; i++) {
        struct line_part part = buffer_line_part(&from->line[i]);
        line_buffer_add(to, &part);
    }
}

void line_buffer_done(struct line_buffer *b)
{
    line_buffer_keep_last(b, 0);
    mem_free(b->line);
    *b = (struct line_buffer){0};
}

void line_buffer_join(const struct line_buffer *b, struct str *out)
{
    str_reset(out);
    for (size_t i = 0; i < b->count; i++) {
        struct line_part p = buffer_line_part(&b->line[i]);
        str_add_len(out, p.at[0], p.len[0]);
        str_add_len(out, p.at[2], p.len[2]);
        str_add_char(out, '\n');
    }
}

static size_t count_newlines(const char *text, size_t len)
{
    size_t count = 0;
    for (size_t i = 0; i < len; i++)
        count += text[i] == '\n';
    return count;
}

static bool is_line(const struct buffer_line *l, const char *text, size_t len)
{
    struct line_part p = buffer_line_part(l);
    return p.len[0] + p.len[2] == len && memcmp(p.at[0], text, p.len[0]) == 0 &&
           memcmp(p.at[2], text + p.len[0], p.len[2]) == 0;
}

/* Which lines of first..last stand in `skipped`, in its order. */
static void mark_skipped(const struct line_buffer *b, size_t first, size_t last,
                         const struct str *skipped, bool *is_skipped)
{
    size_t next = first;
    const char *at = str_text(skipped), *end = at + skipped->len;
    while (at < end) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        size_t len = newline ? (size_t)(newline - at) : (size_t)(end - at);
        for (size_t i = next; i < last; i++)
            if (!is_skipped[i] && is_line(&b->line[i], at, len)) {
                is_skipped[i] = true;
                next = i + 1;
                break;
            }
        at += len + 1;
    }
}

void line_buffer_split(const struct line_buffer *b, const struct str *joined, size_t from,
                       size_t to, const struct str *skipped, struct line_buffer *out_matched,
                       struct line_buffer *out_rest)
{
    const char *text = str_text(joined);
    size_t start = from + 1 < joined->len ? from + 1 : joined->len, end = to ? to - 1 : 0;
    while (start && text[start - 1] != '\n')
        start--;
    const char *newline = end < joined->len ? memchr(text + end, '\n', joined->len - end) : NULL;
    size_t first = count_newlines(text, start);
    size_t last = count_newlines(text, newline ? (size_t)(newline - text) + 1 : joined->len);
    last = last > b->count ? b->count : last;
    bool *is_skipped = mem_zero(b->count + 1);
    mark_skipped(b, first, last, skipped, is_skipped);
    line_buffer_keep_last(out_matched, 0);
    line_buffer_keep_last(out_rest, 0);
    /* the skipped lines go behind those that stand before the match, as fail2ban has them */
    for (int pass = 0; pass < 3; pass++)
        for (size_t i = 0; i < b->count; i++) {
            struct line_part part = buffer_line_part(&b->line[i]);
            bool inside = i >= first && i < last;
            if (pass == 0 && inside && !is_skipped[i])
                line_buffer_add(out_matched, &part);
            if ((pass == 0 && i < first) || (pass == 1 && inside && is_skipped[i]) ||
                (pass == 2 && i >= last && i >= first))
                line_buffer_add(out_rest, &part);
        }
    mem_free(is_skipped);
}
