/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is installed, as package managers, lock files and bills of materials tell it.  One row of
 * inventory/modules.def for each of these forms. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "core/base/arena.h"
#include "core/base/attr.h"
#include "core/base/err.h"

struct inventory_item {
    const char *ecosystem;      /* OSV's name: "Debian:12", "npm" */
    const char *name, *version; /* of the binary package */
    const char *arch;           /* NULL: none */
    const char *source;         /* the source package, which advisories name; never NULL */
    const char *source_version;
    const char *place;    /* the file that tells it */
    const char *provides; /* dpkg: the field, for reports; may be NULL */
    bool held;            /* the administrator wants no other version */
};

struct inventory {
    struct inventory_item *item;
    size_t count, capacity;
};

/* A system's own words (os-release(5)). */
struct inventory_system {
    const char *id, *like, *version_id, *codename; /* "debian", NULL, "12", "bookworm" */
};

struct inventory_kind {
    const char *name, *doc;
    /* The files that a system has it in, below its root; NULL: only found by name. */
    const char *const *paths;
    bool (*fits)(const char *base_name, const char *text, size_t len);
    /* Add what the text tells; texts of the items live in the arena. */
    int (*read)(struct arena *arena, const char *text, size_t len, const char *place,
                struct inventory *out, struct err *e);
};

extern const struct inventory_kind *const inventory_kinds[]; /* by name; ends with NULL */

void inventory_add(struct arena *arena, struct inventory *list, const struct inventory_item *item);

/* A dpkg status file; `ecosystem` "Debian:12" or "Debian". */
int inventory_read_dpkg(struct arena *arena, const char *path, const char *ecosystem,
                        struct inventory *out, struct err *e) MUST_CHECK;

/* The system below `root` ("" is this one). */
void inventory_read_system(struct arena *arena, const char *root, struct inventory_system *out);

/* All that the package managers below `root` know. */
int inventory_read_root(struct arena *arena, const char *root, struct inventory *out,
                        struct err *e) MUST_CHECK;

/* A lock file or bill of materials.  -EBADMSG: none that is known. */
int inventory_read_file(struct arena *arena, const char *path, struct inventory *out,
                        struct err *e) MUST_CHECK;

/* All lock files and bills of materials in a folder and below it. */
int inventory_read_tree(struct arena *arena, const char *path, struct inventory *out,
                        struct err *e) MUST_CHECK;
