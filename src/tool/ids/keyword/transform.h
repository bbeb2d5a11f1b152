/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What Suricata's rules do to a buffer before they look into it. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tool/ids/rule/rule.h"

struct step_scratch;

struct transform_kind {
    const char *name;
    /* Write what becomes of `data` to `out` (`size` bytes of room, never less than len + 64; more
     * is cut).  False: nothing comes out, the list does not hold. */
    bool (*run)(const void *state, const uint8_t *data, size_t len, uint8_t *out, size_t size,
                size_t *out_len, struct step_scratch *scratch);
};

/* False: no input gives these bytes (lower case behind to_uppercase). */
bool transform_can_make(const struct rule_transform *t, const uint8_t *bytes, size_t len);

/* Do both lists look at the same bytes? */
bool transform_same(const struct rule_list *a, const struct rule_list *b);
