/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Heap memory that is never NULL: when the machine has none left the process ends with one line on
 * stderr and exit status 3, and whoever supervises it starts it anew.  The only home of malloc
 * outside the door files. */
#pragma once

#include <stddef.h>

/* `size` bytes, zeroed.  Owner: the caller, who frees with mem_free. */
void *mem_zero(size_t size) __attribute__((malloc, returns_nonnull));

/* `count` things of `size` bytes in place of `ptr` (may be NULL).  A product that overflows ends
 * the process.  The new part is not set. */
void *mem_resize(void *ptr, size_t count, size_t size) __attribute__((returns_nonnull));

char *mem_copy_text(const char *text) __attribute__((returns_nonnull));
void mem_free(void *ptr); /* mem_free(NULL) is nothing */

/* Make room for one more in the array at *ptr_to_array, which holds `count` of *capacity things of
 * `size` bytes; it doubles.  Use: MEM_GROW(list->item, list->count, list->capacity); */
void mem_grow(void *ptr_to_array, size_t count, size_t *capacity, size_t size);
#define MEM_GROW(array, count, capacity) mem_grow(&(array), (count), &(capacity), sizeof *(array))

/* End the process because memory ran out or a limit of the process was passed. */
void mem_exhausted(size_t size) __attribute__((noreturn));
