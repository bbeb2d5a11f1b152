/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/own.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void own_close_fd(const int *fd)
{
    int kept = errno;
    if (*fd >= 0)
        close(*fd);
    errno = kept;
}

void own_close_file(FILE *const *file)
{
    if (*file)
        fclose(*file);
}

/* The pointer is copied as bytes: reading a `char *` through a `void **` would break the aliasing
 * rules. */
void own_free_mem(void *ptr_to_ptr)
{
    void *ptr;
    memcpy(&ptr, ptr_to_ptr, sizeof ptr);
    free(ptr);
}

int fd_take(int *fd)
{
    int taken = *fd;
    *fd = -1;
    return taken;
}

void *mem_take_ptr(void *ptr_to_ptr)
{
    void *ptr;
    memcpy(&ptr, ptr_to_ptr, sizeof ptr);
    memset(ptr_to_ptr, 0, sizeof ptr);
    return ptr;
}
