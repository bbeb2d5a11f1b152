/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sys/host/user.h"

#include <pwd.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/err.h"
#include "core/base/str.h"
#include "sys/io/file.h"

enum { PASSWD_MAX = 16 * 1024 * 1024 };

/* "name:password:uid:gid:..." */
static const char *name_in(struct arena *arena, const char *line, uint32_t uid)
{
    size_t len = strcspn(line, "\n"), name_len = strcspn(line, ":\n");
    const char *second = memchr(line, ':', len);
    const char *third = second ? memchr(second + 1, ':', len - (size_t)(second + 1 - line)) : NULL;
    if (!third || name_len == 0 || third[1] < '0' || third[1] > '9')
        return NULL;
    char *end;
    unsigned long value = strtoul(third + 1, &end, 10);
    return *end == ':' && value == uid ? arena_copy(arena, line, name_len) : NULL;
}

static const char *name_in_file(struct arena *arena, const char *root, uint32_t uid)
{
    struct err ignored;
    struct str path = str_of(4096), text = str_of(PASSWD_MAX);
    const char *name = NULL;
    str_addf(&path, "%s/etc/passwd", root);
    if (file_read(str_text(&path), &text, &ignored) == 0)
        for (const char *line = str_text(&text); line && !name; line = strchr(line, '\n')) {
            line += *line == '\n';
            name = name_in(arena, line, uid);
        }
    str_done(&path);
    str_done(&text);
    return name;
}

const char *user_name(struct arena *arena, const char *root, uint32_t uid)
{
    const char *name = name_in_file(arena, root, uid);
    if (name)
        return name;
    char buffer[4096];
    struct passwd entry, *found = NULL;
    if (!*root && getpwuid_r(uid, &entry, buffer, sizeof buffer, &found) == 0 && found)
        return arena_text(arena, found->pw_name);
    return arena_print(arena, "%u", uid);
}
