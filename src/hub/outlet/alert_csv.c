/* SPDX-License-Identifier: GPL-3.0-or-later */
/* alert_csv of alert_text.h: one function a field, one row each. */
#include <errno.h>
#include <string.h>

#include "hub/outlet/alert_text.h"
#include "wire/packet/layer/eth.h"
#include "wire/packet/layer/icmp4.h"
#include "wire/packet/layer/ip4.h"
#include "wire/packet/layer/ip6.h"
#include "wire/packet/layer/tcp.h"
#include "wire/packet/layer/udp.h"

static const char all_fields[] =
    "timestamp,sig_generator,sig_id,sig_rev,msg,proto,src,srcport,dst,dstport,ethsrc,ethdst,ethlen,"
    "tcpflags,tcpseq,tcpack,tcpln,tcpwindow,ttl,tos,id,dgmlen,iplen,icmptype,icmpcode,icmpid,"
    "icmpseq";

/* The heads of the packet, read once for all fields. */
struct heads {
    const struct alert *alert;
    const struct alert_text_style *style;
    bool has_eth, has_ip4, has_ip6, has_tcp, has_udp, has_icmp;
    struct eth_head eth;
    struct ip4_head ip4;
    struct ip6_head ip6;
    struct tcp_head tcp;
    struct udp_head udp;
    struct icmp4_head icmp;
};

static void read_heads(struct heads *h)
{
    const struct packet *p = h->alert->packet;
    if (!p)
        return;
    struct bytes_in frame = bytes_in_of(p->frame, p->len), net = packet_net(p),
                    transport = packet_transport(p);
    h->has_eth = p->layer_count && p->layer[0].kind == PACKET_ETH && eth_decode(&frame, &h->eth);
    h->has_ip4 = p->net == PACKET_IP4 && ip4_decode(&net, &h->ip4);
    h->has_ip6 = p->net == PACKET_IP6 && ip6_decode(&net, &h->ip6);
    h->has_tcp = p->transport == PACKET_TCP && tcp_decode(&transport, &h->tcp);
    h->has_udp = p->transport == PACKET_UDP && udp_decode(&transport, &h->udp);
    h->has_icmp = p->transport == PACKET_ICMP4 && icmp4_decode(&transport, &h->icmp);
}

typedef void field_fn(const struct heads *h, struct str *out);

static void put_timestamp(const struct heads *h, struct str *out)
{
    packet_print_time(&h->style->packet, h->alert->wall_ns, out);
    str_add_char(out, ' ');
}

static void put_gid(const struct heads *h, struct str *out)
{
    str_add_u64(out, h->alert->gid);
}

static void put_sid(const struct heads *h, struct str *out)
{
    str_add_u64(out, h->alert->sid);
}

static void put_rev(const struct heads *h, struct str *out)
{
    str_add_u64(out, h->alert->rev);
}

/* RFC 4180: quotes are doubled. */
static void put_msg(const struct heads *h, struct str *out)
{
    struct str text = str_of(0);
    alert_write_message(h->alert, &text);
    str_add_char(out, '"');
    for (const char *at = str_text(&text); *at; at++) {
        if (*at == '"')
            str_add_char(out, '"');
        str_add_char(out, *at);
    }
    str_add_char(out, '"');
    str_done(&text);
}

static void put_proto(const struct heads *h, struct str *out)
{
    if (h->alert->ip_proto)
        packet_print_proto(h->alert->ip_proto, out);
}

static void put_src(const struct heads *h, struct str *out)
{
    packet_print_end(&h->style->packet, &h->alert->src.addr, false, 0, out);
}

static void put_dst(const struct heads *h, struct str *out)
{
    packet_print_end(&h->style->packet, &h->alert->dst.addr, false, 0, out);
}

static void put_srcport(const struct heads *h, struct str *out)
{
    if (h->has_tcp || h->has_udp)
        str_add_u64(out, h->alert->src.port);
}

static void put_dstport(const struct heads *h, struct str *out)
{
    if (h->has_tcp || h->has_udp)
        str_add_u64(out, h->alert->dst.port);
}

static void put_mac(const struct mac *m, struct str *out)
{
    char text[MAC_TEXT_MAX];
    str_add(out, mac_format(m, text));
}

static void put_ethsrc(const struct heads *h, struct str *out)
{
    if (h->has_eth)
        put_mac(&h->eth.src, out);
}

static void put_ethdst(const struct heads *h, struct str *out)
{
    if (h->has_eth)
        put_mac(&h->eth.dst, out);
}

static void put_ethlen(const struct heads *h, struct str *out)
{
    if (h->has_eth)
        str_addf(out, "0x%X", h->alert->wire_len);
}

static void put_ethtype(const struct heads *h, struct str *out)
{
    if (h->has_eth)
        str_addf(out, "0x%X", h->eth.type);
}

static void put_tcpflags(const struct heads *h, struct str *out)
{
    static const char letters[] = "12UAPRSF"; /* from the highest bit */
    for (int i = 0; h->has_tcp && i < 8; i++)
        str_add_char(out, h->tcp.flags & 0x80 >> i ? letters[i] : '*');
}

static void put_tcpseq(const struct heads *h, struct str *out)
{
    if (h->has_tcp)
        str_addf(out, "0x%X", h->tcp.seq);
}

