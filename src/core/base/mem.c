/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/mem.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EXIT_ENVIRONMENT = 3, GROW_FIRST = 8 };

void mem_exhausted(size_t size)
{
    fprintf(stderr, "picket: out of memory (%zu bytes asked for)\n", size);
    exit(EXIT_ENVIRONMENT);
}

void *mem_zero(size_t size)
{
    void *ptr = calloc(1, size ? size : 1);
    if (!ptr)
        mem_exhausted(size);
    return ptr;
}

void *mem_resize(void *ptr, size_t count, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes))
        mem_exhausted(SIZE_MAX);
    void *moved = realloc(ptr, bytes ? bytes : 1);
    if (!moved)
        mem_exhausted(bytes);
    return moved;
}

char *mem_copy_text(const char *text)
{
    size_t size = strlen(text) + 1;
    return memcpy(mem_resize(NULL, size, 1), text, size);
}

void mem_free(void *ptr)
{
    free(ptr);
}

void mem_grow(void *ptr_to_array, size_t count, size_t *capacity, size_t size)
{
    if (count < *capacity)
        return;
    void *array;
    memcpy(&array, ptr_to_array, sizeof array);
    size_t more = *capacity ? *capacity * 2 : GROW_FIRST;
    if (more < *capacity)
        mem_exhausted(SIZE_MAX);
    array = mem_resize(array, more, size);
    memcpy(ptr_to_array, &array, sizeof array);
    *capacity = more;
}
