/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/trap/ignore_list.h"

#include <string.h>
#include <unistd.h>

#include "check.h"
#include "core/base/mem.h"
#include "sys/io/file.h"
#include "test_folder.h"

static void count(void *ctx, const char *path, unsigned line, const char *why)
{
    (void)path, (void)why;
    *(unsigned *)ctx = *(unsigned *)ctx * 100 + line;
}

static const struct {
    const char *file, *addr;
    bool ignored;
    unsigned told; /* line numbers, two digits each */
} rows[] = {
    {"127.0.0.1\n192.0.2.7\n", "192.0.2.7", true, 0},
    {"127.0.0.1\n192.0.2.7\n", "192.0.2.8", false, 0},
    {"  192.0.2.0/24  # ours\r\n", "192.0.2.200", true, 0},
    {"192.0.2.2/31", "192.0.2.3", true, 0},
    {"192.0.2.2/31", "192.0.2.4", false, 0},
    {"192.0.2.0/255.255.255.0", "192.0.2.9", true, 0},
    {"192.0.2.0/255.0.255.0", "192.0.2.9", false, 1},
    {"2001:db8::/32", "2001:db8::1", true, 0},
    {"\n#x\nexample.net\n192.0.2.7/33\n192.0.2.7", "192.0.2.7", true, 304},
    {"", "192.0.2.7", false, 0},
};

int trap_ignore_list_test(void)
{
    int failed = 0;
    struct err e = {0};
    char folder[TEST_FOLDER_MAX], path[TEST_FOLDER_MAX + 8];
    unsigned told = 0;
    CHECK(test_folder_make(folder));
    snprintf(path, sizeof path, "%s/ignore", folder);
    struct ignore_list *l = ignore_list_new(path, count, &told); /* one list: it must see changes */
    struct addr a = addr_ip4(0xc0000207);
    CHECK(!ignore_list_has(l, &a) && !ignore_list_has(l, &a));
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        told = 0;
        CHECK_ROW(i, file_replace(path, rows[i].file, strlen(rows[i].file), 0600, &e) == 0);
        CHECK_ROW(i, addr_parse(&a, rows[i].addr, &e) == 0);
        CHECK_ROW(i, ignore_list_has(l, &a) == rows[i].ignored);
        CHECK_ROW(i, told == rows[i].told);
    }
    ignore_list_free(l);
    l = ignore_list_new(NULL, count, &told);
    CHECK(!ignore_list_has(l, &a));
    ignore_list_free(l);
    CHECK(test_folder_remove(folder));
    return failed;
}
