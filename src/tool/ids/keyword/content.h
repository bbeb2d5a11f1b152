/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The content step, for those who choose among contents (rule/finish, detect/). */
#pragma once

#include "tool/ids/look/step.h"

enum content_bound {
    CONTENT_OFFSET,
    CONTENT_DEPTH,
    CONTENT_DISTANCE,
    CONTENT_WITHIN,
    CONTENT_BOUNDS
};

enum { CONTENT_LEN_MAX = 2048 };

struct content_step {
    struct rule_step step;
    const uint8_t *bytes; /* lower case when nocase */
    uint16_t len;
    uint16_t fast_at, fast_len; /* the part that goes into the prefilter; len 0: all of it */
    bool nocase, starts, ends, fast, fast_only, rawbytes;
    uint8_t has; /* bits of enum content_bound */
    int32_t bound[CONTENT_BOUNDS];
    int8_t var[CONTENT_BOUNDS]; /* the bound is in this variable; -1: in bound[] */
};

extern const struct step_kind content_kind;

static inline struct content_step *content_of(const struct rule_step *s)
{
    return s && s->kind == &content_kind ? (struct content_step *)(uintptr_t)s : NULL;
}

/* Text as rules write it: |hex|, escapes.  Bytes go to `out` (as long as the text); their count, or
 * -EINVAL. */
int content_decode(const char *text, uint8_t *out, struct err *e) MUST_CHECK;

void content_ignore_case(struct content_step *c); /* its bytes become lower case */

/* hash.c: offset and distance behind a protected_content. */
int hash_set_offset(struct rule_step *step, int32_t offset, bool relative);
