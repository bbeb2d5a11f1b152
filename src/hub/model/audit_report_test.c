/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/model/audit_report.h"

#include <string.h>

#include "check.h"

int model_audit_report_test(void);

int model_audit_report_test(void)
{
    int failed = 0;
    static const struct exposure exposure[] = {
        {.reach = REACH_ANYONE},
        {.reach = REACH_LOOPBACK},
        {.reach = REACH_ANYONE},
    };
    static const struct finding finding[] = {
        {.severity = SEVERITY_LOW},
        {.severity = SEVERITY_HIGH},
    };
    const struct audit_host host[] = {
        {.exposure = exposure, .exposure_count = 3},
        {.finding = finding, .finding_count = 2},
    };
    struct audit_report report = {.host = host, .host_count = 1};
    CHECK(audit_report_worst(&report) == -1);
    report.host_count = 2;
    CHECK(audit_report_worst(&report) == SEVERITY_HIGH);

    size_t reach[REACH_COUNT], severity[SEVERITY_COUNT];
    audit_report_count_reach(&host[0], reach);
    CHECK(reach[REACH_ANYONE] == 2 && reach[REACH_LOOPBACK] == 1 && reach[REACH_UNKNOWN] == 0);
    audit_report_count_severity(&host[1], severity);
    CHECK(severity[SEVERITY_LOW] == 1 && severity[SEVERITY_HIGH] == 1 &&
          severity[SEVERITY_INFO] == 0);
    CHECK(strcmp(audit_part_state_name(AUDIT_PART_SKIPPED), "skipped") == 0);
    return failed;
}
