/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/model/audit_report.h"

#include <string.h>

#include "check.h"

int model_audit_report_test(void);

int model_audit_report_test(void)
{
    int failed = 0;
    static const struct exposure exposure[] = {
        {.reach = REACH_ANYONE, .ip_proto = 6, .at = {.port = 22}, .process = "sshd"},
        {.reach = REACH_LOOPBACK, .ip_proto = 6, .at = {.port = 22}, .process = "sshd"},
        {.reach = REACH_ANYONE, .ip_proto = 6, .at = {.port = 22}, .process = "sshd", .pid = 1},
        {.reach = REACH_ANYONE, .ip_proto = 17, .at = {.port = 22}, .process = "sshd"},
        {.reach = REACH_ANYONE, .ip_proto = 6, .at = {.port = 22}, .process = "nc"},
        {.reach = REACH_ANYONE, .ip_proto = 6, .at = {.port = 22}},
        {.reach = REACH_ANYONE, .ip_proto = 6, .at = {.port = 22}, .uid = 1000},
        {.reach = REACH_ANYONE, .ip_proto = 6, .at = {.port = 80}, .process = "sshd"},
    };
    static const bool first[] = {true, true, false, true, true, true, true, true};
    static const struct finding finding[] = {
        {.severity = SEVERITY_LOW},
        {.severity = SEVERITY_HIGH},
    };
    const struct audit_host host[] = {
        {.exposure = exposure, .exposure_count = ARRAY_LEN(exposure)},
        {.finding = finding, .finding_count = 2},
    };
    struct audit_report report = {.host = host, .host_count = 1};
    CHECK(audit_report_worst(&report) == -1);
    report.host_count = 2;
    CHECK(audit_report_worst(&report) == SEVERITY_HIGH);

    size_t reach[REACH_COUNT], severity[SEVERITY_COUNT];
    audit_report_count_reach(&host[0], reach);
    for (size_t i = 0; i < ARRAY_LEN(exposure); i++)
        CHECK_ROW(i, audit_report_is_first(&host[0], i) == first[i]);
    CHECK(reach[REACH_ANYONE] == 6 && reach[REACH_LOOPBACK] == 1 && reach[REACH_UNKNOWN] == 0);
    audit_report_count_severity(&host[1], severity);
    CHECK(severity[SEVERITY_LOW] == 1 && severity[SEVERITY_HIGH] == 1 &&
          severity[SEVERITY_INFO] == 0);
    CHECK(strcmp(audit_part_state_name(AUDIT_PART_SKIPPED), "skipped") == 0);
    return failed;
}
