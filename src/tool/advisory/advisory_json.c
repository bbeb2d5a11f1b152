/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The record of an advisory as JSON, as `picket advisory import --json` prints it and the store
 * keeps it. */
#include "core/text/json.h"
#include "tool/advisory/advisory.h"

/* What a source does not tell is left out. */
static void put(struct json_out *j, const char *key, const char *value)
{
    if (value)
        json_text(j, key, value);
}

static void put_words(struct json_out *j, const char *key, const struct advisory_words *list)
{
    json_array(j, key);
    for (size_t i = 0; i < list->count; i++)
        json_text(j, NULL, list->text[i]);
    json_end(j);
}

static void put_packages(struct json_out *j, const struct advisory *a)
{
    json_array(j, "packages");
    for (size_t i = 0; i < a->packages.count; i++) {
        json_object(j, NULL);
        put(j, "ecosystem", a->packages.item[i].ecosystem);
        put(j, "name", a->packages.item[i].name);
        json_end(j);
    }
    json_end(j);
    json_array(j, "fixed");
    for (size_t i = 0; i < a->fixed.count; i++) {
        json_object(j, NULL);
        put(j, "suite", a->fixed.item[i].suite);
        put(j, "package", a->fixed.item[i].package);
        put(j, "version", a->fixed.item[i].version);
        json_end(j);
    }
    json_end(j);
}

static void put_ranges(struct json_out *j, const struct advisory *a)
{
    if (a->ranges.count == 0)
        return;
    json_array(j, "ranges");
    for (size_t i = 0; i < a->ranges.count; i++) {
        const struct advisory_range *r = &a->ranges.item[i];
        json_object(j, NULL);
        put(j, "ecosystem", r->ecosystem);
        put(j, "name", r->name);
        put(j, "introduced", r->introduced);
        put(j, "fixed", r->fixed);
        put(j, "last", r->last);
        put(j, "exactly", r->exactly);
        json_end(j);
    }
    json_end(j);
}

static void put_scores(struct json_out *j, const struct advisory *a)
{
    json_array(j, "cvss");
    for (size_t i = 0; i < a->scores.count; i++) {
        json_object(j, NULL);
        put(j, "vector", a->scores.item[i].vector);
        json_double(j, "score", a->scores.item[i].score, 1);
        put(j, "source", a->scores.item[i].source);
        json_end(j);
    }
    json_end(j);
}

static void put_exploited(struct json_out *j, const struct advisory *a)
{
    if (a->epss >= 0)
        json_double(j, "epss", a->epss, 5);
    if (!a->kev.added)
        return;
    json_object(j, "kev");
    put(j, "added", a->kev.added);
    put(j, "due", a->kev.due);
    json_bool(j, "ransomware", a->kev.ransomware);
    json_end(j);
}

void advisory_put_json(const struct advisory *a, struct json_out *j)
{
    put(j, "id", a->id);
    put(j, "kind", a->kind);
    put(j, "source", a->source);
    put(j, "title", a->title);
    put(j, "date", a->date);
    put(j, "modified", a->modified);
    put(j, "severity", a->severity);
    put(j, "publisher", a->publisher);
    put(j, "withdrawn", a->withdrawn);
    put(j, "url", a->url);
    put_words(j, "cves", &a->cves);
    put_words(j, "aliases", &a->aliases);
    put_packages(j, a);
    put_ranges(j, a);
    put_scores(j, a);
    put_exploited(j, a);
    if (a->vu.count)
        put_words(j, "vu", &a->vu);
    if (a->refs.count)
        put_words(j, "refs", &a->refs);
    put(j, "text", a->text);
}

void advisory_to_json(const struct advisory *a, struct str *out)
{
    struct json_out j = json_out_of(out);
    json_object(&j, NULL);
    advisory_put_json(a, &j);
    json_end(&j);
}
