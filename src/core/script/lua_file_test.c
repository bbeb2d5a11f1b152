/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/script/lua_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check.h"

static int put(const char *text)
{
    FILE *file = fopen("script.lua", "w");
    return file && fputs(text, file) >= 0 && fclose(file) == 0;
}

int script_lua_file_test(void)
{
    static const struct {
        const char *script;
        int rc;
        const char *words;
    } row[] = {
        {"assert(1 + 1 == 2)", 0, ""},
        {"assert(os.getenv('PATH'))", 0, ""}, /* the whole of Lua's library */
        {"local f = io.open('out', 'w') f:write('said')", 0, ""},
        {"this is no Lua", -EINVAL, "script.lua:1:"},
        {"error('on purpose')", -EINVAL, "on purpose"},
        {"error({})", -EINVAL, "failed"},
    };
    int failed = 0;
    char folder[] = "/tmp/picket-lua-XXXXXX";
    CHECK(mkdtemp(folder) && chdir(folder) == 0);
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        struct err e = {0};
        CHECK_ROW(i, put(row[i].script) && lua_file_run("script.lua", &e) == row[i].rc);
        CHECK_ROW(i, strstr(e.text, row[i].words));
    }
    char said[5] = "";
    FILE *out = fopen("out", "r");
    CHECK(out && fread(said, 1, 4, out) == 4 && strcmp(said, "said") == 0);
    if (out)
        fclose(out);
    struct err e = {0};
    CHECK(lua_file_run("absent.lua", &e) == -EINVAL && strstr(e.text, "absent.lua"));
    CHECK(unlink("script.lua") == 0 && unlink("out") == 0 && rmdir(folder) == 0);
    return failed;
}
