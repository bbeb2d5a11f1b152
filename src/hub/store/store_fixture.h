/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For tests: a folder that is there for one test. */
#pragma once

#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Make a folder and work in it, so that the store's path is "store". */
static inline bool fixture_open(char path[64])
{
    snprintf(path, 64, P_tmpdir "/picket-store-XXXXXX");
    return mkdtemp(path) && chdir(path) == 0;
}

static inline void fixture_empty(const char *folder)
{
    DIR *d = opendir(folder);
    for (struct dirent *entry; d && (entry = readdir(d));) {
        char path[512];
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        unlink(path);
    }
    if (d)
        closedir(d);
    rmdir(folder);
}

static inline bool fixture_close(const char *path)
{
    fixture_empty("store");
    fixture_empty(".");
    return chdir("/") == 0 && rmdir(path) == 0;
}
