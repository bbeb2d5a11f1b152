/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sys/io/file_map.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "core/base/mem.h"
#include "core/base/own.h"
#include "core/base/str.h"
#include "sys/io/file.h"

static const size_t pipe_max = (size_t)1 << 30;

static int copy_pipe(struct file_map *m, const char *path, struct err *e)
{
    struct str all = str_of(pipe_max);
    int rc = file_read(path, &all, e);
    if (rc) {
        str_done(&all);
        return rc;
    }
    m->len = all.len;
    m->copy = str_take(&all);
    m->data = m->copy;
    return 0;
}

int file_map_open(struct file_map *m, const char *path, struct err *e)
{
    *m = (struct file_map){0};
    struct stat st;
    if (strcmp(path, "-") == 0)
        return copy_pipe(m, path, e);
    OWN_FD int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &st) < 0)
        return err_set(e, -errno, "%s: %s", path, strerror(errno));
    if (!S_ISREG(st.st_mode))
        return copy_pipe(m, path, e);
    if (st.st_size == 0)
        return 0;
    void *data = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (data == MAP_FAILED)
        return err_set(e, -errno, "%s: mmap: %s", path, strerror(errno));
    (void)madvise(data, (size_t)st.st_size, MADV_SEQUENTIAL); /* a hint only */
    m->data = data;
    m->len = (size_t)st.st_size;
    return 0;
}

void file_map_close(struct file_map *m)
{
    if (m->copy)
        mem_free(m->copy);
    else if (m->data)
        munmap((void *)(uintptr_t)m->data, m->len);
    *m = (struct file_map){0};
}
