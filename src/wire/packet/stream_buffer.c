/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wire/packet/stream_buffer.h"

#include <string.h>
#include <strings.h>

#include "core/base/attr.h"
#include "core/base/mem.h"

static const char *const policy_name[STREAM_POLICIES] = {
    "first",  "last", "bsd",   "old-linux", "linux", "solaris",    "hpux10",
    "hpux11", "irix", "macos", "windows",   "vista", "windows2k3", "old-solaris",
};

int stream_policy_find(const char *name)
{
    for (int i = 0; i < STREAM_POLICIES; i++)
        if (strcasecmp(policy_name[i], name) == 0)
            return i;
    return -1;
}

/* ---- blocks ---- */

static size_t class_size(uint8_t class)
{
    return (size_t)STREAM_BLOCK_MIN << class;
}

static uint8_t *block_take(struct stream_store *store, uint8_t class)
{
    size_t size = class_size(class);
    if (store->bytes + size > store->bytes_max)
        return NULL;
    store->bytes += size;
    struct stream_block *block = store->free[class];
    if (block) {
        store->free[class] = block->next;
        return (uint8_t *)block;
    }
    return mem_resize(NULL, 1, size);
}

static void block_give(struct stream_store *store, uint8_t class, uint8_t *data)
{
    if (!data)
        return;
    struct stream_block *block = (struct stream_block *)(void *)data;
    store->bytes -= class_size(class);
    block->next = store->free[class];
    store->free[class] = block;
}

void stream_store_done(struct stream_store *store)
{
    for (int class = 0; class < STREAM_CLASSES; class ++)
        while (store->free[class]) {
            struct stream_block *block = store->free[class];
            store->free[class] = block->next;
            mem_free(block);
        }
}

/* ---- runs ---- */

static struct stream_run *run_at(const struct stream_buffer *b, unsigned i)
{
    return i == 0 ? (struct stream_run *)(uintptr_t)&b->first : &b->more[i - 1];
}

static uint64_t run_end(const struct stream_run *r)
{
    return r->at + r->len;
}

static uint8_t *run_data(const struct stream_run *r)
{
    return r->block + r->skip;
}

/* Room for `len` bytes in the run, what is in it kept. */
static bool run_reserve(struct stream_run *r, struct stream_store *store, uint32_t len)
{
    if (r->block && r->skip + (size_t)len <= class_size(r->class))
        return true;
    if (r->block && len <= class_size(r->class)) {
        memmove(r->block, run_data(r), r->len);
        r->skip = 0;
        return true;
    }
    uint8_t class = r->block ? (uint8_t)(r->class + 1) : 0;
    while (class < STREAM_CLASSES && class_size(class) < len)
        class ++;
    uint8_t *fresh = class < STREAM_CLASSES ? block_take(store, class) : NULL;
    if (!fresh)
        return false;
    if (r->len)
        memcpy(fresh, run_data(r), r->len);
    block_give(store, r->class, r->block);
    r->block = fresh;
    r->class = class;
    r->skip = 0;
    return true;
}

static bool run_insert(struct stream_buffer *b, unsigned i, uint64_t at)
{
    if (b->run_count >= STREAM_RUN_MAX)
        return false;
    if (b->run_count > b->more_capacity) {
        b->more_capacity = (uint16_t)(b->more_capacity ? b->more_capacity * 2 : 4);
        b->more = mem_resize(b->more, b->more_capacity, sizeof *b->more);
    }
    for (unsigned k = b->run_count; k > i; k--)
        *run_at(b, k) = *run_at(b, k - 1);
    *run_at(b, i) = (struct stream_run){.at = at};
    b->run_count++;
    return true;
}

static void run_remove(struct stream_buffer *b, struct stream_store *store, unsigned i)
{
    struct stream_run *r = run_at(b, i);
    block_give(store, r->class, r->block);
    for (unsigned k = i + 1; k < b->run_count; k++)
        *run_at(b, k - 1) = *run_at(b, k);
    b->run_count--;
    *run_at(b, b->run_count) = (struct stream_run){0};
}

static void count_regions(struct stream_buffer *b)
{
    unsigned regions = b->run_count ? 1 : 0;
    for (unsigned i = 1; i < b->run_count; i++)
        regions += run_at(b, i)->at - run_end(run_at(b, i - 1)) > STREAM_GAP_SPAN;
    if (regions > b->region_max)
        b->region_max = (uint16_t)regions;
}

/* The run that [at, at + len) touches or falls behind; a new one where it touches none. */
static int run_for(struct stream_buffer *b, uint64_t at, uint64_t end)
{
    unsigned i = b->run_count;
    while (i > 0 && run_at(b, i - 1)->at > end)
        i--;
    if (i > 0 && run_end(run_at(b, i - 1)) >= at)
        return (int)i - 1;
    return run_insert(b, i, at) ? (int)i : -1;
}

