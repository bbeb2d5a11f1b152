/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For tests only: a made tree of files in a temporary folder. */
#pragma once

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "sys/io/file.h"
#include "test_folder.h"

struct tree {
    char root[TEST_FOLDER_MAX];
};

static inline bool tree_new(struct tree *t)
{
    return test_folder_make(t->root);
}

static inline bool tree_path(const struct tree *t, const char *path, char *to)
{
    struct err e = {0};
    snprintf(to, 512, "%s/%s", t->root, path);
    char *slash = strrchr(to, '/');
    *slash = '\0';
    bool good = file_make_folders(to, 0755, &e) == 0;
    *slash = '/';
    return good;
}

static inline bool tree_file(const struct tree *t, const char *path, const char *text)
{
    char full[512];
    struct err e = {0};
    return tree_path(t, path, full) && file_replace(full, text, strlen(text), 0644, &e) == 0;
}

static inline bool tree_link(const struct tree *t, const char *path, const char *target)
{
    char full[512];
    return tree_path(t, path, full) && symlink(target, full) == 0;
}

static inline void tree_done(struct tree *t)
{
    test_folder_remove(t->root);
}
