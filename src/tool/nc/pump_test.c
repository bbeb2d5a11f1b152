/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/nc/pump.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "check.h"
#include "core/base/mem.h"
#include "sys/io/file.h"

/* A pump between two pipes (input, output) and a socket, whose other side is ours. */
struct rig {
    struct loop *loop;
    struct nc_end local, remote;
    struct pump *pump;
    int input, output, peer; /* our sides */
    int ends;
    enum pump_end end;
};

static void pump_done(void *ctx, enum pump_end end, const struct err *e)
{
    struct rig *r = ctx;
    (void)e;
    r->ends++;
    r->end = end;
    loop_stop(r->loop);
}

static bool rig_open(struct rig *r, const struct pump_rules *rules, int type, bool file)
{
    int in[2], out[2], pair[2];
    struct err e;
    *r = (struct rig){0};
    if (loop_open(&r->loop, &clock_system, &e) || pipe2(in, O_CLOEXEC) || pipe2(out, O_CLOEXEC) ||
        socketpair(AF_UNIX, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair))
        return false;
    if (file) { /* regular files instead: poll knows nothing of them */
        close(in[0]);
        in[0] = open("in", O_RDONLY | O_CLOEXEC);
        close(out[1]);
        out[1] = open("out", O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    }
    nc_end_standard(&r->local, in[0], out[1]);
    close(in[0]);
    close(out[1]);
    nc_end_socket(&r->remote, pair[0], type == SOCK_DGRAM);
    r->input = in[1];
    r->output = out[0];
    r->peer = pair[1];
    fcntl(r->output, F_SETFL, O_NONBLOCK);
    struct pump_spec spec = {.loop = r->loop,
                             .local = &r->local,
                             .remote = &r->remote,
                             .rules = *rules,
                             .done = pump_done,
                             .ctx = r};
    r->pump = pump_new(&spec);
    return true;
}

static void rig_close(struct rig *r)
{
    pump_close(r->pump);
    nc_end_close(&r->local);
    nc_end_close(&r->remote);
    loop_close(r->loop);
    close(r->input);
    close(r->output);
    close(r->peer);
}

/* Let it work until it is over, or for `ms`. */
static void work(struct rig *r, unsigned ms)
{
    struct err e;
    uint64_t end_ns = clock_mono_ns(&clock_system) + ms * NS_PER_MS;
    while (!r->ends && clock_mono_ns(&clock_system) < end_ns)
        (void)!loop_step(r->loop, 10 * NS_PER_MS, &e);
}

static bool reads(int fd, const char *text)
{
    char got[64];
    ssize_t len = read(fd, got, sizeof got);
    return len == (ssize_t)strlen(text) && memcmp(got, text, (size_t)len) == 0;
}

enum event { INPUT_ENDS, PEER_ENDS, BOTH_END, NOTHING };

/* What ends it, and what does not: the rules of all three manners. */
static const struct end_row {
    const char *why;
    struct pump_rules rules;
    enum event event;
    bool over, peer_sees_end;
    enum pump_end end;
} end_rows[] = {
    {"input alone does not end it", {0}, INPUT_ENDS, false, false, PUMP_DONE},
    {"-N: it is told to the peer", {.shut_remote = true}, INPUT_ENDS, false, true, PUMP_DONE},
    {"the peer alone does not", {0}, PEER_ENDS, false, false, PUMP_DONE},
    {"both do", {0}, BOTH_END, true, false, PUMP_DONE},
    {"a listener ends with its peer", {.end_with_remote = true}, PEER_ENDS, true, false, PUMP_DONE},
    {"--send-only ends with input",
     {.end_with_local = true, .no_output = true},
     INPUT_ENDS,
     true,
     false,
     PUMP_DONE},
    {"-q 0", {.has_quit = true}, INPUT_ENDS, true, false, PUMP_DONE},
    {"-q 0.05", {.has_quit = true, .quit_ns = 50 * NS_PER_MS}, INPUT_ENDS, true, false, PUMP_DONE},
    {"-q 9", {.has_quit = true, .quit_ns = 9 * NS_PER_S}, INPUT_ENDS, false, false, PUMP_DONE},
    {"-d: its end means nothing",
     {.no_input = true, .has_quit = true},
     INPUT_ENDS,
     false,
     false,
     PUMP_DONE},
    {"idle", {.idle_ns = 50 * NS_PER_MS}, NOTHING, true, false, PUMP_IDLE},
    {"not idle long enough", {.idle_ns = 9 * NS_PER_S}, NOTHING, false, false, PUMP_IDLE},
};

static int test_ends(void)
{
    int failed = 0;
    for (size_t i = 0; i < ARRAY_LEN(end_rows); i++) {
        const struct end_row *row = &end_rows[i];
        struct rig r;
        char any;
        CHECK_ROW(i, rig_open(&r, &row->rules, SOCK_STREAM, false));
        if (row->event == INPUT_ENDS || row->event == BOTH_END) {
            close(r.input);
            r.input = -1;
        }
        if (row->event == PEER_ENDS || row->event == BOTH_END)
            shutdown(r.peer, SHUT_WR);
        work(&r, 200);
        CHECK_ROW(i, (r.ends == 1) == row->over);
        CHECK_ROW(i, !r.ends || r.end == row->end);
        CHECK_ROW(i, (recv(r.peer, &any, 1, 0) == 0) == row->peer_sees_end);
        rig_close(&r);
    }
    return failed;
}

static int test_copies(void)
{
    int failed = 0;
    struct rig r;
    CHECK(rig_open(&r, &(struct pump_rules){0}, SOCK_STREAM, false));
    CHECK(write(r.input, "up", 2) == 2 && write(r.peer, "down", 4) == 4);
    work(&r, 60);
    CHECK(reads(r.peer, "up") && reads(r.output, "down"));
    CHECK(pump_sent(r.pump) == 2 && pump_received(r.pump) == 4 && r.ends == 0);
    close(r.output); /* nobody reads any more */
    r.output = -1;
    CHECK(write(r.peer, "more", 4) == 4);
    work(&r, 500);
    CHECK(r.ends == 1 && r.end == PUMP_LOCAL_GONE);
    rig_close(&r);
    return failed;
}

static int test_filters(void)
{
    int failed = 0;
    struct rig r;
    CHECK(rig_open(&r, &(struct pump_rules){.crlf = true, .telnet = true}, SOCK_STREAM, false));
    CHECK(write(r.input, "a\n\377", 3) == 3);
    work(&r, 60);
    CHECK(reads(r.peer, "a\r\n\377\377"));
    CHECK(write(r.peer, "\377\375\030login: ", 10) == 10);
    work(&r, 60);
    CHECK(reads(r.peer, "\377\374\030") && reads(r.output, "login: "));
    rig_close(&r);
    return failed;
}

static int test_pauses(void)
{
    int failed = 0;
    struct rig r;
    CHECK(rig_open(&r, &(struct pump_rules){.line_ns = 300 * NS_PER_MS}, SOCK_STREAM, false));
    CHECK(write(r.input, "1\n2\n", 4) == 4);
    work(&r, 100);
    CHECK(reads(r.peer, "1\n"));
    work(&r, 400);
    CHECK(reads(r.peer, "2\n"));
    rig_close(&r);
    return failed;
}

static int test_datagrams(void)
{
    int failed = 0;
    struct rig r;
    CHECK(rig_open(&r, &(struct pump_rules){.messages_max = 2}, SOCK_DGRAM, false));
    CHECK(write(r.peer, "", 0) == 0 && write(r.peer, "b", 1) == 1 && write(r.peer, "c", 1) == 1);
    work(&r, 500);
    CHECK(r.ends == 1 && r.end == PUMP_DONE && reads(r.output, "b")); /* an empty one counts */
    rig_close(&r);
    return failed;
}

enum { BULK = 3 << 20 };

/* Files, pipes and sockets; what comes out is what went in, and no descriptor lost its flags. */
static int test_bulk(bool file)
{
    int failed = 0;
    struct rig r;
    struct err e;
    char *data = mem_zero(BULK), *got = mem_zero(BULK);
    for (size_t i = 0; i < BULK; i++)
        data[i] = (char)(i * 2654435761U >> 24);
    CHECK(file_replace("in", data, BULK, 0600, &e) == 0);
    CHECK(rig_open(&r, &(struct pump_rules){.shut_remote = true}, SOCK_STREAM, file));
    fcntl(r.input, F_SETFL, O_NONBLOCK);
    size_t written = file ? BULK : 0, received = 0, echoed = 0;
    for (int round = 0; round < 20000 && received < BULK; round++) {
        ssize_t n = written < BULK ? write(r.input, data + written, BULK - written) : 0;
        written += n > 0 ? (size_t)n : 0;
        (void)!loop_step(r.loop, NS_PER_MS, &e);
        n = recv(r.peer, got + received, BULK - received, 0);
        if (n > 0 && echoed == received) /* a part of it goes back */
            echoed += (size_t)(send(r.peer, got + received, 1, MSG_NOSIGNAL) > 0);
        received += n > 0 ? (size_t)n : 0;
    }
    CHECK(received == BULK && memcmp(got, data, BULK) == 0 && pump_sent(r.pump) == BULK);
    rig_close(&r);
    mem_free(data);
    mem_free(got);
    return failed;
}

int nc_pump_test(void)
{
    int failed = 0;
    char folder[] = "/tmp/picket-pump-XXXXXX";
    signal(SIGPIPE, SIG_IGN); /* as main does */
    CHECK(mkdtemp(folder) && chdir(folder) == 0);
    failed += test_ends() + test_copies() + test_filters() + test_pauses() + test_datagrams();
    failed += test_bulk(false) + test_bulk(true);
    unlink("in");
    unlink("out");
    CHECK(rmdir(folder) == 0);
    return failed;
}
