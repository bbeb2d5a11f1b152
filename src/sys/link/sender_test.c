/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ways out that link_capture's cable does not show: an interface without link addresses, one
 * that is down, the way through the queueing discipline. */
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include "check.h"
#include "sys/link/capture.h"
#include "sys/link/netns_test.h"
#include "sys/link/sender.h"
#include "wire/packet/layer/ip4.h"

static int tun_open(void)
{
    struct ifreq ask = {.ifr_name = "tun0", .ifr_flags = IFF_TUN | IFF_NO_PI};
    int fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC | O_NONBLOCK);
    if (fd >= 0 && ioctl(fd, TUNSETIFF, &ask) < 0) {
        close(fd);
        fd = -1;
    }
    return fd;
}

static void queue_one(struct sender *s, uint8_t proto)
{
    struct bytes_out out = bytes_out_of(sender_room(s), sender_frame_max(s));
    struct ip4_head h = {.src = {.family = ADDR_IP4, .byte = {10, 0, 0, 1}},
                         .dst = {.family = ADDR_IP4, .byte = {10, 0, 0, 2}},
                         .proto = proto,
                         .ttl = 64};
    ip4_encode(&out, &h, 4);
    bytes_put_zero(&out, 4);
    sender_commit(s, bytes_out_len(&out));
}

/* The next IPv4 datagram of ours at the other end is of protocol `proto`; the kernel's own, of
 * IPv6, are passed over. */
static bool take(int tun, uint8_t back[64], uint8_t proto)
{
    for (int i = 0; i < 100; i++) {
        struct pollfd wait = {.fd = tun, .events = POLLIN};
        (void)poll(&wait, 1, 10);
        ssize_t len;
        while ((len = read(tun, back, 64)) > 0)
            if (back[0] == 0x45)
                return len == 24 && back[9] == proto;
    }
    return false;
}

/* What was sent comes out of the tun's other end and is captured as raw IP, both ways of sending.
 */
static int raw_ip(int tun, bool through_qdisc)
{
    int failed = 0;
    struct err e = {0};
    struct sender *s = NULL;
    struct capture *c = NULL;
    struct capture_frame frame;
    uint8_t back[64];
    struct capture_spec seen = {
        .interface = if_nametoindex("tun0"), .protocol = CAPTURE_PROTO_ALL, .block_wait_ms = 1};
    CHECK(capture_open(&c, &seen, &e) == 0);
    struct sender_spec spec = {.interface = if_nametoindex("tun0"), .through_qdisc = through_qdisc};
    if (!c || !CHECK(sender_open(&s, &spec, &e) == 0))
        return failed + 1;
    queue_one(s, 253);
    CHECK(sender_queued(s) == 1 && sender_flush(s) == 0 && sender_queued(s) == 0);
    CHECK(take(tun, back, 253));
    /* a frame from the other end is captured as it came */
    back[9] = 254;
    CHECK(write(tun, back, 24) == 24);
    int count = 0;
    for (int i = 0; i < 200 && count == 0; i++) {
        struct pollfd wait = {.fd = capture_fd(c), .events = POLLIN};
        (void)poll(&wait, 1, 10);
        while (capture_read(c, &frame, 1) == 1)
            if (!frame.own && frame.len == 24 && frame.data[9] == 254)
                count += frame.link == PACKET_LINK_RAW_IP && frame.data[0] == 0x45;
    }
    CHECK(count == 1);
    sender_close(s);
    capture_close(c);
    return failed;
}

static int down(int tun)
{
    int failed = 0;
    struct err e = {0};
    struct sender *s = NULL;
    struct sender_stats stats;
    uint8_t back[64];
    struct sender_spec spec = {.interface = if_nametoindex("tun0"), .batch = 4, .frame_max = 64};
    if (!CHECK(sender_open(&s, &spec, &e) == 0))
        return failed;
    CHECK(sender_frame_max(s) == 64 && netns_sh("ip link set tun0 down"));
    for (uint8_t i = 0; i < 4; i++)
        queue_one(s, i);
    CHECK(sender_room(s) == NULL && sender_flush(s) == -ENETDOWN && sender_queued(s) == 4);
    CHECK(netns_sh("ip link set tun0 up")); /* nothing was lost, the order is kept */
    CHECK(sender_flush(s) == 0 && sender_queued(s) == 0 && sender_room(s) != NULL);
    for (uint8_t i = 0; i < 4; i++)
        CHECK_ROW(i, take(tun, back, i));
    sender_stats_read(s, &stats);
    CHECK(stats.sent == 4 && stats.bytes == 4 * 24 && stats.refused == 0 && stats.busy == 0);
    sender_close(s);
    return failed;
}

/* Sockets opened with rights, used by a process that has none (as the keeper hands them out). */
static int without_rights(int tun)
{
    int failed = 0, status = 1;
    int in = socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK, 0);
    int out = socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK, 0);
    uint32_t interface = if_nametoindex("tun0");
    pid_t child = fork();
    if (child == 0) {
        struct err e = {0};
        struct capture *c = NULL;
        struct sender *s = NULL;
        struct capture_frame frame;
        struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
        struct __user_cap_data_struct none[2] = {0};
        struct capture_spec seen = {
            .interface = interface, .protocol = CAPTURE_PROTO_ALL, .block_wait_ms = 1};
        struct sender_spec spec = {.interface = interface, .through_qdisc = true};
        CHECK(syscall(SYS_capset, &head, none) == 0);
        CHECK(capture_open(&c, &seen, &e) == -EPERM && strstr(e.text, "CAP_NET_RAW"));
        CHECK(sender_open(&s, &spec, &e) == -EPERM && strstr(e.text, "CAP_NET_RAW"));
        CHECK(capture_adopt(&c, in, &seen, &e) == 0 && sender_adopt(&s, out, &spec, &e) == 0);
        if (c && s) {
            queue_one(s, 252);
            CHECK(sender_flush(s) == 0);
            int count = 0;
            for (int i = 0; i < 200 && count == 0; i++) {
                struct pollfd wait = {.fd = capture_fd(c), .events = POLLIN};
                (void)poll(&wait, 1, 10);
                while (capture_read(c, &frame, 1) == 1)
                    count += frame.own && frame.len == 24 && frame.data[9] == 252;
            }
            CHECK(count == 1);
        }
        fflush(NULL);
        _exit(failed);
    }
    uint8_t back[64];
    CHECK(child > 0 && take(tun, back, 252));
    CHECK(waitpid(child, &status, 0) == child && status == 0);
    close(in);
    close(out);
    return failed;
}

int link_sender_test(void)
{
    int failed = 0;
    if (!netns_enter())
        return 0;
    int tun = tun_open();
    if (tun < 0) {
        printf("skipped: no tun device here\n");
        return 0;
    }
    CHECK(netns_sh("ip addr add 10.0.0.1/24 dev tun0 && ip link set tun0 up"));
    failed += raw_ip(tun, false) + raw_ip(tun, true) + without_rights(tun) + down(tun);
    close(tun);
    return failed;
}
