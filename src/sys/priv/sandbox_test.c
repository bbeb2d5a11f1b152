/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <fcntl.h>
#include <stdbool.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "sys/priv/sandbox.h"

static bool can_open(const char *path, int flags)
{
    int fd = open(path, flags);
    if (fd >= 0)
        close(fd);
    return fd >= 0;
}

/* In a process of its own: one bit for each thing that worked though it must not, or the reverse.
 */
static int try_all(void)
{
    static const char *const readable[] = {"/usr", "/proc/self/status", NULL};
    struct err e = {0};
    bool has_landlock = syscall(SYS_landlock_create_ruleset, NULL, 0, 1) > 0; /* its version */
    if (sandbox_enter(&(struct sandbox_spec){.readable = readable}, &e) < 0)
        return 128;
    char name[] = "true";
    char *const argv[] = {name, NULL};
    int wrong = 0;
    wrong |= can_open("/usr/bin/env", O_RDONLY) ? 0 : 1;
    wrong |= can_open(has_landlock ? "/etc/passwd" : "/etc/shadow", O_RDONLY) ? 2 : 0;
    wrong |= can_open("/usr/bin/env", O_WRONLY) ? 4 : 0;
    pid_t child = fork();
    if (child == 0)
        _exit(0);
    wrong |= child > 0 ? 8 : 0;
    wrong |= geteuid() == 0 ? 16 : 0;
    execv("/usr/bin/true", argv);
    return wrong;
}

int priv_sandbox_test(void)
{
    int failed = 0, status = -1;
    pid_t child = fork();
    if (child == 0)
        _exit(try_all());
    CHECK(waitpid(child, &status, 0) == child);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    return failed;
}
