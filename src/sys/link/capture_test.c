/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A cable between two namespaces: frames are sent at one end and captured at the other. */
#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>

#include "check.h"
#include "core/base/clock.h"
#include "sys/link/capture.h"
#include "sys/link/netns_test.h"
#include "sys/link/sender.h"
#include "wire/packet/layer/eth.h"
#include "wire/packet/layer/ip4.h"
#include "wire/packet/layer/number.h"
#include "wire/packet/layer/udp.h"

static const struct addr there = {.family = ADDR_IP4, .byte = {192, 0, 2, 2}},
                         here = {.family = ADDR_IP4, .byte = {192, 0, 2, 1}};

/* A UDP datagram to port `port` with `data_len` bytes; returns the frame's length. */
static size_t build(uint8_t *frame, size_t size, uint16_t port, size_t data_len, bool tagged)
{
    static const uint8_t zeros[1400];
    struct bytes_out out = bytes_out_of(frame, size);
    struct eth_head eth = {.dst = {{2, 0, 0, 0, 0, 1}},
                           .src = {{2, 0, 0, 0, 0, 2}},
                           .type = ETH_TYPE_IP4,
                           .vlan_count = tagged,
                           .vlan = {{ETH_TYPE_VLAN, 0x2005}}};
    eth_encode(&out, &eth);
    ip4_encode(&out, &(struct ip4_head){.src = there, .dst = here, .proto = 17, .ttl = 9},
               UDP_HEAD_LEN + data_len);
    udp_encode(&out, &(struct udp_head){.src = 7, .dst = port}, &there, &here,
               bytes_in_of(zeros, data_len));
    return out.full ? 0 : bytes_out_len(&out);
}

static bool send_one(struct sender *s, uint16_t port, size_t data_len, bool tagged)
{
    uint8_t *room = sender_room(s);
    if (!room)
        return false;
    sender_commit(s, build(room, sender_frame_max(s), port, data_len, tagged));
    return true;
}

/* Frames until `want` UDP datagrams to ports from `port` on are there, or 2 s are over. */
static size_t receive(struct capture *c, uint16_t port, size_t want, struct capture_frame *last)
{
    static struct capture_frame frame[256];
    size_t seen = 0;
    for (int rounds = 0; rounds < 200 && seen < want; rounds++) {
        int count;
        while ((count = capture_read(c, frame, ARRAY_LEN(frame))) > 0)
            for (int i = 0; i < count; i++) {
                struct packet p;
                if (packet_decode(&p, frame[i].data, frame[i].len, frame[i].link) != PACKET_OK ||
                    p.transport != PACKET_UDP || p.dst_port < port)
                    continue;
                seen += p.dst_port == port + seen; /* in the order sent */
                *last = frame[i];
            }
        struct pollfd wait = {.fd = capture_fd(c), .events = POLLIN};
        if (seen < want)
            (void)poll(&wait, 1, 10);
    }
    return seen;
}

static int marks(struct capture *c, struct sender *s, uint32_t interface)
{
    int failed = 0;
    struct capture_frame f = {0};
    CHECK(send_one(s, 1000, 10, false) && sender_flush(s) == 0);
    CHECK(receive(c, 1000, 1, &f) == 1);
    CHECK(f.len == 14 + 20 + 8 + 10 && f.wire_len == f.len && f.interface == interface);
    CHECK(!f.own && !f.has_vlan && f.link == PACKET_LINK_ETHERNET);
    uint64_t wall = clock_wall_ns(&clock_system), mono = clock_mono_ns(&clock_system);
    CHECK(f.wall_ns <= wall && wall - f.wall_ns < 5 * NS_PER_S);
    CHECK(f.mono_ns <= mono && mono - f.mono_ns < 5 * NS_PER_S);

    CHECK(send_one(s, 2000, 10, true) && sender_flush(s) == 0);
    CHECK(receive(c, 2000, 1, &f) == 1);
    CHECK(f.has_vlan && f.vlan_tci == 0x2005 && f.vlan_tpid == ETH_TYPE_VLAN);
    return failed;
}

/* More frames than a batch, a block and the ring hold, sent in bursts that the ring can take. */
static int many(struct capture *c, struct sender *s)
{
    int failed = 0;
    struct capture_frame f;
    struct capture_stats stats;
    struct sender_stats sent;
    capture_stats_read(c, &stats);
    uint64_t before = stats.frames;
    for (uint16_t burst = 0; burst < 40; burst++) {
        uint16_t port = (uint16_t)(3000 + 200 * burst);
        for (uint16_t i = 0; i < 200; i++)
            if (!send_one(s, (uint16_t)(port + i), i, false)) {
                CHECK_ROW(burst, sender_queued(s) == 64 && sender_flush(s) == 0);
                CHECK_ROW(burst, send_one(s, (uint16_t)(port + i), i, false));
            }
        CHECK_ROW(burst, sender_flush(s) == 0 && sender_queued(s) == 0);
        CHECK_ROW(burst, receive(c, port, 200, &f) == 200);
    }
    capture_stats_read(c, &stats);
    CHECK(stats.frames - before >= 8000 && stats.dropped == 0);
    sender_stats_read(s, &sent);
    CHECK(sent.sent == 8002 && sent.refused == 0);
    return failed;
}

