/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <string.h>

#include "check.h"
#include "core/base/str.h"
#include "tool/scan/port_spec.h"

static const char known[] =
    "ssh 22/tcp 0.2\nhttp 80/tcp 0.5\nhttps 443/tcp 0.3\nhttp-alt 8000/tcp 0.1\n"
    "domain 53/udp 0.4\ndomain 53/tcp 0.1\n";

static const struct {
    const char *text;
    unsigned protos;
    int rc;
    const char *tcp, *udp, *ip;
} row[] = {
    {"22", 1, 0, "22", "", ""},
    {"22,80,8000-8010", 1, 0, "22,80,8000-8010", "", ""},
    {"-", 1, 0, "1-65535", "", ""},
    {"-3", 1, 0, "1-3", "", ""},
    {"0-3", 1, 0, "0-3", "", ""}, /* port 0 only when it is asked for */
    {"65530-", 1, 0, "65530-65535", "", ""},
    {"T:22,U:53,54", 3, 0, "22", "53-54", ""}, /* a letter holds until the next */
    {"80,U:53", 3, 0, "80", "53,80", ""},
    {"ssh,http*", 1, 0, "22,80,443,8000", "", ""},
    {"domain", 3, 0, "53", "53", ""},
    {"[1-100]", 1, 0, "22,53,80", "", ""},
    {"[20-60,400-],9", 1, 0, "9,22,53,443,8000", "", ""},
    {"P:1,6,17", 8, 0, "", "", "1,6,17"},
    {"-", 8, 0, "", "", "0-255"},
    {"", 1, -EINVAL, "", "", ""},
    {"22,", 1, -EINVAL, "", "", ""},
    {",22", 1, -EINVAL, "", "", ""},
    {"65536", 1, -EINVAL, "", "", ""},
    {"99999999999999999999", 1, -EINVAL, "", "", ""},
    {"9-1", 1, -EINVAL, "", "", ""},
    {"1-2-3", 1, -EINVAL, "", "", ""},
    {"22x", 1, -EINVAL, "", "", ""},
    {"1,x$", 1, -EINVAL, "", "", ""},
    {"nosuchservice", 1, -EINVAL, "", "", ""},
    {"[22", 1, -EINVAL, "", "", ""},
    {"22]", 1, -EINVAL, "", "", ""},
    {"[[22]]", 1, -EINVAL, "", "", ""},
    {"P:256", 8, -EINVAL, "", "", ""},
    {"X:22", 1, -EINVAL, "", "", ""},
};

static bool set_is(const struct port_set *set, const char *text)
{
    struct str s = str_of(0);
    port_set_format(set, &s);
    bool same = strcmp(str_text(&s), text) == 0;
    str_done(&s);
    return same;
}

int scan_port_spec_test(void)
{
    int failed = 0;
    struct err e = {0};
    struct service_table services = {0};
    CHECK(service_table_parse(&services, known, strlen(known), "known", &e) == 0);
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        struct scan_ports ports = {0};
        e = (struct err){0};
        CHECK_ROW(i,
                  port_spec_parse(row[i].text, row[i].protos, &services, &ports, &e) == row[i].rc);
        CHECK_ROW(i, (row[i].rc == 0) == (e.text[0] == '\0'));
        if (row[i].rc == 0) {
            CHECK_ROW(i, set_is(&ports.of[SCAN_TCP], row[i].tcp));
            CHECK_ROW(i, set_is(&ports.of[SCAN_UDP], row[i].udp));
            CHECK_ROW(i, set_is(&ports.of[SCAN_IP], row[i].ip));
        }
    }
    service_table_done(&services);
    return failed;
}
