/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <string.h>

#include "check.h"
#include "cmd/config.h"

int cmd_config_test(void)
{
    int failed = 0;
    static const struct {
        const char *text;
        int rc;
        const char *folder, *error;
    } row[] = {
        {"", 0, NULL, ""},
        {"# nothing\n", 0, NULL, ""},
        {"[store]\nfolder = /srv/picket\n", 0, "/srv/picket", ""},
        {"[store]\nfolder = /a\nfolder = /b\n", 0, "/b", ""}, /* the last one counts */
        {"[store]\nfolder = here\n", -EINVAL, NULL,
         "f:2:1: folder: \"here\" is not an absolute path"},
        {"[store]\nplace = /a\n", -EINVAL, NULL, "f:2:1: no key \"place\" in section [store]"},
        {"folder = /a\n", -EINVAL, NULL, "f:1:1: no key \"folder\" in section []"},
    };
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        struct arena arena = {0};
        struct config c = {0};
        struct err e = {0};
        CHECK_ROW(i,
                  config_parse(&c, row[i].text, strlen(row[i].text), "f", &arena, &e) == row[i].rc);
        CHECK_ROW(i, strcmp(e.text, row[i].error) == 0);
        CHECK_ROW(i, row[i].folder ? c.store_folder && strcmp(c.store_folder, row[i].folder) == 0
                                   : !c.store_folder);
        arena_done(&arena);
    }
    struct arena arena = {0};
    struct config c = {0};
    struct err e = {0};
    CHECK(config_read(&c, "/nonexistent/picket.conf", &arena, &e) == -ENOENT);
    CHECK(strstr(e.text, "/nonexistent/picket.conf") != NULL);
    arena_done(&arena);
    return failed;
}
