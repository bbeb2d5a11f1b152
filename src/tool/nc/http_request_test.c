/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/nc/http_request.h"

#include <string.h>

#include "check.h"

static int test_read(void)
{
    static const struct {
        const char *head;
        int status;
        const char *host;
        uint16_t port;
        bool connect;
        const char *target;
    } row[] = {
        {"CONNECT 127.0.0.1:99 HTTP/1.0\r\n\r\n", 0, "127.0.0.1", 99, true, ""},
        {"CONNECT [2001:db8::1]:65535 HTTP/1.1\n\n", 0, "2001:db8::1", 65535, true, ""},
        {"GET http://h/a%20b?q HTTP/1.1\r\nHost: x\r\n\r\n", 0, "h", 80, false, "/a%20b?q"},
        {"GET HTTP://h:8080 HTTP/1.1\r\n\r\n", 0, "h", 8080, false, ""},
        {"POST http://[::1]:81?q HTTP/1.1\r\n\r\n", 0, "::1", 81, false, "?q"},
        {"CONNECT 127.0.0.1 HTTP/1.0\r\n\r\n", 400, "", 0, false, ""}, /* no port */
        {"CONNECT h:0 HTTP/1.0\r\n\r\n", 400, "", 0, false, ""},
        {"CONNECT h:65536 HTTP/1.0\r\n\r\n", 400, "", 0, false, ""},
        {"CONNECT h:1x HTTP/1.0\r\n\r\n", 400, "", 0, false, ""},
        {"CONNECT [::1:99 HTTP/1.0\r\n\r\n", 400, "", 0, false, ""},
        {"GET /path HTTP/1.1\r\nHost: x\r\n\r\n", 400, "", 0, false,
         ""}, /* to us, not through us */
        {"GET ftp://h/ HTTP/1.1\r\n\r\n", 400, "", 0, false, ""},
        {"GET http:///x HTTP/1.1\r\n\r\n", 400, "", 0, false, ""},
        {"GET http://h/ HTTP/2.0\r\n\r\n", 400, "", 0, false, ""},
        {"bad\r\n\r\n", 400, "", 0, false, ""},
        {"\r\n\r\n", 400, "", 0, false, ""},
    };
    int failed = 0;
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        char head[256];
        size_t len = strlen(row[i].head);
        struct http_request r;
        memcpy(head, row[i].head, len + 1);
        CHECK_ROW(i, http_request_read(&r, head, len) == row[i].status);
        if (row[i].status)
            continue;
        CHECK_ROW(i, strcmp(r.host, row[i].host) == 0 && r.port == row[i].port);
        CHECK_ROW(i, r.is_connect == row[i].connect);
        CHECK_ROW(i, r.target_len == strlen(row[i].target));
        CHECK_ROW(i, !r.target_len || memcmp(r.target, row[i].target, r.target_len) == 0);
    }
    return failed;
}

static int test_forward(void)
{
    static const char head[] = "GET http://h:81/x HTTP/1.1\r\nHost: h:81\r\nConnection: Keep-Me, "
                               "close\r\nKeep-Me: no\r\nProxy-Authorization: Basic x\r\n"
                               "TE: trailers\r\nAccept: */*\r\nKeep-Me-Not: yes\r\n\r\n";
    int failed = 0;
    char copy[sizeof head];
    struct http_request r;
    struct str out = str_of(0);
    memcpy(copy, head, sizeof head);
    CHECK(http_request_read(&r, copy, sizeof head - 1) == 0);
    CHECK(r.authorization && strcmp(r.authorization, "Basic x") == 0);
    http_request_forward(&out, &r, head, sizeof head - 1);
    CHECK(strcmp(str_text(&out), "GET /x HTTP/1.0\r\nHost: h:81\r\nAccept: */*\r\n"
                                 "Keep-Me-Not: yes\r\nConnection: close\r\n\r\n") == 0);
    str_done(&out);
    static const char bare[] = "GET http://h?q HTTP/1.1\n\n"; /* no path, no Host */
    memcpy(copy, bare, sizeof bare);
    CHECK(http_request_read(&r, copy, sizeof bare - 1) == 0);
    http_request_forward(&out, &r, bare, sizeof bare - 1);
    CHECK(strcmp(str_text(&out), "GET /?q HTTP/1.0\r\nHost: h:80\r\nConnection: close\r\n\r\n") ==
          0);
    str_done(&out);
    return failed;
}

int nc_http_request_test(void)
{
    static const struct {
        const char *data;
        size_t len;
    } row[] = {
        {"GET / HTTP/1.0\r\n\r\nbody", 18},
        {"GET /\n\nbody", 7},
        {"GET / HTTP/1.0\r\n", 0},
        {"", 0},
        {"\n\n", 2},
        {"a\n\r\nb", 4},
    };
    int failed = 0;
    for (size_t i = 0; i < ARRAY_LEN(row); i++)
        CHECK_ROW(i, http_head_len(row[i].data, strlen(row[i].data)) == row[i].len);
    return failed + test_read() + test_forward();
}
