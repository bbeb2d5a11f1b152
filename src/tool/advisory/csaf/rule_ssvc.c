/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Stakeholder-Specific Vulnerability Categorization, version 2 of its selection lists
 * (certcc.github.io/SSVC). */
#include <string.h>

#include "tool/advisory/csaf/rules.h"

/* Decision points of registered namespaces: their values in order, newest version last. */
static const struct {
    const char *namespace, *key, *version, *values;
} points[] = {
    {"ssvc", "A", "1.0.0", "R S"},
    {"ssvc", "A", "2.0.0", "N Y"},
    {"ssvc", "E", "1.0.0", "N P A"},
    {"ssvc", "E", "1.1.0", "N P A"},
    {"ssvc", "EXP", "1.0.0", "S C O"},
    {"ssvc", "EXP", "1.0.1", "S C O"},
    {"ssvc", "HI", "1.0.0", "L M H VH"},
    {"ssvc", "HI", "2.0.0", "L M H VH"},
    {"ssvc", "HI", "2.0.1", "L M H VH"},
    {"ssvc", "HI", "2.0.2", "L M H VH"},
    {"ssvc", "MI", "1.0.0", "N NED MSC MEF MF"},
    {"ssvc", "MI", "2.0.0", "D MSC MEF MF"},
    {"ssvc", "PSI", "1.0.0", "M MA I"},
    {"ssvc", "PSI", "2.0.0", "M S"},
    {"ssvc", "PSI", "2.0.1", "M S"},
    {"ssvc", "PVA", "1.0.0", "P L A"},
    {"ssvc", "RC", "1.0.0", "NC C"},
    {"ssvc", "RP", "1.0.0", "N Y"},
    {"ssvc", "SC", "1.0.0", "N Y"},
    {"ssvc", "SI", "1.0.0", "N M MA H C"},
    {"ssvc", "SI", "2.0.0", "N M R C"},
    {"ssvc", "TI", "1.0.0", "P T"},
    {"ssvc", "U", "1.0.0", "L E S"},
    {"ssvc", "U", "1.0.1", "L E S"},
    {"ssvc", "VD", "1.0.0", "D C"},
    {"cvss", "AC", "3.0.1", "H L"},
    {"cvss", "AV", "3.0.1", "P L A N"},
    {"cvss", "E", "2.0.0", "U P A X"},
    {"cvss", "E", "3.0.1", "U P F H X"},
};

static const char *const registered[] = {"ssvc", "cvss", "cisa", "nist", "basic", NULL};
static const char *const special[] = {"test", "example", NULL};

#define EACH_SELECTION(selection, ssvc, c, v)                                                      \
    CSAF_EACH_SCORE (s_, c, v)                                                                     \
        for (const struct json_node *ssvc = json_find(s_.content, "ssvc_v2"); ssvc; ssvc = NULL)   \
            JSON_EACH (selection, json_find(ssvc, "selections"))

/* "ssvc" of "ssvc//.example.test$en-GB" and of "ssvc#part". */
static void base_of(const struct json_node *selection, char *to, size_t size)
{
    const char *space = json_member(selection, "namespace");
    size_t len = space ? strcspn(space, "/#$") : 0;
    len = len < size - 1 ? len : size - 1;
    memcpy(to, space ? space : "", len);
    to[len] = '\0';
}

static bool has_extension(const struct json_node *selection)
{
    const char *space = json_member(selection, "namespace");
    return space && strchr(space, '/');
}

static bool is_clear(const struct csaf *c)
{
    return strcmp(c->label, "CLEAR") == 0;
}

/* The place of a value in "N M R C"; -1: it is none of them. */
static int place_of(const char *values, const char *value)
{
    size_t len = strlen(value);
    for (int i = 0;; i++) {
        size_t n = strcspn(values, " ");
        if (n == len && memcmp(values, value, n) == 0)
            return i;
        if (!values[n])
            return -1;
        values += n + 1;
    }
}

static const char *values_of(const char *space, const char *key, const char *version)
{
    for (size_t i = 0; i < ARRAY_COUNT(points); i++)
        if (strcmp(points[i].namespace, space) == 0 && strcmp(points[i].key, key) == 0 &&
            strcmp(points[i].version, version) == 0)
            return points[i].values;
    return NULL;
}

static void check_values(struct csaf *c, const struct json_node *selection, const char *values)
{
    int before = -1;
    JSON_EACH (value, json_find(selection, "values")) {
        const char *key = json_member(value, "key");
        int place = key ? place_of(values, key) : -1;
        if (place < 0)
            csaf_found(c, value, NULL, "no value of this decision point");
        else if (place < before)
            csaf_found(c, value, NULL, "the values are out of order");
        before = place;
    }
}

/* "ssvc//.example.test$de-DE": a translation may order its values anew. */
static bool is_translated(const struct json_node *selection)
{
    const char *space = json_member(selection, "namespace");
    const char *language = space ? strchr(space, '$') : NULL;
    return language && strncmp(language, "$en", 3) != 0;
}

