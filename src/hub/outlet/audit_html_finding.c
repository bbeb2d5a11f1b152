/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/outlet/audit_html_finding.h"

#include <stdio.h>
#include <string.h>

#include "hub/outlet/audit_words.h"
#include "hub/outlet/page.h"

const char *audit_html_finding_tone(enum severity severity)
{
    static const char *const tone[SEVERITY_COUNT] = {
        [SEVERITY_INFO] = "grey", [SEVERITY_LOW] = "grey",     [SEVERITY_MEDIUM] = "amber",
        [SEVERITY_HIGH] = "red",  [SEVERITY_CRITICAL] = "red",
    };
    return severity < SEVERITY_COUNT ? tone[severity] : "grey";
}

static bool is_web_address(const char *text)
{
    return strncmp(text, "https://", 8) == 0 || strncmp(text, "http://", 7) == 0;
}

/* A link for what is a web address and nothing else: no other scheme gets into an href. */
static void add_ref(struct html_out *h, const char *ref)
{
    if (!is_web_address(ref)) {
        html_outside(h, ref);
        return;
    }
    html_open(h, "a");
    html_attr(h, "href", ref);
    html_attr(h, "rel", "noopener noreferrer");
    html_outside(h, ref);
    html_close(h);
}

static void add_refs(struct html_out *h, const char *refs)
{
    static const char blank[] = " \t\n";
    if (!refs || refs[strspn(refs, blank)] == '\0')
        return;
    html_open(h, "p");
    html_attr(h, "class", "small");
    html_text(h, "See ");
    bool first = true;
    for (const char *at = refs + strspn(refs, blank); *at; at += strspn(at, blank)) {
        struct str ref = str_of(0);
        str_add_len(&ref, at, strcspn(at, blank));
        at += ref.len;
        html_text(h, first ? "" : ", ");
        add_ref(h, str_text(&ref));
        str_done(&ref);
        first = false;
    }
    html_close(h);
}

static void add_title(struct html_out *h, const struct finding *f)
{
    char class[32];
    snprintf(class, sizeof class, "badge %s", audit_html_finding_tone(f->severity));
    html_open(h, "h3");
    html_open(h, "span");
    html_attr(h, "class", class);
    html_text(h, audit_words_severity(f->severity));
    html_close(h);
    html_text(h, " ");
    html_outside(h, f->name);
    html_close(h);
}

static void add_facts(struct html_out *h, const struct finding *f)
{
    html_open(h, "p");
    html_attr(h, "class", "small");
    if (f->ip_proto)
        html_textf(h, "%u/%s \xc2\xb7 ", f->port, f->ip_proto == 17 ? "udp" : "tcp");
    if (f->cvss >= 0)
        html_textf(h, "CVSS %.1f \xc2\xb7 ", f->cvss);
    html_textf(h, "quality of detection %u %% \xc2\xb7 found by %s, ", f->quality, f->tool);
    html_outside(h, f->test);
    html_close(h);
}

static void add_finding(struct html_out *h, const struct finding *f)
{
    html_open(h, "article");
    html_attr(h, "class", "finding");
    add_title(h, f);
    add_facts(h, f);
    if (f->evidence) {
        html_open(h, "pre");
        html_outside(h, f->evidence);
        html_close(h);
    }
    if (f->cure) {
        html_open(h, "p");
        html_element(h, "strong", "Put it right");
        html_close(h);
        page_command(h, f->cure);
    }
    add_refs(h, f->refs);
    html_close(h);
    html_raw(h, "\n");
}

void audit_html_finding_add(struct html_out *h, const struct audit_host *host)
{
    html_open(h, "section");
    html_attr(h, "class", "sheet");
    html_element(h, "h2", "What should be put right");
    for (int s = SEVERITY_COUNT - 1; s >= 0; s--)
        for (size_t i = 0; i < host->finding_count; i++)
            if ((int)host->finding[i].severity == s)
                add_finding(h, &host->finding[i]);
    html_close(h);
    html_raw(h, "\n");
}
