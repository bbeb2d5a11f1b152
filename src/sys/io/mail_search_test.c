/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sys/io/mail_search.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "sys/io/sock.h"

/* An IMAP server that knows one user, one folder and one mail. */
static void answer(FILE *to, const char *line)
{
    char tag[32] = "*", verb[32] = "";
    (void)sscanf(line, "%31s %31s", tag, verb);
    bool good = true;
    if (strcasecmp(verb, "CAPABILITY") == 0)
        fputs("* CAPABILITY IMAP4rev1\r\n", to);
    else if (strcasecmp(verb, "LOGIN") == 0)
        good = strstr(line, "user") && strstr(line, "word");
    else if (strcasecmp(verb, "SELECT") == 0)
        good = strstr(line, "INBOX") != NULL;
    else if (strcasecmp(verb, "SEARCH") == 0)
        fprintf(to, "* SEARCH%s\r\n", strstr(line, "\"token-7\"") ? " 7" : "");
    fprintf(to, "%s %s done\r\n", tag, good ? "OK" : "NO");
    fflush(to);
}

static pid_t serve(int listener)
{
    char line[1024];
    pid_t pid = fork();
    if (pid)
        return pid;
    alarm(20);
    signal(SIGPIPE, SIG_IGN);
    fcntl(listener, F_SETFL, 0);
    for (;;) {
        int fd = accept(listener, NULL, NULL);
        FILE *in = fdopen(fd, "r"), *out = fdopen(dup(fd), "w");
        fputs("* OK IMAP4rev1\r\n", out);
        fflush(out);
        while (fgets(line, sizeof line, in))
            answer(out, line);
        fclose(in);
        fclose(out);
    }
}

int io_mail_search_test(void)
{
    static const struct {
        const char *folder, *password, *token;
        int rc;
        bool found;
    } row[] = {
        {"INBOX", "word", "token-7", 0, true},
        {"INBOX", "word", "token-8", 0, false},
        {"INBOX", "wrong", "token-7", -EIO, false},
        {"Absent", "word", "token-7", -EIO, false},
    };
    int failed = 0, listener = -1;
    struct err e = {0};
    struct endpoint at = {.addr = addr_ip4(0x7f000001)};
    CHECK(sock_listen(&at, 4, &listener, &e) == 0 && sock_local(listener, &at, &e) == 0);
    pid_t pid = serve(listener);
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        char url[64];
        snprintf(url, sizeof url, "imap://127.0.0.1:%u/%s", at.port, row[i].folder);
        struct mail_box box = {url, "user", row[i].password, NULL};
        for (int again = 0; again < 2; again++) { /* on the connection that is kept */
            bool found = !row[i].found;
            CHECK_ROW(i, mail_search(&box, row[i].token, &found, &e) == row[i].rc);
            CHECK_ROW(i, found == row[i].found);
        }
        mail_box_done(&box);
    }
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    close(listener);
    struct mail_box box = {"http://127.0.0.1/", "user", "word", NULL}; /* IMAP and nothing else */
    bool found = false;
    CHECK(mail_search(&box, "x", &found, &e) == -EIO);
    mail_box_done(&box);
    mail_box_done(&box);
    return failed;
}
