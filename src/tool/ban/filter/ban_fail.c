/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/ban/filter/ban_fail.h"

#include <string.h>

#include "core/base/mem.h"

void ban_fail_init(struct ban_fail *f)
{
    memset(f, 0, sizeof *f);
    f->pool = str_of(FAIL_POOL_MAX);
}

void ban_fail_reset(struct ban_fail *f)
{
    f->set = 0;
    f->user_count = 0;
    f->is_pending = false;
    f->line_count = f->nofail_count = 0;
    str_reset(&f->pool);
}

void ban_fail_done(struct ban_fail *f)
{
    mem_free(f->line);
    mem_free(f->nofail_line);
    str_done(&f->pool);
    ban_fail_init(f);
}

static struct fail_text put(struct ban_fail *f, const char *text, size_t len)
{
    struct fail_text t = {(uint32_t)f->pool.len, (uint32_t)len};
    str_add_len(&f->pool, text, len);
    /* a connection that says more than a pool holds goes on without what does not fit */
    return f->pool.len == t.at + len ? t : (struct fail_text){0, 0};
}

void ban_fail_set(struct ban_fail *f, unsigned key, const char *text, size_t len)
{
    f->value[key] = put(f, text, len);
    f->set |= UINT64_C(1) << key;
}

void ban_fail_add_user(struct ban_fail *f, const char *text, size_t len)
{
    for (uint32_t i = 0; i < f->user_count; i++)
        if (f->user[i].len == len && memcmp(ban_fail_text(f, f->user[i]), text, len) == 0)
            return;
    if (f->user_count < FAIL_USERS_MAX)
        f->user[f->user_count++] = put(f, text, len);
}

static void append(struct ban_fail *f, bool nofail, struct fail_line line)
{
    if (nofail && f->nofail_count < FAIL_LINES_MAX) {
        MEM_GROW(f->nofail_line, f->nofail_count, f->nofail_capacity);
        f->nofail_line[f->nofail_count++] = line;
    } else if (!nofail && f->line_count < FAIL_LINES_MAX) {
        MEM_GROW(f->line, f->line_count, f->line_capacity);
        f->line[f->line_count++] = line;
    }
}

void ban_fail_add_line(struct ban_fail *f, bool nofail, const struct line_part *part)
{
    struct fail_line line = {.text = put(f, part->at[0], part->len[0]),
                             .date_at = (uint32_t)part->len[0],
                             .date_len = (uint32_t)part->len[1]};
    struct fail_text more[2] = {put(f, part->at[1], part->len[1]),
                                put(f, part->at[2], part->len[2])};
    line.text.at = (uint32_t)(f->pool.len - part->len[0] - more[0].len - more[1].len);
    line.text.len += more[0].len + more[1].len;
    if (!f->pool.full)
        append(f, nofail, line);
}

void ban_fail_move_lines(struct ban_fail *f, bool from_nofail)
{
    size_t count = from_nofail ? f->nofail_count : f->line_count;
    for (size_t i = 0; i < count; i++)
        append(f, !from_nofail, from_nofail ? f->nofail_line[i] : f->line[i]);
    *(from_nofail ? &f->nofail_count : &f->line_count) = 0;
}

static struct fail_line copy_line(struct ban_fail *to, const struct ban_fail *from,
                                  struct fail_line line)
{
    line.text = put(to, ban_fail_text(from, line.text), line.text.len);
    return line;
}

/* Throw out of the pool what nothing refers to any more. */
static void tidy(struct ban_fail *f)
{
    struct ban_fail *fresh = mem_zero(sizeof *fresh);
    ban_fail_init(fresh);
    for (uint64_t left = f->set; left; left &= left - 1) {
        unsigned key = (unsigned)__builtin_ctzll(left);
        ban_fail_set(fresh, key, ban_fail_text(f, f->value[key]), f->value[key].len);
    }
    for (uint32_t i = 0; i < f->user_count; i++)
        ban_fail_add_user(fresh, ban_fail_text(f, f->user[i]), f->user[i].len);
    for (size_t i = 0; i < f->line_count; i++)
        append(fresh, false, copy_line(fresh, f, f->line[i]));
    for (size_t i = 0; i < f->nofail_count; i++)
        append(fresh, true, copy_line(fresh, f, f->nofail_line[i]));
    fresh->is_pending = f->is_pending;
    ban_fail_done(f);
    *f = *fresh;
    mem_free(fresh);
}

void ban_fail_merge(struct ban_fail *f, const struct ban_fail *from)
{
    if (f->pool.len > FAIL_POOL_MAX / 2)
        tidy(f);
    for (uint64_t left = from->set; left; left &= left - 1) {
        unsigned key = (unsigned)__builtin_ctzll(left);
        ban_fail_set(f, key, ban_fail_text(from, from->value[key]), from->value[key].len);
    }
}

/* What lies in the pool unused is copied along: one copy is cheaper than many small ones. */
void ban_fail_copy(struct ban_fail *to, const struct ban_fail *from)
{
    ban_fail_reset(to);
    str_add_len(&to->pool, str_text(&from->pool), from->pool.len);
    to->set = from->set;
    for (uint64_t left = from->set; left; left &= left - 1) {
        unsigned key = (unsigned)__builtin_ctzll(left);
        to->value[key] = from->value[key];
    }
    to->user_count = from->user_count;
    memcpy(to->user, from->user, from->user_count * sizeof *to->user);
    for (size_t i = 0; i < from->line_count; i++)
        append(to, false, from->line[i]);
    for (size_t i = 0; i < from->nofail_count; i++)
        append(to, true, from->nofail_line[i]);
    to->is_pending = from->is_pending;
}
