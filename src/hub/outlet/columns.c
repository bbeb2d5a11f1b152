/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/outlet/columns.h"

#include <assert.h>

size_t columns_width(const char *text)
{
    size_t width = 0;
    for (; *text; text++)
        if (((unsigned char)*text & 0xc0) != 0x80) /* RFC 3629: all but the bytes that follow */
            width++;
    return width;
}

void columns_measure(struct columns *c, size_t column, const char *cell)
{
    assert(column < COLUMNS_MAX);
    size_t width = columns_width(cell);
    if (width > c->width[column])
        c->width[column] = width;
}

void columns_put(const struct columns *c, const char *const *cell, size_t count, struct str *out)
{
    assert(count <= COLUMNS_MAX);
    while (count > 0 && cell[count - 1][0] == '\0')
        count--;
    for (size_t i = 0; i < count; i++) {
        str_add(out, cell[i]);
        if (i + 1 == count)
            break;
        for (size_t pad = columns_width(cell[i]); pad <= c->width[i]; pad++)
            str_add_char(out, ' ');
    }
    str_add_char(out, '\n');
}
