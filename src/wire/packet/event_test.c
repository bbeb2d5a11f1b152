/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wire/packet/event.h"

#include <string.h>

#include "check.h"

int packet_event_test(void)
{
    int failed = 0;
    CHECK(packet_event_find("decoder.", "ipv4.pkt_too_small") == EVENT_IPV4_PKT_TOO_SMALL);
    CHECK(packet_event_find("stream.", "3whs_syn_flood") == EVENT_STREAM_3WHS_SYN_FLOOD);
    CHECK(packet_event_find("stream.", "ipv4.pkt_too_small") == -1);
    CHECK(packet_event_find("", "decoder.ipv4.pkt_too_small") == EVENT_IPV4_PKT_TOO_SMALL);
    CHECK(packet_event_find_snort(0, 0) == -1); /* rows without a number of Snort's */
    CHECK(packet_event_is_stream(EVENT_STREAM_3WHS_SYN_FLOOD));
    CHECK(!packet_event_is_stream(EVENT_IPV4_PKT_TOO_SMALL));
    for (int i = 0; i < PACKET_EVENT_COUNT; i++)
        CHECK_ROW(i, packet_event_find("", packet_event_row[i].name) == i); /* no name twice */
    struct event_list list = {0};
    for (int i = 0; i < EVENT_LIST_MAX + 1; i++)
        event_list_add(&list, (enum packet_event)i);
    CHECK(list.count == EVENT_LIST_MAX);
    CHECK(event_list_has(&list, 0) && !event_list_has(&list, (enum packet_event)EVENT_LIST_MAX));
    return failed;
}
