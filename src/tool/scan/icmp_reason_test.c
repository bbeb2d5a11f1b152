/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "check.h"
#include "tool/scan/icmp_reason.h"

int scan_icmp_reason_test(void)
{
    int failed = 0;
    static const struct {
        bool ip6;
        int type, code;
        bool known;
        enum scan_reason reason;
    } row[] = {
        {false, 3, 0, true, SCAN_REASON_NET_UNREACH},
        {false, 3, 3, true, SCAN_REASON_PORT_UNREACH},
        {false, 3, 13, true, SCAN_REASON_ADMIN_PROHIBITED},
        {false, 3, 77, true, SCAN_REASON_DEST_UNREACH},
        {false, 11, 0, true, SCAN_REASON_TIME_EXCEEDED},
        {false, 0, 0, false, 0}, /* an echo reply is no error */
        {false, 5, 1, false, 0}, /* a redirect says nothing about the target */
        {true, 1, 4, true, SCAN_REASON_PORT_UNREACH},
        {true, 1, 3, true, SCAN_REASON_HOST_UNREACH},
        {true, 1, 0, true, SCAN_REASON_NO_ROUTE},
        {true, 1, 2, true, SCAN_REASON_BEYOND_SCOPE},
        {true, 1, 5, true, SCAN_REASON_ADMIN_PROHIBITED},
        {true, 1, 6, true, SCAN_REASON_REJECT_ROUTE},
        {true, 1, 77, true, SCAN_REASON_DEST_UNREACH},
        {true, 3, 0, true, SCAN_REASON_TIME_EXCEEDED},
        {true, 129, 0, false, 0},
        {true, 2, 0, false, 0},
        {false, -1, -1, false, 0},
    };
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        enum scan_reason reason = SCAN_REASON_COUNT;
        CHECK_ROW(i, icmp_reason_of(row[i].ip6, row[i].type, row[i].code, &reason) == row[i].known);
        CHECK_ROW(i, !row[i].known || reason == row[i].reason);
    }
    return failed;
}
