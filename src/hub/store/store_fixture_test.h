/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For tests: a folder that is there for one test. */
#pragma once

#include <unistd.h>

#include "test_folder.h"

/* Make a folder and work in it, so that the store's path is "store". */
static inline bool fixture_open(char path[TEST_FOLDER_MAX])
{
    return test_folder_make(path) && chdir(path) == 0;
}

static inline bool fixture_close(const char *path)
{
    return chdir("/") == 0 && test_folder_remove(path);
}

/* Begin anew within a test. */
static inline void fixture_empty(const char *folder)
{
    test_folder_remove(folder);
}
