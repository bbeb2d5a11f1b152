/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/respond/hosts_deny.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "core/base/own.h"
#include "core/base/str.h"
#include "sys/io/file.h"

static bool has_line(const struct str *text, const char *line)
{
    size_t len = strlen(line);
    const char *at = str_text(text);
    while (*at) {
        size_t here = strcspn(at, "\n");
        if (here == len && memcmp(at, line, len) == 0)
            return true;
        at += here + (at[here] == '\n');
    }
    return false;
}

/* A file whose last line was left open must not swallow ours. */
static int append(int fd, const struct str *text, const char *line)
{
    struct str more = str_of(0);
    if (text->len && text->text[text->len - 1] != '\n')
        str_add_char(&more, '\n');
    str_addf(&more, "%s\n", line);
    int rc = file_write_all(fd, str_text(&more), more.len);
    str_done(&more);
    return rc;
}

int hosts_deny_add(const char *path, const char *line, bool *added, struct err *e)
{
    *added = false;
    if (strchr(line, '\n'))
        return err_set(e, -EINVAL, "%s: a line with a line break", path);
    OWN_FD int fd = open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
    if (fd < 0 || flock(fd, LOCK_EX) < 0)
        return err_set(e, -errno, "%s: %s", path, strerror(errno));
    struct str text = str_of(HOSTS_DENY_MAX);
    int rc = file_read(path, &text, e);
    if (rc == 0 && !has_line(&text, line)) {
        rc = append(fd, &text, line);
        if (rc < 0)
            err_set(e, rc, "%s: %s", path, strerror(-rc));
        *added = rc == 0;
    }
    str_done(&text);
    return rc;
}
