/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/outlet/alert_text.h"

#include <errno.h>
#include <string.h>

#include "check.h"
#include "wire/packet/pcap_file.h"
#include "wire/packet/print_frames_test.h"

static const char *const links[] = {"http://example.org/x", "cve,2001-1"};

typedef void write_fn(const struct alert_text_style *style, const struct alert *a, struct str *out);

static void write_csv_default(const struct alert_text_style *style, const struct alert *a,
                              struct str *out)
{
    alert_write_csv(style, "default", a, out);
}

static void write_csv_some(const struct alert_text_style *style, const struct alert *a,
                           struct str *out)
{
    alert_write_csv(style, "msg,udplength,trheader", a, out);
}

static const struct {
    write_fn *write;
    enum print_frame frame;
    struct alert alert; /* time, ends and packet are filled in */
    struct alert_text_style style;
    const char *text;
} rows[] = {
    {alert_write_fast,
     FRAME_UDP,
     {.gid = 1,
      .sid = 9510001,
      .rev = 3,
      .message = "example udp",
      .class_text = "Misc activity",
      .priority = 3},
     {{0}, false},
     "11/14-22:13:20.125000  [**] [1:9510001:3] example udp [**] [Classification: Misc activity] "
     "[Priority: 3] {UDP} 192.0.2.10:5000 -> 198.51.100.20:6003\n"},
    {alert_write_fast,
     FRAME_ECHO,
     {.gid = 1,
      .sid = 2,
      .rev = 1,
      .message = "a\nb [**] c",
      .interface = "eth0",
      .verdict = ALERT_WOULD_DROP},
     {{.year = true}, true},
     "11/14/23-22:13:20.125000  [WDrop] [**] [1:2:1]  <eth0> a b [* *] c [**] {ICMP} 192.0.2.10 -> "
     "198.51.100.20\n"},
    {alert_write_full,
     FRAME_UDP,
     {.gid = 1,
      .sid = 9,
      .rev = 3,
      .message = "example",
      .class_text = "Misc activity",
      .priority = 3,
      .reference = links,
      .reference_count = 2},
     {{0}, false},
     "[**] [1:9:3] example [**]\n"
     "[Classification: Misc activity] [Priority: 3] \n"
     "11/14-22:13:20.125000 192.0.2.10:5000 -> 198.51.100.20:6003\n"
     "UDP TTL:64 TOS:0x0 ID:1 IpLen:20 DgmLen:46 DF\n"
     "Len: 18\n"
     "[Xref => http://example.org/x][Xref => cve,2001-1]\n\n"},
    {alert_write_full,
     FRAME_FRAGMENT,
     {.gid = 123, .sid = 8, .rev = 1, .message = "overlap"},
     {{0}, false},
     "[**] [123:8:1] overlap [**]\n"
     "11/14-22:13:20.125000 192.0.2.10 -> 198.51.100.20\n"
     "UDP TTL:64 TOS:0x0 ID:1 IpLen:20 DgmLen:44 MF\n"
     "Frag Offset: 0x0003   Frag Size: 0x0018\n\n"},
    {alert_write_syslog,
     FRAME_UDP,
     {.gid = 1, .sid = 9, .rev = 3, .message = "m", .class_text = "C", .priority = 2},
     {{0}, false},
     "[1:9:3] m [Classification: C] [Priority: 2] {UDP} 192.0.2.10:5000 -> 198.51.100.20:6003"},
    {alert_write_winpopup,
     FRAME_UDP,
     {.gid = 1, .sid = 9, .rev = 3, .message = "m", .class_text = "C", .priority = 2},
     {{0}, false},
     "[**] m [**][Classification: C] [Priority: 2]:11/14-22:13:20.125000 "
     "192.0.2.10:5000->198.51.100.20:6003\n"},
    {write_csv_default,
     FRAME_TCP,
     {.gid = 1, .sid = 9, .rev = 3, .message = "say \"x\", y", .wire_len = 74},
     {{0}, false},
     "11/14-22:13:20.125000 ,1,9,3,\"say \"\"x\"\", y\",TCP,192.0.2.10,40000,198.51.100.20,80,"
     "02:00:00:00:00:01,02:00:00:00:00:02,0x4A,**U***S*,0x3E8,0x0,40,0x2000,64,0,1,60,20,,,,\n"},
    {write_csv_some,
     FRAME_UDP,
     {.gid = 1, .sid = 9, .rev = 3, .message = "m"},
     {{0}, false},
     "\"m\",26,Len: 26\n"},
};

static void fill(struct alert *a, const struct packet *p)
{
    a->wall_ns = UINT64_C(1700000000125000000);
    a->src = (struct endpoint){packet_src(p), p->src_port};
    a->dst = (struct endpoint){packet_dst(p), p->dst_port};
    a->ip_proto = p->ip_proto;
    a->packet = p;
    a->link = PCAP_LINK_ETHERNET;
}

static int test_formats(void)
{
    int failed = 0;
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        uint8_t bytes[PRINT_FRAME_MAX];
        struct packet p = make_print_frame(rows[i].frame, bytes);
        struct alert a = rows[i].alert;
        struct str text = str_of(0);
        fill(&a, &p);
        rows[i].write(&rows[i].style, &a, &text);
        CHECK_ROW(i, strcmp(str_text(&text), rows[i].text) == 0);
        str_done(&text);
    }
    return failed;
}

/* An alert without a packet (a preprocessor's) has a line all the same. */
static int test_without_packet(void)
{
    int failed = 0;
    const struct alert a = {.gid = 1, .sid = 2, .rev = 3, .message = "m"};
    struct str text = str_of(0);
    alert_write_syslog(&(struct alert_text_style){0}, &a, &text);
    CHECK(strcmp(str_text(&text), "m") == 0);
    str_reset(&text);
    alert_write_winpopup(&(struct alert_text_style){0}, &a, &text);
    CHECK(strcmp(str_text(&text), "[**] m [**]\n") == 0);
    str_reset(&text);
    alert_write_cmg(&(struct alert_text_style){0}, &a, &text);
    CHECK(strcmp(str_text(&text), "01/01-00:00:00.000000  [**] [1:2:3] m [**] \n") == 0);
    str_done(&text);
    return failed;
}

static int test_fields(void)
{
    int failed = 0;
    struct err e = {0};
    CHECK(alert_csv_check("default", &e) == 0);
    CHECK(alert_csv_check("timestamp,tcplen", &e) == 0);
    CHECK(alert_csv_check("timestamp,nosuch", &e) == -EINVAL && strstr(e.text, "nosuch"));
    CHECK(alert_csv_check("msg,", &e) == -EINVAL);
    CHECK(alert_csv_check("", &e) == -EINVAL);
    return failed;
}

int outlet_alert_text_test(void)
{
    return test_formats() + test_without_packet() + test_fields();
}
