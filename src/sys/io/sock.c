/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sys/io/sock.h"

#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "core/base/own.h"

socklen_t sock_addr_from(struct sockaddr_storage *to, const struct endpoint *from)
{
    *to = (struct sockaddr_storage){0};
    if (from->addr.family == ADDR_IP4) {
        struct sockaddr_in *in = (struct sockaddr_in *)to;
        in->sin_family = AF_INET;
        in->sin_port = htons(from->port);
        memcpy(&in->sin_addr, from->addr.byte, sizeof in->sin_addr);
        return sizeof *in;
    }
    struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)to;
    in6->sin6_family = AF_INET6;
    in6->sin6_port = htons(from->port);
    in6->sin6_scope_id = from->addr.scope;
    memcpy(&in6->sin6_addr, from->addr.byte, sizeof in6->sin6_addr);
    return sizeof *in6;
}

bool sock_addr_to(struct endpoint *to, const struct sockaddr_storage *from)
{
    if (from->ss_family == AF_INET) {
        const struct sockaddr_in *in = (const struct sockaddr_in *)from;
        *to = (struct endpoint){addr_ip4(ntohl(in->sin_addr.s_addr)), ntohs(in->sin_port)};
        return true;
    }
    if (from->ss_family != AF_INET6)
        return false;
    const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)from;
    *to = (struct endpoint){addr_ip6(in6->sin6_addr.s6_addr), ntohs(in6->sin6_port)};
    to->addr.scope = in6->sin6_scope_id;
    return true;
}

static int set_option(int fd, int level, int name, int value)
{
    return setsockopt(fd, level, name, &value, sizeof value) ? -errno : 0;
}

int sock_new(uint8_t family, int type)
{
    int domain = family == ADDR_IP6 ? AF_INET6 : AF_INET;
    int fd = socket(domain, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -errno;
    if (domain == AF_INET6) /* "::" is IPv6 alone, whatever net.ipv6.bindv6only says */
        (void)set_option(fd, IPPROTO_IPV6, IPV6_V6ONLY, 1);
    return fd;
}

int sock_connect(int fd, const struct endpoint *to)
{
    struct sockaddr_storage at;
    socklen_t len = sock_addr_from(&at, to);
    int rc;
    do
        rc = connect(fd, (struct sockaddr *)&at, len) ? -errno : 0;
    while (rc == -EINTR);
    return rc == -EALREADY ? -EINPROGRESS : rc;
}

int sock_error(int fd)
{
    int code = 0;
    socklen_t len = sizeof code;
    return getsockopt(fd, SOL_SOCKET, SO_ERROR, &code, &len) ? -errno : -code;
}

static int fail_at(const char *doing, const struct endpoint *at, int code, struct err *e)
{
    char text[ADDR_TEXT_MAX];
    bool in6 = at->addr.family == ADDR_IP6;
    return err_set(e, code, "%s %s%s%s:%u: %s", doing, in6 ? "[" : "", addr_format(&at->addr, text),
                   in6 ? "]" : "", at->port, strerror(-code));
}

/* Connections from one source port to many targets: each socket binds it, none listens.  Without a
 * port the choice is left to connect(2), which knows the target and so has 64k ports for each. */
static void prepare_stream(int fd, const struct endpoint *at)
{
    int type = 0;
    socklen_t len = sizeof type;
    if (getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &len) || type != SOCK_STREAM)
        return;
    (void)set_option(fd, SOL_SOCKET, SO_REUSEADDR, 1);
    if (at->port == 0)
        (void)set_option(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1);
}

int sock_bind(int fd, const struct endpoint *at, struct err *e)
{
    prepare_stream(fd, at);
    struct sockaddr_storage to;
    socklen_t len = sock_addr_from(&to, at);
    if (bind(fd, (struct sockaddr *)&to, len))
        return fail_at("bind", at, -errno, e);
    return 0;
}

