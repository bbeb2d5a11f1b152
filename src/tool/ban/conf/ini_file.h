/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One file of fail2ban's ini dialect, as it stands: sections and options in their order, nothing
 * interpolated.  The dialect is that of Python's ConfigParser: "=" or ":", names of options in any
 * case, comment lines with "#" or ";", a comment behind a value with " ;" only, values that go on
 * in deeper indented lines, empty ones included. */
#pragma once

#include <stddef.h>

#include "core/base/arena.h"
#include "core/base/attr.h"
#include "core/base/err.h"

enum { INI_FILE_BYTES_MAX = 1 << 20 };

struct ini_option {
    const char *name;  /* lower case */
    const char *value; /* lines separated by '\n' */
    unsigned line;
};

struct ini_section {
    const char *name;
    struct ini_option *option;
    size_t count, capacity;
};

struct ini_file {
    struct ini_section *section; /* [DEFAULT] too, where there is one */
    size_t count, capacity;
};

/* 0, or -EINVAL with "name:line: ...": text before a section, a section or an option that stands
 * there twice, a line that is neither.  All of *out lives in `arena`. */
int ini_file_parse(struct ini_file *out, const char *text, size_t len, const char *name,
                   struct arena *arena, struct err *e) MUST_CHECK;

const struct ini_section *ini_file_section(const struct ini_file *f, const char *name);
const struct ini_option *ini_section_option(const struct ini_section *s, const char *name);
