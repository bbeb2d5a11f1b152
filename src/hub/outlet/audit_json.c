/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/outlet/audit_json.h"

#include <string.h>

#include "core/base/clock.h"
#include "core/text/json.h"
#include "hub/outlet/scan_json_host.h"

static void add_text(struct json_out *j, const char *key, const char *value)
{
    if (value)
        json_text(j, key, value);
}

static void add_addr(struct json_out *j, const char *key, const struct addr *a)
{
    char text[ADDR_TEXT_MAX];
    if (a->family != ADDR_NONE)
        json_text(j, key, addr_format(a, text));
}

static void add_proto(struct json_out *j, uint8_t ip_proto)
{
    json_text(j, "protocol", ip_proto == 17 ? "udp" : "tcp");
}

static void add_parts(struct json_out *j, const struct audit_host *host)
{
    json_array(j, "parts");
    for (size_t i = 0; i < host->part_count; i++) {
        const struct audit_part *part = &host->part[i];
        json_object(j, NULL);
        json_text(j, "name", part->name);
        add_text(j, "doc", part->doc);
        json_text(j, "state", audit_part_state_name(part->state));
        add_text(j, "reason", part->reason);
        json_double(j, "elapsed_s", part->elapsed_s, 2);
        json_end(j);
    }
    json_end(j);
}

static void add_counts(struct json_out *j, const struct audit_host *host)
{
    size_t reach[REACH_COUNT], severity[SEVERITY_COUNT];
    audit_report_count_reach(host, reach);
    audit_report_count_severity(host, severity);
    json_object(j, "reach");
    for (int r = REACH_COUNT - 1; r >= 0; r--)
        json_u64(j, reach_name((enum reach)r), reach[r]);
    json_end(j);
    json_object(j, "severity");
    for (int s = SEVERITY_COUNT - 1; s >= 0; s--)
        json_u64(j, severity_name((enum severity)s), severity[s]);
    json_end(j);
}

static void add_exposure(struct json_out *j, const struct exposure *x)
{
    json_object(j, NULL);
    add_proto(j, x->ip_proto);
    json_u64(j, "port", x->at.port);
    add_addr(j, "address", &x->at.addr);
    add_text(j, "interface", x->interface);
    json_u64(j, "uid", x->uid);
    add_text(j, "user", x->user);
    if (x->pid)
        json_i64(j, "pid", x->pid);
    json_u64(j, "process_count", x->process_count);
    add_text(j, "process", x->process);
    add_text(j, "path", x->path);
    add_text(j, "package", x->package);
    add_text(j, "package_version", x->package_version);
    add_text(j, "unit", x->unit);
    add_text(j, "service", x->service);
    json_text(j, "reach", reach_name(x->reach));
    add_text(j, "reach_why", x->reach_why);
    add_text(j, "cure", x->cure);
    json_end(j);
}

static void add_refs(struct json_out *j, const char *refs)
{
    static const char blank[] = " \t\n";
    json_array(j, "refs");
    for (const char *at = refs + strspn(refs, blank); *at; at += strspn(at, blank)) {
        size_t len = strcspn(at, blank);
        json_text_len(j, NULL, at, len);
        at += len;
    }
    json_end(j);
}

static void add_finding(struct json_out *j, const struct finding *f)
{
    json_object(j, NULL);
    scan_json_host_add_moment(j, "seen", f->seen_ns);
    json_text(j, "tool", f->tool);
    json_text(j, "test", f->test);
    add_addr(j, "host", &f->host);
    if (f->ip_proto) {
        add_proto(j, f->ip_proto);
        json_u64(j, "port", f->port);
    }
    json_text(j, "severity", severity_name(f->severity));
    if (f->cvss >= 0)
        json_double(j, "cvss", f->cvss, 1);
    json_u64(j, "quality", f->quality);
    json_text(j, "name", f->name);
    add_text(j, "evidence", f->evidence);
    add_text(j, "cure", f->cure);
    if (f->refs)
        add_refs(j, f->refs);
    if (f->detail)
        json_raw(j, "detail", f->detail);
    json_end(j);
}

static void add_host(struct json_out *j, const struct audit_host *host)
{
    json_object(j, NULL);
    add_text(j, "name", host->name);
    add_addr(j, "address", &host->addr);
    json_bool(j, "local", host->is_local);
    add_text(j, "system", host->system);
    add_parts(j, host);
    add_counts(j, host);
    json_array(j, "exposures");
    for (size_t i = 0; i < host->exposure_count; i++)
        add_exposure(j, &host->exposure[i]);
    json_end(j);
    json_array(j, "findings");
    for (size_t i = 0; i < host->finding_count; i++)
        add_finding(j, &host->finding[i]);
    json_end(j);
    if (host->scan)
        scan_json_host_add(j, "scan", host->scan);
    json_end(j);
}

void audit_json_write(const struct audit_report *r, struct str *out)
{
    struct json_out j = json_out_of(out);
    json_object(&j, NULL);
    json_text(&j, "program", r->program);
    json_text(&j, "version", r->version);
    json_text(&j, "args", r->args);
    scan_json_host_add_moment(&j, "start", r->start_wall_ns);
    scan_json_host_add_moment(&j, "end", r->end_wall_ns);
    json_double(&j, "elapsed_s", (double)(r->end_wall_ns - r->start_wall_ns) / (double)NS_PER_S, 2);
    json_array(&j, "hosts");
    for (size_t i = 0; i < r->host_count; i++)
        add_host(&j, &r->host[i]);
    json_end(&j);
    json_end(&j);
    str_add_char(out, '\n');
}
