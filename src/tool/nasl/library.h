/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What scripts share: compiled include files, names, compiled regular expressions, and the folders
 * that files may come from.  One thread's. */
#pragma once

#include "core/base/attr.h"
#include "core/base/err.h"
#include "core/base/str.h"
#include "tool/nasl/unit.h"

struct nasl_library;

/* A diagnostic of compiling that stops nothing. */
typedef void nasl_note_fn(void *ctx, const char *file, uint32_t line, const char *words);

void nasl_library_note(struct nasl_library *l, const char *file, uint32_t line, const char *words);

struct nasl_library *nasl_library_new(nasl_note_fn *note, void *note_ctx);
void nasl_library_free(struct nasl_library *l);
void nasl_library_add_folder(struct nasl_library *l, const char *path);
/* An include file that is found without a folder; name and text must live as long. */
void nasl_library_carry(struct nasl_library *l, const char *name, const char *text, size_t len);
void nasl_library_forget_includes(struct nasl_library *l); /* no unit may be in use */

/* Compile the file at `path` (opened as it is) or the text of a script named `name`.  The unit is
 * the caller's, nasl_unit_free.  0 or a negative errno value; *e says file and line. */
int nasl_compile_file(struct nasl_library *l, const char *path, struct nasl_unit **out,
                      struct err *e) MUST_CHECK;
int nasl_compile_text(struct nasl_library *l, const char *name, const char *text, size_t len,
                      struct nasl_unit **out, struct err *e) MUST_CHECK;
void nasl_unit_free(struct nasl_unit *u);

/* The one pointer for a name. */
const char *nasl_library_intern(struct nasl_library *l, const char *name, size_t len);

const struct nasl_builtin *nasl_library_builtin(struct nasl_library *l, const char *name,
                                                size_t len); /* NULL: none of that name */

/* A compiled pattern.  NULL: it is no POSIX extended regular expression, *e says why.  Those of
 * literals live as long as the library, those that scripts make until the next call. */
const struct nasl_ereg *nasl_library_regex(struct nasl_library *l, const char *pattern, size_t len,
                                           bool any_case, struct err *e);
const struct nasl_ereg *nasl_library_regex_for_now(struct nasl_library *l, const char *pattern,
                                                   size_t len, bool any_case, struct err *e);

/* Include file `name`, compiled once; *out stays the library's. */
int nasl_library_include(struct nasl_library *l, const char *name, const struct nasl_unit **out,
                         struct err *e) MUST_CHECK;
