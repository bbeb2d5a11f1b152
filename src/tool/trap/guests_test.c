/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/trap/guests.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "check.h"
#include "core/base/str.h"

static void note(void *ctx, const struct probe *probe, const void *data, size_t len)
{
    struct str *said = ctx;
    str_addf(said, "%u:", probe->to.port);
    str_add_len(said, data, len);
    str_add_char(said, '\n');
}

static const struct {
    struct guests_spec spec;
    const char *sent; /* NULL: nothing, and the sender stays */
    bool ends;        /* the sender ends the connection */
    const char *said;
    size_t left; /* guests when the sender has spoken, before their time is up */
} rows[] = {
    {{.record_max = 64}, "GET / HTTP/1.0\r\n\r\n", true, "79:GET / HTTP/1.0\r\n\r\n\n", 0},
    {{.record_max = 4}, "GET /", false, "79:GET \n", 1},
    {{.record_max = 64}, NULL, true, "", 0},
    {{.hold_s = 60}, "hello", true, "", 1},
    {{.hold_s = 60, .record_max = 64}, "hello", false, "79:hello\n", 1},
};

int trap_guests_test(void)
{
    int failed = 0;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct err e = {0};
        struct clock clock = clock_fake(1000000000, 0);
        struct loop *loop;
        struct str said = str_of(0);
        int pair[2];
        const struct probe probe = {.to = {.port = 79}};
        CHECK_ROW(i, loop_open(&loop, &clock, &e) == 0);
        CHECK_ROW(i, socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair) == 0);
        struct guests *g = guests_new(loop, &rows[i].spec, note, &said);
        guests_take(g, pair[0], &probe);
        if (rows[i].sent)
            CHECK_ROW(i, send(pair[1], rows[i].sent, strlen(rows[i].sent), 0) > 0);
        if (rows[i].ends)
            shutdown(pair[1], SHUT_WR);
        for (int round = 0; round < 4; round++)
            CHECK_ROW(i, loop_step(loop, 0, &e) == 0);
        CHECK_ROW(i, guests_count(g) == rows[i].left);
        clock_advance(&clock, UINT64_C(61) * 1000000000);
        CHECK_ROW(i, loop_step(loop, 0, &e) == 0);
        CHECK_ROW(i, guests_count(g) == 0);
        CHECK_ROW(i, strcmp(str_text(&said), rows[i].said) == 0);
        guests_free(g);
        loop_close(loop);
        close(pair[1]);
        str_done(&said);
    }
    return failed;
}
