/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check.h"
#include "core/base/own.h"
#include "sys/loop/tail.h"

struct world {
    struct loop *loop;
    struct tail_set *set;
    struct tail *tail;
    char folder[64], path[96], old[96];
    char told[512]; /* lines, each followed by '|' */
    size_t lines, longest, restarts, caught_up;
};

static void on_line(void *ctx, const char *line, size_t len, uint64_t end)
{
    struct world *w = ctx;
    size_t used = strlen(w->told);
    (void)end;
    w->lines++;
    w->longest = len > w->longest ? len : w->longest;
    if (len < 64)
        snprintf(w->told + used, sizeof w->told - used, "%.*s|", (int)len, line);
}

static void on_caught_up(void *ctx)
{
    ((struct world *)ctx)->caught_up++;
}

static void on_restart(void *ctx)
{
    ((struct world *)ctx)->restarts++;
}

static void put(const char *path, int flags, const char *text)
{
    OWN_FD int fd = open(path, O_WRONLY | O_CREAT | flags, 0600);
    if (fd < 0 || write(fd, text, strlen(text)) < 0)
        perror(path);
}

/* Run the loop until `lines` lines were told, or for three seconds. */
static bool wait_lines(struct world *w, size_t lines)
{
    struct err e = {0};
    for (int i = 0; i < 300 && w->lines < lines; i++)
        if (loop_step(w->loop, 10 * NS_PER_MS, &e) < 0)
            return false;
    return w->lines == lines;
}

static bool told(struct world *w, const char *want)
{
    bool same = strcmp(w->told, want) == 0;
    if (!same)
        printf("told \"%s\" instead of \"%s\"\n", w->told, want);
    w->told[0] = '\0';
    w->lines = 0;
    return same;
}

static bool open_world(struct world *w, uint64_t offset, const char *content)
{
    struct err e = {0};
    struct tail_events events = {w, on_line, on_caught_up, on_restart};
    snprintf(w->folder, sizeof w->folder, "/tmp/picket-tail-XXXXXX");
    if (!mkdtemp(w->folder))
        return false;
    snprintf(w->path, sizeof w->path, "%s/a.log", w->folder);
    snprintf(w->old, sizeof w->old, "%s/a.log.1", w->folder);
    if (content)
        put(w->path, 0, content);
    if (loop_open(&w->loop, &clock_system, &e) < 0 || tail_set_open(&w->set, w->loop, &e) < 0)
        return false;
    w->tail = tail_add(w->set, w->path, offset, &events);
    return true;
}

static void close_world(struct world *w)
{
    tail_remove(w->tail);
    tail_set_close(w->set);
    loop_close(w->loop);
    unlink(w->path);
    unlink(w->old);
    rmdir(w->folder);
}

static int test_follow(void)
{
    int failed = 0;
    struct world w = {0};
    CHECK(open_world(&w, 4, "old\none\npar"));
    CHECK(wait_lines(&w, 1) && told(&w, "one|"));
    CHECK(tail_offset(w.tail) == 8 && w.caught_up >= 1);
    put(w.path, O_APPEND, "t\n\n");
    CHECK(wait_lines(&w, 2) && told(&w, "part||"));
    /* rotation: what was written to the old file last comes before the new one's lines */
    put(w.path, O_APPEND, "last\n");
    rename(w.path, w.old);
    put(w.path, O_CREAT, "new\n");
    CHECK(wait_lines(&w, 2) && told(&w, "last|new|"));
    CHECK(w.restarts == 1);
    /* truncation */
    put(w.path, O_TRUNC, "x\n");
    CHECK(wait_lines(&w, 1) && told(&w, "x|"));
    CHECK(w.restarts == 2);
    /* removal and late creation */
    unlink(w.path);
    put(w.path, O_CREAT, "back\n");
    CHECK(wait_lines(&w, 1) && told(&w, "back|"));
    close_world(&w);
    return failed;
}

static int test_late_and_end(void)
{
    int failed = 0;
    struct world w = {0}, end = {0};
    CHECK(open_world(&w, 0, NULL));
    CHECK(!tail_is_open(w.tail));
    put(w.path, O_CREAT, "first\n");
    CHECK(wait_lines(&w, 1) && told(&w, "first|"));
    close_world(&w);
    CHECK(open_world(&end, UINT64_MAX, "skipped\n"));
    put(end.path, O_APPEND, "seen\n");
    CHECK(wait_lines(&end, 1) && told(&end, "seen|"));
    close_world(&end);
    return failed;
}

/* A line of a megabyte is told once, cut; the next one whole. */
static int test_long_line(void)
{
    int failed = 0;
    struct world w = {0};
    char *text = malloc((1 << 20) + 16);
    CHECK(text && open_world(&w, 0, NULL));
    memset(text, 'x', 1 << 20);
    memcpy(text + (1 << 20), "\nend\n", 6);
    put(w.path, O_CREAT, text);
    CHECK(wait_lines(&w, 2) && told(&w, "end|"));
    CHECK(w.longest == TAIL_LINE_MAX && tail_cut_lines(w.tail) == 1);
    close_world(&w);
    free(text);
    return failed;
}

int loop_tail_test(void)
{
    return test_follow() + test_late_and_end() + test_long_line();
}
