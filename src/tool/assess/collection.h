/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Checks: those of a feed's folder and the program's own.  Of each is kept what deciding needs
 * whether and when it runs; the rest is asked of the script again when it found something. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attr.h"
#include "core/base/err.h"
#include "core/base/map.h"
#include "tool/nasl/library.h"
#include "tool/nasl/meta.h"

struct assess_texts {
    const char *const *text;
    size_t count;
};

/* Texts live in the collection. */
struct assess_check {
    const char *file; /* below its folder: "gsf/smtp.nasl" */
    const char *path; /* NULL: carried along in the program, at `text` */
    const char *text;
    size_t text_len;
    const char *oid, *name, *family; /* "" where the script says none */
    uint8_t category;                /* enum nasl_category; NASL_CATEGORY_COUNT: none */
    struct assess_texts dependencies, required_keys, mandatory_keys, excluded_keys, required_ports,
        required_udp_ports;
};

/* Told of each script that is left out. */
typedef void assess_fault_fn(void *ctx, const char *file, const char *why);

struct assess_collection {
    struct arena arena;
    struct assess_check *check;
    size_t count, capacity, left_out;
    struct map by_file, by_oid; /* to the number of the check plus one */
    struct nasl_library *library;
    assess_fault_fn *fault; /* may be NULL */
    void *fault_ctx;
};

void assess_collection_init(struct assess_collection *c, assess_fault_fn *fault, void *fault_ctx);
void assess_collection_done(struct assess_collection *c);

/* Add every .nasl below the folder, in the order of names.  A script that does not say what it is
 * is left out.  0, or a negative errno value when the folder cannot be read. */
int assess_collection_add_folder(struct assess_collection *c, const char *folder,
                                 struct err *e) MUST_CHECK;
void assess_collection_add_own(struct assess_collection *c);

/* NULL: none such.  `file` is a path below the folder, or its last part. */
const struct assess_check *assess_collection_find_file(const struct assess_collection *c,
                                                       const char *file);
const struct assess_check *assess_collection_find_oid(const struct assess_collection *c,
                                                      const char *oid);

/* Compile a check.  The unit is the caller's. */
int assess_check_compile(const struct assess_collection *c, const struct assess_check *check,
                         struct nasl_unit **out, struct err *e) MUST_CHECK;

/* What the script says of itself, all of it; *meta must be initialised. */
int assess_check_describe(const struct assess_collection *c, const struct assess_check *check,
                          struct nasl_meta *meta, struct err *e) MUST_CHECK;

/* Call `fn` for each file below the folder whose name ends so, in the order of names; `file` is the
 * path below the folder.  False ends it. */
typedef bool assess_file_fn(void *ctx, const char *path, const char *file);
int assess_each_file(const char *folder, const char *ending, assess_file_fn *fn, void *ctx,
                     struct err *e) MUST_CHECK;
