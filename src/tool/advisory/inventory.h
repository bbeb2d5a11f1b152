/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is installed, as package managers, lock files and bills of materials tell it. */
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

void inventory_add(struct arena *arena, struct inventory *list, const struct inventory_item *item);

/* A dpkg status file; `ecosystem` "Debian:12" or "Debian". */
int inventory_read_dpkg(struct arena *arena, const char *path, const char *ecosystem,
                        struct inventory *out, struct err *e) MUST_CHECK;

/* The system below `root` ("" is this one). */
void inventory_read_system(struct arena *arena, const char *root, struct inventory_system *out);

/* Alpine's installed database, below `root`.  `ecosystem` "Alpine:v3.20". */
int inventory_read_apk(struct arena *arena, const char *path, const char *ecosystem,
                       struct inventory *out, struct err *e) MUST_CHECK;

/* What rpm(8) tells of the packages below `root`. */
int inventory_read_rpm(struct arena *arena, const char *root, const char *ecosystem,
                       struct inventory *out, struct err *e) MUST_CHECK;

/* What the package manager below `root` knows, whichever it is.  -ENOENT: none is known. */
int inventory_read_root(struct arena *arena, const char *root, struct inventory *out,
                        struct err *e) MUST_CHECK;

/* A lock file or bill of materials, or all of them in a folder and below it.  -EBADMSG: the file is
 * none that is known; in folders, others are passed over. */
int inventory_read_path(struct arena *arena, const char *path, struct inventory *out,
                        struct err *e) MUST_CHECK;

/* ---- forms of lock files: by name, or by what is in them ---- */

struct inventory_form {
    const char *pattern; /* fnmatch(3) of the base name */
    int (*read)(struct arena *arena, const char *text, size_t len, const char *place,
                struct inventory *out, struct err *e);
};

extern const struct inventory_form inventory_json_forms[]; /* end with a NULL pattern */
extern const struct inventory_form inventory_text_forms[];

/* One item of a language's ecosystem. */
void inventory_put(struct arena *arena, struct inventory *out, const char *ecosystem,
                   const char *name, const char *version, const char *place);
