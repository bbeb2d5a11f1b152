/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sys/io/file_map.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "core/base/own.h"
#include "sys/io/file.h"

enum { RELEASE_STEP = 4 << 20 };

static int read_whole(struct file_map *m, const char *path, uint64_t max, struct err *e)
{
    m->own = str_of((size_t)max);
    int rc = file_read(path, &m->own, e);
    if (rc < 0) {
        str_done(&m->own);
        return rc;
    }
    m->data = str_text(&m->own);
    m->len = m->own.len;
    return 0;
}

int file_map_open(struct file_map *m, const char *path, uint64_t max, struct err *e)
{
    struct stat st;
    *m = (struct file_map){0};
    if (strcmp(path, "-") == 0)
        return read_whole(m, path, max, e);
    OWN_FD int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0 || fstat(fd, &st) < 0)
        return err_set(e, -errno, "%s: %s", path, strerror(errno));
    if (!S_ISREG(st.st_mode) || st.st_size == 0) /* files of /proc have no size */
        return read_whole(m, path, max, e);
    if ((uint64_t)st.st_size > max)
        return err_set(e, -EFBIG, "%s: over %llu bytes", path, (unsigned long long)max);
    void *mapping = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (mapping == MAP_FAILED)
        return err_set(e, -errno, "%s: mmap: %s", path, strerror(errno));
    (void)madvise(mapping, (size_t)st.st_size, MADV_SEQUENTIAL);
    *m = (struct file_map){.data = mapping, .len = (size_t)st.st_size, .mapping = mapping};
    return 0;
}

void file_map_release(struct file_map *m, const char *upto)
{
    if (!m->mapping || upto < m->data + m->released + 2 * RELEASE_STEP)
        return;
    size_t len = ((size_t)(upto - m->data) - m->released) / RELEASE_STEP * RELEASE_STEP;
    (void)madvise((char *)m->mapping + m->released, len, MADV_DONTNEED);
    m->released += len;
}

void file_map_close(struct file_map *m)
{
    if (m->mapping)
        (void)munmap(m->mapping, m->len);
    str_done(&m->own);
    *m = (struct file_map){0};
}
