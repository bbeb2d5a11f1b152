/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/nc/flow.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/mem.h"

enum { PIPE_SIZE = 1 << 20, BULK = 64 * 1024 };

/* ---- the way ---- */

static bool is_kind(int fd, mode_t kind)
{
    struct stat st;
    return fstat(fd, &st) == 0 && (st.st_mode & S_IFMT) == kind;
}

static bool is_touched(const struct flow *f)
{
    return f->filter[0] || f->filter[1] || f->dump[0] || f->dump[1] || f->inject || f->by_line ||
           f->by_chunk || f->from->tls || f->to->tls || f->from->is_datagram ||
           f->to->is_datagram || f->from->ahead_len || f->messages_max;
}

static enum flow_way choose_way(struct flow *f)
{
    int in = f->from->in_fd, out = f->to->out_fd;
    if (is_kind(in, S_IFIFO))
        (void)fcntl(in, F_SETPIPE_SZ, PIPE_SIZE); /* more is faster; less works */
    if (is_touched(f) || in < 0 || out < 0)
        return FLOW_COPY;
    if (is_kind(in, S_IFREG))
        return f->to->is_socket ? FLOW_SENDFILE : FLOW_COPY;
    bool from_pipe = is_kind(in, S_IFIFO), to_pipe = is_kind(out, S_IFIFO);
    if (to_pipe)
        (void)fcntl(out, F_SETPIPE_SZ, PIPE_SIZE);
    if (from_pipe || to_pipe)
        return FLOW_SPLICE;
    if (!f->from->is_socket || pipe2(f->pipe_fd, O_CLOEXEC | O_NONBLOCK))
        return FLOW_COPY;
    (void)fcntl(f->pipe_fd[1], F_SETPIPE_SZ, PIPE_SIZE);
    return FLOW_SPLICE_TWICE;
}

void flow_open(struct flow *f)
{
    f->pipe_fd[0] = f->pipe_fd[1] = -1;
    f->chunk = f->to->is_datagram && !f->from->is_datagram ? FLOW_MESSAGE : FLOW_BUFFER;
    f->readable = f->from->in_always || f->from->ahead_len || f->from->tls;
    f->writable = !f->to->careful || f->to->out_always;
    f->way = choose_way(f);
}

void flow_close(struct flow *f)
{
    for (int i = 0; i < 2; i++)
        if (f->pipe_fd[i] >= 0)
            close(f->pipe_fd[i]);
    f->pipe_fd[0] = f->pipe_fd[1] = -1;
    mem_free(f->buffer);
    mem_free(f->filtered);
    f->buffer = f->filtered = NULL;
}

/* ---- through the kernel ---- */

static void end_source(struct flow *f)
{
    f->ended = true;
}

static void break_sink(struct flow *f, int code)
{
    f->broken = true;
    (void)err_set(&f->e, -code, "%s", strerror(code));
}

static void fail_source(struct flow *f, int code)
{
    f->ended = f->failed = true;
    (void)err_set(&f->e, -code, "%s", strerror(code));
}

/* A failed splice does not say which of its ends failed; the code does. */
static bool splice_failed(struct flow *f, int code, bool can_copy)
{
    if (code == EAGAIN || code == EINTR) {
        f->readable = f->from->in_always;
        f->writable = f->to->out_always;
        return false;
    }
    if (code == EINVAL && can_copy) {
        f->way = FLOW_COPY;
        return true;
    }
    if (f->from->is_socket && code != EPIPE)
        fail_source(f, code);
    else
        break_sink(f, code);
    return true;
}

static bool step_splice(struct flow *f)
{
    if (f->ended || !f->readable || !f->writable)
        return false;
    ssize_t n = splice(f->from->in_fd, NULL, f->to->out_fd, NULL, PIPE_SIZE,
                       SPLICE_F_MOVE | SPLICE_F_NONBLOCK);
    if (n < 0)
        return splice_failed(f, errno, true);
    if (n == 0)
        end_source(f);
    else if (n < BULK) /* a trickle: poll rather than be told EAGAIN */
        f->readable = false;
    f->read_bytes += (uint64_t)n;
    f->written_bytes += (uint64_t)n;
    f->messages++;
    return true;
}

