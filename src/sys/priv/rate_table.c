/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sys/priv/rate_table.h"

#include "core/base/clock.h"
#include "core/base/mem.h"

static struct rate_row *row_of(struct rate_table *t, uid_t uid, uint16_t number)
{
    size_t oldest = 0;
    for (size_t i = 0; i < t->count; i++) {
        if (t->row[i].uid == uid && t->row[i].number == number)
            return &t->row[i];
        if (t->row[i].since_ns < t->row[oldest].since_ns)
            oldest = i;
    }
    if (t->count < RATE_ROW_MAX) {
        MEM_GROW(t->row, t->count, t->capacity);
        oldest = t->count++;
    }
    t->row[oldest] = (struct rate_row){.uid = uid, .number = number};
    return &t->row[oldest];
}

bool rate_table_take(struct rate_table *t, uid_t uid, uint16_t number, uint32_t per_second,
                     uint64_t now_ns)
{
    struct rate_row *row = row_of(t, uid, number);
    if (row->count == 0 || now_ns - row->since_ns >= NS_PER_S) {
        row->since_ns = now_ns;
        row->count = 0;
    }
    if (row->count >= per_second)
        return false;
    row->count++;
    return true;
}

void rate_table_done(struct rate_table *t)
{
    mem_free(t->row);
    *t = (struct rate_table){0};
}
