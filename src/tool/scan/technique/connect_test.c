/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>

#include "check.h"
#include "tool/scan/technique/technique.h"

int technique_connect_test(void)
{
    int failed = 0;
    static const struct {
        int error;
        bool ip6;
        int type, code;
        enum scan_state state;
        enum scan_reason reason;
    } row[] = {
        {0, false, -1, -1, SCAN_OPEN, SCAN_REASON_SYN_ACK},
        {-ECONNREFUSED, false, -1, -1, SCAN_CLOSED, SCAN_REASON_CONN_REFUSED},
        {-ECONNREFUSED, false, 3, 3, SCAN_CLOSED, SCAN_REASON_CONN_REFUSED},
        {-EHOSTUNREACH, false, 3, 1, SCAN_FILTERED, SCAN_REASON_HOST_UNREACH},
        {-EHOSTUNREACH, false, 3, 13, SCAN_FILTERED,
         SCAN_REASON_ADMIN_PROHIBITED}, /* finer than errno */
        {-EHOSTUNREACH, false, 3, 10, SCAN_FILTERED, SCAN_REASON_HOST_PROHIBITED},
        {-ENETUNREACH, false, 3, 9, SCAN_FILTERED, SCAN_REASON_NET_PROHIBITED},
        {-ENOPROTOOPT, false, 3, 2, SCAN_FILTERED, SCAN_REASON_PROTO_UNREACH},
        {-EHOSTUNREACH, false, 3, 99, SCAN_FILTERED, SCAN_REASON_DEST_UNREACH},
        {-EHOSTUNREACH, false, 11, 0, SCAN_FILTERED, SCAN_REASON_TIME_EXCEEDED},
        {-EHOSTUNREACH, false, 5, 0, SCAN_FILTERED,
         SCAN_REASON_HOST_UNREACH}, /* a redirect is no error */
        {-EACCES, true, 1, 1, SCAN_FILTERED, SCAN_REASON_ADMIN_PROHIBITED},
        {-ECONNREFUSED, true, 1, 4, SCAN_CLOSED, SCAN_REASON_CONN_REFUSED},
        {-ENETUNREACH, false, -1, -1, SCAN_FILTERED, SCAN_REASON_NET_UNREACH},
        {-EIO, false, -1, -1, SCAN_FILTERED, SCAN_REASON_UNKNOWN},
    };
    const struct scan_technique *t = scan_technique_find("connect");
    CHECK(t && !scan_technique_find("none"));
    for (size_t i = 0; t && i < ARRAY_LEN(row); i++) {
        struct scan_verdict v = t->judge_socket(row[i].error, row[i].ip6, row[i].type, row[i].code);
        CHECK_ROW(i, v.state == row[i].state && v.because.reason == row[i].reason);
    }
    return failed;
}
