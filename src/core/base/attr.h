/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Function attributes by the names this code uses, and the two macros every table needs. */
#pragma once

#define MUST_CHECK               __attribute__((warn_unused_result))
#define PRINTF_LIKE(text, first) __attribute__((__format__(__printf__, text, first)))
#define NO_RETURN                __attribute__((noreturn))

#define ARRAY_COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* The struct of type `type` whose field `field` lies at `ptr`. */
#define CONTAINER_OF(ptr, type, field) ((type *)(void *)((char *)(ptr)-offsetof(type, field)))
