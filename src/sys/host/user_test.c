/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "check.h"
#include "sys/host/tree_test.h"
#include "sys/host/user.h"

static const struct {
    uint32_t uid;
    const char *name;
} row[] = {
    {0, "root"},         {33, "www-data"}, {1000, "first"}, /* two names for one number */
    {65534, "nobody"},   {7, "7"},                          /* nobody has it */
    {4294967295, "max"}, {500, "500"},                      /* in a broken line */
    {12, "12"},          {1, "1"},                          /* "+::1": no name */
};

int host_user_test(void)
{
    int failed = 0;
    struct arena arena = {0};
    struct tree tree;
    CHECK(tree_new(&tree));
    CHECK(tree_file(
        &tree, "etc/passwd",
        "root:x:0:0:root:/root:/bin/bash\nwww-data:x:33:33::/:\nfirst:x:1000:1:::\n"
        "second:x:1000:1:::\nbroken:500\nmax:x:4294967295:1:::\nbad:x:12x:1:::\n:x:1:1:::\n"
        "nobody:x:65534:65534:nobody"));
    for (size_t i = 0; i < ARRAY_LEN(row); i++)
        CHECK_ROW(i, strcmp(user_name(&arena, tree.root, row[i].uid), row[i].name) == 0);
    CHECK(strcmp(user_name(&arena, "/nonexistent", 5), "5") == 0);
    CHECK(strcmp(user_name(&arena, "", 0), "root") == 0);
    CHECK(strcmp(user_name(&arena, "", 4000000123), "4000000123") == 0);
    tree_done(&tree);
    arena_done(&arena);
    return failed;
}