int sock_listen(const struct endpoint *at, int backlog, int *out_fd, struct err *e)
{
    OWN_FD int fd = sock_new(at->addr.family, SOCK_STREAM);
    if (fd < 0)
        return fail_at("listen", at, fd, e);
    int rc = sock_bind(fd, at, e);
    if (rc)
        return rc;
    if (listen(fd, backlog))
        return fail_at("listen", at, -errno, e);
    *out_fd = fd_take(&fd);
    return 0;
}

int sock_local(int fd, struct endpoint *out, struct err *e)
{
    struct sockaddr_storage at = {0};
    socklen_t len = sizeof at;
    if (getsockname(fd, (struct sockaddr *)&at, &len))
        return err_set(e, -errno, "getsockname: %s", strerror(errno));
    if (!sock_addr_to(out, &at))
        return err_set(e, -EAFNOSUPPORT, "socket of another family than IP");
    return 0;
}

static int fill_unix(struct sockaddr_un *to, const char *path, struct err *e)
{
    *to = (struct sockaddr_un){.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof to->sun_path)
        return err_set(e, -ENAMETOOLONG, "%s: over %zu bytes", path, sizeof to->sun_path - 1);
    memcpy(to->sun_path, path, strlen(path));
    return 0;
}

int sock_unix_connect_as(int type, const char *path, int *out_fd, struct err *e)
{
    struct sockaddr_un to;
    int rc = fill_unix(&to, path, e);
    if (rc)
        return rc;
    OWN_FD int fd = socket(AF_UNIX, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof to))
        return err_set(e, -errno, "%s: %s", path, strerror(errno));
    *out_fd = fd_take(&fd);
    return 0;
}

int sock_unix_connect(const char *path, int *out_fd, struct err *e)
{
    return sock_unix_connect_as(SOCK_STREAM, path, out_fd, e);
}

/* Only a socket file that refuses connections is taken away: anything else belongs to somebody. */
static int remove_dead(int type, const char *path, struct err *e)
{
    struct stat st;
    if (lstat(path, &st))
        return errno == ENOENT ? 0 : err_set(e, -errno, "%s: %s", path, strerror(errno));
    if (!S_ISSOCK(st.st_mode))
        return err_set(e, -EEXIST, "%s: exists and is no socket", path);
    OWN_FD int fd = -1;
    int rc = sock_unix_connect_as(type, path, &fd, e);
    if (rc == -ECONNREFUSED)
        return unlink(path) ? err_set(e, -errno, "%s: %s", path, strerror(errno)) : 0;
    if (rc == 0 || rc == -EAGAIN || rc == -EPROTOTYPE)
        return err_set(e, -EADDRINUSE, "%s: somebody listens there", path);
    return rc;
}

/* The file has its mode from its first moment: bind(2) takes it from the socket's own inode. */
int sock_unix_listen_as(int type, const char *path, mode_t mode, int *out_fd, struct err *e)
{
    struct sockaddr_un at;
    int rc = fill_unix(&at, path, e);
    rc = rc ? rc : remove_dead(type, path, e);
    if (rc)
        return rc;
    OWN_FD int fd = socket(AF_UNIX, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0 || fchmod(fd, mode) || bind(fd, (struct sockaddr *)&at, sizeof at) ||
        chmod(path, mode) || listen(fd, SOMAXCONN))
        return err_set(e, -errno, "%s: %s", path, strerror(errno));
    *out_fd = fd_take(&fd);
    return 0;
}

int sock_unix_listen(const char *path, mode_t mode, int *out_fd, struct err *e)
{
    return sock_unix_listen_as(SOCK_STREAM, path, mode, out_fd, e);
}

void sock_reset_on_close(int fd)
{
    struct linger now = {.l_onoff = 1, .l_linger = 0};
    (void)setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
}

uint64_t sock_raise_limit(void)
{
    struct rlimit limit = {0};
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    (void)setrlimit(RLIMIT_NOFILE, &limit);
    getrlimit(RLIMIT_NOFILE, &limit);
    return limit.rlim_cur;
}

uint32_t sock_interface_index(const char *name)
{
    return if_nametoindex(name);
}

bool sock_interface_name(uint32_t index, char to[SOCK_INTERFACE_NAME_MAX])
{
    return if_indextoname(index, to) != NULL;
}