/* Where the sink cannot be spliced to: what lies in our pipe is copied, and the rest after it. */
static bool unpipe(struct flow *f)
{
    f->buffer = f->buffer ? f->buffer : mem_zero(FLOW_BUFFER);
    ssize_t n = read(f->pipe_fd[0], f->buffer, f->piped < FLOW_BUFFER ? f->piped : FLOW_BUFFER);
    if (n <= 0) {
        fail_source(f, n < 0 ? errno : EIO);
        return true;
    }
    f->pending = f->buffer;
    f->at = 0;
    f->len = (size_t)n;
    f->piped -= (size_t)n;
    if (f->piped == 0)
        f->way = FLOW_COPY;
    return true;
}

static bool push_piped(struct flow *f)
{
    ssize_t n = splice(f->pipe_fd[0], NULL, f->to->out_fd, NULL, f->piped,
                       SPLICE_F_MOVE | SPLICE_F_NONBLOCK);
    if (n > 0) {
        f->piped -= (size_t)n;
        f->written_bytes += (uint64_t)n;
        return true;
    }
    int code = n < 0 ? errno : EPIPE;
    if (code == EINVAL)
        return unpipe(f);
    if (code == EAGAIN || code == EINTR)
        f->writable = f->to->out_always;
    else
        break_sink(f, code);
    return code != EAGAIN;
}

static bool step_splice_twice(struct flow *f)
{
    if (f->piped)
        return f->writable && push_piped(f);
    if (f->ended || !f->readable)
        return false;
    ssize_t n = splice(f->from->in_fd, NULL, f->pipe_fd[1], NULL, PIPE_SIZE,
                       SPLICE_F_MOVE | SPLICE_F_NONBLOCK);
    if (n < 0) { /* the pipe is empty, so it is the source that has nothing */
        bool writable = f->writable, moved = splice_failed(f, errno, true);
        f->writable = writable;
        return moved;
    }
    if (n == 0)
        end_source(f);
    else if (n < BULK)
        f->readable = false;
    f->piped = (size_t)n;
    f->read_bytes += (uint64_t)n;
    f->messages++;
    return true;
}

static bool step_sendfile(struct flow *f)
{
    if (f->ended || !f->writable)
        return false;
    ssize_t n = sendfile(f->to->out_fd, f->from->in_fd, NULL, (size_t)PIPE_SIZE * 8);
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) {
        f->writable = false;
        return false;
    }
    if (n < 0 && (errno == EINVAL || errno == ENOSYS)) {
        f->way = FLOW_COPY;
        return true;
    }
    if (n < 0)
        break_sink(f, errno);
    else if (n == 0)
        end_source(f);
    else {
        f->read_bytes += (uint64_t)n;
        f->written_bytes += (uint64_t)n;
    }
    return true;
}

/* ---- through a buffer ---- */

static void tell_dumps(struct flow *f, const uint8_t *data, size_t len)
{
    for (int i = 0; i < FLOW_DUMPS; i++)
        if (f->dump[i])
            dump_write(f->dump[i], f->dump_way, data, len);
}

/* Filters may double what they are given: each has half of the room of the next. */
static void take_in(struct flow *f, size_t len)
{
    const uint8_t *data = f->buffer;
    uint8_t *spare = f->filtered;
    if (f->dump_way == DUMP_RECEIVED)
        tell_dumps(f, data, len);
    for (int i = 0; i < 2; i++) {
        if (!f->filter[i])
            continue;
        len = f->filter[i](f->filter_ctx, data, len, spare);
        data = spare;
        spare += 2 * FLOW_BUFFER;
    }
    if (f->dump_way == DUMP_SENT)
        tell_dumps(f, data, len);
    f->pending = data;
    f->at = 0;
    f->len = len;
}

/* Answers of a filter go out between two chunks of the source. */
static bool take_injected(struct flow *f)
{
    if (!f->inject || f->inject->len == 0)
        return false;
    f->len = f->inject->len < FLOW_BUFFER ? f->inject->len : FLOW_BUFFER;
    memcpy(f->buffer, f->inject->text, f->len);
    tell_dumps(f, f->buffer, f->len);
    str_reset(f->inject);
    f->pending = f->buffer;
    f->at = 0;
    return true;
}

