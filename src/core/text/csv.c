/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/text/csv.h"

#include <string.h>

struct csv csv_of(const char *text, size_t len)
{
    struct csv c = {.pos = text, .end = text + len, .row = str_of(CSV_ROW_MAX)};
    if (len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
        c.pos += 3;
    return c;
}

void csv_done(struct csv *c)
{
    str_done(&c->row);
}

static void take_quoted(struct csv *c)
{
    for (c->pos++; c->pos < c->end; c->pos++) {
        if (*c->pos == '"' && (c->pos + 1 == c->end || c->pos[1] != '"')) {
            c->pos++;
            return;
        }
        c->pos += *c->pos == '"';
        str_add_char(&c->row, *c->pos);
    }
}

static void take_field(struct csv *c)
{
    if (c->count < CSV_COLUMNS_MAX)
        c->start[c->count++] = c->row.len;
    if (*c->pos == '"')
        take_quoted(c);
    while (c->pos < c->end && *c->pos != ',' && *c->pos != '\n') {
        if (*c->pos != '\r')
            str_add_char(&c->row, *c->pos);
        c->pos++;
    }
    str_add_len(&c->row, "", 1);
}

bool csv_next(struct csv *c)
{
    while (c->pos < c->end && (*c->pos == '\n' || *c->pos == '\r'))
        c->pos++;
    if (c->pos >= c->end)
        return false;
    str_reset(&c->row);
    c->count = 0;
    for (;;) {
        if (c->pos < c->end) {
            take_field(c);
        } else if (c->count < CSV_COLUMNS_MAX) { /* a comma was the last byte */
            c->start[c->count++] = c->row.len;
            str_add_len(&c->row, "", 1);
        }
        if (c->pos >= c->end || *c->pos == '\n')
            return true;
        c->pos++; /* the comma */
    }
}

const char *csv_field(const struct csv *c, int column)
{
    if (column < 0 || (size_t)column >= c->count || c->start[column] >= c->row.len)
        return NULL;
    return c->row.text + c->start[column];
}

int csv_column(const struct csv *c, const char *name)
{
    for (size_t i = 0; i < c->count; i++) {
        const char *field = csv_field(c, (int)i);
        if (field && strcmp(field, name) == 0)
            return (int)i;
    }
    return -1;
}
