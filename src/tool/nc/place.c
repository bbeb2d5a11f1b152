/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/nc/place.h"

#include <errno.h>
#include <linux/vm_sockets.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "core/text/option.h"
#include "sys/io/sock.h"

void place_ip(struct place *p, const struct endpoint *at)
{
    *p = (struct place){.domain = at->addr.family == ADDR_IP6 ? AF_INET6 : AF_INET};
    p->len = sock_addr_from(&p->at, at);
}

int place_unix(struct place *p, const char *path, struct err *e)
{
    struct sockaddr_un un = {.sun_family = AF_UNIX};
    size_t len = strlen(path);
    *p = (struct place){.domain = AF_UNIX};
    if (len >= sizeof un.sun_path)
        return err_set(e, -ENAMETOOLONG, "%s", strerror(ENAMETOOLONG));
    memcpy(un.sun_path, path, len);
    p->len = sizeof un;
    if (path[0] == '@') {
        un.sun_path[0] = '\0';
        p->len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len);
    } else {
        snprintf(p->path, sizeof p->path, "%s", path);
    }
    memcpy(&p->at, &un, sizeof un);
    return 0;
}

int place_vsock(struct place *p, const char *cid, uint16_t port, struct err *e)
{
    struct sockaddr_vm vm = {.svm_family = AF_VSOCK, .svm_port = port, .svm_cid = VMADDR_CID_ANY};
    int64_t number = VMADDR_CID_ANY;
    *p = (struct place){.domain = AF_VSOCK, .len = sizeof vm};
    if (cid && option_read_int(cid, 0, UINT32_MAX, &number, e))
        return err_wrap(e, "vsock CID");
    vm.svm_cid = (unsigned)number;
    memcpy(&p->at, &vm, sizeof vm);
    return 0;
}

int place_socket(const struct place *p, const struct nc_options *o)
{
    int type = o->udp ? SOCK_DGRAM : SOCK_STREAM;
    int protocol = o->sctp ? IPPROTO_SCTP : 0;
    int fd = socket(p->domain, type | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol), one = 1;
    if (fd < 0)
        return -errno;
    if (p->domain == AF_INET6)
        (void)setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof one);
    return fd;
}
