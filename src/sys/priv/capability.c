/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sys/priv/capability.h"

#include <linux/capability.h>
#include <sys/syscall.h>
#include <unistd.h>

static const struct {
    int number;
    const char *name;
} capabilities[] = {
    [CAPABILITY_NET_RAW] = {CAP_NET_RAW, "CAP_NET_RAW"},
    [CAPABILITY_NET_ADMIN] = {CAP_NET_ADMIN, "CAP_NET_ADMIN"},
    [CAPABILITY_SYS_PTRACE] = {CAP_SYS_PTRACE, "CAP_SYS_PTRACE"},
    [CAPABILITY_DAC_READ_SEARCH] = {CAP_DAC_READ_SEARCH, "CAP_DAC_READ_SEARCH"},
};

bool capability_has(enum capability c)
{
    struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {0};
    int number = capabilities[c].number;
    if (syscall(SYS_capget, &head, data) != 0)
        return false;
    return data[CAP_TO_INDEX(number)].effective & CAP_TO_MASK(number);
}

const char *capability_name(enum capability c)
{
    return capabilities[c].name;
}
