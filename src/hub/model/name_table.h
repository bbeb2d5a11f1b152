/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names of enum values: one array in the enum's order, read both ways. */
#pragma once

#include <stddef.h>

/* The name of `value`; "?" when the array has none. */
const char *name_table_name(const char *const *names, size_t count, size_t value);

/* The place of `name` in the array, or -1. */
int name_table_find(const char *const *names, size_t count, const char *name);
