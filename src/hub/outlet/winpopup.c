/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/outlet/winpopup.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/own.h"
#include "core/base/str.h"
#include "sys/io/file.h"
#include "sys/loop/child.h"

enum { FILE_MAX = 1 << 16, NAME_MAX_LEN = 63, LIMIT_MS = 10000 };

static bool is_name(const char *name)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                  "!@#$%^&()-_'{}~.";
    size_t len = strlen(name);
    return len > 0 && len <= NAME_MAX_LEN && name[0] != '-' && strspn(name, allowed) == len;
}

/* A file of the text alone, for the child's standard input. */
static int text_fd(const char *text, int *out_fd, struct err *e)
{
    OWN_FD int fd = memfd_create("alert", MFD_CLOEXEC);
    if (fd < 0)
        return err_set(e, -errno, "memfd: %s", strerror(errno));
    int rc = file_write_all(fd, text, strlen(text));
    if (rc < 0 || lseek(fd, 0, SEEK_SET) < 0)
        return err_set(e, rc < 0 ? rc : -errno, "memfd: %s", strerror(errno));
    *out_fd = fd_take(&fd);
    return 0;
}

static int wait_for(pid_t pid, const char *name, struct err *e)
{
    int status = 0;
    OWN_FD int fd = pidfd_open(pid, 0);
    struct pollfd ended = {.fd = fd, .events = POLLIN};
    bool late = fd >= 0 && poll(&ended, 1, LIMIT_MS) == 0;
    if (late)
        kill(-pid, SIGKILL);
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    if (late)
        return err_set(e, -ETIMEDOUT, "%s: smbclient took more than %d s", name, LIMIT_MS / 1000);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        return err_set(e, -EIO, "%s: smbclient ended with status %d", name,
                       WIFEXITED(status) ? WEXITSTATUS(status) : -1);
    return 0;
}

static int send_one(const char *name, const char *smbclient, const char *text, struct err *e)
{
    const char *const argv[] = {"smbclient", "-U", "Snort", "-M", name, NULL};
    int raw_fd = -1;
    pid_t pid;
    if (text_fd(text, &raw_fd, e) < 0)
        return e->code;
    OWN_FD int in = raw_fd;
    const struct child_spec spec = {
        .path = smbclient, .argv = argv, .in_fd = in, .out_fd = -1, .err_fd = -1};
    if (child_start(&spec, &pid, e) < 0)
        return e->code;
    return wait_for(pid, name, e);
}

int winpopup_send(const char *names_file, const char *smbclient, const char *text, struct err *e)
{
    struct str names = str_of(FILE_MAX);
    unsigned number = 0, sent = 0;
    int first = file_read(names_file, &names, e);
    char *rest = first == 0 ? names.text : NULL;
    for (char *line; (line = strsep(&rest, "\n"));) {
        struct err why = {0};
        int rc = 0;
        number++;
        line[strcspn(line, "\r")] = '\0';
        line += strspn(line, " \t");
        if (!*line)
            continue;
        if (!is_name(line))
            rc = err_set(&why, -EINVAL, "%s:%u: \"%.64s\" is no NetBIOS name", names_file, number,
                         line);
        else if (sent++ == WINPOPUP_NAMES_MAX)
            rc = err_set(&why, -E2BIG, "%s:%u: more than %d names", names_file, number,
                         WINPOPUP_NAMES_MAX);
        else
            rc = send_one(line, smbclient, text, &why);
        if (rc < 0 && first == 0) {
            first = rc;
            *e = why;
        }
        if (rc == -E2BIG)
            break;
    }
    str_done(&names);
    return first;
}