static void make_buffers(struct flow *f)
{
    if (!f->buffer)
        f->buffer = mem_zero(FLOW_BUFFER);
    if (!f->filtered && (f->filter[0] || f->filter[1]))
        f->filtered = mem_zero((size_t)6 * FLOW_BUFFER);
}

/* After a short read of a stream there is nothing left: poll instead of asking in vain. */
static void note_read(struct flow *f, size_t got)
{
    const struct nc_end *from = f->from;
    bool all = !from->tls && !from->is_datagram && !from->in_always && got < f->chunk &&
               from->ahead_at == from->ahead_len;
    f->readable = from->careful ? from->in_always : !all;
    f->read_bytes += got;
    f->messages++;
}

static bool fill(struct flow *f)
{
    size_t got = 0;
    make_buffers(f);
    if (take_injected(f))
        return true;
    if (f->ended || !f->readable || (f->messages_max && f->messages >= f->messages_max))
        return false;
    enum nc_io io = nc_end_read(f->from, f->buffer, f->chunk, &got);
    f->read_waits_to_write = io == NC_IO_WAIT_WRITE;
    switch (io) {
    case NC_IO_DONE:
        note_read(f, got);
        take_in(f, got);
        return true;
    case NC_IO_WAIT_READ:
    case NC_IO_WAIT_WRITE:
        f->readable = false;
        return false;
    case NC_IO_CUT:
        f->cut = true;
        end_source(f);
        return true;
    case NC_IO_END:
        end_source(f);
        return true;
    case NC_IO_FAIL:
        fail_source(f, -f->from->e.code);
        f->e = f->from->e;
        return true;
    }
    return false;
}

/* How much goes out in one piece. */
static size_t piece_len(const struct flow *f)
{
    if (!f->by_line)
        return f->len;
    const uint8_t *line_end = memchr(f->pending + f->at, '\n', f->len);
    return line_end ? (size_t)(line_end - (f->pending + f->at)) + 1 : f->len;
}

static bool drain(struct flow *f)
{
    size_t sent = 0, piece = piece_len(f);
    if (!f->writable)
        return false;
    enum nc_io io = nc_end_write(f->to, f->pending + f->at, piece, &sent);
    f->write_waits_to_read = io == NC_IO_WAIT_READ;
    if (io == NC_IO_WAIT_READ || io == NC_IO_WAIT_WRITE) {
        f->writable = false;
        return false;
    }
    if (io != NC_IO_DONE) {
        f->broken = true;
        f->e = f->to->e;
        return true;
    }
    f->at += sent;
    f->len -= sent;
    f->written_bytes += sent;
    f->pause = (f->by_line && sent == piece) || (f->by_chunk && f->len == 0);
    f->writable = !f->to->careful || f->to->out_always;
    return true;
}

bool flow_step(struct flow *f)
{
    if (f->broken || f->pause)
        return false;
    if (f->len)
        return drain(f);
    switch (f->way) {
    case FLOW_SPLICE:
        return step_splice(f);
    case FLOW_SPLICE_TWICE:
        return step_splice_twice(f);
    case FLOW_SENDFILE:
        return step_sendfile(f);
    case FLOW_COPY:
        break;
    }
    return fill(f);
}

/* ---- what it waits for ---- */

bool flow_is_drained(const struct flow *f)
{
    return f->ended && f->len == 0 && f->piped == 0 && (!f->inject || f->inject->len == 0);
}

bool flow_wants_read(const struct flow *f)
{
    bool busy = f->len || f->piped;
    return !f->broken && !f->pause && !f->ended && !busy && !f->readable && !f->read_waits_to_write;
}

bool flow_wants_write(const struct flow *f)
{
    bool has = f->len || f->piped || f->way == FLOW_SENDFILE || f->way == FLOW_SPLICE;
    return !f->broken && !f->pause && has && !f->writable && !f->write_waits_to_read &&
           !(f->ended && !f->len && !f->piped);
}
