/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Held against what the kernel says in /proc/self/status. */
#include <linux/capability.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "sys/priv/capability.h"

static const struct {
    enum capability capability;
    const char *name;
    unsigned bit;
} row[] = {
    {CAPABILITY_NET_RAW, "CAP_NET_RAW", CAP_NET_RAW},
    {CAPABILITY_NET_ADMIN, "CAP_NET_ADMIN", CAP_NET_ADMIN},
    {CAPABILITY_SYS_PTRACE, "CAP_SYS_PTRACE", CAP_SYS_PTRACE},
    {CAPABILITY_DAC_READ_SEARCH, "CAP_DAC_READ_SEARCH", CAP_DAC_READ_SEARCH},
};

static uint64_t effective_of_kernel(void)
{
    char line[256];
    uint64_t set = 0;
    FILE *f = fopen("/proc/self/status", "r");
    while (f && fgets(line, sizeof line, f))
        if (strncmp(line, "CapEff:", 7) == 0)
            set = strtoull(line + 7, NULL, 16);
    if (f)
        fclose(f);
    return set;
}

static int test_as_it_is(void)
{
    int failed = 0;
    uint64_t set = effective_of_kernel();
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        CHECK_ROW(i, capability_has(row[i].capability) == (set >> row[i].bit & 1));
        CHECK_ROW(i, strcmp(capability_name(row[i].capability), row[i].name) == 0);
    }
    return failed;
}

static int drop_all(void)
{
    struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {{0}};
    return (int)syscall(SYS_capset, &head, data);
}

int priv_capability_test(void)
{
    int failed = test_as_it_is(), status = 0;
    pid_t pid = fork();
    if (pid == 0) { /* the same question without any right */
        bool dropped = drop_all() == 0 && effective_of_kernel() == 0;
        _exit(dropped && test_as_it_is() == 0 && !capability_has(CAPABILITY_NET_RAW) ? 0 : 1);
    }
    CHECK(waitpid(pid, &status, 0) == pid && status == 0);
    CHECK(!capability_has((enum capability)99));
    CHECK(strcmp(capability_name((enum capability)99), "?") == 0);
    return failed;
}
