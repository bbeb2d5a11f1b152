/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/relay/cure.h"

#include <stdio.h>

#include <string.h>

#include "core/base/str.h"
#include "core/net/addr.h"

struct list {
    struct arena *arena;
    struct relay_cure *cure;
    size_t count;
};

static void add(struct list *l, const char *what, const char *command)
{
    if (l->count < RELAY_CURES_MAX)
        l->cure[l->count++] = (struct relay_cure){what, command};
}

/* The networks of one family, each as `form` has it. */
static void add_networks(struct str *out, const char *allowed, uint8_t family, const char *between,
                         bool brackets)
{
    for (const char *at = allowed; at && *at;) {
        char text[CIDR_TEXT_MAX], item[CIDR_TEXT_MAX];
        size_t len = strcspn(at, ", ");
        struct cidr c;
        struct err ignored;
        snprintf(item, sizeof item, "%.*s", (int)(len < sizeof item ? len : 0), at);
        at += len + (at[len] != '\0');
        if (!len || cidr_parse(&c, item, &ignored) || (family && c.base.family != family))
            continue;
        cidr_format(&c, text);
        bool ip6 = brackets && c.base.family == ADDR_IP6;
        char *slash = strchr(text, '/');
        str_addf(out, "%s%s%.*s%s%s", between, ip6 ? "[" : "",
                 (int)(slash ? slash - text : (ptrdiff_t)strlen(text)), text, ip6 ? "]" : "",
                 slash                       ? slash
                 : c.base.family == ADDR_IP6 ? "/128"
                                             : "/32");
    }
}

/* What was taken that a sound relay check does not stop, because the server rewrites addresses. */
static bool was_rewritten(const struct relay_report *report)
{
    for (size_t i = 0; i < report->count; i++) {
        const struct relay_result *r = &report->result[i];
        bool taken = r->outcome == RELAY_DELIVERED || r->outcome == RELAY_ACCEPTED;
        if (taken && strpbrk(r->test->rcpt_to, "%!\""))
            return true;
    }
    return false;
}

static const char *take(struct list *l, struct str *text)
{
    const char *kept = arena_text(l->arena, str_text(text));
    str_done(text);
    return kept;
}

static void cure_postfix(struct list *l, const struct relay_report *report, const char *allowed)
{
    struct str text = str_of(0);
    str_add(&text, "postconf -e 'mynetworks = 127.0.0.0/8 [::1]/128");
    add_networks(&text, allowed, ADDR_NONE, " ", true);
    str_add(&text, "'\n");
    str_add(&text, "postconf -e 'smtpd_relay_restrictions = permit_mynetworks, "
                   "permit_sasl_authenticated, reject_unauth_destination'\n");
    str_add(&text, "postfix reload\n");
    add(l,
        "Postfix: relay for your own networks and for users who have logged in, and for nobody "
        "else; an access list that says OK in front of reject_unauth_destination opens the "
        "relay, so smtpd_relay_restrictions holds none",
        take(l, &text));
    if (!was_rewritten(report))
        return;
    add(l, "Postfix: do not read other people's routes in local parts",
        "postconf -e 'allow_percent_hack = no' 'swap_bangpath = no' "
        "'allow_untrusted_routing = no'\npostfix reload\n");
}

static void cure_exim(struct list *l, const struct relay_report *report, const char *allowed)
{
    struct str text = str_of(0);
    str_add(&text,
            "Exim (Debian): say who may relay, then rebuild its configuration; where the "
            "configuration is your own, the list is relay_from_hosts, and acl_smtp_rcpt ends "
            "with \"deny message = relay not permitted\" behind \"accept hosts = "
            "+relay_from_hosts\" and \"accept authenticated = *\"");
    const char *what = take(l, &text);
    text = str_of(0);
    str_add(&text, "sed -i \"s|^dc_relay_nets=.*|dc_relay_nets='127.0.0.1 ; ::1");
    add_networks(&text, allowed, ADDR_NONE, " ; ", false);
    str_add(&text, "'|; s|^dc_relay_domains=.*|dc_relay_domains=''|\" "
                   "/etc/exim4/update-exim4.conf.conf\nupdate-exim4.conf\n"
                   "systemctl reload exim4\n");
    add(l, what, take(l, &text));
    if (was_rewritten(report))
        add(l,
            "Exim: take percent_hack_domains out of its configuration, and deny local parts with "
            "%, !, / or @ in acl_smtp_rcpt (\"deny local_parts = ^.*[@%!/|]\")",
            NULL);
}

static void cure_sendmail(struct list *l, const struct relay_report *report, const char *allowed)
{
    struct str text = str_of(0);
    (void)report;
    add(l,
        "Sendmail: take FEATURE(`promiscuous_relay'), FEATURE(`relay_local_from'), "
        "FEATURE(`relay_mail_from') and FEATURE(`loose_relay_check') out of sendmail.mc",
        "sed -i -E '/FEATURE\\(.?(promiscuous_relay|relay_local_from|relay_mail_from|"
        "loose_relay_check)/d' /etc/mail/sendmail.mc\nmake -C /etc/mail\n"
        "systemctl restart sendmail\n");
    add_networks(&text, allowed, ADDR_IP4, "\nConnect:", false);
    if (text.len)
        add(l,
            "Sendmail: networks that may relay are lines of /etc/mail/access (\"Connect:10.1 "
            "RELAY\")",
            NULL);
    str_done(&text);
}

static void cure_unknown(struct list *l)
{
    add(l,
        "The mail server did not say what it is.  Let it relay for its own networks and for users "
        "who have logged in, and refuse (550 5.7.1) all other mail that is not for its domains.",
        NULL);
}

/* Mail from the whole world must still come in at port 25, so the rule guards submission, and port
 * 25 only of a server that is not meant for the world. */
static void add_firewall(struct list *l, const char *allowed)
{
    struct str text = str_of(0), four = str_of(0), six = str_of(0);
    if (!allowed)
        return;
    add_networks(&four, allowed, ADDR_IP4, ", ", false);
    add_networks(&six, allowed, ADDR_IP6, ", ", false);
    str_add(&text, "nft add table inet relay\n"
                   "nft 'add chain inet relay input { type filter hook input priority -5; }'\n"
                   "nft flush chain inet relay input\n");
    str_addf(&text,
             "nft 'add rule inet relay input meta nfproto ipv4 tcp dport { 25, 465, 587 } ip "
             "saddr != { 127.0.0.0/8%s } drop'\n",
             str_text(&four));
    str_addf(&text,
             "nft 'add rule inet relay input meta nfproto ipv6 tcp dport { 25, 465, 587 } ip6 "
             "saddr != { ::1%s } drop'\n",
             str_text(&six));
    str_done(&four);
    str_done(&six);
    add(l,
        "Firewall: where the server need not take mail from the world, only these networks reach "
        "its mail ports",
        take(l, &text));
}

size_t relay_cures(const struct relay_report *report, const char *allowed, struct arena *arena,
                   struct relay_cure out[RELAY_CURES_MAX])
{
    struct list l = {arena, out, 0};
    if (report->verdict != RELAY_OPEN && report->verdict != RELAY_UNVERIFIED)
        return 0;
    switch (report->software) {
    case RELAY_POSTFIX:
        cure_postfix(&l, report, allowed);
        break;
    case RELAY_EXIM:
        cure_exim(&l, report, allowed);
        break;
    case RELAY_SENDMAIL:
        cure_sendmail(&l, report, allowed);
        break;
    case RELAY_UNKNOWN:
        cure_unknown(&l);
        break;
    }
    add_firewall(&l, allowed);
    return l.count;
}