/* Grow run i over the bytes up to `end`, swallowing the runs that begin before. */
static bool swallow(struct stream_buffer *b, struct stream_store *store, unsigned i, uint64_t end)
{
    while (i + 1 < b->run_count && run_at(b, i + 1)->at <= end) {
        struct stream_run *r = run_at(b, i), *next = run_at(b, i + 1);
        if (run_end(next) > end)
            end = run_end(next);
        if (!run_reserve(r, store, (uint32_t)(end - r->at)))
            return false;
        memcpy(run_data(r) + (next->at - r->at), run_data(next), next->len);
        if (run_end(next) > run_end(r))
            r->len = (uint32_t)(run_end(next) - r->at);
        run_remove(b, store, i + 1);
    }
    return true;
}

/* Write bytes over whatever is there. */
static enum stream_put write_bytes(struct stream_buffer *b, struct stream_store *store, uint64_t at,
                                   const uint8_t *data, uint32_t len)
{
    uint64_t end = at + len;
    int i = run_for(b, at, end);
    if (i < 0)
        return STREAM_PUT_LIMIT;
    struct stream_run *r = run_at(b, (unsigned)i);
    if (at < r->at) { /* it grows to the left */
        uint32_t more = (uint32_t)(r->at - at);
        if (!run_reserve(r, store, r->len + more))
            return STREAM_PUT_MEMORY;
        memmove(run_data(r) + more, run_data(r), r->len);
        r->at = at;
        r->len += more;
    }
    uint32_t want = (uint32_t)(end - r->at);
    if (want > r->len && !run_reserve(r, store, want)) {
        if (r->len == 0)
            run_remove(b, store, (unsigned)i);
        return STREAM_PUT_MEMORY;
    }
    if (!swallow(b, store, (unsigned)i, end))
        return STREAM_PUT_MEMORY;
    r = run_at(b, (unsigned)i);
    memcpy(run_data(r) + (at - r->at), data, len);
    if (want > r->len)
        r->len = want;
    count_regions(b);
    return STREAM_PUT_OK;
}

/* ---- overlaps ---- */

/* Do the bytes of the later segment win over those of the earlier one, which it overlaps? */
static bool later_wins(enum stream_policy policy, const struct stream_segment *later,
                       const struct stream_segment *earlier)
{
    uint64_t later_end = later->at + later->len, earlier_end = earlier->at + earlier->len;
    switch (policy) {
    case STREAM_POLICY_LAST:
        return true;
    case STREAM_POLICY_FIRST:
    case STREAM_POLICY_VISTA:
        return false;
    case STREAM_POLICY_LINUX:
        return later->at < earlier->at || (later->at == earlier->at && later_end > earlier_end);
    case STREAM_POLICY_OLD_LINUX:
        return later->at < earlier->at || (later->at == earlier->at && later_end >= earlier_end);
    case STREAM_POLICY_SOLARIS:
    case STREAM_POLICY_OLD_SOLARIS:
    case STREAM_POLICY_HPUX11:
        return later->at <= earlier->at ? later_end >= earlier_end : later_end > earlier_end;
    default: /* BSD and who is like it: the left edge decides */
        return later->at < earlier->at;
    }
}

/* The first segment that ends behind `at`; they are sorted by their beginning, and long ones may
 * reach over short ones, so the walk begins early enough. */
