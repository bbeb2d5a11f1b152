/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "check.h"
#include "sys/host/package.h"
#include "sys/host/tree_test.h"

static const struct {
    const char *path, *name, *version, *source;
} row[] = {
    {"/usr/sbin/nginx", "nginx-light", "1.22.1-9", "nginx"},
    {"/usr/bin/bash", "bash", "5.2.15-2+b2", "bash"}, /* the list has /bin/bash */
    {"/bin/bash", "bash", "5.2.15-2+b2", "bash"},
    {"/bin/true", "coreutils", "9.1-1", "coreutils"}, /* the list has /usr/bin/true */
    {"/usr/bin/own", NULL, NULL, NULL},
    {"/usr/bin/moved", "mover", "1", "mover"}, /* diverted: the package that diverted it */
    {"/usr/bin/moved.distrib", "moved", "2", "moved"},
    {"/usr/bin/kept", NULL, NULL, NULL}, /* diverted by the administrator: his own */
    {"/usr/bin/kept.orig", "moved", "2", "moved"},
    {"/usr/bin/left", "left", NULL, NULL}, /* a list without an installed package */
    {"/usr/lib/x86_64-linux-gnu/libx.so.1", "libx1", "3:4.0~rc1-1", "libx"},
    {NULL, NULL, NULL, NULL},
    {"/usr/sbin/nginx", "nginx-light", "1.22.1-9", "nginx"}, /* asked twice */
    {"", NULL, NULL, NULL},
};

static bool same(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

static bool make_tree(const struct tree *t, bool merged)
{
    bool good =
        tree_file(t, "var/lib/dpkg/info/nginx-light.list",
                  "/.\n/usr\n/usr/sbin\n/usr/sbin/nginx\n") &&
        tree_file(t, "var/lib/dpkg/info/bash.list", "/bin\n/bin/bash\n/usr/bin/bashbug") &&
        tree_file(t, "var/lib/dpkg/info/coreutils.list", "/usr/bin/true\n") &&
        tree_file(t, "var/lib/dpkg/info/moved.list", "/usr/bin/moved\n/usr/bin/kept\n") &&
        tree_file(t, "var/lib/dpkg/info/mover.list", "/usr/bin/moved\n") &&
        tree_file(t, "var/lib/dpkg/info/left.list", "/usr/bin/left\n") &&
        tree_file(t, "var/lib/dpkg/info/libx1:amd64.list",
                  "/usr/lib/x86_64-linux-gnu/libx.so.1\n") &&
        tree_file(t, "var/lib/dpkg/info/bash.md5sums", "/usr/bin/own\n") &&
        tree_file(t, "var/lib/dpkg/info/empty.list", "") &&
        tree_file(t, "var/lib/dpkg/diversions",
                  "/usr/bin/moved\n/usr/bin/moved.distrib\nmover\n"
                  "/usr/bin/kept\n/usr/bin/kept.orig\n:\n/usr/bin/cut\n") &&
        tree_file(t, "var/lib/dpkg/status",
                  "Package: nginx-light\nStatus: install ok installed\nSource: nginx (1.22)\n"
                  "Version: 1.22.1-9\n\n"
                  "Package: bash\nStatus: install ok installed\nDescription: a\n Version: 9\n"
                  "Version: 5.2.15-2+b2\n\n\n"
                  "Package: coreutils\nStatus: hold ok installed\nVersion: 9.1-1\n\n"
                  "Package: mover\nStatus: install ok unpacked\nVersion: 1\n\n"
                  "Package: moved\nStatus: install ok installed\nVersion: 2\n\n"
                  "Package: left\nStatus: deinstall ok config-files\nVersion: 2\n\n"
                  "Package: libx1\nStatus: install ok installed\nArchitecture: amd64\n"
                  "Source: libx\nVersion: 3:4.0~rc1-1");
    return good && (!merged || (tree_link(t, "bin", "usr/bin") && tree_link(t, "lib", "usr/lib")));
}

int host_package_test(void)
{
    int failed = 0;
    struct err e = {0};
    for (int merged = 1; merged >= 0; merged--) {
        struct arena arena = {0};
        struct tree tree;
        struct package_owner owner[ARRAY_LEN(row)] = {0};
        CHECK(tree_new(&tree) && make_tree(&tree, merged));
        for (size_t i = 0; i < ARRAY_LEN(row); i++)
            owner[i].path = row[i].path;
        CHECK(package_find_owners(&arena, tree.root, owner, ARRAY_LEN(row), &e) == 0);
        for (size_t i = 0; i < ARRAY_LEN(row); i++) {
            bool other_way = i == 1 || i == 3; /* found through the links only */
            CHECK_ROW(i, same(owner[i].name, merged || !other_way ? row[i].name : NULL));
            CHECK_ROW(i, same(owner[i].version, merged || !other_way ? row[i].version : NULL));
            CHECK_ROW(i, same(owner[i].source, merged || !other_way ? row[i].source : NULL));
        }
        tree_done(&tree);
        arena_done(&arena);
    }
    struct arena arena = {0};
    struct package_owner none = {.path = "/usr/bin/true"};
    CHECK(package_find_owners(&arena, "/nonexistent", &none, 1, &e) == 0 && !none.name);
    CHECK(package_find_owners(&arena, "", &none, 0, &e) == 0);
    arena_done(&arena);
    return failed;
}
