/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/text_list.h"

#include "core/base/mem.h"

void text_list_add(struct text_list *list, const char *text)
{
    MEM_GROW(list->text, list->count, list->capacity);
    list->text[list->count++] = text;
}

void text_list_done(struct text_list *list)
{
    mem_free(list->text);
    *list = (struct text_list){0};
}
