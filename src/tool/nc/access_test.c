/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/nc/access.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check.h"
#include "sys/io/file.h"

int nc_access_test(void)
{
    static const struct {
        const char *items, *in, *out;
    } row[] = {
        {"127.0.0.50", "127.0.0.50", "127.0.0.51"},
        {"127.0.0.10-20,127.0.1.0/24", "127.0.0.20", "127.0.0.21"},
        {"127.0.0.10-20,127.0.1.0/24", "127.0.1.255", "127.0.2.0"},
        {"10.*.0.1-2", "10.200.0.2", "10.200.1.1"},
        {"10.0.0.250-", "10.0.0.255", "10.0.0.249"},
        {"::1,2001:db8::/32 # remark 10.0.0.1\n", "2001:db8:ffff::1", "10.0.0.1"},
        {"10.0.0.1", "::ffff:10.0.0.1", "::1"}, /* mapped: the same host */
    };
    static const char *const bad[] = {"10.0.0.20-10", "10.0.0.256", "10.0.0", "no name/8", "a.b/x"};
    int failed = 0;
    struct err e = {0};
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        struct nc_options o = {.no_dns = true};
        struct access_list a;
        struct addr in, out;
        CHECK_ROW(i, addr_parse(&in, row[i].in, &e) == 0 && addr_parse(&out, row[i].out, &e) == 0);
        text_list_add(&o.allow, row[i].items);
        CHECK_ROW(i, access_list_load(&a, &o, &e) == 0);
        CHECK_ROW(i, access_list_permits(&a, &in) && !access_list_permits(&a, &out));
        access_list_done(&a);
        o.deny = o.allow;
        o.allow = (struct text_list){0};
        CHECK_ROW(i, access_list_load(&a, &o, &e) == 0);
        CHECK_ROW(i, !access_list_permits(&a, &in) && access_list_permits(&a, &out));
        access_list_done(&a);
        text_list_done(&o.deny);
    }
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        struct cidr_set set = {0};
        CHECK_ROW(i, access_list_add(&set, bad[i], true, &e) == -EINVAL);
        cidr_set_done(&set);
    }
    struct nc_options o = {.no_dns = true};
    struct access_list a;
    struct addr any = addr_ip4(0x0a000001);
    CHECK(access_list_load(&a, &o, &e) == 0 && access_list_permits(&a, &any));
    access_list_done(&a);
    text_list_add(&o.allow_file, "/no/such/file");
    CHECK(access_list_load(&a, &o, &e) == -ENOENT);
    access_list_done(&a);
    text_list_done(&o.allow_file);
    return failed;
}
