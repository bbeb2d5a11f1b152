/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Does the host's mail server take mail from strangers for strangers?  Only the envelope is
 * offered: an audit sends mail to nobody, so it cannot prove what is delivered; `picket relay` can.
 * This machine is left out, because a mail server trusts the machine it runs on. */
#include <errno.h>
#include <string.h>

#include "core/base/clock.h"
#include "tool/audit/audit.h"
#include "tool/relay/cure.h"
#include "tool/relay/relay.h"

enum { REPLY_S = 10 };

/* Nobody lives there (RFC 2606 2). */
static const char sender[] = "tester@relay-test.invalid";
static const char recipient[] = "probe@relay-sink.invalid";

static const char *unfit(const struct audit_job *job)
{
    return job->is_local ? "a mail server trusts its own machine: run picket relay from elsewhere"
                         : NULL;
}

static const struct relay_result *first_taken(const struct relay_report *report)
{
    for (size_t i = 0; i < report->count; i++)
        if (report->result[i].outcome == RELAY_ACCEPTED)
            return &report->result[i];
    return NULL;
}

static const char *cure_text(struct audit_job *job, const struct relay_report *report)
{
    struct relay_cure cure[RELAY_CURES_MAX];
    size_t count = relay_cures(report, NULL, job->arena, cure);
    struct str text = str_of(0);
    for (size_t i = 0; i < count; i++)
        str_addf(&text, "%s%s%s%s", i ? "\n" : "", cure[i].what, cure[i].command ? "\n" : "",
                 cure[i].command ? cure[i].command : "");
    const char *kept = arena_text(job->arena, str_text(&text));
    str_done(&text);
    return kept;
}

static void add_taken(struct audit_job *job, const struct relay_report *report,
                      const struct relay_result *taken)
{
    char text[ADDR_TEXT_MAX];
    const char *host = addr_format(&job->addr, text);
    audit_add_finding(
        job, &(struct finding){
                 .seen_ns = clock_wall_ns(job->clock),
                 .tool = "relay",
                 .test = "relay.accepts_recipient",
                 .host = job->addr,
                 .ip_proto = 6,
                 .port = report->target.port,
                 .severity = SEVERITY_MEDIUM,
                 .cvss = -1,
                 .quality = 50, /* it may still refuse the message, or throw it away */
                 .name = "The mail server takes strangers' mail for strangers",
                 .evidence = arena_print(
                     job->arena,
                     "Test %s: it answered %d to mail from <%s> for <%s>, asked %s. Whether it "
                     "delivers such mail: %s relay --to YOU@YOUR-DOMAIN %s",
                     taken->test->id, taken->code, taken->from, taken->to, report->vantage,
                     job->program, host),
                 .cure = cure_text(job, report),
             });
}

static int run(struct audit_job *job, struct err *e)
{
    char text[ADDR_TEXT_MAX];
    struct relay_report report;
    const char *domain = job->name ? job->name : addr_format(&job->addr, text);
    struct relay_options o = {
        .target = job->addr,
        .from = sender,
        .to = recipient,
        .domain = domain,
        .helo = "relay-test.invalid",
        .local_rcpt = arena_print(job->arena, "postmaster@%s", domain),
        .test = relay_battery,
        .test_count = relay_battery_count,
        .reply_ns = REPLY_S * NS_PER_S,
        .envelope_only = true,
        .stop = job->stop,
        .ctx = job->stop_ctx,
    };
    int rc = relay_run(&o, job->arena, &report, e);
    const struct relay_result *taken = rc ? NULL : first_taken(&report);
    if (taken)
        add_taken(job, &report, taken);
    return rc;
}

const struct audit_part_kind audit_part_relay = {
    .name = "relay",
    .doc = "whether another host's mail server takes strangers' mail for strangers",
    .unfit = unfit,
    .run = run,
};
