/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Advisories written as prose, in the layout of an organisation.  One row of bulletin/modules.def
 * for each layout. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "tool/advisory/advisory.h"

struct bulletin_text {
    const char *subject;
    const char *date; /* of the mail, RFC 3339; NULL: not told */
    const char *text; /* plain, without signature armour */
};

struct bulletin {
    const char *name, *doc;
    /* Is it of this layout?  Then fill in *out. */
    bool (*read)(struct arena *arena, const struct bulletin_text *in, struct advisory *out);
};

extern const struct bulletin *const bulletins[]; /* by name; ends with NULL */

/* ---- what layouts share ---- */

/* The rest of the first line that begins with `label` (after blanks), trimmed, in the arena.  With
 * `more`, lines that follow and begin with blanks are joined by one blank.  NULL: no such line. */
const char *bulletin_field(struct arena *arena, const char *text, const char *label, bool more);

/* The text with every run of blanks and line ends as one blank. */
const char *bulletin_flat(struct arena *arena, const char *text);

/* The word (up to a blank) at `at`, without dots and commas at its end. */
const char *bulletin_word(struct arena *arena, const char *at);

/* The first day that is written in `text` ("2023-02-14", "February 10, 2000"), as a date; NULL. */
const char *bulletin_day(struct arena *arena, const char *text);
