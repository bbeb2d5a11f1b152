/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sys/priv/capability.h"

#include <linux/capability.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core/base/attr.h"

static const struct {
    const char *name;
    unsigned bit;
} row[] = {
    [CAPABILITY_NET_RAW] = {"CAP_NET_RAW", CAP_NET_RAW},
    [CAPABILITY_NET_ADMIN] = {"CAP_NET_ADMIN", CAP_NET_ADMIN},
    [CAPABILITY_SYS_PTRACE] = {"CAP_SYS_PTRACE", CAP_SYS_PTRACE},
    [CAPABILITY_DAC_READ_SEARCH] = {"CAP_DAC_READ_SEARCH", CAP_DAC_READ_SEARCH},
};

/* The system call itself, capget(2): libcap would be a library for one call. */
bool capability_has(enum capability c)
{
    struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {{0}};
    if (c >= ARRAY_COUNT(row) || syscall(SYS_capget, &head, data) != 0)
        return false;
    return data[row[c].bit / 32].effective >> (row[c].bit % 32) & 1;
}

const char *capability_name(enum capability c)
{
    return c < ARRAY_COUNT(row) ? row[c].name : "?";
}
