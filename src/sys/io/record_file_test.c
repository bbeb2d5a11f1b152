/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "sys/io/file.h"
#include "sys/io/record_file.h"

static int add(struct record_file *f, const char *record, const char *tail, struct err *e)
{
    struct str r = str_of(0), t = str_of(0);
    str_add(&r, record);
    str_add(&t, tail);
    int rc = record_file_add(f, &r, &t, e);
    str_done(&r);
    str_done(&t);
    return rc;
}

static bool holds(const char *path, const char *want)
{
    struct err e = {0};
    struct str text = str_of(0);
    bool same = file_read(path, &text, &e) == 0 && strcmp(str_text(&text), want) == 0;
    if (!same)
        printf("%s holds \"%s\" %s\n", path, str_text(&text), e.text);
    str_done(&text);
    return same;
}

/* Each step adds a record; after each the file is a whole document. */
static const struct {
    const char *record, *tail, *want;
} step[] = {
    {"<a>", "</a>", "<a></a>"},
    {"one", "</a>", "<a>one</a>"},
    {"", "<n>1</n></a>", "<a>one<n>1</n></a>"}, /* a new tail alone */
    {"2", "</a>", "<a>one2</a>"},               /* shorter than what was there: the rest is cut */
    {"three", "", "<a>one2three"},
    {"", "", "<a>one2three"},
};

static int test_whole_at_each_step(void)
{
    int failed = 0;
    struct err e = {0};
    struct record_file f;
    CHECK(record_file_open(&f, "doc", false, &e) == 0 && holds("doc", ""));
    for (size_t i = 0; i < ARRAY_LEN(step); i++) {
        CHECK_ROW(i, add(&f, step[i].record, step[i].tail, &e) == 0);
        CHECK_ROW(i, holds("doc", step[i].want));
    }
    CHECK(record_file_close(&f, &e) == 0);
    CHECK(record_file_open(&f, "doc", true, &e) == 0); /* behind what is there */
    CHECK(add(&f, "+", ".", &e) == 0 && add(&f, "+", ".", &e) == 0);
    CHECK(record_file_close(&f, &e) == 0 && holds("doc", "<a>one2three++."));
    CHECK(record_file_open(&f, "doc", false, &e) == 0 && record_file_close(&f, &e) == 0);
    CHECK(holds("doc", ""));
    CHECK(record_file_open(&f, "none/doc", false, &e) == -ENOENT && strstr(e.text, "none/doc"));
    CHECK(unlink("doc") == 0);
    return failed;
}

/* The disk is full in the midst of a record: the document of before stays, and every call fails.
 * `room` runs over each place where the write can break off. */
static int write_until_full(size_t room)
{
    struct err e = {0}, again = {0};
    struct record_file f;
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &(struct rlimit){room, room});
    if (record_file_open(&f, "full", false, &e) || add(&f, "<a>", "<t/></a>", &e) ||
        add(&f, "first", "<t/><t/></a>", &e))
        return 1;
    if (add(&f, "second-and-longer", "<t/></a>", &e) != -EFBIG || !strstr(e.text, "full: "))
        return 2;
    if (add(&f, "x", "", &again) != -EFBIG || strcmp(e.text, again.text) != 0)
        return 3;
    return record_file_close(&f, &again) == -EFBIG ? 0 : 4;
}

static int test_full_disk(void)
{
    static const char before[] = "<a>first<t/><t/></a>";
    int failed = 0;
    for (size_t room = sizeof before - 1; room < sizeof before + 12; room++) {
        pid_t pid = fork();
        if (pid == 0)
            _exit(write_until_full(room));
        int status = -1;
        CHECK_ROW(room, waitpid(pid, &status, 0) == pid && status == 0);
        CHECK_ROW(room, holds("full", before));
    }
    CHECK(unlink("full") == 0);
    struct err e = {0};
    struct record_file f;
    CHECK(record_file_open(&f, "/dev/full", false, &e) == 0);
    CHECK(add(&f, "x", "", &e) == -ENOSPC && strstr(e.text, "/dev/full: No space"));
    CHECK(record_file_close(&f, &e) == -ENOSPC);
    return failed;
}

