/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sys/host/machine.h"

#include <string.h>
#include <unistd.h>

#include "core/base/str.h"
#include "sys/io/file.h"

enum { NAME_BYTES = 256, OS_RELEASE_MAX = 16384 };

const char *machine_name(struct arena *arena)
{
    char name[NAME_BYTES] = "";
    if (gethostname(name, sizeof name - 1) < 0 || !*name)
        return "localhost";
    return arena_text(arena, name);
}

/* Shell quoting as os-release(5) allows it: one kind of quotes around the whole, backslashes inside
 * "". */
static const char *unquote(struct arena *arena, const char *value, size_t len)
{
    char quote = len && (*value == '"' || *value == '\'') ? *value : '\0';
    if (quote && (len < 2 || value[len - 1] != quote))
        return NULL;
    char *out = arena_copy(arena, value + (quote != 0), quote ? len - 2 : len);
    char *to = out;
    for (const char *from = out; *from; from++) {
        if (quote == '"' && *from == '\\' && from[1])
            from++;
        *to++ = *from;
    }
    *to = '\0';
    return *out ? out : NULL;
}

const char *machine_pretty_name(struct arena *arena, const char *text)
{
    static const char key[] = "PRETTY_NAME=";
    for (const char *line = text; line && *line;) {
        size_t len = strcspn(line, "\n");
        if (strncmp(line, key, sizeof key - 1) == 0)
            return unquote(arena, line + sizeof key - 1, len - (sizeof key - 1));
        line += len + (line[len] == '\n');
    }
    return NULL;
}

const char *machine_system(struct arena *arena, const char *root)
{
    static const char *const path[] = {"/etc/os-release", "/usr/lib/os-release"};
    const char *found = NULL;
    for (size_t i = 0; i < sizeof path / sizeof path[0] && !found; i++) {
        struct str text = str_of(OS_RELEASE_MAX);
        struct err ignored = {0};
        if (file_read(arena_print(arena, "%s%s", root, path[i]), &text, &ignored) == 0)
            found = machine_pretty_name(arena, str_text(&text));
        str_done(&text);
    }
    return found;
}
