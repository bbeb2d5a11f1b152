/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A stack of Linux's kind is played, and its print compared line by line. */
#include "tool/scan/os/os_reply.h"

#include <stdio.h>
#include <string.h>

#include "check.h"
#include "core/base/clock.h"
#include "wire/packet/layer/icmp4.h"
#include "wire/packet/layer/ip4.h"
#include "wire/packet/layer/number.h"
#include "wire/packet/layer/tcp.h"

enum { ROOM = 1024, TTL = 64 };

static struct os_ask ask = {.src = {.family = ADDR_IP4, .byte = {10, 0, 0, 1}},
                            .dst = {.family = ADDR_IP4, .byte = {10, 0, 0, 2}},
                            .open_tcp = 22,
                            .closed_tcp = 23,
                            .closed_udp = 40000,
                            .seq = 1000,
                            .ack = 5000,
                            .ttl = TTL};

static void put_ip(struct bytes_out *out, uint8_t proto, bool df, uint16_t id, size_t len)
{
    struct ip4_head h = {
        .src = ask.dst, .dst = ask.src, .ttl = TTL, .proto = proto, .id = id, .dont_fragment = df};
    ip4_encode(out, &h, len);
}

/* One answering segment to a probe. */
static bool answer(struct os_seen *s, enum os_probe probe, struct tcp_head h, const char *data)
{
    uint8_t room[ROOM], body[ROOM];
    struct bytes_out out = bytes_out_of(room, ROOM), b = bytes_out_of(body, ROOM);
    struct packet p;
    size_t len = data ? strlen(data) : 0;
    h.src = os_probe_wants_open(probe) ? 22 : 23;
    h.dst = 40000;
    tcp_encode(&b, &h, &ask.dst, &ask.src, bytes_in_of(data, len));
    put_ip(&out, IP_PROTO_TCP, true, 0, bytes_out_len(&b));
    bytes_put(&out, body, bytes_out_len(&b));
    return packet_decode(&p, room, bytes_out_len(&out), PACKET_LINK_RAW_IP) == PACKET_OK &&
           os_reply_take(s, &ask, probe, &p, NULL);
}

static bool answer_echo(struct os_seen *s, enum os_probe probe, uint8_t code, bool df)
{
    uint8_t room[ROOM];
    struct bytes_out out = bytes_out_of(room, ROOM);
    struct packet p;
    struct icmp4_head h = {.type = ICMP4_TYPE_ECHO_REPLY, .code = code};
    put_ip(&out, IP_PROTO_ICMP, df, (uint16_t)(500 + probe), ICMP4_HEAD_LEN);
    icmp4_encode(&out, &h, bytes_in_of(NULL, 0));
    return packet_decode(&p, room, bytes_out_len(&out), PACKET_LINK_RAW_IP) == PACKET_OK &&
           os_reply_take(s, &ask, probe, &p, NULL);
}

/* "Port unreachable" with all of our datagram, `spoil` at an offset of it changed. */
static bool answer_udp(struct os_seen *s, int spoil)
{
    uint8_t ours[ROOM], room[ROOM];
    struct bytes_out o = bytes_out_of(ours, ROOM), out = bytes_out_of(room, ROOM);
    struct packet p, quoted;
    os_probe_build(&ask, OS_PROBE_U1, 40000, &o);
    if (spoil >= 0)
        ours[spoil] ^= 1;
    struct icmp4_head h = {.type = ICMP4_TYPE_UNREACHABLE, .code = ICMP4_CODE_PORT};
    put_ip(&out, IP_PROTO_ICMP, false, 1, ICMP4_HEAD_LEN + bytes_out_len(&o));
    icmp4_encode(&out, &h, bytes_in_of(ours, bytes_out_len(&o)));
    if (packet_decode(&p, room, bytes_out_len(&out), PACKET_LINK_RAW_IP) != PACKET_OK)
        return false;
    (void)packet_decode_quoted(&quoted, &p);
    return os_reply_take(s, &ask, OS_PROBE_U1, &p, &quoted);
}

static const uint8_t options[] = {2, 4, 5,   0xb4, 4,   2,   8, 10, 0, 0,
                                  0, 9, 255, 255,  255, 255, 1, 3,  3, 7};

