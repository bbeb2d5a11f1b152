/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sys/io/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/own.h"

enum { READ_SIZE = 65536 };

static int read_all(int fd, const char *name, struct str *out, struct err *e)
{
    char data[READ_SIZE];
    str_reset(out);
    for (;;) {
        ssize_t len = read(fd, data, sizeof data);
        if (len == 0)
            return 0;
        if (len < 0 && errno == EINTR)
            continue;
        if (len < 0)
            return err_set(e, -errno, "%s: read: %s", name, strerror(errno));
        str_add_len(out, data, (size_t)len);
        if (out->full)
            return err_set(e, -EFBIG, "%s: over %zu bytes", name, out->max);
    }
}

int file_read_at(int dir_fd, const char *path, struct str *out, struct err *e)
{
    OWN_FD int fd = openat(dir_fd, path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0)
        return err_set(e, -errno, "%s: %s", path, strerror(errno));
    return read_all(fd, path, out, e);
}

int file_read(const char *path, struct str *out, struct err *e)
{
    if (strcmp(path, "-") == 0)
        return read_all(STDIN_FILENO, "standard input", out, e);
    return file_read_at(AT_FDCWD, path, out, e);
}

int file_write_all(int fd, const void *data, size_t len)
{
    const char *at = data;
    while (len) {
        ssize_t written = write(fd, at, len);
        if (written >= 0) {
            at += written;
            len -= (size_t)written;
        } else if (errno == EAGAIN) { /* a terminal that somebody else made non-blocking */
            poll(&(struct pollfd){.fd = fd, .events = POLLOUT}, 1, -1);
        } else if (errno != EINTR) {
            return -errno;
        }
    }
    return 0;
}

/* The rename is on disk only when the folder is. */
static int sync_folder_of(const char *path)
{
    char folder[PATH_MAX];
    const char *slash = strrchr(path, '/');
    int len = slash ? (int)(slash - path) : 0;
    snprintf(folder, sizeof folder, "%.*s%s", len, path, slash == path ? "/" : slash ? "" : ".");
    OWN_FD int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return fd < 0 || fsync(fd) ? -errno : 0;
}

static int write_synced(int fd, const void *data, size_t len, mode_t mode)
{
    int rc = file_write_all(fd, data, len);
    if (rc == 0 && (fchmod(fd, mode) || fsync(fd)))
        rc = -errno;
    return rc;
}

int file_replace(const char *path, const void *data, size_t len, mode_t mode, struct err *e)
{
    char temporary[PATH_MAX];
    if (snprintf(temporary, sizeof temporary, "%s.XXXXXX", path) >= (int)sizeof temporary)
        return err_set(e, -ENAMETOOLONG, "%s: name too long", path);
    OWN_FD int fd = mkostemp(temporary, O_CLOEXEC);
    if (fd < 0)
        return err_set(e, -errno, "%s: %s", path, strerror(errno));
    int rc = write_synced(fd, data, len, mode);
    if (rc == 0 && rename(temporary, path))
        rc = -errno;
    if (rc)
        unlink(temporary);
    else
        rc = sync_folder_of(path);
    return rc ? err_set(e, rc, "%s: %s", path, strerror(-rc)) : 0;
}

static int make_folder(const char *path, mode_t mode, struct err *e)
{
    struct stat st;
    if (mkdir(path, mode) == 0)
        return 0;
    int code = errno;
    if (stat(path, &st) == 0) {
        if (S_ISDIR(st.st_mode))
            return 0;
        code = ENOTDIR;
    }
    return err_set(e, -code, "%s: %s", path, strerror(code));
}

int file_make_folders(const char *path, mode_t mode, struct err *e)
{
    char part[PATH_MAX];
    size_t len = strlen(path);
    if (len >= sizeof part)
        return err_set(e, -ENAMETOOLONG, "%s: name too long", path);
    if (len == 0)
        return err_set(e, -ENOENT, "a folder without a name");
    memcpy(part, path, len + 1);
    for (size_t i = 1; i <= len; i++) {
        if ((part[i] != '/' && part[i] != '\0') || part[i - 1] == '/')
            continue;
        part[i] = '\0';
        int rc = make_folder(part, mode, e);
        if (rc)
            return rc;
        part[i] = path[i];
    }
    return 0;
}
