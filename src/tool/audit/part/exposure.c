/* SPDX-License-Identifier: GPL-3.0-or-later */
/* This machine's sockets as findings: what others reach is told with the command that closes it. */
#include "core/base/attr.h"
#include "tool/audit/audit.h"
#include "tool/audit/exposure.h"

/* Services that are dangerous where strangers reach them, because they ask for no password as they
 * are delivered, or speak in the clear.  Others are shown as exposures and are no finding. */
static const struct {
    uint8_t ip_proto;
    uint16_t port;
    enum severity severity;
    const char *why;
} known[] = {
    {6, 21, SEVERITY_MEDIUM, "FTP sends passwords in the clear"},
    {6, 23, SEVERITY_HIGH, "Telnet sends passwords in the clear"},
    {6, 111, SEVERITY_MEDIUM, "the portmapper tells which RPC services run"},
    {17, 69, SEVERITY_MEDIUM, "TFTP hands out files without a password"},
    {17, 111, SEVERITY_MEDIUM, "the portmapper answers forged requests with larger replies"},
    {17, 123, SEVERITY_LOW, "NTP may be used to amplify forged requests"},
    {6, 139, SEVERITY_MEDIUM, "file sharing belongs on local networks"},
    {6, 445, SEVERITY_MEDIUM, "file sharing belongs on local networks"},
    {17, 161, SEVERITY_MEDIUM, "SNMP versions 1 and 2 have no passwords worth the name"},
    {6, 512, SEVERITY_HIGH, "rexec sends passwords in the clear"},
    {6, 513, SEVERITY_HIGH, "rlogin trusts addresses"},
    {6, 514, SEVERITY_HIGH, "rsh trusts addresses"},
    {6, 873, SEVERITY_MEDIUM, "rsync modules are open unless told otherwise"},
    {6, 2049, SEVERITY_MEDIUM, "NFS trusts addresses"},
    {6, 2375, SEVERITY_CRITICAL, "the Docker interface without TLS gives root to whoever asks"},
    {6, 2379, SEVERITY_HIGH, "etcd holds secrets and asks for no password by default"},
    {6, 3306, SEVERITY_MEDIUM, "databases belong behind their application"},
    {6, 5432, SEVERITY_MEDIUM, "databases belong behind their application"},
    {6, 5900, SEVERITY_HIGH, "VNC passwords are short and its sessions in the clear"},
    {6, 6000, SEVERITY_HIGH, "X11 gives screen and keyboard to whoever may connect"},
    {6, 6379, SEVERITY_HIGH, "Redis asks for no password by default and can write files"},
    {6, 9200, SEVERITY_HIGH, "Elasticsearch asks for no password by default"},
    {6, 10250, SEVERITY_HIGH, "the kubelet can run commands in containers"},
    {6, 11211, SEVERITY_HIGH, "memcached has no passwords"},
    {17, 11211, SEVERITY_HIGH, "memcached over UDP amplifies forged requests"},
    {6, 27017, SEVERITY_HIGH, "MongoDB asks for no password by default"},
};

static const char *unfit(const struct audit_job *job)
{
    return job->is_local ? NULL : "only the machine itself can tell";
}

/* NULL: nothing is known against it.  Neighbours are fewer than everybody: one step less. */
static const char *danger_of(const struct exposure *x, enum severity *out)
{
    for (size_t i = 0; i < ARRAY_COUNT(known); i++)
        if (known[i].ip_proto == x->ip_proto && known[i].port == x->at.port) {
            bool lower = x->reach == REACH_NEIGHBOURS && known[i].severity > SEVERITY_LOW;
            *out = (enum severity)(known[i].severity - lower);
            return known[i].why;
        }
    return NULL;
}

static const char *who(const struct exposure *x)
{
    switch (x->reach) {
    case REACH_ANYONE:
        return "anyone";
    case REACH_NEIGHBOURS:
        return "hosts of the local network";
    default:
        return "others, as far as can be told";
    }
}

static void report(struct audit_job *job, const struct exposure *x)
{
    enum severity severity;
    const char *why = danger_of(x, &severity);
    if (!why)
        return;
    struct finding f = {
        .seen_ns = clock_wall_ns(job->clock),
        .tool = "audit",
        .test = "exposure.reachable",
        .host = x->at.addr,
        .ip_proto = x->ip_proto,
        .port = x->at.port,
        .severity = severity,
        .cvss = -1,
        .quality = x->reach == REACH_UNKNOWN ? 50 : 95,
        .cure = x->cure,
    };
    f.name = arena_print(job->arena, "%s can be reached by %s: %s",
                         x->process ? x->process : "an unknown process", who(x), why);
    f.evidence = x->reach_why;
    audit_add_finding(job, &f);
}

static int run(struct audit_job *job, struct err *e)
{
    struct exposure_list list;
    struct exposure_source from = {
        .proc = "/proc", .root = "", .services = job->services, .program = job->program};
    if (exposure_collect_from(job->arena, &from, &list, e) < 0)
        return e->code;
    job->exposure = list.item;
    job->exposure_count = list.count;
    struct audit_host host = {.exposure = list.item, .exposure_count = list.count};
    for (size_t i = 0; i < list.count; i++)
        if (list.item[i].reach >= REACH_NEIGHBOURS && audit_report_is_first(&host, i))
            report(job, &list.item[i]);
    return 0;
}

const struct audit_part_kind audit_part_exposure = {
    .name = "exposure",
    .doc = "this machine's sockets: process, package, user, and who reaches them",
    .unfit = unfit,
    .run = run,
};
