/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wire/packet/pcap_file.h"

#include <errno.h>
#include <string.h>

#include "core/base/clock.h"

enum {
    MAGIC_MICRO = 0xa1b2c3d4,
    MAGIC_NANO = 0xa1b23c4d,

    NG_SECTION = 0x0a0d0d0a,
    NG_ORDER = 0x1a2b3c4d,
    NG_INTERFACE = 1,
    NG_SIMPLE = 3,
    NG_ENHANCED = 6,
    NG_OPTION_END = 0,
    NG_OPTION_TSRESOL = 9,
    NG_OPTION_TSOFFSET = 14,
    NG_BLOCK_MIN = 12,
    LINK_MASK = 0x03ffffff, /* the upper bits tell of frame check sequences */
};

static const struct {
    uint32_t link;
    const char *name;
} link_name[] = {
    {PCAP_LINK_NULL, "NULL"},
    {PCAP_LINK_ETHERNET, "EN10MB"},
    {PCAP_LINK_PPP, "PPP"},
    {PCAP_LINK_RAW_BSD, "RAW"},
    {PCAP_LINK_RAW_OPENBSD, "RAW"},
    {PCAP_LINK_PPP_SERIAL, "PPP_SERIAL"},
    {PCAP_LINK_PPP_ETHER, "PPP_ETHER"},
    {PCAP_LINK_RAW, "RAW"},
    {PCAP_LINK_CHDLC, "C_HDLC"},
    {PCAP_LINK_LOOP, "LOOP"},
    {PCAP_LINK_SLL, "LINUX_SLL"},
    {PCAP_LINK_IP4, "IPV4"},
    {PCAP_LINK_IP6, "IPV6"},
    {PCAP_LINK_SLL2, "LINUX_SLL2"},
};

const char *pcap_link_name(uint32_t link)
{
    for (size_t i = 0; i < ARRAY_COUNT(link_name); i++)
        if (link_name[i].link == link)
            return link_name[i].name;
    return "UNKNOWN";
}

static uint32_t read_u32(const struct pcap_file *f, struct bytes_in *in)
{
    return f->is_swapped ? bytes_u32le(in) : bytes_u32be(in);
}

static uint16_t read_u16(const struct pcap_file *f, struct bytes_in *in)
{
    return f->is_swapped ? bytes_u16le(in) : bytes_u16be(in);
}

/* Without overflow: whole seconds and the rest apart. */
static uint64_t ticks_to_ns(uint64_t ticks, uint64_t per_s)
{
    uint64_t rest = ticks % per_s;
    uint64_t rest_ns = per_s > NS_PER_S ? rest / (per_s / NS_PER_S) : rest * NS_PER_S / per_s;
    return ticks / per_s * NS_PER_S + rest_ns;
}

static int open_classic(struct pcap_file *f, uint32_t magic, struct err *e)
{
    f->ticks_per_s = magic == MAGIC_NANO ? NS_PER_S : NS_PER_S / NS_PER_US;
    bytes_skip(&f->in, 4);  /* version */
    bytes_skip(&f->in, 12); /* zone, accuracy, snap length */
    f->link = read_u32(f, &f->in) & LINK_MASK;
    if (f->in.bad)
        return err_set(e, -EINVAL, "the head of the capture is cut off");
    return 0;
}

int pcap_file_open(struct pcap_file *f, const void *data, size_t len, struct err *e)
{
    *f = (struct pcap_file){.in = bytes_in_of(data, len)};
    struct bytes_in ahead = f->in;
    uint32_t magic = bytes_u32be(&ahead);
    if (magic == NG_SECTION) {
        f->is_ng = true;
        return 0;
    }
    f->is_swapped = magic != (uint32_t)MAGIC_MICRO && magic != (uint32_t)MAGIC_NANO;
    magic = f->is_swapped ? __builtin_bswap32(magic) : magic;
    if (magic != (uint32_t)MAGIC_MICRO && magic != (uint32_t)MAGIC_NANO)
        return err_set(e, -EINVAL, "neither pcap nor pcapng");
    f->in = ahead;
    return open_classic(f, magic, e);
}

static int next_classic(struct pcap_file *f, struct pcap_frame *out, struct err *e)
{
    uint64_t seconds = read_u32(f, &f->in);
    uint64_t part = read_u32(f, &f->in);
    out->len = read_u32(f, &f->in);
    out->wire_len = read_u32(f, &f->in);
    if (f->in.bad)
        return 0;
    if (out->len > PCAP_FRAME_MAX)
        return err_set(e, -EINVAL, "a frame of %u bytes", out->len);
    out->link = f->link;
    out->wall_ns = seconds * NS_PER_S + ticks_to_ns(part, f->ticks_per_s);
    out->data = bytes_take(&f->in, out->len);
    return out->data ? 1 : 0;
}

static int read_section(struct pcap_file *f, struct bytes_in *body, struct err *e)
{
    struct bytes_in ahead = *body;
    uint32_t order = bytes_u32be(&ahead);
    f->is_swapped = order != NG_ORDER;
    f->interface_count = 0;
    if (f->is_swapped && __builtin_bswap32(order) != NG_ORDER)
        return err_set(e, -EINVAL, "pcapng: no byte-order magic");
    return 0;
}

/* if_tsresol: 10^-n or, with the top bit, 2^-n seconds a tick. */
static uint64_t resolution(uint8_t value)
{
    uint64_t per_s = 1;
    if (value & 0x80)
        return (value & 0x7f) < 63 ? UINT64_C(1) << (value & 0x7f) : 1;
    for (; value && per_s < UINT64_C(1000000000000000000); value--)
        per_s *= 10;
    return per_s;
}

