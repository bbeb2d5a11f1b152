/* SPDX-License-Identifier: GPL-3.0-or-later */
/* TPACKET_V3: the kernel fills a block with frames one behind the other, then hands the whole block
 * over; we hand it back by one word.  Blocks change hands in order, so what we hold is always a run
 * of blocks: those done with, and the one being read. */
#include "sys/link/capture.h"

#include <errno.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/base/own.h"
#include "sys/link/iface.h"
#include "wire/packet/layer/number.h"

/* Frames in a V3 ring have their own sizes; the kernel wants a frame size that divides a block. */
enum { FRAME_SIZE = 2048 };

/* Where the sender's link address stands in a frame's head. */
enum { FROM_AT = TPACKET_ALIGN(sizeof(struct tpacket3_hdr)) };

struct capture {
    int fd;
    uint8_t *ring;
    size_t block_size;
    uint32_t block_count;
    uint32_t held_first; /* oldest block not given back */
    uint32_t held_count; /* done with, not yet given back */
    /* the block being read is held_first + held_count, when frame is not NULL */
    struct tpacket3_hdr *frame; /* the next to hand out */
    uint32_t frames_left;
    struct capture_stats stats;
};

static int fail(struct err *e, const char *what)
{
    int code = -errno;
    if (code == -EPERM)
        return err_set(e, code, "%s: needs CAP_NET_RAW (run as root)", what);
    return err_set(e, code, "%s: %s", what, strerror(-code));
}

static int set_option(int fd, int option, const void *value, socklen_t len)
{
    return setsockopt(fd, SOL_PACKET, option, value, len);
}

static int set_ring(struct capture *c, const struct capture_spec *spec, struct err *e)
{
    int version = TPACKET_V3;
    struct tpacket_req3 ring = {
        .tp_block_size = spec->block_size ? spec->block_size : CAPTURE_BLOCK_SIZE,
        .tp_block_nr = spec->block_count ? spec->block_count : CAPTURE_BLOCK_COUNT,
        .tp_frame_size = FRAME_SIZE,
        .tp_retire_blk_tov = spec->block_wait_ms ? spec->block_wait_ms : CAPTURE_BLOCK_WAIT_MS,
    };
    ring.tp_frame_nr = ring.tp_block_size / FRAME_SIZE * ring.tp_block_nr;
    if (set_option(c->fd, PACKET_VERSION, &version, sizeof version) < 0 ||
        set_option(c->fd, PACKET_RX_RING, &ring, sizeof ring) < 0)
        return fail(e, "capture ring");
    c->block_size = ring.tp_block_size;
    c->block_count = ring.tp_block_nr;
    uint8_t *map =
        mmap(NULL, c->block_size * c->block_count, PROT_READ | PROT_WRITE, MAP_SHARED, c->fd, 0);
    if (map == MAP_FAILED)
        return fail(e, "capture ring");
    c->ring = map;
    return 0;
}

static int join(struct capture *c, const struct capture_spec *spec, struct err *e)
{
    struct sockaddr_ll at = {.sll_family = AF_PACKET,
                             .sll_protocol = __builtin_bswap16(spec->protocol),
                             .sll_ifindex = (int)spec->interface};
    if (bind(c->fd, (struct sockaddr *)&at, sizeof at) < 0)
        return fail(e, "capture: bind");
    if (spec->promiscuous) {
        struct packet_mreq wish = {.mr_ifindex = (int)spec->interface,
                                   .mr_type = PACKET_MR_PROMISC};
        if (set_option(c->fd, PACKET_ADD_MEMBERSHIP, &wish, sizeof wish) < 0)
            return fail(e, "promiscuous mode");
    }
    if (spec->fanout) {
        uint32_t group = spec->fanout | (PACKET_FANOUT_HASH | PACKET_FANOUT_FLAG_DEFRAG) << 16;
        if (set_option(c->fd, PACKET_FANOUT, &group, sizeof group) < 0)
            return fail(e, "capture: fanout");
    }
    return 0;
}

static int set_up(struct capture *c, const struct capture_spec *spec, struct err *e)
{
    int result = set_ring(c, spec, e);
    if (result)
        return result;
    int one = 1;
    if (spec->not_own && set_option(c->fd, PACKET_IGNORE_OUTGOING, &one, sizeof one) < 0)
        return fail(e, "capture: PACKET_IGNORE_OUTGOING");
    if (spec->filter && (result = filter_attach(c->fd, spec->filter, e)))
        return result;
    return join(c, spec, e);
}

int capture_adopt(struct capture **out, int fd, const struct capture_spec *spec, struct err *e)
{
    struct capture *c = mem_zero(sizeof *c);
    c->fd = fd;
    int result = set_up(c, spec, e);
    if (result) {
        capture_close(c);
        return result;
    }
    *out = c;
    return 0;
}

