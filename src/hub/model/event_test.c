/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "check.h"
#include "hub/model/event.h"

int model_event_test(void)
{
    int failed = 0;
    for (int i = 0; i < EVENT_KIND_COUNT; i++)
        CHECK_ROW(i, event_kind_from_name(event_kind_name((enum event_kind)i)) == i);
    CHECK(strcmp(event_kind_name(EVENT_ALERT), "alert") == 0);
    CHECK(strcmp(event_kind_name(EVENT_KIND_COUNT), "?") == 0);
    CHECK(event_kind_from_name("http") == EVENT_PROTOCOL);
    CHECK(event_kind_from_name("Alert") == EVENT_PROTOCOL); /* names are exact */
    CHECK(event_kind_from_name("") == -1);
    return failed;
}
