/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/outlet/eve.h"

#include <stdio.h>
#include <string.h>

#include "check.h"

int outlet_eve_test(void);

/* 2026-11-24 17:00:00 UTC and 123456789 ns */
static const uint64_t when_ns = 1795539600123456789;

#define STAMP "{\"timestamp\":\"2026-11-24T17:00:00.123456+0000\","
#define SRC   "\"src_ip\":\"192.0.2.7\",\"src_port\":40000,"
#define DST   "\"dest_ip\":\"2001:db8::1\",\"dest_port\":22,"

#define FROM                                                                                       \
    {                                                                                              \
        .family = ADDR_IP4, .byte = { 192, 0, 2, 7 }                                               \
    }
#define TO                                                                                         \
    {                                                                                              \
        .family = ADDR_IP6, .byte = { 0x20, 1, 0x0d, 0xb8, [15] = 1 }                              \
    }

#define ENDPOINTS .src = {FROM, 40000}, .dst = {TO, 22}

static const char *line_of(const struct event *e, struct str *out)
{
    str_reset(out);
    eve_format(e, out);
    return str_text(out);
}

static const struct {
    struct event event;
    const char *line;
} row[] = {
    /* an alert with all its parts; a stranger's quotes do no harm */
    {{.id = 9007199254740993,
      .kind = EVENT_ALERT,
      .severity = SEVERITY_HIGH,
      .strength = STRENGTH_HELD,
      ENDPOINTS,
      .ip_proto = 6,
      .flow_id = 77,
      .gid = 1,
      .sid = 1000001,
      .rev = 3,
      .sensor = "eth0",
      .summary = "say \"hi\"\n"},
     STAMP "\"flow_id\":77,\"sensor\":\"eth0\",\"event_type\":\"alert\"," SRC DST
           "\"proto\":\"TCP\",\"alert\":{\"action\":\"allowed\",\"gid\":1,"
           "\"signature_id\":1000001,\"rev\":3,\"signature\":\"say \\\"hi\\\"\\n\","
           "\"category\":\"\",\"severity\":1},\"picket\":{\"id\":\"9007199254740993\","
           "\"severity\":\"high\",\"strength\":\"held\",\"wish\":\"none\"}}\n"},
    /* detail of the alert goes into it, the rest beside it; a dropped packet is blocked */
    {{.kind = EVENT_ALERT,
      .severity = SEVERITY_INFO,
      .wish = {.action = WISH_DROP},
      .json = "{\"alert\":{\"category\":\"a } \\\" b\",\"x\":{}},\"http\":{\"url\":\"/\"}}"},
     STAMP "\"event_type\":\"alert\",\"alert\":{\"action\":\"blocked\",\"gid\":0,"
           "\"signature_id\":0,\"rev\":0,\"signature\":\"\",\"severity\":4,"
           "\"category\":\"a } \\\" b\",\"x\":{}},\"http\":{\"url\":\"/\"},"
           "\"picket\":{\"severity\":\"info\",\"strength\":\"claimed\",\"wish\":\"drop\"}}\n"},
    /* nothing but the alert's detail */
    {{.kind = EVENT_ALERT, .json = "{\"alert\":{\"category\":\"c\"}}"},
     STAMP "\"event_type\":\"alert\",\"alert\":{\"action\":\"allowed\",\"gid\":0,"
           "\"signature_id\":0,\"rev\":0,\"signature\":\"\",\"severity\":4,"
           "\"category\":\"c\"},"
           "\"picket\":{\"severity\":\"info\",\"strength\":\"claimed\",\"wish\":\"none\"}}\n"},
    /* a protocol record: its own type, no alert, empty detail */
    {{.kind = EVENT_PROTOCOL, .type = "dns", .ip_proto = 17, ENDPOINTS, .json = "{}"},
     STAMP "\"event_type\":\"dns\"," SRC DST "\"proto\":\"UDP\","
           "\"picket\":{\"severity\":\"info\",\"strength\":\"claimed\",\"wish\":\"none\"}}\n"},
    /* no ports where the protocol has none; a ban with its time and words */
    {{.kind = EVENT_TRAP,
      .severity = SEVERITY_MEDIUM,
      .strength = STRENGTH_ECHOED,
      .src = {FROM, 0},
      .ip_proto = 1,
      .wish = {WISH_BAN, 600},
      .summary = "probe"},
     STAMP "\"event_type\":\"trap\",\"src_ip\":\"192.0.2.7\",\"proto\":\"ICMP\","
           "\"picket\":{\"severity\":\"medium\",\"strength\":\"echoed\",\"wish\":\"ban\","
           "\"ban_s\":600,\"summary\":\"probe\"}}\n"},
    /* a protocol without a name; port 0 of TCP is a port */
    {{.kind = EVENT_ANOMALY, .ip_proto = 99},
     STAMP "\"event_type\":\"anomaly\","
           "\"proto\":\"099\","
           "\"picket\":{\"severity\":\"info\",\"strength\":\"claimed\",\"wish\":\"none\"}}\n"},
    {{.kind = EVENT_ANOMALY, .ip_proto = 6, .src = {FROM, 0}},
     STAMP "\"event_type\":\"anomaly\",\"src_ip\":\"192.0.2.7\",\"src_port\":0,\"proto\":\"TCP\","
           "\"picket\":{\"severity\":\"info\",\"strength\":\"claimed\",\"wish\":\"none\"}}\n"},
};

static int check_rows(void)
{
    int failed = 0;
    struct str out = str_of(0);
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        struct event e = row[i].event;
        e.wall_ns = when_ns;
        if (!CHECK_ROW(i, strcmp(line_of(&e, &out), row[i].line) == 0))
            printf("got  %swant %s", str_text(&out), row[i].line);
    }
    str_done(&out);
    return failed;
}

/* Each kind has a line with its own name, and lines are appended, not replaced. */
static int check_kinds(void)
{
    int failed = 0;
    struct str out = str_of(0);
    for (int kind = 0; kind < EVENT_KIND_COUNT; kind++) {
        char want[64];
        size_t before = out.len;
        struct event e = {.kind = (enum event_kind)kind};
        snprintf(want, sizeof want, "\"event_type\":\"%s\"", event_kind_name(e.kind));
        eve_format(&e, &out);
        CHECK_ROW(kind, strstr(out.text + before, want) != NULL);
        CHECK_ROW(kind,
                  (strstr(out.text + before, "\"alert\":{") != NULL) == (kind == EVENT_ALERT));
    }
    str_done(&out);
    return failed;
}

int outlet_eve_test(void)
{
    return check_rows() + check_kinds();
}
