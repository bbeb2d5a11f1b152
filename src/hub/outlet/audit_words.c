/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/outlet/audit_words.h"

#include "hub/outlet/scan_words.h"

static const struct audit_reach_words reach_words[REACH_COUNT] = {
    [REACH_ANYONE] = {"Reachable by anyone", "reachable by anyone",
                      "Every host that has a route to this machine gets an answer here."},
    [REACH_UNKNOWN] = {"Not decided", "not decided",
                       "A firewall rule on the way could not be judged: take these as reachable "
                       "until you have looked."},
    [REACH_NEIGHBOURS] = {"Reachable from connected networks", "reachable by neighbours",
                          "Hosts of a directly connected network get an answer here."},
    [REACH_FIREWALLED] = {"Closed by the firewall", "firewalled",
                          "They listen to the network, but the firewall lets nobody in. They open "
                          "when the firewall goes."},
    [REACH_LOOPBACK] = {"Loopback only", "loopback only",
                        "Only programs on this machine can reach these."},
};

const struct audit_reach_words *audit_words_reach(enum reach reach)
{
    return &reach_words[reach < REACH_COUNT ? reach : REACH_UNKNOWN];
}

const char *audit_words_severity(enum severity severity)
{
    static const char *const word[SEVERITY_COUNT] = {
        [SEVERITY_INFO] = "Info", [SEVERITY_LOW] = "Low",           [SEVERITY_MEDIUM] = "Medium",
        [SEVERITY_HIGH] = "High", [SEVERITY_CRITICAL] = "Critical",
    };
    return severity < SEVERITY_COUNT ? word[severity] : "Info";
}

void audit_words_verdict(struct str *out, const struct audit_host *host)
{
    size_t count[REACH_COUNT];
    if (!host->is_local) {
        audit_words_finding_counts(out, host);
        str_add_char(out, '.');
        return;
    }
    audit_report_count_reach(host, count);
    size_t anyone = count[REACH_ANYONE], doubt = count[REACH_UNKNOWN];
    size_t near = count[REACH_NEIGHBOURS];
    if (anyone)
        str_addf(out, "%zu service%s of this machine can be reached by anyone.", anyone,
                 anyone == 1 ? "" : "s");
    else if (doubt)
        str_addf(out, "%zu service%s of this machine may be reachable: a rule could not be judged.",
                 doubt, doubt == 1 ? "" : "s");
    else if (near)
        str_addf(out, "%zu service%s of this machine can be reached by its neighbours.", near,
                 near == 1 ? "" : "s");
    else
        str_add(out, "No service of this machine can be reached from outside.");
}

void audit_words_reach_counts(struct str *out, const struct audit_host *host)
{
    size_t count[REACH_COUNT];
    const char *before = "";
    audit_report_count_reach(host, count);
    for (int r = REACH_COUNT - 1; r >= 0; r--) {
        if (count[r] == 0)
            continue;
        str_addf(out, "%s%zu %s", before, count[r], reach_words[r].count);
        before = ", ";
    }
    if (host->exposure_count == 0)
        str_add(out, "no listening sockets");
}

void audit_words_finding_counts(struct str *out, const struct audit_host *host)
{
    size_t count[SEVERITY_COUNT];
    const char *before = "";
    audit_report_count_severity(host, count);
    for (int s = SEVERITY_COUNT - 1; s >= 0; s--) {
        if (count[s] == 0)
            continue;
        str_addf(out, "%s%zu %s", before, count[s], severity_name((enum severity)s));
        before = ", ";
    }
    str_add(out, host->finding_count == 0   ? "no findings"
                 : host->finding_count == 1 ? " finding"
                                            : " findings");
}

void audit_words_port(struct str *out, const struct exposure *x)
{
    str_addf(out, "%u/%s", x->at.port, x->ip_proto == 17 ? "udp" : "tcp");
}

static void add_where(struct str *out, const struct exposure *x)
{
    char addr[ADDR_TEXT_MAX];
    str_add(out, addr_format(&x->at.addr, addr));
    if (x->interface) {
        str_add(out, " on ");
        scan_words_clean(out, x->interface);
    }
}

void audit_words_where(struct str *out, const struct audit_host *host, size_t i)
{
    const struct exposure *first = &host->exposure[i];
    bool all = addr_is_unspecified(&first->at.addr) && !first->interface;
    str_add(out, all ? "all addresses (" : "");
    add_where(out, first);
    for (size_t k = i + 1; k < host->exposure_count; k++)
        if (audit_report_same_service(first, &host->exposure[k])) {
            str_add(out, ", ");
            add_where(out, &host->exposure[k]);
        }
    str_add(out, all ? ")" : "");
}

void audit_words_process(struct str *out, const struct exposure *x)
{
    if (!x->process) {
        str_add(out, "unknown");
        return;
    }
    scan_words_clean(out, x->process);
    if (x->process_count > 1)
        str_addf(out, " (%u processes)", x->process_count);
}

void audit_words_host(struct str *out, const struct audit_host *host)
{
    char addr[ADDR_TEXT_MAX];
    bool has_addr = host->addr.family != ADDR_NONE;
    addr_format(&host->addr, addr);
    if (host->name) {
        scan_words_clean(out, host->name);
        if (has_addr)
            str_addf(out, " (%s)", addr);
    } else {
        str_add(out, has_addr ? addr : "this machine");
    }
}
