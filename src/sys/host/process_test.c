/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "check.h"
#include "sys/host/process.h"
#include "sys/host/tree_test.h"

static const struct {
    const char *text, *unit;
} cgroup[] = {
    {"0::/system.slice/nginx.service", "nginx.service"},
    {"0::/system.slice/system-postfix.slice/postfix@-.service", "postfix@-.service"},
    {"0::/user.slice/user-1000.slice/user@1000.service/app.slice/web.service", "web.service"},
    {"0::/user.slice/user-1000.slice/session-3.scope", "session-3.scope"},
    {"0::/system.slice/docker-0123.scope/init", "docker-0123.scope"},
    {"12:pids:/a.service\n1:name=systemd:/system.slice/ssh.service\n", "ssh.service"},
    {"4:cpu:/x.service\n3:memory:/\n", NULL}, /* other controllers say nothing */
    {"0::/", NULL},
    {"0::/init.scope", "init.scope"},
    {"0::/.service", NULL}, /* no name before the dot */
    {"", NULL},
    {"0:", NULL},
};

static bool same(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

/* One process of a made /proc. */
static bool make_process(const struct tree *t, int pid, const char *comm, const char *start,
                         const char *exe, const char *const *fd)
{
    char path[64], text[256];
    snprintf(path, sizeof path, "%d/comm", pid);
    snprintf(text, sizeof text, "%s\n", comm);
    bool good = tree_file(t, path, text);
    snprintf(path, sizeof path, "%d/stat", pid);
    snprintf(text, sizeof text, "%d (a) b) S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 %s 20\n",
             pid, start);
    good = good && tree_file(t, path, text);
    snprintf(path, sizeof path, "%d/exe", pid);
    good = good && (!exe || tree_link(t, path, exe));
    snprintf(path, sizeof path, "%d/cgroup", pid);
    good = good && tree_file(t, path, "0::/system.slice/x.service\n");
    for (int i = 0; fd[i]; i++) {
        snprintf(path, sizeof path, "%d/fd/%d", pid, i);
        good = good && tree_link(t, path, fd[i]);
    }
    return good;
}

static int made_tree(void)
{
    int failed = 0;
    struct arena arena = {0};
    struct err e = {0};
    struct tree t;
    static const char *const master[] = {"/dev/null", "socket:[100]", "socket:[100]",
                                         "socket:[300]", NULL},
                             *const worker[] = {"socket:[100]", "pipe:[200]", NULL},
                             *const init[] = {"socket:[300]", "socket:[200]", "socket:[]", NULL};
    CHECK(tree_new(&t));
    CHECK(make_process(&t, 50, "worker", "900", "/usr/sbin/nginx (deleted)", worker));
    CHECK(
        make_process(&t, 70, "master", "800", "/usr/sbin/nginx", master)); /* pids wrapped round */
    CHECK(make_process(&t, 60, "worker", "900", NULL, worker));
    CHECK(make_process(&t, 1, "systemd", "1", "/usr/lib/systemd/systemd", init));
    CHECK(tree_file(&t, "80/comm", "no fd folder\n") && tree_file(&t, "self_not/comm", "x"));
    struct process_owner owner[] = {{.inode = 99}, {.inode = 100}, {.inode = 200}, {.inode = 300}};
    CHECK(process_find_owners(&arena, t.root, owner, ARRAY_LEN(owner), &e) == 0);
    CHECK(!owner[0].leader && owner[0].count == 0);
    CHECK(owner[1].leader && owner[1].leader->pid == 70 && owner[1].count == 3);
    CHECK(owner[1].leader && same(owner[1].leader->name, "master") && !owner[1].leader->replaced);
    CHECK(owner[1].leader && same(owner[1].leader->path, "/usr/sbin/nginx"));
    CHECK(owner[1].leader && same(owner[1].leader->unit, "x.service"));
    CHECK(owner[2].leader && owner[2].leader->pid == 1 && owner[2].count == 1);
    CHECK(owner[3].leader && owner[3].leader->pid == 70 && owner[3].count == 2); /* not systemd */

    struct process_owner again = {.inode = 100};
    char path[512];
    CHECK(tree_path(&t, "70/fd/1", path) && unlink(path) == 0);
    CHECK(tree_path(&t, "70/fd/2", path) && unlink(path) == 0);
    CHECK(process_find_owners(&arena, t.root, &again, 1, &e) == 0);
    CHECK(again.leader && again.leader->pid == 50 && again.leader->replaced && again.count == 2);
    CHECK(again.leader && same(again.leader->path, "/usr/sbin/nginx"));
    tree_done(&t);
    CHECK(process_find_owners(&arena, t.root, &again, 1, &e) == -ENOENT && e.text[0]);
    arena_done(&arena);
    return failed;
}

/* A socket of our own, shared with a child. */
static int real_proc(void)
{
    int failed = 0;
    struct arena arena = {0};
    struct err e = {0};
    struct stat st;
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    CHECK(fd >= 0 && fstat(fd, &st) == 0);
    pid_t child = fork();
    if (child == 0) {
        pause();
        _exit(0);
    }
    struct process_owner owner = {.inode = st.st_ino};
    CHECK(process_find_owners(&arena, "/proc", &owner, 1, &e) == 0);
    char self[512] = {0};
    CHECK(readlink("/proc/self/exe", self, sizeof self - 1) > 0);
    if (CHECK(owner.leader && owner.count == 2)) {
        CHECK(owner.leader->pid == getpid() && same(owner.leader->name, "unit"));
        CHECK(same(owner.leader->path, self) && !owner.leader->replaced);
        CHECK(!owner.leader->other_root && owner.leader->start > 0);
    }
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    close(fd);
    arena_done(&arena);
    return failed;
}

int host_process_test(void)
{
    int failed = made_tree() + real_proc();
    struct arena arena = {0};
    for (size_t i = 0; i < ARRAY_LEN(cgroup); i++)
        CHECK_ROW(i, same(process_unit_of(&arena, cgroup[i].text), cgroup[i].unit));
    CHECK(process_unit_of(&arena, NULL) == NULL);
    arena_done(&arena);
    return failed;
}
