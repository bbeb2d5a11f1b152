/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "check.h"
#include "core/base/clock.h"
#include "tool/scan/service/fingerprint.h"

int service_fingerprint_test(void)
{
    int failed = 0;
    struct str out = str_of(0);
    struct fingerprint_head head = {SCAN_TCP, 31337, true, 7, 1700000000 * NS_PER_S};
    fingerprint_begin(&out, &head);
    fingerprint_add(&out, "NULL", "a \0001\0b\r\n\t.\"|\xff", 13);
    fingerprint_end(&out);
    static const char begin[] = "SF-Port31337-TCP:V=" PICKET_VERSION "%T=SSL%I=7%D=11/14%Time="
                                "6553F100%P=";
    static const char end[] = "%r(NULL,D,\"a\\x20\\x001\\0b\\r\\n\\t\\.\\\"\\|\\xff\");";
    CHECK(strncmp(out.text, begin, strlen(begin)) == 0);
    CHECK(strcmp(out.text + out.len - strlen(end), end) == 0);
    str_reset(&out);
    static char big[20000];
    memset(big, 'x', sizeof big);
    for (int i = 0; i < 10; i++)
        fingerprint_add(&out, "Big", big, sizeof big);
    CHECK(out.len < 4000 && strstr(out.text, "%r(Big,384,")); /* told in part, and says so */
    str_done(&out);
    return failed;
}
