/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For tests only: network namespaces of the test's own, without rights outside them.  The unit
 * runner gives each test a process of its own, so a test may leave the machine's network for good.
 *
 *     if (!netns_enter()) return 0;            "skipped" has been printed
 *     pid_t peer = netns_pair();               veth0 here, veth1 there
 */
#pragma once

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/attr.h"

__attribute__((unused)) static bool netns_write(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    bool good = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);
    if (fd >= 0)
        close(fd);
    return good;
}

/* Run a shell line; true when it exits 0. */
__attribute__((unused)) static bool netns_sh(const char *line)
{
    pid_t pid = fork();
    if (pid == 0) {
        execl("/bin/sh", "sh", "-c", line, (char *)NULL);
        _exit(127);
    }
    int status = 1;
    bool good = pid > 0 && waitpid(pid, &status, 0) == pid && status == 0;
    if (!good)
        printf("failed: %s\n", line);
    return good;
}

/* Enter a new user and network namespace, as root of it, with loopback up.  Where the kernel does
 * not allow that the test cannot be held: says so and returns false. */
__attribute__((unused)) static bool netns_enter(void)
{
    char map[64];
    uid_t uid = getuid();
    gid_t gid = getgid();
    if (unshare(CLONE_NEWUSER | CLONE_NEWNET) < 0) {
        printf("skipped: no user namespaces here\n");
        return false;
    }
    snprintf(map, sizeof map, "0 %u 1", uid);
    bool good =
        netns_write("/proc/self/setgroups", "deny") && netns_write("/proc/self/uid_map", map);
    snprintf(map, sizeof map, "0 %u 1", gid);
    return good && netns_write("/proc/self/gid_map", map) && netns_sh("ip link set lo up");
}

/* A child that holds a further network namespace until the caller ends it (or dies); -1: failed. */
__attribute__((unused)) static pid_t netns_child(void)
{
    int ready[2];
    if (pipe(ready) < 0)
        return -1;
    pid_t pid = fork();
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        bool good = unshare(CLONE_NEWNET) == 0 && netns_sh("ip link set lo up");
        if (write(ready[1], good ? "y" : "n", 1) != 1)
            _exit(1);
        for (;;)
            pause();
    }
    char answer = 'n';
    close(ready[1]);
    if (pid < 0 || read(ready[0], &answer, 1) != 1 || answer != 'y')
        pid = -1;
    close(ready[0]);
    return pid;
}

/* Move the calling thread into the network of `pid`. */
__attribute__((unused)) static bool netns_go(pid_t pid)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/ns/net", (int)pid);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool good = fd >= 0 && setns(fd, CLONE_NEWNET) == 0;
    if (fd >= 0)
        close(fd);
    return good;
}

/* Run a shell line in the network of `pid`. */
__attribute__((unused)) static bool netns_sh_in(pid_t pid, const char *line)
{
    pid_t child = fork();
    if (child == 0)
        _exit(netns_go(pid) && netns_sh(line) ? 0 : 1);
    int status = 1;
    return child > 0 && waitpid(child, &status, 0) == child && status == 0;
}

/* A peer namespace and a cable to it: veth0 here with 192.0.2.1/24 and 2001:db8:1::1/64, veth1
 * there with .2 and ::2; IPv6 addresses are usable at once.  -1: failed.  The ends need different
 * numbers: where they are equal, as they mostly would be, the kernel (linkwatch) takes the cable
 * for no cable and may let a second pass before it uses it. */
__attribute__((unused)) static pid_t netns_pair(void)
{
    pid_t peer = netns_child();
    char line[512];
    snprintf(line, sizeof line,
             "ip link add veth0 index 11 address 02:00:00:00:00:01 type veth "
             "peer name veth1 index 12 address 02:00:00:00:00:02 netns %d && ip addr add "
             "192.0.2.1/24 dev veth0 && "
             "ip addr add 2001:db8:1::1/64 dev veth0 nodad && ip link set veth0 up",
             (int)peer);
    if (peer < 0 || !netns_sh(line) ||
        !netns_sh_in(peer, "ip addr add 192.0.2.2/24 dev veth1 && "
                           "ip addr add 2001:db8:1::2/64 dev veth1 nodad && ip link set veth1 up"))
        return -1;
    return peer;
}

__attribute__((unused)) static void netns_end(pid_t peer)
{
    if (peer > 0) {
        kill(peer, SIGKILL);
        waitpid(peer, NULL, 0);
    }
}
