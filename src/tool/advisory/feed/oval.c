/* SPDX-License-Identifier: GPL-3.0-or-later */
/* OVAL definitions (oval.mitre.org, version 5), as Debian, Ubuntu, SUSE and Red Hat publish them.
 * Read as events: the files are large.  What they test for is left to the sources that say it in
 * plainer words; here they are advisories with CVE numbers, titles and severities. */
#include <errno.h>
#include <string.h>
#include <strings.h>

#include "core/text/date.h"
#include "core/text/xml_reader.h"
#include "tool/advisory/feed.h"

static bool fits(const struct advisory_input *in)
{
    const char *colon = strchr(in->shape.root, ':');
    return in->shape.kind == SHAPE_XML &&
           strcmp(colon ? colon + 1 : in->shape.root, "oval_definitions") == 0;
}

struct reading {
    struct arena arena;
    const struct advisory_sink *to;
    struct advisory a;
    bool in_definition;
    struct str text;
    struct err *e;
    int rc;
};

static const char *attr_of(struct arena *arena, const struct xml_attr *attr, size_t count,
                           const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(attr[i].name.local, name) == 0)
            return arena_copy(arena, attr[i].value, attr[i].len);
    return NULL;
}

/* "CVE-2008-5679", also where something is glued to it. */
static void add_cve(struct reading *r, const char *text)
{
    const char *at = text ? strstr(text, "CVE-") : NULL;
    advisory_add_word(&r->arena, &r->a.cves, at ? advisory_cve_name(&r->arena, at) : NULL);
}

static void on_open(void *ctx, const struct xml_name *name, const struct xml_attr *attr,
                    size_t count)
{
    struct reading *r = ctx;
    str_reset(&r->text);
    if (strcmp(name->local, "definition") == 0) {
        arena_reset(&r->arena);
        r->a = advisory_new("oval");
        r->a.id = attr_of(&r->arena, attr, count, "id");
        r->in_definition = true;
    } else if (r->in_definition && strcmp(name->local, "reference") == 0) {
        add_cve(r, attr_of(&r->arena, attr, count, "ref_id"));
        advisory_add_word(&r->arena, &r->a.refs, attr_of(&r->arena, attr, count, "ref_url"));
    } else if (r->in_definition &&
               (strcmp(name->local, "issued") == 0 || strcmp(name->local, "updated") == 0)) {
        const char *day = attr_of(&r->arena, attr, count, "date");
        r->a.date = r->a.date ? r->a.date : day;
    }
}

static void on_text(void *ctx, const char *text, size_t len)
{
    struct reading *r = ctx;
    if (r->in_definition)
        str_add_len(&r->text, text, len);
}

static void take_field(struct reading *r, const char *name, const char *text)
{
    struct date date;
    if (strcmp(name, "title") == 0) {
        r->a.title = text;
        add_cve(r, text);
    } else if (strcmp(name, "description") == 0) {
        r->a.text = text; /* it may name other numbers, too: "a different flaw than" */
        advisory_add_cves_in(&r->arena, &r->a, text, strlen(text));
    } else if (strcmp(name, "severity") == 0) {
        r->a.severity = advisory_severity_word(text);
    } else if (strcmp(name, "cve") == 0) {
        add_cve(r, text);
    } else if (strcmp(name, "public_date") == 0 && date_parse_loose(&date, text)) {
        r->a.date = arena_text(&r->arena, date_text(&date).text);
    }
}

static void on_close(void *ctx, const struct xml_name *name)
{
    struct reading *r = ctx;
    if (!r->in_definition)
        return;
    const char *at = str_text(&r->text);
    at += strspn(at, " \t\r\n");
    size_t len = strlen(at);
    while (len && strchr(" \t\r\n", at[len - 1]))
        len--;
    if (len)
        take_field(r, name->local, arena_copy(&r->arena, at, len));
    str_reset(&r->text);
    if (strcmp(name->local, "definition") != 0)
        return;
    r->in_definition = false;
    if (r->rc == 0 && r->a.id && r->a.cves.count)
        r->rc = feed_tell(r->to, &r->a, r->e);
}

static int read(const struct advisory_input *in, const struct advisory_sink *to, struct err *e)
{
    struct reading r = {.to = to, .text = str_of(1 << 20), .e = e};
    struct xml_events events = {&r, on_open, on_close, on_text};
    struct str ready = str_of(0), fault = str_of(0);
    (void)xml_prepare(in->text, in->len, &ready);
    bool well = xml_read(str_text(&ready), ready.len, &events, &fault);
    if (r.rc == 0 && !well)
        r.rc = err_set(e, -EBADMSG, "%s", str_text(&fault));
    str_done(&ready);
    str_done(&fault);
    str_done(&r.text);
    arena_done(&r.arena);
    return r.rc;
}

const struct advisory_feed advisory_feed_oval = {
    .name = "oval", .doc = "OVAL definitions of distributions", .fits = fits, .read = read};
