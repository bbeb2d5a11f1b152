/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How often has a user asked for an operation within this second?  By user, not by connection: who
 * connects anew has no second purse. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum { RATE_ROW_MAX = 1024 };

struct rate_row {
    uid_t uid;
    uint16_t number;
    uint32_t count;
    uint64_t since_ns;
};

/* Zero is an empty table; at RATE_ROW_MAX the row that began first is used anew. */
struct rate_table {
    struct rate_row *row;
    size_t count, capacity;
};

/* Count one; false when `uid` has had `per_second` of `number` since its second began. */
bool rate_table_take(struct rate_table *t, uid_t uid, uint16_t number, uint32_t per_second,
                     uint64_t now_ns);
void rate_table_done(struct rate_table *t);