static void put_tcpack(const struct heads *h, struct str *out)
{
    if (h->has_tcp)
        str_addf(out, "0x%X", h->tcp.ack);
}

static void put_tcplen(const struct heads *h, struct str *out)
{
    if (h->has_tcp)
        str_add_u64(out, h->tcp.head_len);
}

static void put_tcpwindow(const struct heads *h, struct str *out)
{
    if (h->has_tcp)
        str_addf(out, "0x%X", h->tcp.window);
}

static void put_ttl(const struct heads *h, struct str *out)
{
    if (h->has_ip4 || h->has_ip6)
        str_add_u64(out, h->has_ip4 ? h->ip4.ttl : h->ip6.hop_limit);
}

static void put_tos(const struct heads *h, struct str *out)
{
    if (h->has_ip4 || h->has_ip6)
        str_add_u64(out, h->has_ip4 ? h->ip4.tos : h->ip6.traffic_class);
}

static void put_id(const struct heads *h, struct str *out)
{
    if (h->has_ip4)
        str_add_u64(out, h->ip4.id);
}

static void put_dgmlen(const struct heads *h, struct str *out)
{
    if (h->has_ip4)
        str_add_u64(out, h->ip4.total_len);
    else if (h->has_ip6)
        str_add_u64(out, h->ip6.payload_len + (uint64_t)IP6_HEAD_LEN);
}

static void put_iplen(const struct heads *h, struct str *out)
{
    if (h->has_ip4 || h->has_ip6)
        str_add_u64(out, h->has_ip4 ? h->ip4.head_len : (uint64_t)IP6_HEAD_LEN);
}

static void put_icmptype(const struct heads *h, struct str *out)
{
    if (h->has_icmp)
        str_add_u64(out, h->icmp.type);
}

static void put_icmpcode(const struct heads *h, struct str *out)
{
    if (h->has_icmp)
        str_add_u64(out, h->icmp.code);
}

static void put_icmpid(const struct heads *h, struct str *out)
{
    if (h->has_icmp)
        str_add_u64(out, icmp4_id(&h->icmp));
}

static void put_icmpseq(const struct heads *h, struct str *out)
{
    if (h->has_icmp)
        str_add_u64(out, icmp4_seq(&h->icmp));
}

static void put_udplength(const struct heads *h, struct str *out)
{
    if (h->has_udp)
        str_add_u64(out, h->udp.len);
}

/* All TCP fields in one, and the UDP ones. */
static void put_trheader(const struct heads *h, struct str *out)
{
    if (h->has_tcp) {
        put_tcpflags(h, out);
        str_addf(out, " Seq: 0x%X Ack: 0x%X Win: 0x%X", h->tcp.seq, h->tcp.ack, h->tcp.window);
    } else if (h->has_udp) {
        str_addf(out, "Len: %u", h->udp.len);
    }
}

static const struct field {
    const char *name;
    field_fn *put;
} fields_known[] = {
    {"dgmlen", put_dgmlen},
    {"dst", put_dst},
    {"dstport", put_dstport},
    {"ethdst", put_ethdst},
    {"ethlen", put_ethlen},
    {"ethsrc", put_ethsrc},
    {"ethtype", put_ethtype},
    {"icmpcode", put_icmpcode},
    {"icmpid", put_icmpid},
    {"icmpseq", put_icmpseq},
    {"icmptype", put_icmptype},
    {"id", put_id},
    {"iplen", put_iplen},
    {"msg", put_msg},
    {"proto", put_proto},
    {"sig_generator", put_gid},
    {"sig_id", put_sid},
    {"sig_rev", put_rev},
    {"src", put_src},
    {"srcport", put_srcport},
    {"tcpack", put_tcpack},
    {"tcpflags", put_tcpflags},
    {"tcplen", put_tcplen},
    {"tcpln", put_tcplen},
    {"tcpseq", put_tcpseq},
    {"tcpwindow", put_tcpwindow},
    {"timestamp", put_timestamp},
    {"tos", put_tos},
    {"trheader", put_trheader},
    {"ttl", put_ttl},
    {"udplength", put_udplength},
};

static const struct field *find(const char *name, size_t len)
{
    for (size_t i = 0; i < ARRAY_COUNT(fields_known); i++)
        if (strlen(fields_known[i].name) == len && memcmp(fields_known[i].name, name, len) == 0)
            return &fields_known[i];
    return NULL;
}

static const char *list_of(const char *fields)
{
    return strcmp(fields, "default") == 0 ? all_fields : fields;
}

int alert_csv_check(const char *fields, struct err *e)
{
    for (const char *at = list_of(fields);; at++) {
        size_t len = strcspn(at, ",");
        if (!find(at, len))
            return err_set(e, -EINVAL, "\"%.*s\" is no field of alert_csv", (int)(len & 63), at);
        at += len;
        if (!*at)
            return 0;
    }
}

void alert_write_csv(const struct alert_text_style *style, const char *fields,
                     const struct alert *a, struct str *out)
{
    struct heads heads = {.alert = a, .style = style};
    read_heads(&heads);
    for (const char *at = list_of(fields);; at++) {
        size_t len = strcspn(at, ",");
        const struct field *field = find(at, len);
        if (field)
            field->put(&heads, out);
        at += len;
        if (!*at)
            break;
        str_add_char(out, ',');
    }
    str_add_char(out, '\n');
}
