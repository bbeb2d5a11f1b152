/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/scan/os/os_reply.h"

#include <stdio.h>
#include <string.h>

#include "core/base/str.h"
#include "tool/scan/os/os_sequence.h"
#include "wire/packet/checksum.h"
#include "wire/packet/layer/icmp4.h"
#include "wire/packet/layer/ip4.h"
#include "wire/packet/layer/tcp.h"
#include "wire/packet/layer/udp.h"

static const enum os_test test_of[OS_PROBES] = {
    [OS_PROBE_IE1] = OS_IE, [OS_PROBE_IE2] = OS_IE, [OS_PROBE_ECN] = OS_ECN, [OS_PROBE_T2] = OS_T2,
    [OS_PROBE_T3] = OS_T3,  [OS_PROBE_T4] = OS_T4,  [OS_PROBE_T5] = OS_T5,   [OS_PROBE_T6] = OS_T6,
    [OS_PROBE_T7] = OS_T7,  [OS_PROBE_U1] = OS_U1,
};

/* ---- TCP ---- */

/* "M5B4ST11NW7": the options in their order. */
static void add_options(const struct tcp_head *h, char to[OS_TEXT_MAX])
{
    struct str text = str_of(OS_TEXT_MAX - 1);
    struct bytes_in in = bytes_in_of(h->option, h->option_len);
    while (bytes_left(&in) && !in.bad) {
        uint8_t kind = bytes_u8(&in);
        if (kind == TCP_OPTION_END || kind == TCP_OPTION_NOP) { /* filler counts, too */
            str_add_char(&text, kind == TCP_OPTION_END ? 'L' : 'N');
            continue;
        }
        uint8_t len = bytes_u8(&in);
        struct bytes_in data = bytes_sub(&in, len >= 2 ? len - 2U : SIZE_MAX);
        if (kind == TCP_OPTION_MSS && len == 4)
            str_addf(&text, "M%X", bytes_u16be(&data));
        else if (kind == TCP_OPTION_WINDOW_SCALE && len == 3)
            str_addf(&text, "W%X", bytes_u8(&data));
        else if (kind == TCP_OPTION_SACK_PERMITTED)
            str_add_char(&text, 'S');
        else if (kind == TCP_OPTION_TIMESTAMP && len == 10) {
            bool value = bytes_u32be(&data) != 0, echo = bytes_u32be(&data) != 0;
            str_addf(&text, "T%d%d", value, echo);
        }
    }
    memcpy(to, in.bad ? "" : str_text(&text), in.bad ? 1 : text.len + 1);
    str_done(&text);
}

static void add_flags(const struct tcp_head *h, char to[9])
{
    static const struct {
        uint8_t flag;
        char letter;
    } rows[] = {{TCP_ECE, 'E'}, {TCP_URG, 'U'}, {TCP_ACK, 'A'}, {TCP_PSH, 'P'},
                {TCP_RST, 'R'}, {TCP_SYN, 'S'}, {TCP_FIN, 'F'}};
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++)
        if (h->flags & rows[i].flag)
            *to++ = rows[i].letter;
    *to = '\0';
}

/* CRC-32 (ISO 3309) of the text that some stacks put behind a reset. */
static uint32_t crc32_of(struct bytes_in data)
{
    uint32_t crc = UINT32_MAX;
    for (; data.pos < data.end; data.pos++) {
        crc ^= *data.pos;
        for (int bit = 0; bit < 8; bit++)
            crc = crc >> 1 ^ (crc & 1 ? 0xedb88320U : 0);
    }
    return ~crc;
}

static void set_df(struct os_seen *s, enum os_test test, const struct ip4_head *ip)
{
    os_print_set(&s->print, test, "DF", ip->dont_fragment ? "Y" : "N");
    s->ttl[test] = ip->ttl;
}

static void set_quirks(struct os_seen *s, enum os_test test, const struct tcp_head *h)
{
    os_print_set(&s->print, test, "Q", "%s%s", h->reserved ? "R" : "",
                 h->urgent && !(h->flags & TCP_URG) ? "U" : "");
}

