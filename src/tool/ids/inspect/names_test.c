/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "check.h"
#include "tool/ids/inspect/inspect.h"

int inspect_names_test(void)
{
    int failed = 0;
    CHECK(inspect_proto_find("http") == INSPECT_HTTP_ANY);
    CHECK(inspect_proto_find("http1") == INSPECT_HTTP1);
    CHECK(inspect_proto_find("dns") == INSPECT_DNS);
    CHECK(inspect_proto_find("unknown") == -1); /* no protocol a rule may ask for */
    CHECK(inspect_proto_covers(INSPECT_HTTP_ANY, INSPECT_HTTP2));
    CHECK(!inspect_proto_covers(INSPECT_HTTP1, INSPECT_HTTP2));
    CHECK(inspect_proto_covers(INSPECT_DNS, INSPECT_DOH2));
    for (int i = 0; i < BUFFER_COUNT; i++) /* no name twice */
        CHECK_ROW(i, buffer_find(buffer_row[i].name) == i);
    for (int i = 0; i < NUMBER_COUNT; i++)
        CHECK_ROW(i, number_find(number_row[i].name) == i);
    for (int i = 0; i < INSPECT_EVENT_COUNT; i++)
        CHECK_ROW(i, inspect_event_find(inspect_event_name((enum inspect_event)i)) == i);
    CHECK(buffer_find("http.uri") == BUFFER_HTTP_URI);
    CHECK(buffer_row[BUFFER_HTTP_HEADER_RAW].progress == HTTP_HEADERS + 1);
    CHECK(buffer_find("nothing") == -1 && inspect_event_find("nothing") == -1);
    return failed;
}
