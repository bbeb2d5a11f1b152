/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reputations of addresses, as Suricata's iprep files give them: a file of categories ("1,BadHosts,
 * text") and files of "ADDRESS[/PREFIX],CATEGORY,VALUE". */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/err.h"
#include "core/net/addr.h"

enum { REPUTATION_CATEGORIES = 60 };

struct reputation;

struct reputation *reputation_new(struct arena *arena);
/* 0 or -EINVAL with "NAME:LINE: ..."; the text is cut. */
int reputation_read_categories(struct reputation *r, char *text, const char *name,
                               struct err *e) MUST_CHECK;
int reputation_read(struct reputation *r, char *text, const char *name, struct err *e) MUST_CHECK;

int reputation_category(const struct reputation *r, const char *name); /* -1: unknown */
/* The most exact entry that holds the address. */
bool reputation_find(const struct reputation *r, const struct addr *a, uint8_t category,
                     uint8_t *out);
