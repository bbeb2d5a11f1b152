/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Aho and Corasick's automaton ("Efficient string matching", 1975) over bytes without their case:
 * multi's engine where Hyperscan is not. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "core/match/multi.h"

struct automaton;

/* `literal` is sorted by automaton_compare and, like its bytes, outlives the automaton. */
struct automaton *automaton_new(const struct multi_literal *literal, size_t count);
void automaton_free(struct automaton *a);

/* The order the automaton is built from: by bytes without case, then as they were given (`literal`
 * itself is an array in that order). */
int automaton_compare(const struct multi_literal *a, const struct multi_literal *b);

/* As multi_scan. */
void automaton_scan(const struct automaton *a, const uint8_t *data, size_t len, multi_hit_fn *hit,
                    void *ctx);
