/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "core/base/mem.h"
#include "tool/scan/port_spec.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char known[] = "ssh 22/tcp 0.2\nhttp 80/tcp 0.5\ndomain 53/udp 0.4\n";
    struct service_table services = {0};
    struct err e = {0};
    if (service_table_parse(&services, known, sizeof known - 1, "known", &e) < 0)
        return 0;
    char *text = mem_zero(size + 1);
    if (size)
        memcpy(text, data, size);
    struct scan_ports ports = {0};
    (void)!port_spec_parse(text, 15, &services, &ports, &e);
    mem_free(text);
    service_table_done(&services);
    return 0;
}
