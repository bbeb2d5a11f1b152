/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/advisory/inventory.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "sys/io/file.h"

enum { FIRST_CAPACITY = 64, OS_RELEASE_MAX = 65536 };

void inventory_add(struct arena *arena, struct inventory *list, const struct inventory_item *item)
{
    if (list->count == list->capacity) {
        size_t capacity = list->capacity ? list->capacity * 2 : FIRST_CAPACITY;
        struct inventory_item *bigger = arena_array(arena, capacity, sizeof *bigger);
        if (list->count)
            memcpy(bigger, list->item, list->count * sizeof *bigger);
        list->item = bigger;
        list->capacity = capacity;
    }
    list->item[list->count++] = *item;
}

/* ---- the system ---- */

static const char *os_value(struct arena *arena, const char *text, const char *key)
{
    size_t key_len = strlen(key);
    for (const char *line = text; line && *line; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (strncmp(line, key, key_len) != 0 || line[key_len] != '=')
            continue;
        const char *value = line + key_len + 1;
        size_t len = strcspn(value, "\n");
        if (len >= 2 && (*value == '"' || *value == '\'') && value[len - 1] == *value) {
            value++;
            len -= 2;
        }
        return arena_copy(arena, value, len);
    }
    return NULL;
}

void inventory_read_system(struct arena *arena, const char *root, struct inventory_system *out)
{
    static const char *const paths[] = {"/etc/os-release", "/usr/lib/os-release"};
    struct str text = str_of(OS_RELEASE_MAX);
    *out = (struct inventory_system){0};
    for (size_t i = 0; i < ARRAY_COUNT(paths); i++)
        if (file_read(arena_print(arena, "%s%s", root, paths[i]), &text, &(struct err){0}) == 0) {
            out->id = os_value(arena, str_text(&text), "ID");
            out->like = os_value(arena, str_text(&text), "ID_LIKE");
            out->version_id = os_value(arena, str_text(&text), "VERSION_ID");
            out->codename = os_value(arena, str_text(&text), "VERSION_CODENAME");
            break;
        }
    str_done(&text);
}
