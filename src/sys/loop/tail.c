/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sys/loop/tail.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/mem.h"

static const uint64_t POLL_NS = NS_PER_S;

/* A folder that is watched for several files in it. */
struct folder {
    char *path;
    int wd;
    size_t users;
};

struct tail {
    struct tail_set *set;
    struct tail_events events;
    char *path;
    const char *name; /* the last part of path */
    int folder_wd;    /* -1: not watched */
    int fd;           /* -1: not there */
    dev_t dev;
    ino_t inode;
    uint64_t at;    /* what has been read */
    uint64_t start; /* where to begin when it is opened first */
    char *part;     /* the line that has no end yet */
    size_t part_len;
    bool skip; /* the rest of a line that was cut */
    bool was_open, removed, reading;
    uint64_t cut;
    struct loop_timer more; /* there is more to read */
    struct tail *next;
};

struct tail_set {
    struct loop *loop;
    struct loop_fd inotify; /* fd -1: there is none */
    int inotify_fd;
    struct loop_timer poll;
    struct folder *folder;
    size_t folder_count, folder_capacity;
    struct tail *first;
    char *block;
};

/* ---- reading ---- */

static void tell(struct tail *t, const char *line, size_t len, uint64_t end)
{
    if (t->removed)
        return;
    if (t->skip) {
        t->skip = false;
        return;
    }
    t->events.line(t->events.ctx, line, len, end);
}

/* What has no newline yet waits for it; more than a line may have is told cut. */
static void keep_part(struct tail *t, const char *from, size_t len)
{
    size_t room = TAIL_LINE_MAX - t->part_len, n = len < room ? len : room;
    if (t->skip)
        return;
    if (!t->part)
        t->part = mem_resize(NULL, TAIL_LINE_MAX, 1);
    memcpy(t->part + t->part_len, from, n);
    t->part_len += n;
    if (n < len) {
        t->cut++;
        tell(t, t->part, t->part_len, t->at);
        t->part_len = 0;
        t->skip = true;
    }
}

static void take_block(struct tail *t, const char *block, size_t len)
{
    const char *at = block, *end = block + len;
    uint64_t base = t->at;
    while (at < end && !t->removed) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        if (!newline)
            break;
        uint64_t behind = base + (uint64_t)(newline + 1 - block);
        size_t n = (size_t)(newline - at);
        if (t->part_len) {
            keep_part(t, at, n);
            tell(t, t->part, t->part_len, behind);
            t->part_len = 0;
        } else if (n > TAIL_LINE_MAX) {
            t->cut += !t->skip;
            tell(t, at, TAIL_LINE_MAX, behind);
        } else {
            tell(t, at, n, behind);
        }
        at = newline + 1;
    }
    t->at = base + len;
    if (at < end && !t->removed)
        keep_part(t, at, (size_t)(end - at));
    if (t->part_len == 0 && !t->skip) { /* an idle file keeps no memory */
        mem_free(t->part);
        t->part = NULL;
    }
}

/* Read to the end, or for one round.  True: to the end. */
static bool read_some(struct tail *t)
{
    struct tail_set *s = t->set;
    for (int i = 0; i < TAIL_BLOCKS_A_ROUND && !t->removed; i++) {
        ssize_t got = pread(t->fd, s->block, TAIL_BLOCK, (off_t)t->at);
        if (got <= 0)
            return true;
        take_block(t, s->block, (size_t)got);
        if ((size_t)got < TAIL_BLOCK)
            return true;
    }
    return false;
}

static void forget_part(struct tail *t)
{
    mem_free(t->part);
    t->part = NULL;
    t->part_len = 0;
    t->skip = false;
}

static void close_file(struct tail *t)
{
    if (t->fd >= 0)
        close(t->fd);
    t->fd = -1;
    forget_part(t);
}

