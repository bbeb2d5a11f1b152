/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One file a day.  The rules that let a reader go from file to file and miss nothing:
 *   1. Only the newest file is written to.  A writer for whom a newer day has begun makes that
 * file.
 *   2. Before a row goes into a file, every older file is sealed, each under its own write lock.
 *   3. A writer looks at the seal inside its transaction; on a sealed file it begins again at 1.
 * So when a reader sees, in one snapshot, the seal and no more rows, no row can follow there.
 * Days go by the newest file, not by the clock alone: when the clock goes back, the file stays. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/mem.h"
#include "hub/store/store_private.h"
#include "hub/store/store_schema.h"

enum { NAME_LEN = sizeof "events-20260101.db" - 1, DAY_LEN = 8 };

uint32_t store_day_of(uint64_t wall_ns)
{
    struct civil c = clock_civil(wall_ns);
    return (uint32_t)c.year * 10000U + c.month * 100U + c.day;
}

/* "events-YYYYMMDD.db"; 0: another file. */
static uint32_t day_of_name(const char *name)
{
    uint32_t day = 0;
    if (strlen(name) != NAME_LEN || memcmp(name, "events-", 7) != 0 ||
        strcmp(name + NAME_LEN - 3, ".db") != 0)
        return 0;
    for (int i = 0; i < DAY_LEN; i++) {
        unsigned digit = (unsigned char)name[7 + i] - '0';
        if (digit > 9)
            return 0;
        day = day * 10 + digit;
    }
    return day;
}

static int day_path(const struct store *s, uint32_t day, const char *suffix,
                    char to[STORE_PATH_MAX], struct err *e)
{
    char name[64];
    snprintf(name, sizeof name, "events-%08u.db%s", day, suffix);
    return store_path(s, name, to, e);
}

