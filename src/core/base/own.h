/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What has a single owner in a function is closed when its scope ends, unless it is handed out:
 *     OWN_FD int fd = open(...);   ...   *out_fd = fd_take(&fd);
 */
#pragma once

#include <stdio.h>

#define OWN_FD   __attribute__((cleanup(own_close_fd)))
#define OWN_FILE __attribute__((cleanup(own_close_file)))
#define OWN_MEM  __attribute__((cleanup(own_free_mem)))

void own_close_fd(const int *fd); /* closes *fd unless it is negative; errno is kept */
void own_close_file(FILE *const *file);
void own_free_mem(void *ptr_to_ptr);

/* Hand out: the caller owns what is returned, and the scope's end closes nothing. */
int fd_take(int *fd);
void *mem_take_ptr(void *ptr_to_ptr);
#define mem_take(ptr) ((__typeof__(*(ptr)))mem_take_ptr(ptr))
