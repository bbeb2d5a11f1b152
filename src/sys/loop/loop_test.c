/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "core/base/mem.h"
#include "sys/loop/loop.h"

struct seen {
    int calls;
    unsigned ready;
    struct loop *loop;
    struct loop_fd *other;
    int other_fd;
};

static void note_fd(struct loop_fd *w, unsigned ready)
{
    struct seen *s = w->ctx;
    s->calls++;
    s->ready = ready;
}

static int test_descriptors(void)
{
    int failed = 0, pair[2];
    struct err e = {0};
    struct loop *l;
    struct seen seen = {0};
    CHECK(loop_open(&l, &clock_system, &e) == 0);
    CHECK(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair) == 0);
    struct loop_fd w = {.fn = note_fd, .ctx = &seen, .fd = pair[0]}, twice = w;
    CHECK(loop_fd_add(l, &w, LOOP_READ, &e) == 0);
    CHECK(loop_fd_add(l, &twice, LOOP_READ, &e) == -EEXIST && strstr(e.text, "already"));
    CHECK(loop_step(l, 0, &e) == 0 && seen.calls == 0);
    CHECK(write(pair[1], "x", 1) == 1);
    CHECK(loop_step(l, 0, &e) == 0 && seen.calls == 1 && seen.ready == LOOP_READ);
    loop_fd_want(l, &w, LOOP_READ | LOOP_WRITE);
    CHECK(loop_step(l, 0, &e) == 0 && seen.ready == (LOOP_READ | LOOP_WRITE));
    loop_fd_want(l, &w, LOOP_WRITE);
    CHECK(loop_step(l, 0, &e) == 0 && seen.ready == LOOP_WRITE && seen.calls == 3);
    loop_fd_want(l, &w, 0);
    close(pair[1]); /* a hang-up, which nobody wants to hear of */
    CHECK(loop_step(l, 0, &e) == 0 && seen.calls == 3);
    loop_fd_want(l, &w, LOOP_READ);
    CHECK(loop_step(l, 0, &e) == 0 && seen.calls == 4 && seen.ready == (LOOP_READ | LOOP_WRITE));
    loop_fd_remove(l, &w);
    loop_fd_remove(l, &w);
    CHECK(w.fd == -1 && loop_step(l, 0, &e) == 0 && seen.calls == 4);
    CHECK(loop_run(l, &e) == 0); /* nothing is left: it returns */
    CHECK(loop_fd_add(l, &w, LOOP_READ, &e) == -EBADF);
    struct loop_fd file = {.fn = note_fd, .fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC)};
    int fd = file.fd;
    CHECK(loop_fd_add(l, &file, LOOP_READ, &e) == -EPERM && loop_run(l, &e) == 0);
    close(fd);
    close(pair[0]);
    loop_close(l);
    loop_close(NULL);
    return failed;
}

/* Two descriptors are ready in one batch; who is called first removes the other, closes it, and
 * lets a third socket take its number.  The event that is still in the batch is not the third's. */
static void replace_other(struct loop_fd *w, unsigned ready)
{
    (void)ready;
    struct seen *s = w->ctx;
    struct err e;
    s->calls++;
    if (!s->other)
        return;
    int number = s->other->fd;
    loop_fd_remove(s->loop, s->other);
    close(number);
    s->other->fd = dup3(s->other_fd, number, O_CLOEXEC);
    if (loop_fd_add(s->loop, s->other, LOOP_READ, &e))
        s->calls += 100;
    s->other = NULL;
}

static int test_stale_event(void)
{
    int failed = 0, a[2], b[2], quiet[2];
    struct err e = {0};
    struct loop *l;
    CHECK(loop_open(&l, &clock_system, &e) == 0);
    CHECK(pipe2(a, O_CLOEXEC) == 0 && pipe2(b, O_CLOEXEC) == 0 && pipe2(quiet, O_CLOEXEC) == 0);
    struct seen seen_a = {.loop = l, .other_fd = quiet[0]}, seen_b = seen_a;
    struct loop_fd wa = {.fn = replace_other, .ctx = &seen_a, .fd = a[0]};
    struct loop_fd wb = {.fn = replace_other, .ctx = &seen_b, .fd = b[0]};
    seen_a.other = &wb;
    seen_b.other = &wa;
    CHECK(loop_fd_add(l, &wa, LOOP_READ, &e) == 0 && loop_fd_add(l, &wb, LOOP_READ, &e) == 0);
    CHECK(write(a[1], "x", 1) == 1 && write(b[1], "x", 1) == 1);
    CHECK(loop_step(l, 0, &e) == 0);
    CHECK(seen_a.calls + seen_b.calls == 1);
    CHECK(write(quiet[1], "x", 1) == 1 && loop_step(l, 0, &e) == 0);
    CHECK(seen_a.calls + seen_b.calls == 3); /* the one that stayed, and the new one */
    int fd[] = {wa.fd, wb.fd};
    loop_close(l);
    CHECK(wa.fd == -1 && wb.fd == -1);
    close(fd[0]);
    close(fd[1]);
    close(a[1]);
    close(b[1]);
    close(quiet[0]);
    close(quiet[1]);
    return failed;
}

