/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A file of digests (one in hex a line, what follows it is a remark), sorted for look-ups. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/err.h"
#include "tool/ids/rule/rule_set.h"

struct digest_list {
    const uint8_t *byte; /* count * size, sorted */
    size_t count, size;
};

bool digest_list_has(const struct digest_list *list, const uint8_t *digest);

/* Read the file `path`, relative to the folder of the rule file; lists are read once. */
int rule_set_digests(struct rule_set *set, const char *path, size_t size,
                     const struct digest_list **out, struct err *e) MUST_CHECK;
