/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For tests only: a made tree of files in a temporary folder. */
#pragma once

#include <ftw.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sys/io/file.h"

struct tree {
    char root[64];
};

__attribute__((unused)) static bool tree_new(struct tree *t)
{
    snprintf(t->root, sizeof t->root, "%s/picket-test-XXXXXX", P_tmpdir);
    return mkdtemp(t->root) != NULL;
}

__attribute__((unused)) static bool tree_path(const struct tree *t, const char *path, char *to)
{
    struct err e = {0};
    snprintf(to, 512, "%s/%s", t->root, path);
    char *slash = strrchr(to, '/');
    *slash = '\0';
    bool good = file_make_folders(to, 0755, &e) == 0;
    *slash = '/';
    return good;
}

__attribute__((unused)) static bool tree_file(const struct tree *t, const char *path,
                                              const char *text)
{
    char full[512];
    struct err e = {0};
    return tree_path(t, path, full) && file_replace(full, text, strlen(text), 0644, &e) == 0;
}

__attribute__((unused)) static bool tree_link(const struct tree *t, const char *path,
                                              const char *target)
{
    char full[512];
    return tree_path(t, path, full) && symlink(target, full) == 0;
}

__attribute__((unused)) static int tree_remove_one(const char *path, const struct stat *st,
                                                   int kind, struct FTW *at)
{
    (void)st, (void)kind, (void)at;
    return remove(path);
}

__attribute__((unused)) static void tree_done(struct tree *t)
{
    nftw(t->root, tree_remove_one, 16, FTW_DEPTH | FTW_PHYS);
}
