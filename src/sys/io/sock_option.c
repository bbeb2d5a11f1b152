/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sys/io/sock_option.h"

#include <errno.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#include "sys/io/sock.h"

#ifndef IPV6_MINHOPCOUNT
#define IPV6_MINHOPCOUNT 73
#endif

static int set(int fd, int level, int option, int value, const char *what, struct err *e)
{
    if (setsockopt(fd, level, option, &value, sizeof value) == 0)
        return 0;
    return err_set(e, -errno, "%s %d: %s", what, value, strerror(errno));
}

static int apply_socket(int fd, const struct sock_options *o, struct err *e)
{
    int rc = 0;
    if (o->debug)
        rc = set(fd, SOL_SOCKET, SO_DEBUG, 1, "SO_DEBUG", e);
    if (rc == 0 && o->keepalive)
        rc = set(fd, SOL_SOCKET, SO_KEEPALIVE, 1, "keepalive", e);
    if (rc == 0 && o->broadcast)
        rc = set(fd, SOL_SOCKET, SO_BROADCAST, 1, "broadcast", e);
    if (rc == 0 && o->receive_len)
        rc = set(fd, SOL_SOCKET, SO_RCVBUF, o->receive_len, "receive buffer", e);
    if (rc == 0 && o->send_len)
        rc = set(fd, SOL_SOCKET, SO_SNDBUF, o->send_len, "send buffer", e);
    return rc;
}

static int apply_ip(int fd, const struct sock_options *o, bool ip6, bool datagram, struct err *e)
{
    int level = ip6 ? IPPROTO_IPV6 : IPPROTO_IP, rc = 0;
    if (o->ttl)
        rc = set(fd, level, ip6 ? IPV6_UNICAST_HOPS : IP_TTL, o->ttl, "ttl", e);
    if (rc == 0 && o->ttl && !ip6 && datagram)
        rc = set(fd, level, IP_MULTICAST_TTL, o->ttl, "ttl", e);
    if (rc == 0 && o->min_ttl)
        rc = set(fd, level, ip6 ? IPV6_MINHOPCOUNT : IP_MINTTL, o->min_ttl, "least ttl", e);
    if (rc == 0 && o->has_tos)
        rc = set(fd, level, ip6 ? IPV6_TCLASS : IP_TOS, o->tos, "tos", e);
    return rc;
}

/* RFC 791 3.1: type 131, length, pointer, addresses.  Linux sends to the first hop, moves the
 * others up and puts the address of connect(2) into the place that becomes free. */
static int apply_route(int fd, const struct sock_options *o, struct err *e)
{
    uint8_t option[4 + 4 * SOURCE_ROUTE_HOPS_MAX] = {IPOPT_NOP, IPOPT_LSRR};
    option[2] = (uint8_t)(3 + 4 * o->hop_count);
    option[3] = o->hop_pointer ? o->hop_pointer : 4;
    for (size_t i = 0; i < o->hop_count; i++)
        memcpy(option + 4 + 4 * i, o->hop[i].byte, 4);
    if (setsockopt(fd, IPPROTO_IP, IP_OPTIONS, option, (socklen_t)(1 + option[2])))
        return err_set(e, -errno, "source route with pointer %u: %s", option[3], strerror(errno));
    return 0;
}

static int apply_md5(int fd, const char *key, const struct endpoint *peer, struct err *e)
{
    struct tcp_md5sig sig = {.tcpm_keylen = (uint16_t)strlen(key)};
    struct sockaddr_storage at;
    if (sig.tcpm_keylen > TCP_MD5SIG_MAXKEYLEN)
        return err_set(e, -EINVAL, "TCP MD5 key: over %d bytes", TCP_MD5SIG_MAXKEYLEN);
    socklen_t len = sock_addr_from(&at, peer);
    memcpy(&sig.tcpm_addr, &at, len);
    memcpy(sig.tcpm_key, key, sig.tcpm_keylen);
    if (setsockopt(fd, IPPROTO_TCP, TCP_MD5SIG, &sig, sizeof sig))
        return err_set(e, -errno, "TCP MD5 signatures: %s", strerror(errno));
    return 0;
}

int sock_options_apply(int fd, const struct sock_options *o, const struct endpoint *peer,
                       struct err *e)
{
    static const struct sock_options none;
    /* The usual case, and 65,535 times in a scan; padding that differs costs time, not truth. */
    /* NOLINTNEXTLINE(bugprone-suspicious-memory-comparison,cert-*) */
    if (memcmp(o, &none, sizeof none) == 0)
        return 0;
    int domain = AF_UNSPEC, type = SOCK_STREAM;
    socklen_t len = sizeof domain;
    (void)getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &len);
    (void)getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &len);
    int rc = apply_socket(fd, o, e);
    if (rc == 0 && (domain == AF_INET || domain == AF_INET6))
        rc = apply_ip(fd, o, domain == AF_INET6, type == SOCK_DGRAM, e);
    if (rc == 0 && o->hop_count && peer)
        rc = domain == AF_INET ? apply_route(fd, o, e)
                               : err_set(e, -EAFNOSUPPORT, "source routing is for IPv4");
    if (rc == 0 && o->md5_key && peer)
        rc = apply_md5(fd, o->md5_key, peer, e);
    return rc;
}

/* ---- the byte that was the type of service, by all the names it had ---- */

static const struct {
    const char *name;
    int value;
} tos_names[] = {
    {"lowdelay", 0x10},
    {"throughput", 0x08},
    {"reliability", 0x04},
    {"lowcost", 0x02},
    {"Minimize-Delay", 0x10},
    {"Maximize-Throughput", 0x08},
    {"Maximize-Reliability", 0x04},
    {"Minimize-Cost", 0x02}, /* RFC 1349 */
    {"netcontrol", 0xe0},
    {"inetcontrol", 0xc0},
    {"critical", 0xa0},
    {"flashoverride", 0x80},
    {"flash", 0x60},
    {"immediate", 0x40},
    {"priority", 0x20},
    {"routine", 0x00}, /* RFC 791 3.1: precedence */
    {"ef", 0xb8},
    {"va", 0xb0},
    {"le", 0x04}, /* RFC 3246, 5865, 8622 */
};

/* RFC 2474 and 2597: cs0-cs7 and af11-af43, DSCP in the upper six bits. */
static int dscp_class(const char *text)
{
    if (strncasecmp(text, "cs", 2) == 0 && text[2] >= '0' && text[2] <= '7' && !text[3])
        return (text[2] - '0') << 5;
    if (strncasecmp(text, "af", 2) == 0 && text[2] >= '1' && text[2] <= '4' && text[3] >= '1' &&
        text[3] <= '3' && !text[4])
        return (text[2] - '0') << 5 | (text[3] - '0') << 3;
    return -1;
}

int sock_tos_value(const char *text)
{
    for (size_t i = 0; i < ARRAY_COUNT(tos_names); i++)
        if (strcasecmp(text, tos_names[i].name) == 0)
            return tos_names[i].value;
    int value = dscp_class(text);
    if (value >= 0)
        return value;
    char *end;
    errno = 0;
    long number = strtol(text, &end, 0);
    return *text && !*end && !errno && number >= 0 && number <= 255 ? (int)number : -1;
}
