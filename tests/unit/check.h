/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one macro of the unit tests.  A test is `int FOLDER_MODULE_test(void)` in MODULE_test.c: the
 * number of checks that failed.  A failed CHECK names its place and row and the test goes on. */
#pragma once

#include <stdbool.h>

#define TEST(name) int name##_test(void);
#include "unit_list.h"
#undef TEST

/* State `ok`; on failure print "file:line: row N: words" and count it in *failed. */
bool check_state(int *failed, bool ok, const char *file, int line, long row, const char *words);

#define CHECK_ROW(row, condition)                                                                  \
    check_state(&failed, (condition), __FILE__, __LINE__, (long)(row), #condition)
#define CHECK(condition) check_state(&failed, (condition), __FILE__, __LINE__, -1, #condition)
#define ARRAY_LEN(array) (sizeof(array) / sizeof((array)[0]))