/* What the segment's numbers are to those of the probe. */
static void set_numbers(struct os_seen *s, enum os_test test, const struct os_ask *ask,
                        uint32_t sent_seq, const struct tcp_head *h)
{
    os_print_set(&s->print, test, "S", "%s",
                 h->seq == 0              ? "Z"
                 : h->seq == ask->ack     ? "A"
                 : h->seq == ask->ack + 1 ? "A+"
                                          : "O");
    os_print_set(&s->print, test, "A", "%s",
                 h->ack == 0              ? "Z"
                 : h->ack == sent_seq     ? "S"
                 : h->ack == sent_seq + 1 ? "S+"
                                          : "O");
}

static void set_reset_data(struct os_seen *s, enum os_test test, const struct tcp_head *h,
                           const struct packet *p)
{
    struct bytes_in data = packet_payload(p);
    bool told = h->flags & TCP_RST && bytes_left(&data) > 0;
    os_print_set(&s->print, test, "RD", "%X", told ? crc32_of(data) : 0);
}

/* T2 to T7, and T1 (which has neither window nor options: WIN and OPS have them). */
static void take_segment(struct os_seen *s, enum os_test test, const struct os_ask *ask,
                         uint32_t sent_seq, const struct tcp_head *h, const struct ip4_head *ip,
                         const struct packet *p)
{
    char text[OS_TEXT_MAX], flags[9];
    add_options(h, text);
    add_flags(h, flags);
    os_print_set(&s->print, test, "R", "Y");
    set_df(s, test, ip);
    if (test != OS_T1) {
        os_print_set(&s->print, test, "W", "%X", h->window);
        os_print_set(&s->print, test, "O", "%s", text);
    }
    set_numbers(s, test, ask, sent_seq, h);
    os_print_set(&s->print, test, "F", "%s", flags);
    set_reset_data(s, test, h, p);
    set_quirks(s, test, h);
}

static void take_ecn(struct os_seen *s, const struct tcp_head *h, const struct ip4_head *ip)
{
    static const char *const told[] = {"N", "Y", "O", "S"}; /* none, ECE, CWR, both */
    char text[OS_TEXT_MAX];
    add_options(h, text);
    os_print_set(&s->print, OS_ECN, "R", "Y");
    set_df(s, OS_ECN, ip);
    os_print_set(&s->print, OS_ECN, "W", "%X", h->window);
    os_print_set(&s->print, OS_ECN, "O", "%s", text);
    os_print_set(&s->print, OS_ECN, "CC", "%s",
                 told[(h->flags & TCP_ECE ? 1 : 0) + (h->flags & TCP_CWR ? 2 : 0)]);
    set_quirks(s, OS_ECN, h);
}

static void take_seq(struct os_seen *s, const struct os_ask *ask, enum os_probe probe,
                     const struct tcp_head *h, const struct ip4_head *ip, const struct packet *p)
{
    char text[OS_TEXT_MAX], name[3];
    struct tcp_options options = tcp_options_of(h);
    struct os_seq_answer *a = &s->seq[probe];
    a->heard = true;
    a->isn = h->seq;
    a->ip_id = ip->id;
    a->has_timestamp = options.has_timestamp;
    a->timestamp = options.timestamp;
    add_options(h, text);
    snprintf(name, sizeof name, "O%d", probe + 1);
    os_print_set(&s->print, OS_OPS, name, "%s", text);
    name[0] = 'W';
    os_print_set(&s->print, OS_WIN, name, "%X", h->window);
    if (!s->print.has_test[OS_T1])
        take_segment(s, OS_T1, ask, ask->seq + (uint32_t)probe, h, ip, p);
}

