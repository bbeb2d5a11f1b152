/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/config.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "core/text/ini.h"
#include "sys/io/file.h"

enum config_kind { CONFIG_FOLDER };

static const struct key {
    const char *section, *name;
    enum config_kind kind;
    size_t offset;
} keys[] = {
    {"store", "folder", CONFIG_FOLDER, offsetof(struct config, store_folder)},
};

static const struct key *find_key(const struct ini_item *item)
{
    for (size_t i = 0; i < ARRAY_COUNT(keys); i++)
        if (strcmp(keys[i].section, item->section) == 0 && strcmp(keys[i].name, item->key) == 0)
            return &keys[i];
    return NULL;
}

static int take_item(struct config *c, const struct ini_item *item, const char *name, struct err *e)
{
    const struct key *key = find_key(item);
    if (!key)
        return err_set(e, -EINVAL, "%s:%u:1: no key \"%s\" in section [%s]", name, item->line,
                       item->key, item->section);
    if (item->value[0] != '/')
        return err_set(e, -EINVAL, "%s:%u:1: %s: \"%s\" is not an absolute path", name, item->line,
                       item->key, item->value);
    memcpy((char *)c + key->offset, &item->value, sizeof item->value);
    return 0;
}

int config_parse(struct config *out, const char *text, size_t len, const char *name,
                 struct arena *arena, struct err *e)
{
    struct config c = {0};
    struct ini ini = {0};
    int rc = ini_parse(&ini, text, len, name, arena, e);
    for (size_t i = 0; i < ini.count && rc == 0; i++)
        rc = take_item(&c, &ini.item[i], name, e);
    ini_done(&ini);
    if (rc == 0)
        *out = c;
    return rc;
}

int config_read(struct config *out, const char *path, struct arena *arena, struct err *e)
{
    struct str text = str_of(INI_FILE_MAX);
    const char *name = path ? path : CONFIG_FILE;
    int rc = file_read(name, &text, e);
    if (rc == 0)
        rc = config_parse(out, str_text(&text), text.len, name, arena, e);
    else if (!path && (rc == -ENOENT || rc == -ENOTDIR || rc == -EACCES))
        rc = 0; /* none, or not for this user's eyes: the defaults */
    str_done(&text);
    return rc;
}