/* The file under the name, from `at`. */
static void open_file(struct tail *t, uint64_t at)
{
    struct stat st;
    int fd = open(t->path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (fd < 0)
        return;
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
        close(fd);
        return;
    }
    t->fd = fd;
    t->dev = st.st_dev;
    t->inode = st.st_ino;
    uint64_t size = (uint64_t)st.st_size;
    t->at = at == UINT64_MAX ? size : at > size ? 0 : at;
    t->was_open = true;
}

static void restart(struct tail *t)
{
    if (t->events.restarted && !t->removed)
        t->events.restarted(t->events.ctx);
}

/* Is it still the file that the name means, and has it not begun anew? */
static void follow_name(struct tail *t)
{
    struct stat st, own;
    if (t->fd >= 0 && fstat(t->fd, &own) == 0 && (uint64_t)own.st_size < t->at) {
        forget_part(t);
        t->at = 0;
        restart(t);
    }
    if (stat(t->path, &st) != 0) {
        if (t->fd >= 0 && errno == ENOENT && fstat(t->fd, &own) == 0 && own.st_nlink == 0)
            close_file(t);
        return;
    }
    if (t->fd >= 0 && st.st_dev == t->dev && st.st_ino == t->inode)
        return;
    bool again = t->was_open;
    close_file(t);
    open_file(t, again ? 0 : t->start);
    if (again && t->fd >= 0)
        restart(t);
}

/* A renamed file is read to its end before the new one of its name begins. */
static void look(struct tail *t)
{
    if (t->reading || t->removed)
        return;
    t->reading = true;
    bool at_end = t->fd < 0 || read_some(t);
    if (at_end) {
        int before = t->fd;
        uint64_t at = t->at;
        follow_name(t);
        if (t->fd >= 0 && (t->fd != before || t->at != at || before < 0))
            at_end = read_some(t);
    }
    t->reading = false;
    if (t->removed) {
        tail_remove(t);
        return;
    }
    if (!at_end)
        loop_timer_set(t->set->loop, &t->more, 0);
    else if (t->events.caught_up && t->fd >= 0)
        t->events.caught_up(t->events.ctx);
}

static void on_more(struct loop_timer *timer)
{
    look(timer->ctx);
}

/* ---- being told ---- */

static void on_poll(struct loop_timer *timer)
{
    struct tail_set *s = timer->ctx;
    for (struct tail *t = s->first, *next; t; t = next) {
        next = t->next;
        look(t);
    }
    loop_timer_set(s->loop, timer, loop_now_ns(s->loop) + POLL_NS);
}

static void on_event(struct tail_set *s, const struct inotify_event *event)
{
    for (struct tail *t = s->first, *next; t; t = next) {
        next = t->next;
        if (t->folder_wd == event->wd && event->len && strcmp(t->name, event->name) == 0)
            look(t);
    }
}

static void on_inotify(struct loop_fd *watch, unsigned ready)
{
    struct tail_set *s = watch->ctx;
    _Alignas(struct inotify_event) char buffer[16 << 10];
    (void)ready;
    ssize_t got = read(s->inotify_fd, buffer, sizeof buffer);
    char last[256] = "";
    int last_wd = -1;
    for (ssize_t at = 0; at + (ssize_t)sizeof(struct inotify_event) <= got;) {
        const struct inotify_event *event = (const void *)(buffer + at);
        /* a busy writer makes many events of one kind; one look serves them all */
        bool same = event->wd == last_wd && event->len && strcmp(event->name, last) == 0;
        if (!same)
            on_event(s, event);
        last_wd = event->wd;
        strncpy(last, event->len ? event->name : "", sizeof last - 1);
        at += (ssize_t)sizeof *event + event->len;
    }
}

static int watch_folder(struct tail_set *s, const char *path, size_t len)
{
    if (s->inotify_fd < 0)
        return -1;
    for (size_t i = 0; i < s->folder_count; i++)
        if (strlen(s->folder[i].path) == len && memcmp(s->folder[i].path, path, len) == 0) {
            s->folder[i].users++;
            return s->folder[i].wd;
        }
    char *copy = mem_zero(len + 1);
    memcpy(copy, path, len);
    int wd = inotify_add_watch(s->inotify_fd, copy,
                               IN_MODIFY | IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE);
    if (wd < 0) {
        mem_free(copy);
        return -1;
    }
    MEM_GROW(s->folder, s->folder_count, s->folder_capacity);
    s->folder[s->folder_count++] = (struct folder){copy, wd, 1};
    return wd;
}

