/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/ids_source.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "cmd/command.h"
#include "core/base/mem.h"
#include "core/base/own.h"
#include "sys/io/file_map.h"
#include "sys/io/sock.h"
#include "sys/link/capture.h"
#include "wire/packet/pcap_file.h"

enum { RELEASE_FRAMES = 4096, BATCH = 64, IDLE_MS = 500, MAC_LEN = 12, TAG_LEN = 4 };

static volatile sig_atomic_t is_over;

static void end(int signal)
{
    (void)signal;
    is_over = 1;
}

static int read_file(const struct ids_cli *cli, struct file_map *map, ids_frame_fn *take, void *ctx,
                     struct err *e)
{
    struct pcap_file file;
    struct pcap_frame frame;
    uint64_t number = 0;
    int rc = pcap_file_open(&file, map->data, map->len, e);
    if (rc < 0)
        return rc;
    while (!is_over && (rc = pcap_file_next(&file, &frame, e)) > 0) {
        struct ids_frame one = {.data = frame.data,
                                .len = frame.len,
                                .wire_len = frame.wire_len,
                                .link_type = (uint16_t)frame.link,
                                .wall_ns = frame.wall_ns,
                                .number = ++number};
        take(ctx, &one);
        if (number % RELEASE_FRAMES == 0)
            file_map_release(map, (const char *)frame.data);
        if (cli->packet_count && number >= (uint64_t)cli->packet_count)
            return 0;
    }
    if (rc < 0 && number > 0) { /* what came before the broken place was read */
        command_complain("ids", "%s: %s", cli->capture, e->text);
        rc = e->code = 0;
    }
    return rc < 0 ? rc : 0;
}

static uint16_t link_number(uint8_t link)
{
    return link == PACKET_LINK_ETHERNET ? PCAP_LINK_ETHERNET : PCAP_LINK_RAW;
}

/* A frame with room for one tag more. */
struct tag_room {
    uint8_t byte[PCAP_FRAME_MAX];
};

/* The tag that the kernel took off goes back to its place. */
static void put_tag(struct ids_frame *frame, const struct capture_frame *from,
                    struct tag_room *room)
{
    size_t len = from->len < PCAP_FRAME_MAX - TAG_LEN ? from->len : PCAP_FRAME_MAX - TAG_LEN;
    struct bytes_out out = bytes_out_of(room->byte, sizeof room->byte);
    bytes_put(&out, from->data, MAC_LEN);
    bytes_put_u16be(&out, from->vlan_tpid ? from->vlan_tpid : 0x8100);
    bytes_put_u16be(&out, from->vlan_tci);
    bytes_put(&out, from->data + MAC_LEN, len - MAC_LEN);
    frame->data = room->byte;
    frame->len = (uint32_t)bytes_out_len(&out);
    frame->wire_len += TAG_LEN;
}

static int read_interface(const struct ids_cli *cli, struct capture *capture, ids_frame_fn *take,
                          void *ctx)
{
    OWN_MEM struct tag_room *room = mem_zero(sizeof *room);
    struct capture_frame batch[BATCH];
    uint64_t number = 0;
    while (!is_over) {
        int count = capture_read(capture, batch, BATCH);
        if (count < 0)
            return count;
        for (int i = 0; i < count; i++) {
            struct ids_frame one = {.data = batch[i].data,
                                    .len = batch[i].len,
                                    .wire_len = batch[i].wire_len,
                                    .link_type = link_number(batch[i].link),
                                    .wall_ns = batch[i].wall_ns,
                                    .number = ++number};
            if (batch[i].has_vlan && batch[i].len >= MAC_LEN)
                put_tag(&one, &batch[i], room);
            take(ctx, &one);
            if (cli->packet_count && number >= (uint64_t)cli->packet_count)
                return 0;
        }
        if (count == 0) {
            struct pollfd ready = {.fd = capture_fd(capture), .events = POLLIN};
            (void)poll(&ready, 1, IDLE_MS);
        }
    }
    return 0;
}

static int watch(const struct ids_cli *cli, ids_frame_fn *take, void *ctx, struct err *e)
{
    struct capture *capture;
    struct capture_spec spec = {.interface = sock_interface_index(cli->interface),
                                .protocol = CAPTURE_PROTO_ALL,
                                .promiscuous = true};
    if (!spec.interface)
        return err_set(e, -ENODEV, "%s: no such interface", cli->interface);
    if (capture_open(&capture, &spec, e) < 0)
        return e->code;
    int rc = read_interface(cli, capture, take, ctx);
    capture_close(capture);
    return rc < 0 ? err_set(e, rc, "%s: %s", cli->interface, strerror(-rc)) : 0;
}

int ids_source_run(const struct ids_cli *cli, ids_frame_fn *take, void *ctx, struct err *e)
{
    struct sigaction action = {.sa_handler = end};
    struct file_map map = {0};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    if (!cli->capture)
        return watch(cli, take, ctx, e);
    if (file_map_open(&map, cli->capture, UINT64_MAX, e) < 0)
        return e->code;
    int rc = read_file(cli, &map, take, ctx, e);
    file_map_close(&map);
    return rc;
}
