/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "check.h"
#include "core/base/arena.h"
#include "core/base/mem.h"
#include "hub/model/scan_report.h"

/* The copy must not share a byte with the original, whose memory is overwritten before it is read.
 */
int model_scan_copy_test(void)
{
    int failed = 0;
    struct arena arena = {0};
    char text[] = "ssh", cpe_text[] = "cpe:/a:x", name_text[] = "host.example";
    const char *cpe[] = {cpe_text};
    struct port_set *ports = mem_zero(sizeof *ports);
    port_set_add(ports, 7);
    struct scan_port port = {
        .number = 22, .state = SCAN_OPEN, .service = {.name = text, .cpe = cpe, .cpe_count = 1}};
    struct scan_extra_reason reason = {SCAN_REASON_RESET, SCAN_TCP, 1, ports};
    struct scan_extra extra = {SCAN_CLOSED, 1, &reason, 1};
    struct scan_name name = {name_text, true};
    struct scan_trace trace = {0};
    struct scan_host host = {.state = SCAN_HOST_UP,
                             .name = &name,
                             .name_count = 1,
                             .port = &port,
                             .port_count = 1,
                             .extra = &extra,
                             .extra_count = 1,
                             .trace = &trace,
                             .srtt_us = 5};
    struct scan_host *copy = scan_host_copy(&arena, &host);
    memset(text, 'x', 3);
    memset(cpe_text, 'x', 8);
    memset(name_text, 'x', 12);
    memset(&port, 0, sizeof port);
    memset(&reason, 0, sizeof reason);
    memset(&extra, 0, sizeof extra);
    memset(ports, 0, sizeof *ports);
    mem_free(ports);
    CHECK(copy->port[0].number == 22 && strcmp(copy->port[0].service.name, "ssh") == 0);
    CHECK(strcmp(copy->port[0].service.cpe[0], "cpe:/a:x") == 0);
    CHECK(strcmp(copy->name[0].name, "host.example") == 0 && copy->name[0].by_user);
    CHECK(copy->extra[0].reason[0].count == 1 && port_set_has(copy->extra[0].reason[0].ports, 7));
    CHECK(copy->trace == NULL && copy->srtt_us == 5 && copy->vendor == NULL);
    arena_done(&arena);
    return failed;
}