static bool take_tcp(struct os_seen *s, const struct os_ask *ask, enum os_probe probe,
                     const struct packet *p, const struct ip4_head *ip)
{
    struct tcp_head h;
    struct bytes_in in = packet_transport(p);
    if (p->transport != PACKET_TCP || !tcp_decode(&in, &h))
        return false;
    bool wants_syn = probe <= OS_PROBE_SEQ_LAST || probe == OS_PROBE_ECN;
    if (wants_syn && (h.flags & (TCP_SYN | TCP_ACK)) != (TCP_SYN | TCP_ACK))
        return false; /* the port is not open: nothing of these tests can be told */
    if (probe <= OS_PROBE_SEQ_LAST)
        take_seq(s, ask, probe, &h, ip, p);
    else if (probe == OS_PROBE_ECN)
        take_ecn(s, &h, ip);
    else if (probe < OS_PROBES)
        take_segment(s, test_of[probe], ask, ask->seq, &h, ip, p);
    if (probe >= OS_PROBE_T5 && probe <= OS_PROBE_T7)
        s->closed_id[probe - OS_PROBE_T5] = ip->id;
    return true;
}

/* ---- ICMP ---- */

static bool take_echo(struct os_seen *s, enum os_probe probe, const struct packet *p,
                      const struct ip4_head *ip)
{
    size_t i = probe == OS_PROBE_IE2;
    if (p->transport != PACKET_ICMP4 || p->icmp_type != ICMP4_TYPE_ECHO_REPLY)
        return false;
    s->echo_id[i] = ip->id;
    s->echo_code[i] = p->icmp_code;
    s->echo_df[i] = ip->dont_fragment;
    if (i == 0)
        s->ttl[OS_IE] = ip->ttl;
    return true;
}

/* The quoted IP head's checksum: right, zero, or wrong. */
static char sum_of_quoted(const struct packet *quoted)
{
    struct bytes_in in = packet_net(quoted);
    const uint8_t *start = in.pos;
    struct ip4_head ip;
    (void)ip4_decode(&in, &ip);
    if (ip.sum == 0)
        return 'Z';
    return ip.head_len >= IP4_HEAD_LEN && checksum_of(start, ip.head_len) == 0 ? 'G' : 'I';
}

/* What came back of our 300 bytes. */
static bool is_data_whole(struct bytes_in data)
{
    for (; data.pos < data.end; data.pos++)
        if (*data.pos != OS_U1_BYTE)
            return false;
    return true;
}

static void set_good_or(struct os_seen *s, const char *name, unsigned value, unsigned good)
{
    if (value == good)
        os_print_set(&s->print, OS_U1, name, "G");
    else
        os_print_set(&s->print, OS_U1, name, "%X", value);
}

/* The checksum that our datagram had. */
static uint16_t sent_udp_sum(const struct os_ask *ask, uint16_t our_port)
{
    uint8_t room[512];
    struct bytes_out out = bytes_out_of(room, sizeof room);
    os_probe_build(ask, OS_PROBE_U1, our_port, &out);
    return (uint16_t)(room[IP4_HEAD_LEN + 6] << 8 | room[IP4_HEAD_LEN + 7]);
}

static bool take_unreachable(struct os_seen *s, const struct os_ask *ask, const struct packet *p,
                             const struct packet *quoted, const struct ip4_head *ip)
{
    struct icmp4_head icmp;
    struct ip4_head inner;
    struct udp_head udp;
    if (!quoted || p->icmp_type != ICMP4_TYPE_UNREACHABLE || p->icmp_code != ICMP4_CODE_PORT)
        return false;
    struct bytes_in in = packet_transport(p), net = packet_net(quoted),
                    body = packet_transport(quoted);
    (void)icmp4_decode(&in, &icmp);
    (void)ip4_decode(&net, &inner);
    (void)udp_decode(&body, &udp);
    os_print_set(&s->print, OS_U1, "R", "Y");
    set_df(s, OS_U1, ip);
    os_print_set(&s->print, OS_U1, "IPL", "%X", ip->total_len);
    os_print_set(&s->print, OS_U1, "UN", "%X", icmp.rest);
    set_good_or(s, "RIPL", inner.total_len, OS_U1_TOTAL);
    set_good_or(s, "RID", inner.id, OS_U1_ID);
    os_print_set(&s->print, OS_U1, "RIPCK", "%c", sum_of_quoted(quoted));
    set_good_or(s, "RUCK", udp.sum, sent_udp_sum(ask, quoted->src_port));
    os_print_set(&s->print, OS_U1, "RUD", is_data_whole(body) ? "G" : "I");
    if (!s->distance && inner.ttl && inner.ttl <= ask->ttl)
        s->distance = (uint8_t)(ask->ttl - inner.ttl + 1);
    return true;
}

