/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "check.h"
#include "sys/io/sock.h"

static int test_addresses(void)
{
    static const struct {
        const char *text;
        uint16_t port;
        int family;
        socklen_t len;
    } row[] = {
        {"127.0.0.1", 80, AF_INET, 16},
        {"0.0.0.0", 0, AF_INET, 16},
        {"::1", 65535, AF_INET6, 28},
        {"fe80::1%7", 22, AF_INET6, 28}, /* the scope goes along */
    };
    int failed = 0;
    struct err e = {0};
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        struct endpoint in = {.port = row[i].port}, out = {0};
        struct sockaddr_storage at;
        CHECK_ROW(i, addr_parse(&in.addr, row[i].text, &e) == 0);
        CHECK_ROW(i, sock_addr_from(&at, &in) == row[i].len && at.ss_family == row[i].family);
        CHECK_ROW(i, sock_addr_to(&out, &at) && out.port == in.port);
        CHECK_ROW(i, addr_equal(&out.addr, &in.addr));
    }
    struct endpoint out = {.port = 5};
    struct sockaddr_storage at = {.ss_family = AF_UNIX};
    CHECK(!sock_addr_to(&out, &at) && out.port == 5);
    return failed;
}

static int wait_writable(int fd)
{
    return poll(&(struct pollfd){.fd = fd, .events = POLLOUT}, 1, 2000);
}

static int test_tcp(const char *address)
{
    int failed = 0, listener = -1;
    struct err e = {0};
    struct endpoint at = {0}, local = {0};
    CHECK(addr_parse(&at.addr, address, &e) == 0);
    CHECK(sock_listen(&at, 4, &listener, &e) == 0 && sock_local(listener, &at, &e) == 0);
    CHECK(at.port != 0 && fcntl(listener, F_GETFL) & O_NONBLOCK);
    int other = -1;
    CHECK(sock_listen(&at, 4, &other, &e) == -EADDRINUSE && strstr(e.text, address) && other == -1);
    int fd = sock_new(at.addr.family, SOCK_STREAM);
    CHECK(fd >= 0 && fcntl(fd, F_GETFL) & O_NONBLOCK && fcntl(fd, F_GETFD) & FD_CLOEXEC);
    int rc = sock_connect(fd, &at);
    CHECK(rc == 0 || rc == -EINPROGRESS);
    CHECK(wait_writable(fd) == 1 && sock_error(fd) == 0 && sock_local(fd, &local, &e) == 0);
    CHECK(addr_equal(&local.addr, &at.addr));
    int peer = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    sock_reset_on_close(fd);
    close(fd);
    char byte;
    CHECK(read(peer, &byte, 1) < 0 && errno == ECONNRESET); /* an RST, no orderly end */
    close(peer);
    close(listener);
    fd = sock_new(at.addr.family, SOCK_STREAM); /* nobody listens there any more */
    rc = sock_connect(fd, &at);
    CHECK(rc == -ECONNREFUSED ||
          (rc == -EINPROGRESS && wait_writable(fd) == 1 && sock_error(fd) == -ECONNREFUSED));
    close(fd);
    return failed;
}

/* Two connections from one source port, to two listeners. */
static int test_shared_source_port(void)
{
    int failed = 0, listener[2], fd[2];
    struct err e = {0};
    struct endpoint at[2] = {{.addr = addr_ip4(0x7f000001)}, {.addr = addr_ip4(0x7f000001)}};
    struct endpoint from = {.addr = addr_ip4(0x7f000001)};
    for (int i = 0; i < 2; i++)
        CHECK(sock_listen(&at[i], 4, &listener[i], &e) == 0 &&
              sock_local(listener[i], &at[i], &e) == 0);
    for (int i = 0; i < 2; i++) {
        fd[i] = sock_new(ADDR_IP4, SOCK_STREAM);
        CHECK_ROW(i, sock_bind(fd[i], &from, &e) == 0);
        int rc = sock_connect(fd[i], &at[i]);
        CHECK_ROW(i, rc == 0 || rc == -EINPROGRESS);
        if (i == 0)
            CHECK(sock_local(fd[0], &from, &e) == 0 && from.port != 0);
    }
    struct endpoint second = {0};
    CHECK(sock_local(fd[1], &second, &e) == 0 && second.port == from.port);
    for (int i = 0; i < 2; i++)
        close(fd[i]);
    int udp = sock_new(ADDR_IP4, SOCK_DGRAM), udp2 = sock_new(ADDR_IP4, SOCK_DGRAM);
    from.port = 0;
    CHECK(sock_bind(udp, &from, &e) == 0 && sock_local(udp, &from, &e) == 0 && from.port != 0);
    CHECK(sock_bind(udp2, &from, &e) == -EADDRINUSE); /* datagrams are not shared */
    close(udp);
    close(udp2);
    for (int i = 0; i < 2; i++)
        close(listener[i]);
    return failed;
}

static int test_unix(int type)
{
    int failed = 0, listener = -1, fd = -1, other = -1;
    struct err e = {0};
    struct stat st;
    umask(022);
    CHECK(sock_unix_listen_as(type, "sock", 0660, &listener, &e) == 0);
    CHECK(stat("sock", &st) == 0 && (st.st_mode & 0777) == 0660);
    CHECK(sock_unix_connect_as(type, "sock", &fd, &e) == 0);
    CHECK(sock_unix_listen_as(type, "sock", 0660, &other, &e) == -EADDRINUSE);
    CHECK(strstr(e.text, "sock: somebody") && other == -1);
    close(fd);
    close(listener); /* the file stays, dead */
    CHECK(sock_unix_connect_as(type, "sock", &fd, &e) == -ECONNREFUSED);
    CHECK(sock_unix_listen_as(type, "sock", 0600, &listener, &e) == 0);
    CHECK(stat("sock", &st) == 0 && (st.st_mode & 0777) == 0600);
    close(listener);
    CHECK(unlink("sock") == 0);
    return failed;
}

static int test_unix_faults(void)
{
    int failed = 0, fd = -1;
    struct err e = {0};
    char long_path[200];
    memset(long_path, 'x', sizeof long_path);
    long_path[sizeof((struct sockaddr_un *)0)->sun_path] = '\0';
    CHECK(sock_unix_connect(long_path, &fd, &e) == -ENAMETOOLONG);
    CHECK(sock_unix_listen(long_path, 0600, &fd, &e) == -ENAMETOOLONG);
    close(open("plain", O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
    CHECK(sock_unix_listen("plain", 0600, &fd, &e) == -EEXIST && strstr(e.text, "no socket"));
    CHECK(access("plain", F_OK) == 0 && unlink("plain") == 0);
    CHECK(sock_unix_connect("none", &fd, &e) == -ENOENT && strstr(e.text, "none: "));
    CHECK(sock_unix_listen("none/sock", 0600, &fd, &e) == -ENOENT && fd == -1);
    return failed;
}

int io_sock_test(void)
{
    int failed = 0;
    char folder[] = "/tmp/picket-sock-XXXXXX";
    CHECK(mkdtemp(folder) != NULL && chdir(folder) == 0);
    failed += test_addresses() + test_tcp("127.0.0.1") + test_tcp("::1");
    failed += test_shared_source_port() + test_unix(SOCK_STREAM) + test_unix(SOCK_SEQPACKET);
    failed += test_unix_faults();
    CHECK(sock_raise_limit() >= 256 && rmdir(folder) == 0);
    return failed;
}
