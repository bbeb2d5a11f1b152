/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sets of values that rules ask and add to, read from and kept in files: text as Base64 a line,
 * digests as hex, addresses as text; with a number behind a comma for reputations.
 * Values are looked up by their bytes: those of the buffer. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/map.h"
#include "core/base/err.h"
#include "tool/ids/rule/rule_set.h"

enum dataset_type { DATASET_STRING, DATASET_MD5, DATASET_SHA256, DATASET_IP4, DATASET_IP };

enum { DATASET_VALUE_MAX = 65536 };

struct dataset_value {
    uint16_t reputation;
    const char *json; /* of the data that came with it; NULL: none */
};

struct dataset {
    const char *name, *save; /* save: NULL: not kept */
    uint8_t type;
    bool is_dirty, has_reputation;
    struct map value; /* bytes -> struct dataset_value * */
    struct dataset *next;
    struct arena arena;
};

/* The set of that name, made if it is not there. */
struct dataset *dataset_get(struct rule_set *set, const char *name, enum dataset_type type,
                            struct err *e);
const struct dataset *dataset_find_set(const struct rule_set *set, const char *name);
/* Read a file's lines into it. */
int dataset_load(struct dataset *d, const char *path, bool with_reputation,
                 struct err *e) MUST_CHECK;
const struct dataset_value *dataset_find(const struct dataset *d, const void *data, size_t len);
bool dataset_add(struct dataset *d, const void *data, size_t len); /* false: it was there */
bool dataset_remove(struct dataset *d, const void *data, size_t len);
/* Write those with a file to it; at the end of a run. */
int dataset_save_all(const struct rule_set *set, struct err *e) MUST_CHECK;
void dataset_free_all(struct rule_set *set);
int dataset_type_find(const char *name); /* -1: unknown */
