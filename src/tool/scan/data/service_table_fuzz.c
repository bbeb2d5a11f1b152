/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/scan/data/service_table.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct service_table t = {0};
    struct err e = {0};
    struct port_set ports = {0}, among = {0};
    port_set_add_range(&among, 1, 1024);
    if (service_table_parse(&t, (const char *)data, size, "fuzz", &e) == 0) {
        service_table_top(&t, SCAN_TCP, 10, &among, &ports);
        service_table_match(&t, SCAN_UDP, "*a*", &ports);
    }
    (void)!service_table_parse_protocols(&t, (const char *)data, size, "fuzz", &e);
    service_table_done(&t);
    return 0;
}
