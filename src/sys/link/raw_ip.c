/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sys/link/raw_ip.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "sys/io/sock.h"

int raw_ip_open(uint8_t family, int *out_fd, struct err *e)
{
    int domain = family == ADDR_IP6 ? AF_INET6 : AF_INET;
    int fd = socket(domain, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_RAW);
    if (fd < 0 && errno == EPERM)
        return err_set(e, -EPERM, "raw socket: needs CAP_NET_RAW");
    if (fd < 0)
        return err_set(e, -errno, "raw socket: %s", strerror(errno));
    *out_fd = fd;
    return 0;
}

int raw_ip_send(int fd, const struct addr *to, const void *datagram, size_t len)
{
    struct endpoint where = {.addr = *to};
    struct sockaddr_storage storage;
    socklen_t size = sock_addr_from(&storage, &where);
    ssize_t sent = sendto(fd, datagram, len, 0, (const struct sockaddr *)&storage, size);
    return sent < 0 ? -errno : 0;
}
