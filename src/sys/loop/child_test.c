/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "core/base/clock.h"
#include "sys/loop/child.h"

static const struct {
    const char *path, *script;
    uint64_t limit_ms;
    int rc, exit_code;
    const char *out;
} row[] = {
    {"/bin/sh", "echo one; exit 3", 5000, 0, 3, "one\n"},
    {"sh", "printf '%s' \"$PATH,$LC_ALL,$HOME\"", 5000, 0, 0,
     "/usr/sbin:/usr/bin:/sbin:/bin,C,"}, /* nothing of ours goes in */
    {"sh", "read line || echo at end; echo lost >&2", 5000, 0, 0, "at end\n"}, /* in: /dev/null */
    {"sh", "ls /proc/self/fd | tr '\\n' ' '", 5000, 0, 0, "0 1 2 3 "}, /* 3 is of ls itself */
    {"sh", "printf 0123456789ABCDEF; printf 0123456789", 5000, 0, 0, "0123456789ABCDEF0123"},
    {"sh", "sleep 60 & printf left", 5000, 0, 0, "left"}, /* a descendant that holds the pipe */
    {"sh", "trap '' TERM INT; sleep 60; echo no", 30, -ETIMEDOUT, 0, ""},
    {"/nonexistent/program", "", 5000, -ENOENT, 0, ""},
    {"no-such-program-here", "", 5000, -ENOENT, 0, ""},
    {"/etc/passwd", "", 5000, -EACCES, 0, ""},
};

static int test_rows(void)
{
    int failed = 0;
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        struct err e = {0};
        struct str out = str_of(i == 4 ? 20 : 100);
        int status = -1;
        const char *argv[] = {"sh", "-c", row[i].script, NULL};
        int rc = child_run(row[i].path, argv, row[i].limit_ms * NS_PER_MS, &out, &status, &e);
        CHECK_ROW(i, rc == row[i].rc && strcmp(str_text(&out), row[i].out) == 0);
        CHECK_ROW(i, rc ? strstr(e.text, row[i].path) != NULL
                        : WIFEXITED(status) && WEXITSTATUS(status) == row[i].exit_code);
        CHECK_ROW(i, out.full == (i == 4));
        str_done(&out);
    }
    return failed;
}

/* The time limit ends what the child has started as well: the pipe's other end is closed then. */
static int test_group_is_killed(void)
{
    int failed = 0, fd[2];
    struct err e = {0};
    struct str out = str_of(100);
    CHECK(pipe2(fd, O_CLOEXEC) == 0);
    char script[100];
    snprintf(script, sizeof script, "sleep 60 & echo $! ; wait");
    const char *argv[] = {"sh", "-c", script, NULL};
    int status;
    CHECK(child_run("sh", argv, 50 * NS_PER_MS, &out, &status, &e) == -ETIMEDOUT);
    int pid = 0;
    CHECK(sscanf(str_text(&out), "%d", &pid) == 1 && pid > 1);
    int gone = -1;
    for (int i = 0; i < 100 && (gone = kill(pid, 0)) == 0; i++) {
        char path[64], state[256] = "";
        snprintf(path, sizeof path, "/proc/%d/stat", pid);
        FILE *f = fopen(path, "r");
        if (!f || !fgets(state, sizeof state, f) || strstr(state, ") Z"))
            gone = -1; /* dead; who adopted it has not reaped it yet */
        if (f)
            fclose(f);
        if (gone)
            break;
        usleep(10000);
    }
    CHECK(gone != 0);
    close(fd[0]);
    close(fd[1]);
    str_done(&out);
    return failed;
}

/* Descriptors that stand in each other's places, and signals that we ignore or block. */
static int test_start(void)
{
    int failed = 0, fd[2];
    struct err e = {0};
    pid_t pid;
    CHECK(pipe2(fd, O_CLOEXEC) == 0);
    sigset_t term;
    sigemptyset(&term);
    sigaddset(&term, SIGTERM);
    sigprocmask(SIG_BLOCK, &term, NULL);
    signal(SIGINT, SIG_IGN);
    const char *const env[] = {"WORD=given", NULL};
    const char *const argv[] = {"sh", "-c", "echo $WORD >&2; kill -INT $$; echo no >&2", NULL};
    int kept = dup(1);
    dup2(fd[1], 1); /* our standard output is the child's standard error */
    struct child_spec spec = {
        .path = "sh", .argv = argv, .env = env, .in_fd = -1, .out_fd = 2, .err_fd = 1};
    int rc = child_start(&spec, &pid, &e);
    dup2(kept, 1);
    close(kept);
    close(fd[1]);
    CHECK(rc == 0);
    int status = 0;
    char text[20] = "";
    CHECK(getpgid(pid) == pid);
    CHECK(waitpid(pid, &status, 0) == pid && WIFSIGNALED(status) && WTERMSIG(status) == SIGINT);
    CHECK(read(fd[0], text, sizeof text - 1) == 6 && strcmp(text, "given\n") == 0);
    close(fd[0]);
    sigprocmask(SIG_UNBLOCK, &term, NULL);
    signal(SIGINT, SIG_DFL);
    return failed;
}

int loop_child_test(void)
{
    return test_rows() + test_group_is_killed() + test_start();
}