static void unwatch_folder(struct tail_set *s, int wd)
{
    for (size_t i = 0; i < s->folder_count; i++) {
        if (s->folder[i].wd != wd || --s->folder[i].users)
            continue;
        inotify_rm_watch(s->inotify_fd, wd);
        mem_free(s->folder[i].path);
        s->folder[i] = s->folder[--s->folder_count];
        return;
    }
}

int tail_set_open(struct tail_set **out, struct loop *loop, struct err *e)
{
    struct tail_set *s = mem_zero(sizeof *s);
    s->loop = loop;
    s->block = mem_resize(NULL, TAIL_BLOCK, 1);
    s->inotify_fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK); /* without it, polling must do */
    s->inotify = (struct loop_fd){.fn = on_inotify, .ctx = s, .fd = s->inotify_fd};
    int rc = s->inotify_fd >= 0 ? loop_fd_add(loop, &s->inotify, LOOP_READ, e) : 0;
    if (rc < 0) {
        tail_set_close(s);
        return rc;
    }
    s->poll = (struct loop_timer){.fn = on_poll, .ctx = s};
    loop_timer_set(loop, &s->poll, loop_now_ns(loop) + POLL_NS);
    *out = s;
    return 0;
}

void tail_set_close(struct tail_set *s)
{
    if (!s)
        return;
    loop_timer_stop(s->loop, &s->poll);
    if (s->inotify_fd >= 0) {
        loop_fd_remove(s->loop, &s->inotify);
        close(s->inotify_fd);
    }
    for (size_t i = 0; i < s->folder_count; i++)
        mem_free(s->folder[i].path);
    mem_free(s->folder);
    mem_free(s->block);
    mem_free(s);
}

struct tail *tail_add(struct tail_set *s, const char *path, uint64_t offset,
                      const struct tail_events *events)
{
    struct tail *t = mem_zero(sizeof *t);
    t->set = s;
    t->events = *events;
    t->path = mem_copy_text(path);
    const char *slash = strrchr(t->path, '/');
    t->name = slash ? slash + 1 : t->path;
    t->fd = -1;
    t->start = offset;
    t->more = (struct loop_timer){.fn = on_more, .ctx = t};
    t->folder_wd = slash && slash > t->path ? watch_folder(s, t->path, (size_t)(slash - t->path))
                                            : watch_folder(s, slash ? "/" : ".", 1);
    t->next = s->first;
    s->first = t;
    open_file(t, offset);
    t->start = 0; /* a file that comes later is new */
    loop_timer_set(s->loop, &t->more, 0);
    return t;
}

void tail_remove(struct tail *t)
{
    if (!t)
        return;
    t->removed = true;
    if (t->reading)
        return;
    struct tail **link = &t->set->first;
    while (*link != t)
        link = &(*link)->next;
    *link = t->next;
    loop_timer_stop(t->set->loop, &t->more);
    if (t->folder_wd >= 0)
        unwatch_folder(t->set, t->folder_wd);
    close_file(t);
    mem_free(t->path);
    mem_free(t);
}

const char *tail_path(const struct tail *t)
{
    return t->path;
}

bool tail_is_open(const struct tail *t)
{
    return t->fd >= 0;
}

uint64_t tail_offset(const struct tail *t)
{
    return t->at - t->part_len;
}

uint64_t tail_cut_lines(const struct tail *t)
{
    return t->cut;
}

size_t tail_read_head(const struct tail *t, void *to, size_t size)
{
    ssize_t got = t->fd >= 0 ? pread(t->fd, to, size, 0) : 0;
    return got > 0 ? (size_t)got : 0;
}
