/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wire/packet/layer/arp.h"

#include "wire/packet/layer/number.h"
#include "wire/packet/walk.h"

bool arp_is_ip4_ethernet(const struct arp_head *h)
{
    return h->hardware == ARP_HARDWARE_ETHERNET && h->protocol == ETH_TYPE_IP4 &&
           h->hardware_len == 6 && h->protocol_len == 4;
}

static struct addr read_ip4(struct bytes_in *in)
{
    struct addr a = {.family = ADDR_IP4};
    bytes_copy(in, a.byte, 4);
    return a;
}

bool arp_decode(struct bytes_in *in, struct arp_head *out)
{
    *out = (struct arp_head){0};
    out->hardware = bytes_u16be(in);
    out->protocol = bytes_u16be(in);
    out->hardware_len = bytes_u8(in);
    out->protocol_len = bytes_u8(in);
    out->operation = bytes_u16be(in);
    if (!arp_is_ip4_ethernet(out)) {
        bytes_skip(in, 2 * (size_t)(out->hardware_len + out->protocol_len));
        return !in->bad;
    }
    bytes_copy(in, out->sender_mac.byte, sizeof out->sender_mac.byte);
    out->sender = read_ip4(in);
    bytes_copy(in, out->target_mac.byte, sizeof out->target_mac.byte);
    out->target = read_ip4(in);
    return !in->bad;
}

void arp_encode(struct bytes_out *out, const struct arp_head *h)
{
    bytes_put_u16be(out, ARP_HARDWARE_ETHERNET);
    bytes_put_u16be(out, ETH_TYPE_IP4);
    bytes_put_u8(out, 6);
    bytes_put_u8(out, 4);
    bytes_put_u16be(out, h->operation);
    bytes_put(out, h->sender_mac.byte, sizeof h->sender_mac.byte);
    bytes_put(out, h->sender.byte, 4);
    bytes_put(out, h->target_mac.byte, sizeof h->target_mac.byte);
    bytes_put(out, h->target.byte, 4);
}

enum packet_verdict arp_step(struct packet_walk *w)
{
    struct arp_head head;
    if (!walk_enter(w, PACKET_ARP))
        return PACKET_DEPTH;
    if (!arp_decode(&w->in, &head))
        return PACKET_ARP_SHORT;
    if (arp_is_ip4_ethernet(&head))
        return PACKET_OK;
    w->out->net = PACKET_NONE; /* packet_src would read addresses of another form */
    return PACKET_ARP_OTHER;
}
