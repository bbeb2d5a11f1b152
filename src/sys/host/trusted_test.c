/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sys/host/trusted.h"

#include <stdlib.h>
#include <unistd.h>

#include "check.h"
#include "core/base/mem.h"
#include "sys/io/file.h"
#include "test_folder.h"

static const char resolv_conf[] = "# nameserver 203.0.113.1\n"
                                  "nameserver 192.0.2.53\n"
                                  "nameserver\t2001:db8::53 \n"
                                  "nameserver nonsense\n"
                                  "search example.net\n"
                                  "nameserver";

static const struct {
    const char *addr;
    bool trusted;
} rows[] = {
    {"192.0.2.53", true},    {"2001:db8::53", true}, {"203.0.113.1", false},
    {"127.0.0.9", true},     {"::1", true},          {"224.0.0.251", true},
    {"ff02::fb", true},      {"0.0.0.0", true},      {"255.255.255.255", true},
    {"198.51.100.7", false},
};

int host_trusted_test(void)
{
    int failed = 0;
    struct err e = {0};
    struct trusted t = {0};
    char folder[TEST_FOLDER_MAX], path[TEST_FOLDER_MAX + 16];
    CHECK(test_folder_make(folder));
    snprintf(path, sizeof path, "%s/resolv.conf", folder);
    CHECK(file_replace(path, resolv_conf, sizeof resolv_conf - 1, 0600, &e) == 0);
    for (int again = 0; again < 2; again++) { /* a second read replaces the first */
        CHECK(trusted_read(&t, path, &e) == 0);
        for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
            struct addr a;
            CHECK_ROW(i, addr_parse(&a, rows[i].addr, &e) == 0);
            CHECK_ROW(i, cidr_set_has(&t.all, &a) == rows[i].trusted);
        }
    }
    struct addr loopback = addr_ip4(0x7f000001), multicast = addr_ip4(0xe0000001);
    CHECK(cidr_set_has(&t.own, &loopback) && !cidr_set_has(&t.own, &multicast));
    CHECK(trusted_read(&t, "/proc/no/such", &e) == 0);
    trusted_done(&t);
    CHECK(test_folder_remove(folder));
    return failed;
}
