/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <string.h>

#include "check.h"
#include "tool/scan/data/service_table.h"

static const char sample[] = "# a remark\n"
                             "ssh\t22/tcp\t0.182286\t# Secure Shell\n"
                             "http\t80/tcp\t0.484143\n"
                             "http-alt\t8000/tcp\t0.1\n"
                             "domain 53/udp 0.2\n"
                             "www\t80/tcp\t0.0\n"
                             "atalk\t4/ddp\n"
                             "last 65535/tcp";

static void check_names(int *failures, const struct service_table *t)
{
    int failed = 0;
    static const struct {
        enum scan_proto proto;
        uint16_t port;
        const char *name;
    } row[] = {
        {SCAN_TCP, 22, "ssh"},    {SCAN_UDP, 22, NULL},
        {SCAN_TCP, 80, "http"}, /* the likelier of two */
        {SCAN_UDP, 53, "domain"}, {SCAN_TCP, 65535, "last"},
        {SCAN_TCP, 4, NULL},
    };
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        const char *name = service_table_name(t, row[i].proto, row[i].port);
        CHECK_ROW(i, name ? row[i].name && strcmp(name, row[i].name) == 0 : !row[i].name);
    }
    *failures += failed;
}

static int protocols_test(void)
{
    int failed = 0;
    struct service_table t = {0};
    struct err e = {0};
    static const char *const bad_protocols[] = {"tcp\n", "tcp x\n", "tcp 256\n", "tcp 1000\n"};
    for (size_t i = 0; i < ARRAY_LEN(bad_protocols); i++) {
        CHECK_ROW(i, service_table_parse_protocols(&t, bad_protocols[i], strlen(bad_protocols[i]),
                                                   "f", &e) == -EINVAL);
        CHECK_ROW(i, strncmp(e.text, "f:1: ", 5) == 0);
        service_table_done(&t);
    }
    static const char protocols[] = "icmp 1 # Internet Control\n\n# none\ngre\t47\n";
    CHECK(service_table_parse_protocols(&t, protocols, sizeof protocols - 1, "f", &e) == 0);
    CHECK(t.count == 2 && strcmp(service_table_name(&t, SCAN_IP, 47), "gre") == 0);
    service_table_done(&t);
    return failed;
}

int data_service_table_test(void)
{
    int failed = protocols_test();
    struct err e = {0};
    struct service_table t = {0};
    CHECK(service_table_parse(&t, sample, strlen(sample), "sample", &e) == 0);
    check_names(&failed, &t);
    struct port_set ports = {0}, all = {0}, some = {0};
    port_set_add_range(&all, 1, 65535);
    port_set_add_range(&some, 70, 90);
    service_table_top(&t, SCAN_TCP, 2, &all, &ports);
    CHECK(port_set_count(&ports) == 2 && port_set_has(&ports, 80) && port_set_has(&ports, 22));
    service_table_top(&t, SCAN_TCP, 1000, &all, &ports); /* more than the table knows */
    CHECK(port_set_count(&ports) == 1000 && !port_set_has(&ports, 0));
    ports = (struct port_set){0};
    service_table_top(&t, SCAN_TCP, 2, &some, &ports);
    CHECK(port_set_count(&ports) == 2 && port_set_has(&ports, 80) && port_set_has(&ports, 70));
    service_table_top(&t, SCAN_TCP, 100, &some, &ports); /* more than there are */
    CHECK(port_set_count(&ports) == 21);
    ports = (struct port_set){0};
    service_table_ratio(&t, SCAN_TCP, 0.15, &some, &ports);
    CHECK(port_set_count(&ports) == 1);
    service_table_ratio(&t, SCAN_TCP, 0.15, &all, &ports);
    CHECK(port_set_count(&ports) == 2);
    CHECK(service_table_match(&t, SCAN_TCP, "http*", &ports) == 2 && port_set_has(&ports, 8000));
    CHECK(service_table_match(&t, SCAN_UDP, "http*", &ports) == 0);
    ports = (struct port_set){0};
    service_table_known(&t, SCAN_TCP, 1, 1000, &ports);
    CHECK(port_set_count(&ports) == 2);
    service_table_done(&t);

    static const char *const bad[] = {"ssh\n", "ssh tcp/22\n", "ssh 65536/tcp\n", "ssh 22/\n",
                                      "ssh /tcp\n"};
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        CHECK_ROW(i, service_table_parse(&t, bad[i], strlen(bad[i]), "f", &e) == -EINVAL);
        CHECK_ROW(i, strncmp(e.text, "f:1: ", 5) == 0);
        service_table_done(&t);
    }
    CHECK(service_table_open(&t, "/nonexistent", &e) == -ENOENT && strstr(e.text, "/nonexistent"));

    /* what works on every machine, with nmap's file or without */
    CHECK(service_table_open(&t, NULL, &e) == 0);
    ports = (struct port_set){0};
    service_table_top(&t, SCAN_TCP, 100, &all, &ports);
    CHECK(port_set_count(&ports) == 100 && port_set_has(&ports, 22) && port_set_has(&ports, 80));
    const char *name = service_table_name(&t, SCAN_TCP, 22);
    CHECK(name && strcmp(name, "ssh") == 0);
    name = service_table_name(&t, SCAN_IP, 6);
    CHECK(name && strcmp(name, "tcp") == 0);
    service_table_done(&t);
    return failed;
}
