/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/assess/outcome.h"

#include <stdlib.h>
#include <string.h>

#include "core/text/cvss.h"

enum { QUALITY_UNSAID = 75 };

/* Greenbone's table, "Quality of Detection". */
static const struct {
    const char *type;
    uint8_t percent;
} qualities[] = {
    {"exploit", 100},
    {"remote_vul", 99},
    {"remote_app", 98},
    {"package", 97},
    {"registry", 97},
    {"remote_active", 95},
    {"remote_banner", 80},
    {"executable_version", 80},
    {"remote_analysis", 70},
    {"remote_probe", 50},
    {"remote_banner_unreliable", 30},
    {"executable_version_unreliable", 30},
    {"package_unreliable", 30},
    {"general_note", 1},
};

uint8_t assess_quality(const char *type)
{
    for (size_t i = 0; i < ARRAY_COUNT(qualities); i++)
        if (strcmp(qualities[i].type, type) == 0)
            return qualities[i].percent;
    return 0;
}

static uint8_t quality_of(const struct nasl_meta *m)
{
    const char *percent = nasl_meta_tag(m, "qod"), *type = nasl_meta_tag(m, "qod_type");
    long number = percent ? strtol(percent, NULL, 10) : 0;
    if (number > 0 && number <= 100)
        return (uint8_t)number;
    uint8_t known = type ? assess_quality(type) : 0;
    return known ? known : QUALITY_UNSAID;
}

static double score_of(const struct nasl_meta *m)
{
    static const char *const tags[] = {"severity_vector", "cvss_base_vector"};
    for (size_t i = 0; i < ARRAY_COUNT(tags); i++) {
        const char *vector = nasl_meta_tag(m, tags[i]);
        struct cvss cvss;
        struct err unused = {0};
        if (vector && cvss_parse(&cvss, vector, &unused) == 0)
            return cvss.base;
    }
    return -1;
}

static const char *references_of(const struct nasl_meta *m, struct arena *arena)
{
    struct str text = str_of(4096);
    for (size_t i = 0; i < m->references.count; i++)
        str_addf(&text, "%s%s", text.len ? " " : "", m->references.pair[i].value);
    const char *kept = text.len ? arena_copy(arena, text.text, text.len) : NULL;
    str_done(&text);
    return kept;
}

/* Line breaks and what stands around them become one blank. */
static const char *one_line(struct arena *arena, const char *text)
{
    char *out = text ? arena_text(arena, text) : NULL, *to = out;
    for (const char *from = out; from && *from; from++) {
        bool blank = *from == '\n' || *from == '\r' || *from == ' ' || *from == '\t';
        if (!blank)
            *to++ = *from;
        else if (to > out && to[-1] != ' ')
            *to++ = ' ';
    }
    if (to)
        *to = 0;
    return out;
}

/* Lines end as on this machine. */
static const char *without_returns(struct arena *arena, const char *text)
{
    char *out = arena_text(arena, text), *to = out;
    for (const char *from = out; *from; from++)
        if (from[0] != '\r' || from[1] != '\n')
            *to++ = *from;
    *to = 0;
    return out;
}

static uint8_t number_of(const char *proto)
{
    return !proto ? 0 : strcmp(proto, "udp") == 0 ? 17 : strcmp(proto, "tcp") == 0 ? 6 : 0;
}

void assess_outcome(const struct assess_collection *c, const struct assess_result *result,
                    const struct nasl_host *host, struct arena *arena, struct finding *out)
{
    const struct nasl_report *r = result->report;
    struct nasl_meta meta;
    struct err unused = {0};
    nasl_meta_init(&meta);
    if (assess_check_describe(c, result->check, &meta, &unused) < 0)
        meta.tags.count = meta.references.count = 0; /* the script has changed since */
    double score = score_of(&meta);
    const char *evidence = *r->text ? r->text : nasl_meta_tag(&meta, "summary");
    bool of_port = r->port > 0 && r->port < PORT_COUNT;
    *out = (struct finding){
        .seen_ns = clock_wall_ns(host->clock),
        .tool = "assess",
        .test = arena_text(arena, result->check->oid),
        .host = host->addr,
        .ip_proto = of_port ? number_of(r->protocol) : 0,
        .port = of_port ? (uint16_t)r->port : 0,
        .severity = r->kind == NASL_SECURITY ? severity_from_cvss(score) : SEVERITY_INFO,
        .cvss = r->kind == NASL_SECURITY ? score : -1,
        .quality = quality_of(&meta),
        .name = arena_text(arena, result->check->name),
        .evidence = without_returns(arena, evidence ? evidence : ""),
        .cure = one_line(arena, nasl_meta_tag(&meta, "solution")),
        .refs = references_of(&meta, arena),
    };
    nasl_meta_done(&meta);
}
