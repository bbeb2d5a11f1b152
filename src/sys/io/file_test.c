/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "sys/io/file.h"

static int test_read(int folder)
{
    int failed = 0;
    struct err e = {0};
    struct str out = str_of(10);
    str_add(&out, "old");
    CHECK(file_replace("ten", "0123456789", 10, 0640, &e) == 0);
    CHECK(file_read("ten", &out, &e) == 0 && strcmp(out.text, "0123456789") == 0);
    out.max = 9; /* one less than the file */
    CHECK(file_read_at(folder, "ten", &out, &e) == -EFBIG && strstr(e.text, "ten: over 9"));
    CHECK(file_read("none", &out, &e) == -ENOENT && strstr(e.text, "none: "));
    CHECK(file_read(".", &out, &e) == -EISDIR && strstr(e.text, ".: "));
    struct str proc = str_of(100000); /* such files say that they have no bytes */
    CHECK(file_read("/proc/self/status", &proc, &e) == 0 && proc.len > 100);
    int kept = dup(0), ten = open("ten", O_RDONLY | O_CLOEXEC);
    dup2(ten, 0);
    CHECK(file_read("-", &proc, &e) == 0 && strcmp(proc.text, "0123456789") == 0);
    dup2(kept, 0);
    close(kept);
    close(ten);
    str_done(&proc);
    str_done(&out);
    return failed;
}

static int test_replace(void)
{
    int failed = 0;
    struct err e = {0};
    struct str out = str_of(0);
    struct stat st;
    CHECK(file_replace("f", "first", 5, 0600, &e) == 0);
    int before = open("f", O_RDONLY | O_CLOEXEC); /* a reader of the old one keeps it */
    CHECK(file_replace("f", "", 0, 0644, &e) == 0);
    char text[8] = "";
    CHECK(read(before, text, sizeof text) == 5 && strcmp(text, "first") == 0);
    close(before);
    CHECK(file_read("f", &out, &e) == 0 && out.len == 0);
    CHECK(stat("f", &st) == 0 && (st.st_mode & 0777) == 0644);
    CHECK(file_replace("none/f", "x", 1, 0600, &e) == -ENOENT && strstr(e.text, "none/f: "));
    str_done(&out);
    return failed;
}

/* The disk is full (a limit on the file's size stands in): the old file stays, no rest is left. */
static int test_replace_full(void)
{
    int failed = 0;
    struct err e = {0};
    struct str out = str_of(0);
    static char big[100000];
    CHECK(mkdir("full", 0700) == 0 && file_replace("full/f", "old", 3, 0600, &e) == 0);
    pid_t pid = fork();
    if (pid == 0) {
        signal(SIGXFSZ, SIG_IGN);
        setrlimit(RLIMIT_FSIZE, &(struct rlimit){5000, 5000});
        int rc = file_replace("full/f", big, sizeof big, 0600, &e);
        _exit(rc == -EFBIG && strstr(e.text, "full/f: ") ? 7 : 1);
    }
    int status = 0;
    CHECK(waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 7);
    CHECK(file_read("full/f", &out, &e) == 0 && strcmp(out.text, "old") == 0);
    CHECK(unlink("full/f") == 0 && rmdir("full") == 0); /* empty but for the file */
    str_done(&out);
    return failed;
}

static int test_folders(void)
{
    static const struct {
        const char *path;
        int rc;
    } row[] = {
        {"a/b/c", 0}, {"a/b/c", 0}, /* again: nothing to do */
        {"a//d/", 0}, {"./a/../g", 0}, {"file/x", -ENOTDIR}, {"file", -ENOTDIR}, {"", -ENOENT},
    };
    int failed = 0;
    struct err e = {0};
    struct stat st;
    CHECK(file_replace("file", "", 0, 0600, &e) == 0);
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        CHECK_ROW(i, file_make_folders(row[i].path, 0750, &e) == row[i].rc);
        CHECK_ROW(i, row[i].rc || (stat(row[i].path, &st) == 0 && S_ISDIR(st.st_mode)));
    }
    CHECK(stat("a/b/c", &st) == 0 && (st.st_mode & 0777) == 0750);
    return failed;
}

/* A pipe that does not block and is read slowly: all of it arrives. */
static int test_write_all(void)
{
    enum { LEN = 300000 };
    int failed = 0, fd[2], status = 0;
    static char data[LEN];
    CHECK(pipe2(fd, O_CLOEXEC | O_NONBLOCK) == 0);
    pid_t pid = fork();
    if (pid == 0) {
        close(fd[0]);
        _exit(file_write_all(fd[1], data, LEN) ? 1 : 0);
    }
    close(fd[1]);
    size_t sum = 0;
    ssize_t len;
    fcntl(fd[0], F_SETFL, 0);
    while ((len = read(fd[0], data, sizeof data)) > 0)
        sum += (size_t)len;
    CHECK(sum == LEN && waitpid(pid, &status, 0) == pid && status == 0);
    close(fd[0]);
    int full = open("/dev/full", O_WRONLY | O_CLOEXEC);
    CHECK(file_write_all(full, "x", 1) == -ENOSPC && file_write_all(full, "", 0) == 0);
    close(full);
    return failed;
}

int io_file_test(void)
{
    int failed = 0;
    char folder[] = "/tmp/picket-file-XXXXXX";
    CHECK(mkdtemp(folder) != NULL && chdir(folder) == 0);
    int fd = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
    umask(022);
    failed += test_read(fd) + test_replace() + test_replace_full() + test_folders();
    failed += test_write_all();
    static const char *const rest[] = {"ten", "f", "file"};
    static const char *const folders[] = {"a/b/c", "a/b", "a/d", "a", "g"};
    for (size_t i = 0; i < ARRAY_LEN(rest); i++)
        CHECK_ROW(i, unlink(rest[i]) == 0);
    for (size_t i = 0; i < ARRAY_LEN(folders); i++)
        CHECK_ROW(i, rmdir(folders[i]) == 0);
    CHECK(rmdir(folder) == 0); /* nothing else was left behind */
    close(fd);
    return failed;
}
