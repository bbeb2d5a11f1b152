/* SPDX-License-Identifier: GPL-3.0-or-later */
/* nmap-os-db: fingerprints of known systems, and how much each value weighs (MatchPoints).  The
 * tests of a fingerprint stay the text they are; os_match reads them when it compares.  The file is
 * read where nmap is installed; picket has none of its own. */
#pragma once

#include "core/base/arena.h"
#include "core/base/attr.h"
#include "core/base/err.h"
#include "core/base/str.h"
#include "tool/scan/os/os_print.h"

enum { OS_DB_FILE_MAX = 64 << 20 };

/* "Class VENDOR | FAMILY | GENERATION | TYPE" and the CPE lines behind it; ranges of the text. */
struct os_db_class {
    const char *vendor, *family, *generation, *type; /* in the arena; NULL: empty */
    const char **cpe;
    size_t cpe_count;
};

struct os_db_entry {
    const char *name; /* in the arena */
    unsigned line;
    uint32_t test[OS_TESTS]; /* offset in the text of what stands in the brackets; 0: none */
    uint32_t first_class, class_count;
};

struct os_db {
    struct str text;
    struct arena arena;
    struct os_db_entry *entry;
    size_t count, capacity;
    struct os_db_class *class;
    size_t class_count, class_capacity;
    size_t cpe_count, test_lines, point_lines;
    unsigned points[OS_TESTS][OS_VALUES_MAX];
};

/* Told about a line that is left out. */
typedef void os_db_fault_fn(void *ctx, const char *file, unsigned line, const char *why);

/* The text is taken over (and *text emptied).  Broken lines are left out and told; `fault` may be
 * NULL. */
void os_db_parse(struct os_db *db, struct str *text, const char *name, os_db_fault_fn *fault,
                 void *ctx);

/* `folder` NULL: /usr/share/nmap.  -ENOENT: no such file. */
int os_db_open(struct os_db *db, const char *folder, os_db_fault_fn *fault, void *ctx,
               struct err *e) MUST_CHECK;
void os_db_done(struct os_db *db);
