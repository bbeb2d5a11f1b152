/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files that transactions carry: name, size, digests, and a window of their bytes that slides on as
 * they are inspected. */
#include <string.h>

#include "core/base/digest.h"
#include "core/base/mem.h"
#include "tool/ids/inspect/inspect_private.h"

enum {
    NAME_MAX_LEN = 4096,
    WINDOW_KEEP = 4096, /* bytes kept before what was inspected, for patterns across the border */
};

struct file_body {
    struct inspect_file file;
    struct digest *md5, *sha1, *sha256;
    uint8_t *name;
    uint8_t *data; /* bytes [data_at, data_at + data_len) */
    uint64_t data_at, inspected;
    size_t data_len, data_capacity;
    uint32_t data_max;
    bool is_logged;
};

static struct file_body *body_of(const struct inspect_file *file)
{
    return CONTAINER_OF(file, struct file_body, file);
}

static uint8_t wanted(const struct inspect_thread *t)
{
    uint8_t want = t->settings->hash;
    want |= t->want & INSPECT_MD5_ALL ? FILE_WANT_MD5 : 0;
    want |= t->want & INSPECT_SHA1_ALL ? FILE_WANT_SHA1 : 0;
    want |= t->want & INSPECT_SHA256_ALL ? FILE_WANT_SHA256 : 0;
    return want;
}

static void begin_digests(struct file_body *b)
{
    if (b->file.want & FILE_WANT_MD5 && !b->md5)
        b->md5 = digest_begin(DIGEST_MD5);
    if (b->file.want & FILE_WANT_SHA1 && !b->sha1)
        b->sha1 = digest_begin(DIGEST_SHA1);
    if (b->file.want & FILE_WANT_SHA256 && !b->sha256)
        b->sha256 = digest_begin(DIGEST_SHA256);
}

struct inspect_file *inspect_file_open(struct inspect_flow *f, struct inspect_tx *tx,
                                       enum flow_side side, const struct inspect_file_new *how)
{
    struct file_body *b = mem_zero(sizeof *b);
    b->data_max = f->thread->settings->file_max;
    b->file.tx_id = tx->id;
    if (!how->is_no_file) {
        b->file.id = ++f->thread->file_id;
        b->file.want = wanted(f->thread);
    }
    b->file.has_range = how->has_range;
    b->file.start = how->start;
    b->file.end = how->end;
    inspect_file_rename(&b->file, how->name, how->name_len);
    begin_digests(b);
    tx->fresh[side] = true;
    return &b->file;
}

void inspect_file_rename(struct inspect_file *file, const void *name, size_t len)
{
    struct file_body *b = body_of(file);
    len = len < NAME_MAX_LEN ? len : NAME_MAX_LEN;
    b->name = mem_resize(b->name, len + 1, 1);
    if (len)
        memcpy(b->name, name, len);
    b->name[len] = 0;
    file->name = b->name;
    file->name_len = len;
}

/* What was inspected goes, but for a window; what never was stays, up to the limit. */
static void slide(struct file_body *b, size_t more)
{
    uint64_t keep_from = b->inspected > WINDOW_KEEP ? b->inspected - WINDOW_KEEP : 0;
    uint64_t end = b->data_at + b->data_len;
    if (b->data_len + more > b->data_max && end + more > b->data_max &&
        keep_from < end + more - b->data_max)
        keep_from = end + more - b->data_max;
    if (keep_from <= b->data_at)
        return;
    size_t gone =
        keep_from - b->data_at < b->data_len ? (size_t)(keep_from - b->data_at) : b->data_len;
    memmove(b->data, b->data + gone, b->data_len - gone);
    b->data_at += gone;
    b->data_len -= gone;
}

void inspect_file_add(struct inspect_file *file, const void *data, size_t len)
{
    struct file_body *b = body_of(file);
    if (len == 0 || file->state != FILE_OPENED)
        return;
    if (b->md5)
        digest_feed(b->md5, data, len);
    if (b->sha1)
        digest_feed(b->sha1, data, len);
    if (b->sha256)
        digest_feed(b->sha256, data, len);
    if (b->data_len + len > b->data_capacity)
        slide(b, len);
    size_t skip = len > b->data_max ? len - b->data_max : 0;
    if (skip) { /* more at once than the window holds: its end is kept */
        b->data_at += b->data_len + skip;
        b->data_len = 0;
    }
    size_t want = b->data_len + len - skip;
    if (want > b->data_capacity) {
        size_t capacity = b->data_capacity ? b->data_capacity * 2 : 1024;
        while (capacity < want)
            capacity *= 2;
        b->data = mem_resize(b->data, capacity, 1);
        b->data_capacity = capacity;
    }
    memcpy(b->data + b->data_len, (const uint8_t *)data + skip, len - skip);
    b->data_len = want;
    file->size += len;
}

void inspect_file_gap(struct inspect_file *file, uint64_t len)
{
    struct file_body *b = body_of(file);
    file->has_gaps = true;
    file->size += len;
    b->data_at = file->size;
    b->data_len = 0;
    digest_drop(b->md5);
    digest_drop(b->sha1);
    digest_drop(b->sha256);
    b->md5 = b->sha1 = b->sha256 = NULL;
}

static void end_digest(struct inspect_file *file, struct digest **d, uint8_t *out, size_t size,
                       uint8_t flag)
{
    uint8_t room[DIGEST_MAX];
    if (!*d)
        return;
    digest_end(*d, room);
    *d = NULL;
    memcpy(out, room, size);
    file->has_digest |= flag;
}

void inspect_file_close(struct inspect_file *file, enum inspect_file_state state)
{
    struct file_body *b = body_of(file);
    if (file->state != FILE_OPENED)
        return;
    file->state = (uint8_t)state;
    if (file->has_gaps && state == FILE_CLOSED)
        file->state = FILE_TRUNCATED;
    end_digest(file, &b->md5, file->md5, sizeof file->md5, FILE_WANT_MD5);
    end_digest(file, &b->sha1, file->sha1, sizeof file->sha1, FILE_WANT_SHA1);
    end_digest(file, &b->sha256, file->sha256, sizeof file->sha256, FILE_WANT_SHA256);
}

void inspect_file_free(struct inspect_file *file)
{
    if (!file)
        return;
    struct file_body *b = body_of(file);
    digest_drop(b->md5);
    digest_drop(b->sha1);
    digest_drop(b->sha256);
    mem_free(b->name);
    mem_free(b->data);
    mem_free(b);
}

bool inspect_file_data(const struct inspect_file *file, struct span *out)
{
    const struct file_body *b = body_of(file);
    *out = (struct span){.data = b->data,
                         .len = b->data_len,
                         .at = b->data_at,
                         .is_last = file->state != FILE_OPENED};
    return b->data != NULL;
}

/* Digests can only begin with the first byte. */
void inspect_file_want(struct inspect_file *file, uint8_t want)
{
    file->want |= want;
    if (file->size == 0 && file->state == FILE_OPENED)
        begin_digests(body_of(file));
}

bool inspect_file_is_logged(const struct inspect_file *file)
{
    return body_of(file)->is_logged;
}

void inspect_file_set_logged(struct inspect_file *file)
{
    body_of(file)->is_logged = true;
}

void inspect_file_set_inspected(struct inspect_file *file)
{
    body_of(file)->inspected = file->size;
}
