/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is known of the connections whose lines were seen last, by their id (<F-MLFID>): at most a
 * hundred, for five minutes, the oldest leave first. */
#pragma once

#include "core/base/hash.h"
#include "tool/ban/filter/ban_fail.h"

enum { CONNECTIONS_MAX = 100, CONNECTION_KEEP_S = 300, CONNECTION_BUCKETS = 256 };

struct connection {
    struct ban_fail fail;
    struct str id;
    uint64_t hash;
    double until_s;
    uint8_t next_in_bucket, older, newer; /* index + 1; 0: none */
};

struct connections {
    struct connection *slot; /* NULL until the first one comes */
    uint8_t bucket[CONNECTION_BUCKETS];
    uint8_t oldest, newest, free; /* index + 1 */
    size_t count;
};

/* `now_s` is wall time, also where old logs are read. */
struct ban_fail *connections_find(struct connections *c, const char *id, size_t len, double now_s);

/* A place for this id, which is not there yet. */
struct ban_fail *connections_add(struct connections *c, const char *id, size_t len, double now_s);
void connections_remove(struct connections *c, const char *id, size_t len);
void connections_done(struct connections *c);
