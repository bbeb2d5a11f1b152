/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/program.h"

#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/str.h"

static const char name[] = "picket";

const char *program_quote(struct arena *arena, const char *word)
{
    static const char plain[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789@%+=:,./-_";
    if (*word && strspn(word, plain) == strlen(word))
        return word;
    struct str quoted = str_of(0);
    str_add_char(&quoted, '\'');
    for (const char *c = word; *c; c++)
        if (*c == '\'')
            str_add(&quoted, "'\\''");
        else
            str_add_char(&quoted, *c);
    str_add_char(&quoted, '\'');
    const char *out = arena_text(arena, str_text(&quoted));
    str_done(&quoted);
    return out;
}

/* Does the first `picket` of PATH lead to the file that runs now? */
static bool is_first_in_path(struct arena *arena)
{
    struct stat self, found;
    const char *path = getenv("PATH");
    if (!path || stat("/proc/self/exe", &self) != 0)
        return false;
    while (*path) {
        size_t len = strcspn(path, ":");
        if (stat(arena_print(arena, "%.*s/%s", (int)len, path, name), &found) == 0)
            return found.st_dev == self.st_dev && found.st_ino == self.st_ino;
        path += len + (path[len] == ':');
    }
    return false;
}

const char *program_to_type(struct arena *arena)
{
    char path[PATH_MAX];
    if (is_first_in_path(arena))
        return name;
    ssize_t len = readlink("/proc/self/exe", path, sizeof path - 1);
    if (len <= 0)
        return name;
    path[len] = '\0';
    return program_quote(arena, arena_text(arena, path));
}
