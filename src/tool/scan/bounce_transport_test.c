/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A small FTP server, played by a child, and what is made of what it says. */
#include "tool/scan/bounce_transport.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

static const struct {
    const char *reply;
    bool final;
    enum scan_state state;
} replies[] = {
    {"150 Opening ASCII mode data connection", false, SCAN_OPEN},
    {"226 Transfer complete", true, SCAN_OPEN},
    {"425 Failed to establish connection.", true, SCAN_CLOSED},
    {"425 Can't build data connection: Connection refused", true, SCAN_CLOSED},
    {"425 Can't build data connection: Connection timed out", true, SCAN_FILTERED},
    {"425 No route to host", true, SCAN_FILTERED},
    {"", true, SCAN_CLOSED},
};

/* What the server says when it is greeted, and to each command; "" ends the connection. */
struct script {
    const char *greeting, *user, *pass, *port, *list;
};

static const struct {
    struct script says;
    int open_rc, run_rc;
    enum scan_state state; /* of port 80 */
    const char *error;
} talks[] = {
    {{"220 hi", "331 who", "230 in", "200 ok", "150 here\r\n226 done"}, 0, 0, SCAN_OPEN, NULL},
    {{"220-hi\r\n220-long\r\n220 end", "230 in", "", "200 ok", "226 done"}, 0, 0, SCAN_OPEN, NULL},
    {{"220 hi", "331 who", "230 in", "200 ok", "425 refused"}, 0, 0, SCAN_CLOSED, NULL},
    {{"220 hi", "331 who", "230 in", "200 ok", "425 timed out"}, 0, 0, SCAN_FILTERED, NULL},
    {{"220 hi", "331 who", "230 in", "200 ok", "150 here\r\n426 broken"}, 0, 0, SCAN_OPEN, NULL},
    {{"220 hi", "331 who", "230 in", "200 ok", "150 here\r\n425 refused"}, 0, 0, SCAN_CLOSED, NULL},
    {{"421 full", "", "", "", ""}, -ECONNREFUSED, 0, 0, "421 full"},
    {{"220 hi", "530 no", "", "", ""}, -EACCES, 0, 0, "530 no"},
    {{"220 hi", "331 who", "530 wrong", "", ""}, -EACCES, 0, 0, "530 wrong"},
    {{"220 hi", "331 who", "230 in", "500 Illegal PORT command", ""}, 0, -EACCES, 0, "Illegal"},
    {{"220 hi", "331 who", "", "", ""}, -ECONNRESET, 0, 0, "closed"},
};

static const char *reply_to(const struct script *s, const char *command)
{
    return strncmp(command, "USER", 4) == 0                   ? s->user
           : strncmp(command, "PASS", 4) == 0                 ? s->pass
           : strncmp(command, "PORT 192,0,2,2,0,80", 19) == 0 ? s->port
           : strncmp(command, "LIST", 4) == 0                 ? s->list
                                                              : "500 what";
}

static void serve(int ear, const struct script *s)
{
    char command[512];
    int fd = accept(ear, NULL, NULL);
    for (const char *say = s->greeting; fd >= 0 && *say;) {
        dprintf(fd, "%s\r\n", say);
        ssize_t len = read(fd, command, sizeof command - 1);
        if (len <= 0)
            break;
        command[len] = '\0';
        say = reply_to(s, command);
    }
    _exit(0);
}

static int ask(struct bounce_transport *t, enum scan_state *out, struct err *e)
{
    struct scan_timing timing = scan_timing_of(4);
    struct probe_host host = {.addr = addr_ip4(0xc0000202), .rtt = rtt_of(&timing)};
    struct probe_item item = {scan_technique_find("bounce"), 80, 0};
    struct prober_setup setup = {.host = &host,
                                 .host_count = 1,
                                 .item = &item,
                                 .item_count = 1,
                                 .timing = &timing,
                                 .clock = &clock_system,
                                 .transport = bounce_transport_of(t)};
    struct prober *p = NULL;
    int rc = prober_run(&setup, &p, e);
    *out = (enum scan_state)prober_result(p, 0, 0)->state;
    prober_free(p);
    return rc;
}

static int talk(size_t i)
{
    int failed = 0, ear = -1;
    struct endpoint at = {addr_ip4(0x7f000001), 0};
    struct err e = {0};
    struct bounce_transport *t = NULL;
    enum scan_state state;
    CHECK(sock_listen(&at, 1, &ear, &e) == 0 && sock_local(ear, &at, &e) == 0);
    (void)fcntl(ear, F_SETFL, 0);
    pid_t child = fork();
    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        serve(ear, &talks[i].says);
    }
    close(ear);
    struct bounce_transport_setup setup = {
        .server = at, .user = "u", .password = "p", .clock = &clock_system};
    int rc = bounce_transport_open(&t, &setup, &e);
    CHECK_ROW(i, rc == talks[i].open_rc);
    if (rc == 0) {
        rc = ask(t, &state, &e);
        CHECK_ROW(i, rc == talks[i].run_rc && (rc < 0 || state == talks[i].state));
    }
    CHECK_ROW(i, !talks[i].error || strstr(e.text, talks[i].error));
    bounce_transport_close(t);
    waitpid(child, NULL, 0);
    return failed;
}

int scan_bounce_transport_test(void)
{
    int failed = 0;
    struct scan_verdict v;
    for (size_t i = 0; i < ARRAY_LEN(replies); i++) {
        CHECK_ROW(i, bounce_judge(replies[i].reply, &v) == replies[i].final);
        CHECK_ROW(i, v.state == replies[i].state);
    }
    for (size_t i = 0; i < ARRAY_LEN(talks); i++)
        failed += talk(i);
    return failed;
}
