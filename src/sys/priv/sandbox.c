/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sys/priv/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/landlock.h>
#include <seccomp.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core/base/own.h"

enum { NOBODY = 65534 };

static int fail(struct err *e, const char *what)
{
    return err_set(e, -errno, "%s: %s", what, strerror(errno));
}

/* ---- files: Landlock ---- */

static const uint64_t all_access =
    LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_READ_FILE |
    LANDLOCK_ACCESS_FS_READ_DIR | LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE |
    LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG |
    LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_MAKE_FIFO | LANDLOCK_ACCESS_FS_MAKE_BLOCK |
    LANDLOCK_ACCESS_FS_MAKE_SYM;

static int allow_reading(int rules, const char *path, struct err *e)
{
    OWN_FD int fd = open(path, O_PATH | O_CLOEXEC);
    if (fd < 0)
        return 0; /* what is not there needs no rule */
    struct landlock_path_beneath_attr rule = {
        .allowed_access = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR,
        .parent_fd = fd,
    };
    if (syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) == 0)
        return 0;
    rule.allowed_access = LANDLOCK_ACCESS_FS_READ_FILE; /* a file cannot be listed */
    return syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) == 0
               ? 0
               : fail(e, path);
}

static int limit_files(const char *const *readable, struct err *e)
{
    struct landlock_ruleset_attr attr = {.handled_access_fs = all_access};
    OWN_FD int rules = (int)syscall(SYS_landlock_create_ruleset, &attr, sizeof attr, 0);
    if (rules < 0)
        return errno == ENOSYS || errno == EOPNOTSUPP ? 0 : fail(e, "landlock_create_ruleset");
    for (; *readable; readable++)
        if (allow_reading(rules, *readable, e) < 0)
            return e->code;
    return syscall(SYS_landlock_restrict_self, rules, 0) == 0 ? 0
                                                              : fail(e, "landlock_restrict_self");
}

/* ---- system calls ---- */

static int limit_calls(struct err *e)
{
    static const int refused[] = {
        SCMP_SYS(execve),     SCMP_SYS(execveat),
        SCMP_SYS(fork),       SCMP_SYS(vfork),
        SCMP_SYS(ptrace),     SCMP_SYS(mount),
        SCMP_SYS(bpf),        SCMP_SYS(unshare),
        SCMP_SYS(setns),      SCMP_SYS(keyctl),
        SCMP_SYS(kill),       SCMP_SYS(tgkill),
        SCMP_SYS(tkill),      SCMP_SYS(perf_event_open),
        SCMP_SYS(chroot),     SCMP_SYS(process_vm_readv),
        SCMP_SYS(pidfd_open), SCMP_SYS(process_vm_writev),
    };
    enum { THREAD = 0x00010000 }; /* CLONE_THREAD */
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
    if (!filter)
        return err_set(e, -ENOMEM, "seccomp");
    int rc = 0;
    for (size_t i = 0; i < sizeof refused / sizeof *refused && rc == 0; i++)
        rc = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), refused[i], 0);
    if (rc == 0) /* threads are allowed, processes are not */
        rc = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(clone), 1,
                              SCMP_A0(SCMP_CMP_MASKED_EQ, THREAD, 0));
    if (rc == 0) /* its flags cannot be seen; the C library then takes clone() */
        rc = seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
    if (rc == 0)
        rc = seccomp_load(filter);
    seccomp_release(filter);
    return rc == 0 ? 0 : err_set(e, rc, "seccomp: %s", strerror(-rc));
}

/* In a user namespace that knows no nobody root stays, and loses its rights below like the rest. */
static int leave_root(struct err *e)
{
    if (geteuid() != 0)
        return 0;
    if (setgroups(0, NULL) < 0 || setresgid(NOBODY, NOBODY, NOBODY) < 0 ||
        setresuid(NOBODY, NOBODY, NOBODY) < 0)
        return errno == EINVAL || errno == EPERM ? 0 : fail(e, "becoming nobody");
    return 0;
}

static int drop_capabilities(struct err *e)
{
    struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
    const struct __user_cap_data_struct none[2] = {{0}};
    return syscall(SYS_capset, &head, none) == 0 ? 0 : fail(e, "capset");
}

int sandbox_enter(const struct sandbox_spec *spec, struct err *e)
{
    const struct rlimit none = {0};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
        return fail(e, "no_new_privs");
    if (setrlimit(RLIMIT_CORE, &none) < 0 || setrlimit(RLIMIT_FSIZE, &none) < 0)
        return fail(e, "setrlimit");
    if (limit_files(spec->readable, e) < 0 || (!spec->keeps_user && leave_root(e) < 0) ||
        drop_capabilities(e) < 0)
        return err_wrap(e, "sandbox");
    return limit_calls(e) < 0 ? err_wrap(e, "sandbox") : 0;
}