static uint32_t first_touching(const struct stream_buffer *b, uint64_t at)
{
    uint32_t low = 0, high = b->segment_count;
    uint64_t reach = at > UINT16_MAX ? at - UINT16_MAX : 0; /* no segment is longer */
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (b->segment[middle].at < reach)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Old bytes that stay are copied over the new ones before these are written. */
static bool settle(const struct stream_buffer *b, const struct stream_segment *fresh, uint8_t *copy,
                   const uint8_t *data, const struct stream_put_options *o, bool *out_differs)
{
    bool overlaps = false;
    uint64_t end = fresh->at + fresh->len;
    for (uint32_t i = first_touching(b, fresh->at); i < b->segment_count && b->segment[i].at < end;
         i++) {
        const struct stream_segment *old = &b->segment[i];
        uint64_t from = old->at > fresh->at ? old->at : fresh->at;
        uint64_t to = old->at + old->len < end ? old->at + old->len : end;
        from = from > o->from ? from : o->from;
        const uint8_t *there;
        if (from >= to || stream_buffer_at(b, from, &there) < to - from)
            continue;
        overlaps = true;
        bool differs = memcmp(there, data + (from - fresh->at), to - from) != 0;
        *out_differs |= differs;
        if (differs && (o->keep_old || !later_wins(o->policy, fresh, old)))
            memcpy(copy + (from - fresh->at), there, to - from);
    }
    return overlaps;
}

static bool note_segment(struct stream_buffer *b, const struct stream_segment *s)
{
    uint32_t i = b->segment_count;
    if (i >= STREAM_SEGMENT_MAX)
        return false;
    if (i == b->segment_capacity) {
        b->segment_capacity = b->segment_capacity ? b->segment_capacity * 2 : 8;
        b->segment = mem_resize(b->segment, b->segment_capacity, sizeof *b->segment);
    }
    while (i > 0 && (b->segment[i - 1].at > s->at ||
                     (b->segment[i - 1].at == s->at && b->segment[i - 1].len > s->len)))
        i--;
    if (i > 0 && b->segment[i - 1].at == s->at && b->segment[i - 1].len == s->len)
        return true; /* the same again */
    memmove(&b->segment[i + 1], &b->segment[i], (b->segment_count - i) * sizeof *b->segment);
    b->segment[i] = *s;
    b->segment_count++;
    return true;
}

/* Apart, because its copy would be cleared for each segment that overlaps nothing. */
static __attribute__((noinline)) enum stream_put put_overlapping(
    struct stream_buffer *b, struct stream_store *store, const struct stream_segment *s,
    const uint8_t *data, const struct stream_put_options *o, bool *out_overlaps, bool *out_differs)
{
    uint8_t copy[UINT16_MAX];
    uint32_t cut = s->at < o->from ? (uint32_t)(o->from - s->at) : 0;
    memcpy(copy, data, s->len);
    *out_overlaps = settle(b, s, copy, data, o, out_differs);
    if (!note_segment(b, s))
        return STREAM_PUT_LIMIT;
    enum stream_put rc = write_bytes(b, store, s->at + cut, copy + cut, s->len - cut);
    if (rc == STREAM_PUT_OK && s->at + s->len > b->edge)
        b->edge = s->at + s->len;
    return rc;
}

enum stream_put stream_buffer_put(struct stream_buffer *b, struct stream_store *store, uint64_t at,
                                  const uint8_t *data, uint32_t len,
                                  const struct stream_put_options *o, bool *out_overlaps,
                                  bool *out_differs)
{
    struct stream_segment fresh = {at, len};
    *out_overlaps = *out_differs = false;
    if (len == 0 || len > UINT16_MAX || at + len <= o->from)
        return STREAM_PUT_OK;
    if (at < b->edge || at < o->from)
        return put_overlapping(b, store, &fresh, data, o, out_overlaps, out_differs);
    if (!note_segment(b, &fresh))
        return STREAM_PUT_LIMIT;
    enum stream_put rc = write_bytes(b, store, at, data, len);
    if (rc == STREAM_PUT_OK)
        b->edge = at + len;
    return rc;
}

/* ---- reading ---- */

static const struct stream_run *run_holding(const struct stream_buffer *b, uint64_t at)
{
    for (unsigned i = 0; i < b->run_count; i++) {
        const struct stream_run *r = run_at(b, i);
        if (at >= r->at && at < run_end(r))
            return r;
    }
    return NULL;
}

uint32_t stream_buffer_at(const struct stream_buffer *b, uint64_t at, const uint8_t **out_data)
{
    const struct stream_run *r = run_holding(b, at);
    *out_data = r ? run_data(r) + (at - r->at) : NULL;
    return r ? (uint32_t)(run_end(r) - at) : 0;
}

uint64_t stream_buffer_next(const struct stream_buffer *b, uint64_t at)
{
    for (unsigned i = 0; i < b->run_count; i++) {
        const struct stream_run *r = run_at(b, i);
        if (run_end(r) > at)
            return r->at > at ? r->at : at;
    }
    return UINT64_MAX;
}

uint64_t stream_buffer_run_start(const struct stream_buffer *b, uint64_t at)
{
    const struct stream_run *r = run_holding(b, at);
    return r ? r->at : at;
}

void stream_buffer_drop(struct stream_buffer *b, struct stream_store *store, uint64_t before)
{
    while (b->run_count && run_end(run_at(b, 0)) <= before)
        run_remove(b, store, 0);
    struct stream_run *r = run_at(b, 0);
    if (b->run_count && r->at < before) {
        uint32_t gone = (uint32_t)(before - r->at);
        r->at = before;
        r->len -= gone;
        r->skip += gone;
    }
    uint32_t kept = 0;
    while (kept < b->segment_count && b->segment[kept].at + b->segment[kept].len <= before)
        kept++;
    if (kept) {
        b->segment_count -= kept;
        memmove(b->segment, b->segment + kept, b->segment_count * sizeof *b->segment);
    }
}

void stream_buffer_done(struct stream_buffer *b, struct stream_store *store)
{
    while (b->run_count)
        run_remove(b, store, 0);
    mem_free(b->more);
    mem_free(b->segment);
    *b = (struct stream_buffer){0};
}
