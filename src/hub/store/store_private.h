/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of this folder share and nobody else sees. */
#pragma once

#include "hub/model/event_id.h"
#include "hub/store/db.h"
#include "hub/store/store.h"

enum {
    STORE_PATH_MAX = 4096,
    STORE_ADDR_MAX = 21, /* family, address, scope */
};

/* An events file that is open. */
struct store_day {
    uint32_t day; /* 0: none */
    struct db *db;
};

struct store {
    char *folder;
    enum store_mode mode;
    const struct clock *clock;
    struct db *main;
    struct store_day writing, reading;
    int writers_fd; /* -1 when only read */
    int wake_fd;    /* -1 when only read */
    int watch_fd;   /* -1 until store_watch */
    bool has_writer_number;
    struct event_id_source ids;
};

/* "FOLDER/NAME" */
int store_path(const struct store *s, const char *name, char to[STORE_PATH_MAX],
               struct err *e) MUST_CHECK;

/* While a file is made or migrated no other process does so (a byte of `writers`). */
int store_lock_making(struct store *s, struct err *e) MUST_CHECK;
void store_unlock_making(struct store *s);

/* The number that goes into this store's event ids, held until it is closed. */
int store_take_writer_number(struct store *s, struct err *e) MUST_CHECK;
void store_wake_readers(struct store *s);

/* An address as a blob: family, bytes, scope where there is one; nothing for ADDR_NONE. */
size_t store_addr_pack(uint8_t to[STORE_ADDR_MAX], const struct addr *a);
struct addr store_addr_unpack(const void *data, size_t len);
void stmt_put_addr(struct stmt *s, int parameter, uint8_t keep[STORE_ADDR_MAX],
                   const struct addr *a); /* null for ADDR_NONE; `keep` lives until the step */
struct addr stmt_addr(struct stmt *s, int column);

/* ---- days (store_day.c) ---- */

uint32_t store_day_of(uint64_t wall_ns); /* 20261124 */

/* The days of which there is a file, ascending.  Owner: the caller (mem_free). */
int store_day_list(const struct store *s, uint32_t **out, size_t *out_count,
                   struct err *e) MUST_CHECK;

/* Make s->writing the file that is to be written now, all earlier ones sealed, and begin a
 * transaction in it. */
int store_day_begin(struct store *s, struct err *e) MUST_CHECK;

/* Make s->reading the file of `day`; -ENOENT (or -ENODATA: being made) when it is not there. */
int store_day_open_reading(struct store *s, uint32_t day, struct err *e) MUST_CHECK;
int store_day_is_sealed(struct db *d, bool *out, struct err *e) MUST_CHECK;
void store_day_close(struct store_day *d);
