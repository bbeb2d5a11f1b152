/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The form in which fail2ban-client and its kin speak: Python's pickle.  Only what a list of plain
 * values needs is read (no opcode that names or calls anything), and answers are written with
 * protocol 2, which every Python reads. */
#pragma once

#include "core/base/err.h"
#include "tool/ban/conf/ban_value.h"

enum { PICKLE_MAX = 16 << 20, PICKLE_DEPTH_MAX = 64 };

/* 0 or -EINVAL. */
int pickle_read(struct ban_value *out, const void *data, size_t len, struct arena *arena,
                struct err *e) MUST_CHECK;

/* (0, value), or (1, an exception of `fault`) where that is not NULL. */
void pickle_write_answer(const struct ban_value *value, const char *fault, struct str *out);