bool os_reply_take(struct os_seen *seen, const struct os_ask *ask, enum os_probe probe,
                   const struct packet *packet, const struct packet *quoted)
{
    struct bytes_in in = packet_net(packet);
    struct ip4_head ip;
    bool taken = false;
    if (seen->heard[probe] || packet->net != PACKET_IP4 || !ip4_decode(&in, &ip))
        return false;
    if (probe == OS_PROBE_U1)
        taken = take_unreachable(seen, ask, packet, quoted, &ip);
    else if (quoted)
        taken = false; /* a filter's word is no answer of the stack */
    else if (probe == OS_PROBE_IE1 || probe == OS_PROBE_IE2)
        taken = take_echo(seen, probe, packet, &ip);
    else
        taken = take_tcp(seen, ask, probe, packet, &ip);
    seen->heard[probe] = taken;
    return taken;
}

/* ---- the end ---- */

static void finish_echo(struct os_seen *s)
{
    if (!s->heard[OS_PROBE_IE1] || !s->heard[OS_PROBE_IE2])
        return;
    const bool *df = s->echo_df;
    const uint8_t *code = s->echo_code;
    os_print_set(&s->print, OS_IE, "R", "Y");
    os_print_set(&s->print, OS_IE, "DFI", "%s",
                 df[0] && df[1] ? "Y"
                 : df[0]        ? "S"
                 : df[1]        ? "O"
                                : "N");
    if (code[0] == 9 && code[1] == 0)
        os_print_set(&s->print, OS_IE, "CD", "S");
    else if (code[0] != code[1])
        os_print_set(&s->print, OS_IE, "CD", "O");
    else if (code[0] == 0)
        os_print_set(&s->print, OS_IE, "CD", "Z");
    else
        os_print_set(&s->print, OS_IE, "CD", "%X", code[0]);
}

/* The TTL that the answer began with: known where the distance is, else guessed. */
static void finish_ttls(struct os_seen *s)
{
    for (enum os_test t = OS_ECN; t < OS_TESTS; t++) {
        unsigned ttl = s->ttl[t];
        if (!ttl || !s->print.has_test[t])
            continue;
        if (s->distance)
            os_print_set(&s->print, t, "T", "%X", ttl + s->distance - 1);
        else
            os_print_set(&s->print, t, "TG", "%X",
                         ttl <= 32    ? 32U
                         : ttl <= 64  ? 64U
                         : ttl <= 128 ? 128U
                                      : 255U);
    }
}

/* Options and windows count only where all six answers came. */
static void finish_six(struct os_seen *s, const struct os_ask *ask)
{
    size_t heard = 0;
    for (size_t i = 0; i < OS_SEQ_PROBES; i++)
        heard += s->seq[i].heard;
    for (enum os_test t = OS_OPS; t <= OS_WIN && heard < OS_SEQ_PROBES; t++) {
        s->print.has_test[t] = false;
        memset(s->print.has_value[t], 0, sizeof s->print.has_value[t]);
        if (heard == 0 && ask->open_tcp)
            os_print_set(&s->print, t, "R", "N");
    }
    if (heard == 0 && ask->open_tcp)
        os_print_set(&s->print, OS_SEQ, "R", "N");
}

void os_reply_finish(struct os_seen *s, const struct os_ask *ask)
{
    finish_echo(s);
    finish_six(s, ask);
    os_sequence_make(s);
    finish_ttls(s);
    for (enum os_test t = OS_ECN; t < OS_TESTS; t++) {
        bool open = t >= OS_ECN && t <= OS_T4, closed = t >= OS_T5 && t <= OS_T7;
        bool asked = open ? ask->open_tcp : closed ? ask->closed_tcp : true;
        if (asked && !s->print.has_test[t])
            os_print_set(&s->print, t, "R", "N");
    }
}
