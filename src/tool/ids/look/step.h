/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The way through the bytes of one buffer, step by step: a content is found and the cursor stands
 * behind it, a byte_test looks from there, a byte_jump moves on.  Where a step can hold at several
 * places and a later one fails, the next place is tried; a budget bounds what that may cost. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "tool/ids/rule/rule.h"

enum {
    STEP_BUDGET = 30000,  /* places tried in one buffer for one rule */
    STEP_DEPTH_MAX = 200, /* steps of a list */
    STEP_SCRATCH_MAX = 65536,
};

struct payload {
    const uint8_t *data;
    uint32_t len;
    uint32_t cursor; /* behind the last match; relative steps begin here */
    uint32_t budget;
    uint64_t at;   /* place of data[0] in the buffer: not 0 in a later window of one that grows */
    bool whole;    /* the buffer ends here (endswith, bsize) */
    bool little;   /* byte order of the DCE/RPC call that is looked at */
    uint64_t *var; /* RULE_VAR_MAX values of byte_extract and byte_math, the rule's */
    const struct look *look;
    struct step_scratch *scratch;
};

/* One thread's memory for steps. */
struct step_scratch {
    struct regex_match *regex;
    uint8_t *decoded; /* STEP_SCRATCH_MAX, base64_decode */
    uint32_t decoded_len;
};

struct step_kind {
    const char *name;
    /* Look for a place from *from on (an offset of the data); then the cursor is behind it and
     * *from where the next one would be looked for.  NULL: the step holds at one place or not at
     * all. */
    bool (*find)(const struct rule_step *s, struct payload *p, uint32_t *from);
    bool (*holds)(const struct rule_step *s, struct payload *p);
    bool moves; /* leaves the cursor at a place of its own */
};

/* The head of every step; the keyword's own fields follow it. */
struct rule_step {
    struct rule_step *next;
    const struct step_kind *kind;
    bool relative;
    bool negated;
};

/* Do all steps from `s` on hold?  The cursor is 0 or where an earlier list left it. */
bool steps_hold(const struct rule_step *s, struct payload *p);