struct timed {
    struct loop *loop;
    int calls, again;
    struct loop_timer *stop_too;
};

static void note_timer(struct loop_timer *t)
{
    struct timed *s = t->ctx;
    s->calls++;
    if (s->stop_too)
        loop_timer_stop(s->loop, s->stop_too);
    if (s->again-- > 0)
        loop_timer_set(s->loop, t, 0);
}

static int test_timers_fake(void)
{
    int failed = 0;
    struct err e = {0};
    struct clock clock = clock_fake(1000, 0);
    struct loop *l;
    CHECK(loop_open(&l, &clock, &e) == 0 && loop_clock(l) == &clock);
    struct timed a = {.loop = l}, b = {.loop = l, .again = 2};
    struct loop_timer ta = {.fn = note_timer, .ctx = &a}, tb = {.fn = note_timer, .ctx = &b};
    loop_timer_set(l, &ta, 2000);
    CHECK(loop_step(l, NS_PER_MS, &e) == 0 && a.calls == 0); /* the clock stands still */
    clock_advance(&clock, 999);
    CHECK(loop_step(l, 0, &e) == 0 && a.calls == 0);
    clock_advance(&clock, 1);
    CHECK(loop_step(l, 0, &e) == 0 && a.calls == 1 && ta.slot == 0 && loop_now_ns(l) == 2000);
    loop_timer_set(l, &ta, 1);
    loop_timer_set(l, &tb, 1);
    b.stop_too = &ta;
    CHECK(loop_step(l, NS_PER_S, &e) == 0 && a.calls == 2 && b.calls == 1); /* anew: next round */
    loop_timer_set(l, &ta, 5000);
    CHECK(loop_step(l, NS_PER_S, &e) == 0 && b.calls == 2 && ta.slot == 0); /* stopped by b */
    CHECK(loop_step(l, NS_PER_S, &e) == 0 && b.calls == 3 && loop_run(l, &e) == 0);
    loop_timer_set(l, &ta, 9000);
    loop_timer_set(l, &ta, 2000); /* moved to the front */
    CHECK(loop_run(l, &e) == 0 && a.calls == 3);
    loop_close(l);
    return failed;
}

static int test_timers_real(void)
{
    int failed = 0;
    struct err e = {0};
    struct loop *l;
    CHECK(loop_open(&l, &clock_system, &e) == 0);
    struct timed a = {.loop = l};
    struct loop_timer t = {.fn = note_timer, .ctx = &a};
    uint64_t from_ns = clock_mono_ns(&clock_system), due_ns = from_ns + 3 * NS_PER_MS + 500;
    loop_timer_set(l, &t, due_ns);
    CHECK(loop_step(l, NS_PER_US, &e) == 0 && a.calls == 0);
    CHECK(loop_run(l, &e) == 0 && a.calls == 1);
    CHECK(clock_mono_ns(&clock_system) >= due_ns);
    loop_stop(l);
    loop_timer_set(l, &t, 0);
    CHECK(loop_run(l, &e) == 0 && a.calls == 1); /* stopped before it ran */
    loop_close(l);
    return failed;
}

/* A kernel or sandbox without epoll_pwait2(2): milliseconds have to do. */
static int test_without_pwait2(void)
{
    int failed = 0, status = -1;
    pid_t pid = fork();
    if (pid == 0) {
        struct sock_filter filter[] = {
            BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
            BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_epoll_pwait2, 0, 1),
            BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
            BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
        };
        struct sock_fprog program = {.len = ARRAY_LEN(filter), .filter = filter};
        if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
            prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program))
            _exit(2);
        _exit(test_timers_real() + test_descriptors() ? 1 : 0);
    }
    CHECK(waitpid(pid, &status, 0) == pid && status == 0);
    return failed;
}

struct signal_seen {
    struct loop *loop;
    int calls;
    struct loop_signal *drop;
    bool stop;
};

static void note_signal(struct loop_signal *w)
{
    struct signal_seen *s = w->ctx;
    s->calls++;
    if (s->drop)
        loop_signal_remove(s->loop, s->drop);
    if (s->stop)
        loop_stop(s->loop);
}