/* Put `fd` in the place of standard output, write a small document to it, put all back. */
static int write_to_stdout(int fd)
{
    struct err e = {0};
    struct record_file f;
    fflush(stdout);
    int kept = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
    dup2(fd, STDOUT_FILENO);
    int rc = record_file_open(&f, "-", false, &e);
    rc = rc ? rc : add(&f, "<a>", "[1]</a>", &e);
    rc = rc ? rc : add(&f, "b", "[2]</a>", &e);
    int closed = record_file_close(&f, &e);
    rc = rc ? rc : closed;
    dup2(kept, STDOUT_FILENO);
    close(kept);
    return rc;
}

static int test_standard_output(void)
{
    int failed = 0, fd[2];
    char text[64] = "";
    CHECK(pipe2(fd, O_CLOEXEC) == 0);
    CHECK(write_to_stdout(fd[1]) == 0); /* the tail once, at the end; not closed */
    CHECK(read(fd[0], text, sizeof text - 1) == 11 && strcmp(text, "<a>b[2]</a>") == 0);
    CHECK(write(fd[1], "x", 1) == 1);
    close(fd[0]);
    signal(SIGPIPE, SIG_IGN);
    CHECK(write_to_stdout(fd[1]) == -EPIPE);
    signal(SIGPIPE, SIG_DFL);
    close(fd[1]);
    int file = open("out", O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    CHECK(write(file, "before ", 7) == 7 && write_to_stdout(file) == 0);
    CHECK(write(file, " after", 6) == 6); /* the shared offset has moved along */
    CHECK(holds("out", "before <a>b[2]</a> after"));
    close(file);
    file = open("out", O_WRONLY | O_APPEND | O_CLOEXEC); /* as by the shell's >> */
    CHECK(write_to_stdout(file) == 0);
    CHECK(holds("out", "before <a>b[2]</a> after<a>b[2]</a>"));
    close(file);
    CHECK(unlink("out") == 0);
    return failed;
}

/* "> file 2>&1": a line to standard error in the midst of it does not get lost. */
static int test_shared_with_stderr(void)
{
    int failed = 0;
    int file = open("both", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    int kept = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
    dup2(file, STDERR_FILENO);
    CHECK(write(file, "warning\n", 8) == 8 && write_to_stdout(file) == 0);
    dup2(kept, STDERR_FILENO);
    close(kept);
    close(file);
    CHECK(holds("both", "warning\n<a>b[2]</a>") && unlink("both") == 0);
    return failed;
}

/* Killed between any two records, without a word: the document on disk is whole. */
static int test_kill(void)
{
    int failed = 0;
    struct str want = str_of(0);
    for (int records = 1; records < 12; records++) {
        pid_t pid = fork();
        if (pid == 0) {
            struct err e = {0};
            struct record_file f;
            int rc = record_file_open(&f, "killed", false, &e);
            for (int i = 0; i < records && rc == 0; i++)
                rc = add(&f, "<record>some words</record>", "</all>", &e);
            raise(rc ? SIGTERM : SIGKILL);
        }
        int status = 0;
        CHECK_ROW(records, waitpid(pid, &status, 0) == pid && WTERMSIG(status) == SIGKILL);
        str_cut(&want, want.len ? want.len - strlen("</all>") : 0);
        str_add(&want, "<record>some words</record></all>");
        CHECK_ROW(records, holds("killed", want.text));
    }
    str_done(&want);
    CHECK(unlink("killed") == 0);
    return failed;
}

int io_record_file_test(void)
{
    int failed = 0;
    char folder[] = "/tmp/picket-record-XXXXXX";
    CHECK(mkdtemp(folder) != NULL && chdir(folder) == 0);
    failed += test_whole_at_each_step() + test_full_disk() + test_standard_output();
    failed += test_shared_with_stderr() + test_kill();
    CHECK(rmdir(folder) == 0);
    return failed;
}