int capture_open(struct capture **out, const struct capture_spec *spec, struct err *e)
{
    /* protocol 0: nothing comes in before the filter is there and bind(2) names one */
    int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    return fd < 0 ? fail(e, "capture") : capture_adopt(out, fd, spec, e);
}

void capture_close(struct capture *c)
{
    if (!c)
        return;
    if (c->ring)
        munmap(c->ring, c->block_size * c->block_count);
    own_close_fd(&c->fd);
    mem_free(c);
}

int capture_fd(const struct capture *c)
{
    return c->fd;
}

static struct tpacket_block_desc *block_at(const struct capture *c, uint32_t number)
{
    return (void *)(c->ring + c->block_size * (number % c->block_count));
}

void capture_release(struct capture *c)
{
    for (; c->held_count; c->held_count--) {
        struct tpacket_block_desc *block = block_at(c, c->held_first);
        __atomic_store_n(&block->hdr.bh1.block_status, TP_STATUS_KERNEL, __ATOMIC_RELEASE);
        c->held_first = (c->held_first + 1) % c->block_count;
    }
}

/* Begin to read the next block, when the kernel has handed it over. */
static bool next_block(struct capture *c)
{
    if (c->held_count == c->block_count)
        return false; /* all of the ring is in the caller's hands */
    struct tpacket_block_desc *block = block_at(c, c->held_first + c->held_count);
    uint32_t status = __atomic_load_n(&block->hdr.bh1.block_status, __ATOMIC_ACQUIRE);
    if (!(status & TP_STATUS_USER))
        return false;
    c->frame = (void *)((uint8_t *)block + block->hdr.bh1.offset_to_first_pkt);
    c->frames_left = block->hdr.bh1.num_pkts;
    if (c->frames_left == 0) { /* a block whose time ran out empty */
        c->frame = NULL;
        c->held_count++;
        return next_block(c);
    }
    return true;
}

static void fill(struct capture_frame *out, const struct tpacket3_hdr *h, int64_t wall_ahead_ns)
{
    const struct sockaddr_ll *from = (const void *)((const uint8_t *)h + FROM_AT);
    enum packet_link link = PACKET_LINK_ETHERNET;
    (void)iface_link_of(from->sll_hatype, &link);
    *out = (struct capture_frame){
        .data = (const uint8_t *)h + h->tp_mac,
        .len = h->tp_snaplen,
        .wire_len = h->tp_len,
        .interface = (uint32_t)from->sll_ifindex,
        .wall_ns = h->tp_sec * NS_PER_S + h->tp_nsec,
        .has_vlan = h->tp_status & TP_STATUS_VLAN_VALID,
        .own = from->sll_pkttype == PACKET_OUTGOING,
        .sum_unset = h->tp_status & TP_STATUS_CSUMNOTREADY,
        .link = (uint8_t)link,
    };
    out->mono_ns = out->wall_ns - (uint64_t)wall_ahead_ns;
    if (out->has_vlan) {
        out->vlan_tci = (uint16_t)h->hv1.tp_vlan_tci;
        out->vlan_tpid = h->tp_status & TP_STATUS_VLAN_TPID_VALID ? h->hv1.tp_vlan_tpid
                                                                  : (uint16_t)ETH_TYPE_VLAN;
    }
}

static int state_of(const struct capture *c)
{
    int code = 0;
    socklen_t len = sizeof code;
    if (getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &code, &len) < 0)
        return -errno;
    return -code; /* the kernel tells it once */
}

int capture_read(struct capture *c, struct capture_frame *out, size_t max)
{
    capture_release(c);
    int64_t wall_ahead_ns = (int64_t)(clock_wall_ns(&clock_system) - clock_mono_ns(&clock_system));
    size_t count = 0;
    while (count < max && count < INT32_MAX) {
        if (!c->frame && !next_block(c))
            break;
        fill(&out[count++], c->frame, wall_ahead_ns);
        if (--c->frames_left == 0) {
            c->frame = NULL;
            c->held_count++;
        } else {
            c->frame = (void *)((uint8_t *)c->frame + c->frame->tp_next_offset);
        }
    }
    return count || max == 0 ? (int)count : state_of(c);
}

void capture_stats_read(struct capture *c, struct capture_stats *out)
{
    struct tpacket_stats_v3 fresh; /* since the last reading */
    socklen_t len = sizeof fresh;
    if (getsockopt(c->fd, SOL_PACKET, PACKET_STATISTICS, &fresh, &len) == 0) {
        c->stats.frames += fresh.tp_packets;
        c->stats.dropped += fresh.tp_drops;
        c->stats.freezes += fresh.tp_freeze_q_cnt;
    }
    *out = c->stats;
}
