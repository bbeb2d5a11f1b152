/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wire/packet/print_icmp.h"

#include "wire/packet/layer/icmp4.h"
#include "wire/packet/layer/icmp6.h"
#include "wire/packet/layer/number.h"

/* What a message says, and what its file is called.  code -1: any. */
static const struct message {
    uint8_t type;
    int16_t code;
    const char *words, *file;
} messages[] = {
    {0, -1, "ECHO REPLY", "ECHO_REPLY"},
    {3, 0, "DESTINATION UNREACHABLE: NET UNREACHABLE", "NET_UNRCH"},
    {3, 1, "DESTINATION UNREACHABLE: HOST UNREACHABLE", "HST_UNRCH"},
    {3, 2, "DESTINATION UNREACHABLE: PROTOCOL UNREACHABLE", "PROTO_UNRCH"},
    {3, 3, "DESTINATION UNREACHABLE: PORT UNREACHABLE", "PORT_UNRCH"},
    {3, 4, "DESTINATION UNREACHABLE: FRAGMENTATION NEEDED, DF SET", "UNRCH_FRAG_NEEDED"},
    {3, 5, "DESTINATION UNREACHABLE: SOURCE ROUTE FAILED", "UNRCH_SOURCE_ROUTE_FAILED"},
    {3, 6, "DESTINATION UNREACHABLE: NET UNKNOWN", "UNRCH_NETWORK_UNKNOWN"},
    {3, 7, "DESTINATION UNREACHABLE: HOST UNKNOWN", "UNRCH_HOST_UNKNOWN"},
    {3, 8, "DESTINATION UNREACHABLE: HOST ISOLATED", "UNRCH_HOST_ISOLATED"},
    {3, 9, "DESTINATION UNREACHABLE: ADMINISTRATIVELY PROHIBITED NETWORK FILTERED",
     "UNRCH_PKT_FILTERED_NET"},
    {3, 10, "DESTINATION UNREACHABLE: ADMINISTRATIVELY PROHIBITED HOST FILTERED",
     "UNRCH_PKT_FILTERED_HOST"},
    {3, 11, "DESTINATION UNREACHABLE: NET UNREACHABLE FOR TOS", "UNRCH_NET_UNR_TOS"},
    {3, 12, "DESTINATION UNREACHABLE: HOST UNREACHABLE FOR TOS", "UNRCH_HOST_UNR_TOS"},
    {3, 13, "DESTINATION UNREACHABLE: ADMINISTRATIVELY PROHIBITED, PACKET FILTERED",
     "UNRCH_PACKET_FILT"},
    {3, 14, "DESTINATION UNREACHABLE: PREC VIOLATION", "UNRCH_PREC_VIOL"},
    {3, 15, "DESTINATION UNREACHABLE: PREC CUTOFF", "UNRCH_PREC_CUTOFF"},
    {3, -1, "DESTINATION UNREACHABLE: UNKNOWN", "UNKNOWN"},
    {4, -1, "SOURCE QUENCH", "SRC_QUENCH"},
    {5, 0, "REDIRECT NET", "REDIRECT"},
    {5, 1, "REDIRECT HOST", "REDIRECT"},
    {5, 2, "REDIRECT TOS NET", "REDIRECT"},
    {5, 3, "REDIRECT TOS HOST", "REDIRECT"},
    {5, -1, "REDIRECT UNKNOWN", "REDIRECT"},
    {8, -1, "ECHO", "ECHO"},
    {9, -1, "ROUTER ADVERTISEMENT", "UNKNOWN"},
    {10, -1, "ROUTER SOLICITATION", "UNKNOWN"},
    {11, 0, "TTL EXCEEDED IN TRANSIT", "TTL_EXCEED"},
    {11, 1, "TTL EXCEEDED TIME EXCEEDED IN FRAG REASSEMBLY", "TTL_EXCEED"},
    {11, -1, "TTL EXCEEDED", "TTL_EXCEED"},
    {12, -1, "PARAMETER PROBLEM", "PARAM_PROB"},
    {13, -1, "TIMESTAMP REQUEST", "TIMESTAMP"},
    {14, -1, "TIMESTAMP REPLY", "TIMESTAMP_RPL"},
    {15, -1, "INFO REQUEST", "INFO_REQ"},
    {16, -1, "INFO REPLY", "INFO_RPL"},
    {17, -1, "ADDRESS REQUEST", "ADDR"},
    {18, -1, "ADDRESS REPLY", "ADDR_RPL"},
};

static const struct message *find(uint8_t type, uint8_t code)
{
    for (size_t i = 0; i < ARRAY_COUNT(messages); i++)
        if (messages[i].type == type && (messages[i].code < 0 || messages[i].code == code))
            return &messages[i];
    return NULL;
}

const char *packet_print_icmp_file(const struct packet *p)
{
    const struct message *m = find(p->icmp_type, p->icmp_code);
    return p->transport == PACKET_ICMP4 && m ? m->file : "UNKNOWN";
}

static bool has_id(uint8_t type)
{
    return type == ICMP4_TYPE_ECHO || type == ICMP4_TYPE_ECHO_REPLY ||
           (type >= ICMP4_TYPE_TIMESTAMP && type <= ICMP4_TYPE_MASK_REPLY);
}

static void print_quoted(const struct packet_print *how, const struct packet *p, struct str *out)
{
    struct packet quoted;
    if (packet_decode_quoted(&quoted, p) != PACKET_OK)
        return;
    struct addr src = packet_src(&quoted), dst = packet_dst(&quoted);
    bool ports = packet_print_has_ports(&quoted);
    str_add(out, "** ORIGINAL DATAGRAM DUMP:\n");
    packet_print_end(how, &src, ports, quoted.src_port, out);
    str_add(out, " -> ");
    packet_print_end(how, &dst, ports, quoted.dst_port, out);
    str_add_char(out, '\n');
    packet_print_heads(how, &quoted, out);
    str_add(out, "** END OF DUMP\n");
}

void packet_print_icmp4(const struct packet_print *how, const struct packet *p, struct str *out)
{
    struct bytes_in in = packet_transport(p);
    struct icmp4_head h;
    if (!icmp4_decode(&in, &h))
        return;
    const struct message *m = find(h.type, h.code);
    str_addf(out, "Type:%u  Code:%u  ", h.type, h.code);
    if (has_id(h.type))
        str_addf(out, "ID:%u   Seq:%u  ", icmp4_id(&h), icmp4_seq(&h));
    str_add(out, m ? m->words : "UNKNOWN");
    if (h.type == ICMP4_TYPE_REDIRECT) {
        struct addr gateway = addr_ip4(h.rest);
        str_add(out, " NEW GW: ");
        packet_print_end(how, &gateway, false, 0, out);
    }
    str_add_char(out, '\n');
    if (icmp4_is_error(h.type) && !(p->flag & PACKET_FLAG_QUOTED))
        print_quoted(how, p, out);
}

void packet_print_icmp6(const struct packet *p, struct str *out)
{
    str_addf(out, "Type:%u  Code:%u\n", p->icmp_type, p->icmp_code);
}