static int linux_test(void)
{
    int failed = 0;
    struct os_seen s = {.distance = 1};
    static const char want[] = "OPS(O1=M5B4ST11NW7%O2=M5B4ST11NW7%O3=M5B4ST11NW7%O4=M5B4ST11NW7%O5="
                               "M5B4ST11NW7%O6=M5B4ST11NW7)\n"
                               "WIN(W1=FE88%W2=FE88%W3=FE88%W4=FE88%W5=FE88%W6=FE88)\n"
                               "ECN(R=Y%DF=Y%T=40%W=FAF0%O=M5B4ST11NW7%CC=Y%Q=)\n"
                               "T1(R=Y%DF=Y%T=40%S=O%A=S+%F=AS%RD=0%Q=)\n"
                               "T2(R=N)\nT3(R=N)\n"
                               "T4(R=Y%DF=Y%T=40%W=0%S=A%A=Z%F=R%O=%RD=0%Q=)\n"
                               "T5(R=Y%DF=Y%T=40%W=0%S=Z%A=S+%F=AR%O=%RD=0%Q=)\n"
                               "T6(R=N)\n"
                               "T7(R=Y%DF=Y%T=40%W=0%S=Z%A=S%F=AR%O=%RD=CBF43926%Q=RU)\n"
                               "U1(R=Y%DF=N%T=40%IPL=164%UN=0%RIPL=G%RID=G%RIPCK=G%RUCK=G%RUD=G)\n"
                               "IE(R=Y%DFI=S%T=40%CD=S)\n";
    for (enum os_probe probe = OS_PROBE_SEQ; probe <= OS_PROBE_SEQ_LAST; probe++) {
        s.seq[probe].sent_ns = NS_PER_S + (uint64_t)probe * 100 * NS_PER_MS;
        CHECK(
            answer(&s, probe,
                   (struct tcp_head){.seq = 77777U * (uint32_t)(probe + 1) * (uint32_t)(probe + 1),
                                     .ack = ask.seq + (uint32_t)probe + 1,
                                     .flags = TCP_SYN | TCP_ACK,
                                     .window = 0xfe88,
                                     .option = options,
                                     .option_len = sizeof options},
                   NULL));
    }
    CHECK(answer(&s, OS_PROBE_ECN,
                 (struct tcp_head){.flags = TCP_SYN | TCP_ACK | TCP_ECE,
                                   .window = 0xfaf0,
                                   .option = options,
                                   .option_len = sizeof options},
                 NULL));
    CHECK(answer(&s, OS_PROBE_T4, (struct tcp_head){.seq = ask.ack, .flags = TCP_RST}, NULL));
    CHECK(answer(&s, OS_PROBE_T5, (struct tcp_head){.ack = ask.seq + 1, .flags = TCP_RST | TCP_ACK},
                 NULL));
    CHECK(answer(
        &s, OS_PROBE_T7,
        (struct tcp_head){.ack = ask.seq, .flags = TCP_RST | TCP_ACK, .reserved = 8, .urgent = 1},
        "123456789"));
    CHECK(answer_echo(&s, OS_PROBE_IE1, 9, true) && answer_echo(&s, OS_PROBE_IE2, 0, false));
    CHECK(answer_udp(&s, -1));
    CHECK(!answer_udp(&s, -1)); /* a second time counts for nothing */
    os_reply_finish(&s, &ask);
    struct str text = str_of(0);
    os_print_format(&s.print, &text);
    const char *behind_seq = strchr(str_text(&text), '\n');
    if (!CHECK(behind_seq && strcmp(behind_seq + 1, want) == 0))
        printf("%s", str_text(&text));
    str_done(&text);
    return failed;
}

/* Offsets into our datagram as it comes back, and which value tells. */
static const struct {
    int spoil;
    const char *name, *want;
} spoils[] = {
    {-1, "RIPL", "G"},  {3, "RIPL", "149"}, {5, "RID", "1043"},
    {10, "RIPCK", "I"}, {30, "RUD", "I"},   {29, "RUD", "I"},
};

static int unreachable_test(void)
{
    int failed = 0;
    for (size_t i = 0; i < ARRAY_LEN(spoils); i++) {
        struct os_seen s = {0};
        CHECK_ROW(i, answer_udp(&s, spoils[i].spoil));
        const char *got = os_print_get(&s.print, OS_U1, spoils[i].name);
        CHECK_ROW(i, got && strcmp(got, spoils[i].want) == 0);
        CHECK_ROW(i, s.distance == 1); /* the quoted TTL is the one sent */
    }
    return failed;
}

static int silence_test(void)
{
    int failed = 0;
    struct os_seen s = {0};
    struct os_ask few = ask;
    few.closed_tcp = 0;
    os_reply_finish(&s, &few);
    struct str text = str_of(0);
    os_print_format(&s.print, &text);
    CHECK(strcmp(str_text(&text), "SEQ(R=N)\nOPS(R=N)\nWIN(R=N)\nECN(R=N)\nT1(R=N)\nT2(R=N)\n"
                                  "T3(R=N)\nT4(R=N)\nU1(R=N)\nIE(R=N)\n") == 0);
    str_done(&text);
    return failed;
}

/* Where the distance is not known the first TTL is a guess. */
static int guess_test(void)
{
    int failed = 0;
    struct os_seen s = {0};
    CHECK(answer(&s, OS_PROBE_T4, (struct tcp_head){.flags = TCP_RST}, NULL));
    CHECK(!answer(&s, OS_PROBE_SEQ, (struct tcp_head){.flags = TCP_RST}, NULL)); /* not open */
    os_reply_finish(&s, &ask);
    const char *tg = os_print_get(&s.print, OS_T4, "TG");
    CHECK(tg && strcmp(tg, "40") == 0 && !os_print_get(&s.print, OS_T4, "T"));
    return failed;
}

int os_os_reply_test(void)
{
    return linux_test() + unreachable_test() + silence_test() + guess_test();
}