static int read_interface(struct pcap_file *f, struct bytes_in body, struct err *e)
{
    if (f->interface_count == PCAP_INTERFACE_MAX)
        return err_set(e, -EINVAL, "pcapng: over %d interfaces", PCAP_INTERFACE_MAX);
    struct pcap_interface *i = &f->interface[f->interface_count++];
    *i = (struct pcap_interface){.ticks_per_s = NS_PER_S / NS_PER_US};
    i->link = read_u16(f, &body);
    bytes_skip(&body, 2);
    i->snap_len = read_u32(f, &body);
    while (bytes_left(&body) >= 4) {
        uint16_t code = read_u16(f, &body);
        uint16_t len = read_u16(f, &body);
        struct bytes_in value = bytes_sub(&body, len);
        bytes_skip(&body, (4u - len % 4u) % 4u);
        if (code == NG_OPTION_END)
            break;
        if (code == NG_OPTION_TSRESOL && len == 1)
            i->ticks_per_s = resolution(bytes_u8(&value));
        else if (code == NG_OPTION_TSOFFSET && len == 8)
            i->offset_s = (int64_t)(f->is_swapped ? bytes_u64le(&value) : bytes_u64be(&value));
    }
    return 0;
}

static int read_enhanced(struct pcap_file *f, struct bytes_in body, struct pcap_frame *out,
                         struct err *e)
{
    uint32_t interface = read_u32(f, &body);
    uint64_t high = read_u32(f, &body);
    uint64_t ticks = high << 32 | read_u32(f, &body);
    out->len = read_u32(f, &body);
    out->wire_len = read_u32(f, &body);
    out->data = bytes_take(&body, out->len);
    if (body.bad || interface >= f->interface_count || out->len > PCAP_FRAME_MAX)
        return err_set(e, -EINVAL, "pcapng: a broken packet block");
    const struct pcap_interface *i = &f->interface[interface];
    out->link = f->link = i->link;
    out->wall_ns = ticks_to_ns(ticks, i->ticks_per_s) + (uint64_t)i->offset_s * NS_PER_S;
    return 1;
}

/* It has no time stamp, and its length is the smaller of the wire's and the snap length. */
static int read_simple(struct pcap_file *f, struct bytes_in body, struct pcap_frame *out,
                       struct err *e)
{
    *out = (struct pcap_frame){.wire_len = read_u32(f, &body)};
    if (f->interface_count == 0)
        return err_set(e, -EINVAL, "pcapng: a packet before its interface");
    uint32_t snap = f->interface[0].snap_len;
    out->len = snap && snap < out->wire_len ? snap : out->wire_len;
    out->data = bytes_take(&body, out->len);
    out->link = f->link = f->interface[0].link;
    if (body.bad || out->len > PCAP_FRAME_MAX)
        return err_set(e, -EINVAL, "pcapng: a broken packet block");
    return 1;
}

static int next_block(struct pcap_file *f, struct pcap_frame *out, struct err *e)
{
    struct bytes_in start = f->in;
    uint32_t type = read_u32(f, &f->in);
    if (type == NG_SECTION) { /* a palindrome: it tells the byte order of its own length, too */
        struct bytes_in order = start;
        bytes_skip(&order, 8);
        int rc = read_section(f, &order, e);
        if (rc)
            return rc;
    }
    uint32_t len = read_u32(f, &f->in);
    if (f->in.bad || len > bytes_left(&start))
        return 0; /* still being written */
    if (len < NG_BLOCK_MIN || len % 4)
        return err_set(e, -EINVAL, "pcapng: a block of %u bytes", len);
    struct bytes_in body = bytes_sub(&f->in, len - NG_BLOCK_MIN);
    bytes_skip(&f->in, 4); /* the length again */
    switch (type) {
    case NG_INTERFACE:
        return read_interface(f, body, e) < 0 ? -EINVAL : -EAGAIN;
    case NG_ENHANCED:
        return read_enhanced(f, body, out, e);
    case NG_SIMPLE:
        return read_simple(f, body, out, e);
    default:
        return -EAGAIN;
    }
}

int pcap_file_next(struct pcap_file *f, struct pcap_frame *out, struct err *e)
{
    if (!f->is_ng)
        return bytes_left(&f->in) ? next_classic(f, out, e) : 0;
    while (bytes_left(&f->in)) {
        int rc = next_block(f, out, e);
        if (rc != -EAGAIN)
            return rc;
    }
    return 0;
}

static void put_u32(struct bytes_out *out, uint32_t value)
{
    bytes_put_u32be(out, value);
}

void pcap_put_head(struct bytes_out *out, uint32_t link, uint32_t snap_len)
{
    put_u32(out, MAGIC_MICRO);
    bytes_put_u16be(out, 2);
    bytes_put_u16be(out, 4);
    put_u32(out, 0);
    put_u32(out, 0);
    put_u32(out, snap_len);
    put_u32(out, link);
}

void pcap_put_frame_head(struct bytes_out *out, uint64_t wall_ns, uint32_t len, uint32_t wire_len)
{
    put_u32(out, (uint32_t)(wall_ns / NS_PER_S));
    put_u32(out, (uint32_t)(wall_ns % NS_PER_S / NS_PER_US));
    put_u32(out, len);
    put_u32(out, wire_len);
}
