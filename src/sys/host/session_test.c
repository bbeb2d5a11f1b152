/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sys/host/session.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"
#include "core/base/mem.h"
#include "sys/io/file.h"
#include "sys/io/sock.h"
#include "test_folder.h"

static const struct {
    const char *title, *user; /* NULL: no session */
} titles[] = {
    {"sshd: root@pts/0", "root"},
    {"sshd: anna@notty", "anna"},
    {"sshd-session: anna@pts/3", "anna"},
    {"sshd: root [priv]", NULL}, /* not yet authenticated */
    {"sshd: unknown [net]", NULL},
    {"sshd: [accepted]", NULL},
    {"sshd: /usr/sbin/sshd -D [listener] 0 of 10-100 startups", NULL},
    {"sshd: @pts/0", NULL},
    {"bash: root@pts/0", NULL},
    {"", NULL},
};

static int test_titles(void)
{
    int failed = 0;
    for (size_t i = 0; i < ARRAY_COUNT(titles); i++) {
        char user[SESSION_USER_MAX];
        bool is_session = session_user_of(titles[i].title, user);
        CHECK_ROW(i, is_session == (titles[i].user != NULL));
        CHECK_ROW(i, !is_session || strcmp(user, titles[i].user) == 0);
    }
    return failed;
}

static const struct {
    const char *title, *groups;
    bool added;
} rows[] = {
    {"sshd: root@pts/0", "", true},
    {"sshd: anna@pts/0", "root:x:0:\nsudo:x:27:bob,anna\n", true},
    {"sshd: anna@pts/0", "users:x:100:anna\nsudo:x:27:bob\n", false},
    {"sshd: anna@pts/0", "sudo:x:27:annabel\n", false},
    {"sshd: root [priv]", "", false},
};

/* A made /proc with one process, which holds this test's own connection. */
static int test_peers(size_t i, int connection)
{
    int failed = 0;
    struct err e = {0};
    char folder[TEST_FOLDER_MAX], path[2 * TEST_FOLDER_MAX], target[64], own[64];
    struct cidr_set set = {0};
    CHECK_ROW(i, test_folder_make(folder));
    snprintf(path, sizeof path, "%s/42", folder);
    CHECK_ROW(i, mkdir(path, 0700) == 0);
    snprintf(path, sizeof path, "%s/42/fd", folder);
    CHECK_ROW(i, mkdir(path, 0700) == 0);
    snprintf(own, sizeof own, "/proc/self/fd/%d", connection);
    ssize_t len = readlink(own, target, sizeof target - 1);
    target[len < 0 ? 0 : len] = '\0';
    snprintf(path, sizeof path, "%s/42/fd/3", folder);
    CHECK_ROW(i, symlink(target, path) == 0);
    snprintf(path, sizeof path, "%s/42/cmdline", folder);
    CHECK_ROW(i, file_replace(path, rows[i].title, strlen(rows[i].title), 0600, &e) == 0);
    snprintf(path, sizeof path, "%s/group", folder);
    CHECK_ROW(i, file_replace(path, rows[i].groups, strlen(rows[i].groups), 0600, &e) == 0);
    CHECK_ROW(i, session_add_peers(&set, folder, path, &e) == 0);
    cidr_set_seal(&set);
    struct addr loopback = addr_ip4(0x7f000001);
    CHECK_ROW(i, cidr_set_has(&set, &loopback) == rows[i].added);
    cidr_set_done(&set);
    CHECK_ROW(i, test_folder_remove(folder));
    return failed;
}

int host_session_test(void)
{
    int failed = test_titles();
    struct err e = {0};
    struct endpoint at = {.addr = addr_ip4(0x7f000001)};
    struct cidr_set set = {0};
    int listener;
    CHECK(sock_listen(&at, 1, &listener, &e) == 0 && sock_local(listener, &at, &e) == 0);
    int client = sock_new(ADDR_IP4, SOCK_STREAM);
    int rc = sock_connect(client, &at);
    CHECK(rc == 0 || rc == -EINPROGRESS);
    int connection = accept(listener, NULL, NULL);
    CHECK(connection >= 0);
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++)
        failed += test_peers(i, connection);
    CHECK(session_add_peers(&set, "/proc/no/such", "/etc/group", &e) < 0);
    close(listener);
    close(client);
    close(connection);
    return failed;
}
