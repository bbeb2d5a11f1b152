/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Captures as files: reading pcap (draft-ietf-opsawg-pcap, either byte order, micro- and
 * nanoseconds) and pcapng (draft-ietf-opsawg-pcapng: section header, interface description, simple
 * and enhanced packet blocks; others are skipped) from memory, writing pcap.
 * Not for: opening files (sys/io/file_map), interfaces (sys/link/capture). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/attr.h"
#include "core/base/bytes.h"
#include "core/base/err.h"

enum {
    PCAP_FILE_HEAD_LEN = 24,
    PCAP_FRAME_HEAD_LEN = 16,
    PCAP_FRAME_MAX = 256 * 1024, /* a longer frame is a broken file */
    PCAP_INTERFACE_MAX = 64,     /* of one section of a pcapng file */
};

/* Numbers of link types (tcpdump.org/linktypes.html) that this program reads. */
enum {
    PCAP_LINK_NULL = 0,
    PCAP_LINK_ETHERNET = 1,
    PCAP_LINK_PPP = 9,
    PCAP_LINK_RAW_BSD = 12, /* DLT_RAW, as some systems number it */
    PCAP_LINK_RAW_OPENBSD = 14,
    PCAP_LINK_PPP_SERIAL = 50,
    PCAP_LINK_PPP_ETHER = 51,
    PCAP_LINK_RAW = 101,
    PCAP_LINK_CHDLC = 104,
    PCAP_LINK_LOOP = 108,
    PCAP_LINK_SLL = 113,
    PCAP_LINK_IP4 = 228,
    PCAP_LINK_IP6 = 229,
    PCAP_LINK_SLL2 = 276,
};

/* "EN10MB", as libpcap names it; "UNKNOWN" for others. */
const char *pcap_link_name(uint32_t link);

struct pcap_interface {
    uint32_t link;
    uint64_t ticks_per_s; /* of its time stamps */
    int64_t offset_s;
    uint32_t snap_len;
};

struct pcap_file {
    struct bytes_in in;
    bool is_ng, is_swapped; /* swapped: little endian, as read here */
    uint32_t link;          /* pcap: of the file; pcapng: of the latest frame */
    uint64_t ticks_per_s;   /* pcap */
    uint32_t interface_count;
    struct pcap_interface interface[PCAP_INTERFACE_MAX];
};

struct pcap_frame {
    const uint8_t *data; /* in the file's memory */
    uint32_t len, wire_len;
    uint32_t link;
    uint64_t wall_ns;
};

/* `data` (the whole file) outlives *f.  0 or -EINVAL (no capture file). */
int pcap_file_open(struct pcap_file *f, const void *data, size_t len, struct err *e) MUST_CHECK;

/* The next frame: 1; 0 at the end (a frame cut off by the end of the file included, as a capture
 * that is still written has it); -EINVAL: the file is broken here. */
int pcap_file_next(struct pcap_file *f, struct pcap_frame *out, struct err *e) MUST_CHECK;

void pcap_put_head(struct bytes_out *out, uint32_t link, uint32_t snap_len);
void pcap_put_frame_head(struct bytes_out *out, uint64_t wall_ns, uint32_t len, uint32_t wire_len);