/* 6.1.48 */
void csaf_ssvc_points(struct csaf *c)
{
    JSON_EACH (v, c->vulnerabilities)
        EACH_SELECTION (selection, ssvc, c, v) {
            char base[64];
            const char *key = json_member(selection, "key"),
                       *version = json_member(selection, "version");
            base_of(selection, base, sizeof base);
            if (!key || !version || is_translated(selection) ||
                (strcmp(base, "ssvc") != 0 && strcmp(base, "cvss") != 0))
                continue;
            const char *values = values_of(base, key, version);
            if (!values)
                csaf_found(c, selection, NULL, "no decision point %s %s in %s", key, version, base);
            else
                check_values(c, selection, values);
        }
}

/* 6.1.46 */
void csaf_ssvc_invalid(struct csaf *c)
{
    JSON_EACH (v, c->vulnerabilities)
        CSAF_EACH_SCORE (s, c, v) {
            const struct json_node *ssvc = json_find(s.content, "ssvc_v2");
            if (!ssvc)
                continue;
            if (!json_member(ssvc, "timestamp") || !json_find(ssvc, "selections"))
                csaf_found(c, ssvc, NULL, "timestamp and selections must be there");
            JSON_EACH (selection, json_find(ssvc, "selections"))
                if (!json_member(selection, "namespace") || !json_member(selection, "key") ||
                    !json_member(selection, "version") || !json_find(selection, "values"))
                    csaf_found(c, selection, NULL, "no whole selection");
        }
}

/* 6.1.47 */
void csaf_ssvc_targets(struct csaf *c)
{
    const char *own = json_member(c->tracking, "id");
    JSON_EACH (v, c->vulnerabilities)
        CSAF_EACH_SCORE (s, c, v)
            JSON_EACH (target, json_at(s.content, "ssvc_v2", "target_ids", NULL)) {
                const char *text = json_string(target), *cve = json_member(v, "cve");
                bool found = text && cve && strcmp(text, cve) == 0;
                JSON_EACH (id, json_find(v, "ids")) {
                    const char *other = json_member(id, "text");
                    found |= text && other && strcmp(text, other) == 0;
                }
                found |= text && own && strcmp(text, own) == 0 && c->vulnerabilities->count == 1;
                if (!found)
                    csaf_found(c, target, NULL, "no id of this vulnerability");
            }
}

/* 6.2.34 */
void csaf_ssvc_namespace(struct csaf *c)
{
    JSON_EACH (v, c->vulnerabilities)
        EACH_SELECTION (selection, ssvc, c, v) {
            char base[64];
            base_of(selection, base, sizeof base);
            if (!csaf_is_one_of(base, registered) && !csaf_is_one_of(base, special))
                csaf_found(c, selection, "namespace", "\"%s\" is not registered", base);
        }
}

static void check_unregistered(struct csaf *c)
{
    JSON_EACH (v, c->vulnerabilities)
        EACH_SELECTION (selection, ssvc, c, v) {
            char base[64];
            base_of(selection, base, sizeof base);
            if (strncmp(base, "x_", 2) == 0)
                csaf_found(c, selection, "namespace", "an unregistered namespace");
        }
}

void csaf_ssvc_unregistered_clear(struct csaf *c) /* 6.2.35 */
{
    if (is_clear(c))
        check_unregistered(c);
}

void csaf_ssvc_unregistered_closed(struct csaf *c) /* 6.3.14 */
{
    if (!is_clear(c))
        check_unregistered(c);
}

static void check_extensions(struct csaf *c)
{
    JSON_EACH (v, c->vulnerabilities)
        EACH_SELECTION (selection, ssvc, c, v) {
            char base[64];
            base_of(selection, base, sizeof base);
            if (has_extension(selection) && !csaf_is_one_of(base, special))
                csaf_found(c, selection, "namespace", "a namespace with an extension");
        }
}

void csaf_ssvc_extension_clear(struct csaf *c) /* 6.2.36 */
{
    if (is_clear(c))
        check_extensions(c);
}

void csaf_ssvc_extension_closed(struct csaf *c) /* 6.3.15 */
{
    if (!is_clear(c))
        check_extensions(c);
}

/* 6.2.37 */
void csaf_ssvc_resource(struct csaf *c)
{
    JSON_EACH (v, c->vulnerabilities)
        EACH_SELECTION (selection, ssvc, c, v) {
            char base[64];
            const char *space = json_member(selection, "namespace");
            bool found = false;
            base_of(selection, base, sizeof base);
            if (!space || csaf_is_one_of(space, registered) || csaf_is_one_of(base, special))
                continue;
            JSON_EACH (resource, json_find(ssvc, "decision_point_resources")) {
                const char *summary = json_member(resource, "summary");
                found |= summary && strstr(summary, space);
            }
            if (!found)
                csaf_found(c, selection, "namespace", "no resource explains \"%s\"", space);
        }
}

/* 6.3.13 */
void csaf_ssvc_version(struct csaf *c)
{
    JSON_EACH (v, c->vulnerabilities)
        EACH_SELECTION (selection, ssvc, c, v) {
            char base[64];
            const char *key = json_member(selection, "key"),
                       *version = json_member(selection, "version"), *newest = NULL;
            base_of(selection, base, sizeof base);
            for (size_t i = 0; key && i < ARRAY_COUNT(points); i++)
                if (strcmp(points[i].namespace, base) == 0 && strcmp(points[i].key, key) == 0)
                    newest = points[i].version;
            if (newest && version && strcmp(newest, version) != 0)
                csaf_found(c, selection, "version", "%s is the newest", newest);
        }
}
