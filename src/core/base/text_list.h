/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A list of texts that live elsewhere (argv, an arena): repeatable options, plain tables. */
#pragma once

#include <stddef.h>

struct text_list {
    const char **text;
    size_t count, capacity;
};

void text_list_add(struct text_list *list, const char *text); /* keeps the pointer */
void text_list_done(struct text_list *list);