static int compare_days(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

int store_day_list(const struct store *s, uint32_t **out, size_t *out_count, struct err *e)
{
    DIR *folder = opendir(s->folder);
    if (!folder)
        return err_set(e, -errno, "%s: %s", s->folder, strerror(errno));
    uint32_t *day = NULL;
    size_t count = 0, capacity = 0;
    for (const struct dirent *entry; (entry = readdir(folder));) {
        uint32_t found = day_of_name(entry->d_name);
        if (!found)
            continue;
        MEM_GROW(day, count, capacity);
        day[count++] = found;
    }
    closedir(folder);
    if (count)
        qsort(day, count, sizeof *day, compare_days);
    *out = day;
    *out_count = count;
    return 0;
}

void store_day_close(struct store_day *d)
{
    db_close(d->db);
    *d = (struct store_day){0};
}

int store_day_open_reading(struct store *s, uint32_t day, struct err *e)
{
    char path[STORE_PATH_MAX];
    if (s->reading.day == day)
        return 0;
    store_day_close(&s->reading);
    int rc = day_path(s, day, "", path, e);
    rc = rc ? rc : db_open(&s->reading.db, path, DB_READ, &store_event_schema, e);
    if (rc == 0)
        s->reading.day = day;
    return rc;
}

int store_day_is_sealed(struct db *d, bool *out, struct err *e)
{
    struct stmt *q;
    int rc = db_use(d, "SELECT sealed FROM day", &q, e);
    if (rc)
        return rc;
    rc = stmt_step(q, e);
    if (rc > 0)
        *out = stmt_i64(q, 0) != 0;
    stmt_end(q);
    if (rc == 0)
        return err_set(e, -EBADMSG, "%s: table day is empty", db_path(d));
    return rc < 0 ? rc : 0;
}

/* Under the making lock. */
static int open_writing(const struct store *s, uint32_t day, struct store_day *out, struct err *e)
{
    char path[STORE_PATH_MAX];
    int rc = day_path(s, day, "", path, e);
    rc = rc ? rc : db_open(&out->db, path, DB_WRITE, &store_event_schema, e);
    if (rc == 0)
        out->day = day;
    return rc;
}

static int put_seal(struct db *d, struct err *e)
{
    struct stmt *q;
    int rc = db_begin(d, e);
    rc = rc ? rc : db_use(d, "UPDATE day SET sealed=1", &q, e);
    rc = rc ? rc : stmt_run(q, e);
    rc = rc ? rc : db_commit(d, e);
    if (rc)
        db_rollback(d);
    return rc;
}

/* Seal a day's file; *was: it had been sealed before. */
static int seal_day(const struct store *s, uint32_t day, bool *was, struct err *e)
{
    struct store_day old = {0};
    int rc = open_writing(s, day, &old, e);
    rc = rc ? rc : store_day_is_sealed(old.db, was, e);
    if (rc == 0 && !*was)
        rc = put_seal(old.db, e);
    store_day_close(&old);
    return rc;
}

/* From the oldest unsealed one up, so that a sealed file proves that all before it are; the look
 * backwards ends at the first of those. */
static int seal_before(const struct store *s, const uint32_t *day, size_t count, struct err *e)
{
    bool sealed = false;
    size_t first = count;
    while (first && !sealed) {
        struct store_day old = {0};
        int rc = open_writing(s, day[first - 1], &old, e);
        rc = rc ? rc : store_day_is_sealed(old.db, &sealed, e);
        store_day_close(&old);
        if (rc)
            return rc;
        first -= !sealed;
    }
    for (int rc; first < count; first++)
        if ((rc = seal_day(s, day[first], &sealed, e)))
            return rc;
    return 0;
}

/* Rules 1 and 2, under the making lock: else who has looked before a newer file was made could make
 * an older one after it. */
static int open_newest(struct store *s, struct err *e)
{
    uint32_t today = store_day_of(clock_wall_ns(s->clock)), *day;
    size_t count;
    int rc = store_day_list(s, &day, &count, e);
    if (rc)
        return rc;
    size_t older = count;
    if (count && day[count - 1] >= today)
        today = day[--older];
    rc = open_writing(s, today, &s->writing, e);
    rc = rc ? rc : seal_before(s, day, older, e);
    if (rc)
        store_day_close(&s->writing);
    mem_free(day);
    return rc;
}

static int begin_day(struct store *s, struct err *e)
{
    store_day_close(&s->writing);
    int rc = store_lock_making(s, e);
    if (rc)
        return rc;
    rc = open_newest(s, e);
    store_unlock_making(s);
    return rc;
}

/* Rule 3.  Each turn but the last finds a file that was sealed meanwhile, so a newer one exists. */
int store_day_begin(struct store *s, struct err *e)
{
    for (;;) {
        uint32_t today = store_day_of(clock_wall_ns(s->clock));
        int rc = s->writing.db && s->writing.day >= today ? 0 : begin_day(s, e);
        rc = rc ? rc : db_begin(s->writing.db, e);
        if (rc)
            return rc;
        bool sealed = false;
        rc = store_day_is_sealed(s->writing.db, &sealed, e);
        if (rc == 0 && !sealed)
            return 0;
        db_rollback(s->writing.db);
        store_day_close(&s->writing);
        if (rc)
            return rc;
    }
}

static int remove_day(const struct store *s, uint32_t day, struct err *e)
{
    static const char *const suffix[] = {"", "-wal", "-shm"};
    char path[STORE_PATH_MAX];
    bool was = false;
    int rc = seal_day(s, day, &was, e); /* who has it open to write goes on to a newer one */
    for (size_t i = 0; i < ARRAY_COUNT(suffix) && rc == 0; i++) {
        rc = day_path(s, day, suffix[i], path, e);
        if (rc == 0 && unlink(path) && errno != ENOENT)
            rc = err_set(e, -errno, "%s: %s", path, strerror(errno));
    }
    return rc;
}

/* The newest file stays: it may be being written to. */
int store_remove_before(struct store *s, uint32_t before, size_t *out_count, struct err *e)
{
    uint32_t *day = NULL;
    size_t count = 0, removed = 0;
    int rc = store_lock_making(s, e);
    if (rc)
        return rc;
    rc = store_day_list(s, &day, &count, e);
    while (rc == 0 && removed + 1 < count && day[removed] < before)
        if ((rc = remove_day(s, day[removed], e)) == 0)
            removed++;
    store_unlock_making(s);
    mem_free(day);
    if (rc == 0)
        *out_count = removed;
    return rc;
}
