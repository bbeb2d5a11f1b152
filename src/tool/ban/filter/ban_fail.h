/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is known of one failure: the captured groups by key, the users that a connection tried, the
 * lines that show it.  Texts lie in one pool, so that a failure is kept and reused without many
 * small pieces of memory. */
#pragma once

#include "core/base/str.h"
#include "tool/ban/filter/rule.h"

enum { FAIL_POOL_MAX = 1 << 18, FAIL_LINES_MAX = 256, FAIL_USERS_MAX = 64 };

struct fail_text {
    uint32_t at, len; /* in the pool */
};

struct fail_line {
    struct fail_text text;      /* of the whole line, its date included */
    uint32_t date_at, date_len; /* in that text */
};

struct line_part { /* of a line: before the date, the date, behind it */
    const char *at[3];
    size_t len[3];
};

struct ban_fail {
    uint64_t set; /* bit a key: it has a value */
    struct fail_text value[RULE_KEYS_MAX];
    struct fail_text user[FAIL_USERS_MAX];
    uint32_t user_count;
    bool is_pending;                      /* a failure of which nobody knows yet whose it is */
    struct fail_line *line, *nofail_line; /* grown on demand */
    size_t line_count, line_capacity, nofail_count, nofail_capacity;
    struct str pool;
};

void ban_fail_init(struct ban_fail *f);
void ban_fail_reset(struct ban_fail *f); /* empty; the memory is kept */
void ban_fail_done(struct ban_fail *f);

static inline bool ban_fail_has(const struct ban_fail *f, unsigned key)
{
    return f->set >> key & 1;
}

/* Has a value that is not empty. */
static inline bool ban_fail_is(const struct ban_fail *f, unsigned key)
{
    return ban_fail_has(f, key) && f->value[key].len;
}

static inline const char *ban_fail_text(const struct ban_fail *f, struct fail_text t)
{
    return t.len ? f->pool.text + t.at : "";
}

void ban_fail_set(struct ban_fail *f, unsigned key, const char *text, size_t len);
static inline void ban_fail_clear(struct ban_fail *f, unsigned key)
{
    f->set &= ~(UINT64_C(1) << key);
}

void ban_fail_add_user(struct ban_fail *f, const char *text, size_t len); /* once each */

/* A line in three parts: before the date, the date, behind it. */
void ban_fail_add_line(struct ban_fail *f, bool nofail, const struct line_part *part);

/* All lines of one of the two lists to the end of the other. */
void ban_fail_move_lines(struct ban_fail *f, bool from_nofail);

/* Put all values of `from` over those of `f`. */
void ban_fail_merge(struct ban_fail *f, const struct ban_fail *from);
void ban_fail_copy(struct ban_fail *to, const struct ban_fail *from);