static int test_signals(void)
{
    int failed = 0;
    struct err e = {0};
    struct loop *l;
    CHECK(loop_open(&l, &clock_system, &e) == 0);
    struct signal_seen a = {.loop = l}, b = {.loop = l}, c = {.loop = l, .stop = true};
    struct loop_signal wa = {.fn = note_signal, .ctx = &a, .signal_number = SIGUSR1};
    struct loop_signal wb = {.fn = note_signal, .ctx = &b, .signal_number = SIGUSR1};
    struct loop_signal wc = {.fn = note_signal, .ctx = &c, .signal_number = SIGUSR2};
    struct loop_signal bad = {.fn = note_signal, .signal_number = 1000};
    CHECK(loop_signal_add(l, &wa, &e) == 0 && loop_signal_add(l, &wb, &e) == 0);
    CHECK(loop_signal_add(l, &wc, &e) == 0 && loop_signal_add(l, &bad, &e) == -EINVAL);
    raise(SIGUSR1);
    CHECK(loop_step(l, 0, &e) == 0 && a.calls == 1 && b.calls == 1 && c.calls == 0);
    a.drop = &wb; /* the first removes the next one while the walk stands on it */
    raise(SIGUSR1);
    CHECK(loop_step(l, 0, &e) == 0 && a.calls == 2 && b.calls == 1);
    raise(SIGUSR2);
    CHECK(loop_run(l, &e) == 0 && c.calls == 1);
    a.drop = &wa; /* itself, the last of its signal: the signal is no longer taken */
    raise(SIGUSR1);
    CHECK(loop_step(l, 0, &e) == 0 && a.calls == 3);
    sigset_t blocked;
    sigprocmask(SIG_BLOCK, NULL, &blocked);
    CHECK(!sigismember(&blocked, SIGUSR1) && sigismember(&blocked, SIGUSR2));
    loop_close(l);
    sigprocmask(SIG_BLOCK, NULL, &blocked);
    CHECK(!sigismember(&blocked, SIGUSR2));
    return failed;
}

struct child_seen {
    int calls, status;
};

static void note_child(struct loop_child *w, int status)
{
    struct child_seen *s = w->ctx;
    s->calls++;
    s->status = status;
}

static pid_t start_child(int code)
{
    pid_t pid = fork();
    if (pid == 0)
        _exit(code);
    return pid;
}

static int test_children(void)
{
    int failed = 0;
    struct err e = {0};
    struct loop *l;
    CHECK(loop_open(&l, &clock_system, &e) == 0);
    struct child_seen seen[3] = {{0}};
    struct loop_child w[3];
    for (int i = 0; i < 3; i++) {
        w[i] = (struct loop_child){.fn = note_child, .ctx = &seen[i], .pid = start_child(10 + i)};
        CHECK_ROW(i, loop_child_add(l, &w[i], &e) == 0);
    }
    loop_child_remove(l, &w[2]);
    CHECK(loop_run(l, &e) == 0);
    CHECK(seen[0].calls == 1 && WEXITSTATUS(seen[0].status) == 10);
    CHECK(seen[1].calls == 1 && WEXITSTATUS(seen[1].status) == 11);
    CHECK(seen[2].calls == 0 && waitpid(w[2].pid, NULL, 0) == w[2].pid); /* ours to reap again */
    CHECK(loop_child_add(l, &w[2], &e) == -ESRCH && e.text[0]);
    w[0].pid = start_child(0);
    CHECK(loop_child_add(l, &w[0], &e) == 0);
    int pidfd = w[0].pidfd.fd;
    loop_close(l); /* closes the pidfd */
    CHECK(fcntl(pidfd, F_GETFD) < 0 && waitpid(w[0].pid, NULL, 0) == w[0].pid);
    return failed;
}

/* Thousands of sockets added, fired and removed: what a scan does. */
static int test_many(void)
{
    enum { MANY = 20000 };
    int failed = 0, opened = 0;
    struct err e = {0};
    struct loop *l;
    struct seen seen = {0};
    struct rlimit limit = {0};
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    int many = limit.rlim_cur > MANY + 100 ? MANY : (int)limit.rlim_cur - 100;
    struct loop_fd *w = mem_zero((size_t)many * sizeof *w);
    CHECK(loop_open(&l, &clock_system, &e) == 0);
    for (; opened < many; opened++) {
        w[opened] = (struct loop_fd){.fn = note_fd, .ctx = &seen};
        w[opened].fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        if (w[opened].fd < 0 || loop_fd_add(l, &w[opened], LOOP_WRITE, &e))
            break;
    }
    CHECK(opened == many);
    for (int round = 0; seen.calls < many && round < 2 * many; round++)
        CHECK(loop_step(l, 0, &e) == 0);
    CHECK(seen.calls >= many);
    for (int i = 0; i < opened; i++) {
        int fd = w[i].fd;
        loop_fd_remove(l, &w[i]);
        close(fd);
    }
    CHECK(loop_run(l, &e) == 0);
    loop_close(l);
    mem_free(w);
    return failed;
}

int loop_loop_test(void)
{
    return test_descriptors() + test_stale_event() + test_timers_fake() + test_timers_real() +
           test_without_pwait2() + test_signals() + test_children() + test_many();
}