/* Nobody reads: the ring fills up, the kernel counts what it drops, reading goes on behind it. */
static int overflow(struct capture *c, struct sender *s)
{
    int failed = 0;
    struct capture_frame f;
    struct capture_stats stats;
    for (int i = 0; i < 600; i++) {
        if (!send_one(s, 12000, 1400, false))
            CHECK(sender_flush(s) == 0 && send_one(s, 12000, 1400, false));
    }
    CHECK(sender_flush(s) == 0);
    capture_stats_read(c, &stats);
    CHECK(stats.dropped > 0 && stats.freezes > 0);
    while (capture_read(c, &f, 1) > 0)
        CHECK(f.len >= 42);
    CHECK(send_one(s, 13000, 1, false) && sender_flush(s) == 0);
    CHECK(receive(c, 13000, 1, &f) == 1);
    return failed;
}

/* All of the ring in the caller's hands: nothing is handed out twice. */
static int held(struct capture *c, struct sender *s)
{
    int failed = 0;
    static struct capture_frame frame[1024];
    for (int i = 0; i < 600; i++) {
        if (!send_one(s, 12000, 1400, false))
            CHECK(sender_flush(s) == 0 && send_one(s, 12000, 1400, false));
    }
    CHECK(sender_flush(s) == 0);
    int count = capture_read(c, frame, ARRAY_LEN(frame));
    CHECK(count > 60 && count < 600); /* the ring holds fewer than were sent */
    for (int i = 0; i < count; i++)
        for (int k = i + 1; k < count; k++)
            if (frame[i].data == frame[k].data)
                failed++;
    capture_release(c);
    return failed;
}

static int refusals(struct sender *s)
{
    int failed = 0;
    struct sender_stats stats;
    sender_commit(s, 5);                 /* shorter than a head */
    CHECK(send_one(s, 14000, 1, false)); /* goes out all the same */
    CHECK(sender_flush(s) == 0 && sender_queued(s) == 0);
    sender_stats_read(s, &stats);
    CHECK(stats.refused == 1);
    struct err e = {0};
    struct sender *none;
    CHECK(sender_open(&none, &(struct sender_spec){.interface = 9999}, &e) < 0 && e.text[0]);
    CHECK(sender_open(&none, &(struct sender_spec){.interface = 1, .batch = 1025}, &e) == -EINVAL);
    struct capture *nothing;
    CHECK(capture_open(&nothing, &(struct capture_spec){.interface = 9999, .protocol = 3}, &e) < 0);
    return failed;
}

/* A datagram over loopback is seen twice: as it is sent, and as it comes in. */
static int own_frames(struct capture *c)
{
    int failed = 0, own = 0, others = 0;
    struct capture_frame frame[64];
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(9)};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    CHECK(sendto(fd, "x", 1, 0, (struct sockaddr *)&to, sizeof to) == 1);
    for (int rounds = 0; rounds < 200 && others == 0; rounds++) {
        int count = capture_read(c, frame, ARRAY_LEN(frame));
        for (int i = 0; i < count; i++) {
            struct packet p;
            if (packet_decode(&p, frame[i].data, frame[i].len, frame[i].link) != PACKET_OK ||
                p.transport != PACKET_UDP || p.dst_port != 9)
                continue;
            CHECK(frame[i].interface == 1 && frame[i].sum_unset);
            frame[i].own ? own++ : others++;
        }
        struct pollfd wait = {.fd = capture_fd(c), .events = POLLIN};
        (void)poll(&wait, 1, 10);
    }
    CHECK(own == 1 && others == 1);
    close(fd);
    return failed;
}

int link_capture_test(void)
{
    int failed = 0;
    struct err e = {0};
    struct filter filter;
    struct capture *c = NULL, *all = NULL;
    struct sender *s = NULL;
    if (!netns_enter())
        return 0;
    pid_t peer = netns_pair();
    uint32_t veth = if_nametoindex("veth0");
    uint8_t udp[] = {IP_PROTO_UDP};
    struct filter_want want = {.to = &here, .to_count = 1, .proto = {udp[0]}, .proto_count = 1};
    CHECK(filter_build(&filter, &want, &e) == 0);
    struct capture_spec spec = {.interface = veth,
                                .protocol = CAPTURE_PROTO_ALL,
                                .filter = &filter,
                                .block_size = 64 * 1024,
                                .block_count = 4,
                                .block_wait_ms = 1,
                                .not_own = true};
    CHECK(capture_open(&c, &spec, &e) == 0);
    /* the own end's frames, on all interfaces */
    CHECK(capture_open(&all, &(struct capture_spec){.protocol = CAPTURE_PROTO_ALL}, &e) == 0);
    if (!c || !all)
        return failed + 1;
    failed += own_frames(all);
    if (!CHECK(netns_go(peer)))
        return failed + 1;
    CHECK(sender_open(&s, &(struct sender_spec){.interface = if_nametoindex("veth1")}, &e) == 0);
    if (!s)
        return failed + 1;
    CHECK(sender_frame_max(s) == 1522 && sender_fd(s) >= 0);
    failed += marks(c, s, veth) + many(c, s) + overflow(c, s) + held(c, s) + refusals(s);
    sender_close(s);

    CHECK(netns_sh("ip link del veth1")); /* takes the cable away at both ends */
    struct capture_frame frame[64];
    int result = 0;
    for (int i = 0; i < 100 && result >= 0; i++) {
        result = capture_read(c, frame, ARRAY_LEN(frame));
        struct pollfd wait = {.fd = capture_fd(c), .events = POLLIN};
        if (result == 0)
            (void)poll(&wait, 1, 10);
    }
    CHECK(result == -ENETDOWN);
    capture_close(c);
    capture_close(all);
    capture_close(NULL);
    sender_close(NULL);
    netns_end(peer);
    return failed;
}
