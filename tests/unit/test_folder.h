/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A folder of the test's own, below TMPDIR. */
#pragma once

#include <ftw.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEST_FOLDER_MAX = 256 };

static inline bool test_folder_make(char path[TEST_FOLDER_MAX])
{
    const char *base = getenv("TMPDIR");
    snprintf(path, TEST_FOLDER_MAX, "%s/picket-test-XXXXXX", base && *base ? base : P_tmpdir);
    return mkdtemp(path) != NULL;
}

static inline int test_folder_remove_one(const char *path, const struct stat *st, int kind,
                                         struct FTW *at)
{
    (void)st, (void)kind, (void)at;
    return remove(path);
}

/* With all that is in it. */
static inline bool test_folder_remove(const char *path)
{
    return nftw(path, test_folder_remove_one, 16, FTW_DEPTH | FTW_PHYS) == 0;
}
