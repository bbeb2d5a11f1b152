/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The unit test runner: each test of unit_list.h runs in a child of its own, under a time limit,
 * so that a crash or a hang is one failure and not the end of the run.
 *
 * usage: unit [-l] [NAME...]      -l lists; a NAME runs only the tests whose name holds it. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

static const struct {
    const char *name;
    int (*run)(void);
} tests[] = {
#define TEST(name) {#name, name##_test},
#include "unit_list.h"
#undef TEST
};

enum { TIME_LIMIT_S = 60 };

bool check_state(int *failed, bool ok, const char *file, int line, long row, const char *words)
{
    if (ok)
        return true;
    ++*failed;
    if (row >= 0)
        printf("%s:%d: row %ld: %s\n", file, line, row, words);
    else
        printf("%s:%d: %s\n", file, line, words);
    return false;
}

static bool wanted(const char *name, char **only, int count)
{
    if (count == 0)
        return true;
    for (int i = 0; i < count; i++)
        if (strstr(name, only[i]))
            return true;
    return false;
}

/* Returns true when the test ended by itself with no failed check. */
static bool run_in_child(size_t i)
{
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        alarm(TIME_LIMIT_S);
        int failed = tests[i].run();
        fflush(NULL);
        exit(failed ? 1 : 0); /* exit, not _exit: the leak checker looks then */
    }
    int status = 0;
    if (pid < 0 || waitpid(pid, &status, 0) < 0) {
        perror("unit: fork");
        return false;
    }
    if (WIFSIGNALED(status))
        printf("%s: ended by signal %d%s\n", tests[i].name, WTERMSIG(status),
               WTERMSIG(status) == SIGALRM ? " (time limit)" : "");
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

int main(int argc, char **argv)
{
    bool list = argc > 1 && strcmp(argv[1], "-l") == 0;
    char **only = argv + 1 + list;
    int only_count = argc - 1 - list, passed = 0, failed = 0;
    for (size_t i = 0; i < ARRAY_LEN(tests); i++) {
        if (!wanted(tests[i].name, only, only_count))
            continue;
        if (list) {
            puts(tests[i].name);
        } else if (run_in_child(i)) {
            passed++;
        } else {
            failed++;
            printf("FAIL %s\n", tests[i].name);
        }
    }
    if (!list)
        printf("%d passed, %d failed\n", passed, failed);
    return failed || (passed == 0 && !list) ? 1 : 0;
}
