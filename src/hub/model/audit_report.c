/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/model/audit_report.h"

#include <string.h>

#include "hub/model/name_table.h"

static const char *const part_state_names[AUDIT_PART_STATE_COUNT] = {
    [AUDIT_PART_DONE] = "done",
    [AUDIT_PART_SKIPPED] = "skipped",
    [AUDIT_PART_FAILED] = "failed",
};

const char *audit_part_state_name(enum audit_part_state state)
{
    return name_table_name(part_state_names, AUDIT_PART_STATE_COUNT, state);
}

static bool same_text(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

bool audit_report_same_service(const struct exposure *a, const struct exposure *b)
{
    return a->ip_proto == b->ip_proto && a->at.port == b->at.port && a->reach == b->reach &&
           a->uid == b->uid && same_text(a->process, b->process);
}

bool audit_report_is_first(const struct audit_host *host, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (audit_report_same_service(&host->exposure[k], &host->exposure[i]))
            return false;
    return true;
}

void audit_report_count_reach(const struct audit_host *host, size_t out_count[REACH_COUNT])
{
    memset(out_count, 0, REACH_COUNT * sizeof *out_count);
    for (size_t i = 0; i < host->exposure_count; i++)
        if (audit_report_is_first(host, i))
            out_count[host->exposure[i].reach]++;
}

void audit_report_count_severity(const struct audit_host *host, size_t out_count[SEVERITY_COUNT])
{
    memset(out_count, 0, SEVERITY_COUNT * sizeof *out_count);
    for (size_t i = 0; i < host->finding_count; i++)
        out_count[host->finding[i].severity]++;
}

int audit_report_worst(const struct audit_report *r)
{
    int worst = -1;
    for (size_t i = 0; i < r->host_count; i++)
        for (size_t k = 0; k < r->host[i].finding_count; k++)
            if ((int)r->host[i].finding[k].severity > worst)
                worst = (int)r->host[i].finding[k].severity;
    return worst;
}
