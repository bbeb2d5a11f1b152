/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How zombies count.  The scan itself is tested by tests/lab and the world of the conformance
 * suite, which have one. */
#include "tool/scan/idle_transport.h"

#include <string.h>

#include "check.h"

enum { IDS = 6 };

static const struct {
    uint16_t id[IDS];
    unsigned step;
    const char *why;
} row[] = {
    {{1, 2, 3, 4, 5, 6}, 1, NULL},
    {{65533, 65534, 65535, 0, 1, 2}, 1, NULL},                     /* around the end */
    {{1, 2, 3, 5, 6, 7}, 1, NULL},                                 /* one stray packet */
    {{0x0100, 0x0200, 0x0300, 0x0400, 0x0500, 0x0600}, 256, NULL}, /* wrong byte order */
    {{0xff00, 0x0001, 0x0101, 0x0201, 0x0301, 0x0401}, 256, NULL}, /* and a carry */
    {{0, 0, 0, 0, 0, 0}, 0, "the same"},
    {{1, 4, 6, 9, 11, 13}, 0, "not idle"},
    {{1, 900, 40000, 3, 17, 60000}, 0, "do not count"},
    {{1, 2, 3, 4, 5, 900}, 0, "do not count"},
};

int scan_idle_transport_test(void)
{
    int failed = 0;
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        const char *why = NULL;
        CHECK_ROW(i, idle_step_of(row[i].id, IDS, &why) == row[i].step);
        CHECK_ROW(i, (why != NULL) == (row[i].why != NULL) &&
                         (!why || strstr(why, row[i].why) != NULL));
    }
    return failed;
}
