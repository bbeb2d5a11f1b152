/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "core/base/mem.h"
#include "core/base/own.h"

/* The exit status of a child that asks for more than there can be. */
static int status_of_overflow(void)
{
    pid_t pid = fork();
    if (pid == 0) {
        if (!freopen("/dev/null", "w", stderr))
            _exit(99);
        mem_free(mem_resize(NULL, SIZE_MAX / 2, 3));
        _exit(0);
    }
    int status = 0;
    waitpid(pid, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

int base_mem_test(void)
{
    int failed = 0;
    int *list = NULL;
    size_t capacity = 0;
    for (int i = 0; i < 1000; i++) {
        MEM_GROW(list, (size_t)i, capacity);
        list[i] = i;
    }
    CHECK(capacity >= 1000 && list[999] == 999 && list[0] == 0);
    mem_free(list);
    OWN_MEM char *text = mem_copy_text("kept");
    char *taken = mem_take(&text);
    CHECK(text == NULL && strcmp(taken, "kept") == 0);
    mem_free(taken);
    mem_free(NULL);
    CHECK(status_of_overflow() == 3);
    int end[2];
    CHECK(pipe(end) == 0);
    {
        OWN_FD int fd = end[0];
        OWN_FD int kept = end[1];
        end[1] = fd_take(&kept);
        CHECK(kept == -1 && fd >= 0);
    }
    CHECK(close(end[0]) != 0 && close(end[1]) == 0);
    return failed;
}
