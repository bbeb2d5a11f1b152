/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CVSS in documents: is it whole, is it computed right, does it say one thing only, is it there. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "core/text/cvss.h"
#include "tool/advisory/csaf/rules.h"

static const char *const keys[] = {"cvss_v2", "cvss_v3", "cvss_v4"};

#define EACH_CVSS(cvss, s, c, v)                                                                   \
    CSAF_EACH_SCORE (s, c, v)                                                                      \
        for (size_t k_ = 0; k_ < ARRAY_COUNT(keys); k_++)                                          \
            for (const struct json_node *cvss = json_find((s).content, keys[k_]); cvss; cvss = NULL)

static const char *version_of(const struct json_node *cvss)
{
    const char *version = json_member(cvss, "version");
    return version ? version : "";
}

static bool parse(const struct json_node *cvss, struct cvss *out)
{
    const char *vector = json_member(cvss, "vectorString");
    return vector && cvss_parse(out, vector, &(struct err){0}) == 0;
}

/* 6.1.7 */
void csaf_score_twice(struct csaf *c)
{
    JSON_EACH (v, c->vulnerabilities)
        EACH_CVSS (a, sa, c, v)
            for (struct csaf_score sb = csaf_next_score(c, v, &sa); sb.metric;
                 sb = csaf_next_score(c, v, &sb)) {
                const struct json_node *b = json_find(sb.content, a->key);
                if (!b || strcmp(version_of(a), version_of(b)) != 0 ||
                    strcmp(sa.source, sb.source) != 0)
                    continue;
                JSON_EACH (id, sa.products)
                    if (json_string(id) && csaf_has_text(sb.products, id->text))
                        csaf_found(c, b, NULL, "\"%s\" has another score of CVSS %s", id->text,
                                   version_of(b));
            }
}

/* The members that repeat a metric of the vector. */
static const struct {
    const char *key, *metric;
} members[] = {
    {"accessVector", "AV"},
    {"accessComplexity", "AC"},
    {"authentication", "Au"},
    {"attackVector", "AV"},
    {"attackComplexity", "AC"},
    {"attackRequirements", "AT"},
    {"privilegesRequired", "PR"},
    {"userInteraction", "UI"},
    {"scope", "S"},
    {"confidentialityImpact", "C"},
    {"integrityImpact", "I"},
    {"availabilityImpact", "A"},
    {"vulnConfidentialityImpact", "VC"},
    {"vulnIntegrityImpact", "VI"},
    {"vulnAvailabilityImpact", "VA"},
    {"subConfidentialityImpact", "SC"},
    {"subIntegrityImpact", "SI"},
    {"subAvailabilityImpact", "SA"},
    {"exploitability", "E"},
    {"exploitCodeMaturity", "E"},
    {"exploitMaturity", "E"},
    {"remediationLevel", "RL"},
    {"reportConfidence", "RC"},
    {"confidentialityRequirement", "CR"},
    {"integrityRequirement", "IR"},
    {"availabilityRequirement", "AR"},
    {"collateralDamagePotential", "CDP"},
    {"targetDistribution", "TD"},
    {"modifiedAttackVector", "MAV"},
    {"modifiedAttackComplexity", "MAC"},
    {"modifiedAttackRequirements", "MAT"},
    {"modifiedPrivilegesRequired", "MPR"},
    {"modifiedUserInteraction", "MUI"},
    {"modifiedScope", "MS"},
    {"modifiedConfidentialityImpact", "MC"},
    {"modifiedIntegrityImpact", "MI"},
    {"modifiedAvailabilityImpact", "MA"},
    {"modifiedVulnConfidentialityImpact", "MVC"},
    {"modifiedVulnIntegrityImpact", "MVI"},
    {"modifiedVulnAvailabilityImpact", "MVA"},
    {"modifiedSubConfidentialityImpact", "MSC"},
    {"modifiedSubIntegrityImpact", "MSI"},
    {"modifiedSubAvailabilityImpact", "MSA"},
    {"automatable", "AU"},
    {"Automatable", "AU"},
    {"recovery", "R"},
    {"Recovery", "R"},
    {"Safety", "S"},
    {"valueDensity", "V"},
    {"vulnerabilityResponseEffort", "RE"},
    {"providerUrgency", "U"},
};

/* The schema of 4.0 is closed. */
static bool is_member_of_4(const char *key)
{
    static const char *const plain[] = {"version", "vectorString", "baseScore", "baseSeverity",
                                        NULL};
    bool known = csaf_is_one_of(key, plain);
    for (size_t i = 0; i < ARRAY_COUNT(members) && !known; i++)
        known = strcmp(members[i].key, key) == 0;
    return known;
}

/* 6.1.8: the members that the schemas of FIRST require, and a vector that is one. */
void csaf_cvss_invalid(struct csaf *c)
{
    JSON_EACH (v, c->vulnerabilities)
        EACH_CVSS (cvss, s, c, v) {
            struct cvss parsed;
            struct err e = {0};
            const char *vector = json_member(cvss, "vectorString");
            bool v2 = strcmp(cvss->key, "cvss_v2") == 0;
            if (!json_member(cvss, "version"))
                csaf_found(c, cvss, "version", "the version is missing");
            if (!json_is(json_find(cvss, "baseScore"), JSON_NUMBER))
                csaf_found(c, cvss, "baseScore", "the base score is missing");
            if (!v2 && !json_member(cvss, "baseSeverity"))
                csaf_found(c, cvss, "baseSeverity", "the base severity is missing");
            JSON_EACH (member, cvss)
                if (strcmp(cvss->key, "cvss_v4") == 0 && !is_member_of_4(member->key))
                    csaf_found(c, member, NULL, "\"%s\" is no member of CVSS 4.0", member->key);
            if (!vector)
                csaf_found(c, cvss, "vectorString", "the vector is missing");
            else if (cvss_parse(&parsed, vector, &e) < 0)
                csaf_found(c, cvss, "vectorString", "%s", e.text);
            else if (strcmp(cvss_version_name(parsed.version), version_of(cvss)) != 0)
                csaf_found(c, cvss, "version", "the vector is of CVSS %s",
                           cvss_version_name(parsed.version));
        }
}

static void check_score(struct csaf *c, const struct json_node *cvss, const char *key,
                        double computed)
{
    const struct json_node *n = json_find(cvss, key);
    if (n && computed >= 0 && fabs(json_number(n, -1) - computed) > 0.01)
        csaf_found(c, n, NULL, "%s should be %.1f", key, computed);
}

static void check_severity(struct csaf *c, const struct json_node *cvss, const char *key,
                           enum cvss_version version, double score)
{
    const char *word = json_member(cvss, key);
    if (word && score >= 0 && strcasecmp(word, cvss_severity(version, score)) != 0)
        csaf_found(c, cvss, key, "%s should be %s", key, cvss_severity(version, score));
}

/* 6.1.9 */
void csaf_cvss_computed(struct csaf *c)
{
    JSON_EACH (v, c->vulnerabilities)
        EACH_CVSS (cvss, s, c, v) {
            struct cvss p;
            if (!parse(cvss, &p))
                continue;
            double base = p.version == CVSS_40 ? p.score : p.base;
            check_score(c, cvss, "baseScore", base);
            check_score(c, cvss, "temporalScore", p.temporal);
            check_score(c, cvss, "environmentalScore",
                        p.version == CVSS_40 ? p.score : p.environmental);
            if (p.version == CVSS_20)
                continue;
            check_severity(c, cvss, "baseSeverity", p.version, base);
            check_severity(c, cvss, "temporalSeverity", p.version, p.temporal);
            check_severity(c, cvss, "environmentalSeverity", p.version, p.environmental);
        }
}

/* The long word begins with the short one's letter; two pairs of 2.0 need their second letter. */
static bool same_value(const char *word, const char *value)
{
    if (strcmp(word, "NOT_DEFINED") == 0)
        return strcmp(value, "X") == 0 || strcmp(value, "ND") == 0;
    if (strcmp(value, "UC") == 0)
        return strcmp(word, "UNCONFIRMED") == 0;
    if (strcmp(value, "UR") == 0)
        return strcmp(word, "UNCORROBORATED") == 0;
    if (strcmp(value, "LM") == 0 || strcmp(value, "MH") == 0)
        return *word == *value && strchr(word, '_');
    return *word == *value;
}

/* 6.1.10 */
void csaf_cvss_inconsistent(struct csaf *c)
{
    JSON_EACH (v, c->vulnerabilities)
        EACH_CVSS (cvss, s, c, v) {
            struct cvss p;
            char value[8];
            if (!parse(cvss, &p))
                continue;
            for (size_t i = 0; i < ARRAY_COUNT(members); i++) {
                const char *word = json_member(cvss, members[i].key);
                if (!word)
                    continue;
                if (cvss_value(&p, members[i].metric, value) && !same_value(word, value))
                    csaf_found(c, cvss, members[i].key, "%s is not what the vector says",
                               members[i].key);
            }
        }
}

/* What the vector leaves open may be told by members beside it. */
static void complete(struct cvss *p, const struct json_node *cvss)
{
    char value[8];
    for (size_t i = 0; i < ARRAY_COUNT(members); i++) {
        const char *word = json_member(cvss, members[i].key);
        const char *values = word ? cvss_values(p->version, members[i].metric) : NULL;
        if (!values || cvss_value(p, members[i].metric, value))
            continue;
        for (size_t n; *values; values += n + (values[n] == ' ')) {
            n = strcspn(values, " ");
            snprintf(value, sizeof value, "%.*s", (int)n, values);
            if (same_value(word, value) && cvss_set(p, members[i].metric, value))
                break;
        }
    }
}

/* 6.2.19 */
void csaf_cvss_fixed(struct csaf *c)
{
    JSON_EACH (v, c->vulnerabilities)
        EACH_CVSS (cvss, s, c, v) {
            struct cvss p;
            if (!parse(cvss, &p))
                continue;
            complete(&p, cvss);
            double score = p.version == CVSS_20 && p.environmental < 0 ? p.base : p.score;
            JSON_EACH (id, s.products)
                if (json_string(id) && score > 0 && csaf_in_group(v, CSAF_FIXED, id->text))
                    csaf_found(c, id, NULL, "\"%s\" is fixed and still scored %.1f", id->text,
                               score);
        }
}

static bool has_score(const struct csaf *c, const struct json_node *v, const char *id,
                      const char *but)
{
    EACH_CVSS (cvss, s, c, v)
        if ((!but || strcmp(cvss->key, but) != 0) && csaf_has_text(s.products, id))
            return true;
    return false;
}

static bool has_other_score(const struct csaf *c, const struct json_node *v, const char *id)
{
    CSAF_EACH_SCORE (s, c, v)
        JSON_EACH (member, s.content)
            if (csaf_has_text(s.products, id) && strcmp(member->key, "cvss_v2") != 0 &&
                strcmp(member->key, "products") != 0)
                return true;
    return false;
}

/* 6.3.1 */
void csaf_cvss2_only(struct csaf *c)
{
    JSON_EACH (v, c->vulnerabilities)
        EACH_CVSS (cvss, s, c, v)
            if (strcmp(cvss->key, "cvss_v2") == 0)
                JSON_EACH (id, s.products)
                    if (json_string(id) && !has_other_score(c, v, id->text))
                        csaf_found(c, cvss, NULL, "CVSS v2 is the only score of \"%s\"", id->text);
}

/* 6.3.2 */
void csaf_cvss30(struct csaf *c)
{
    JSON_EACH (v, c->vulnerabilities)
        EACH_CVSS (cvss, s, c, v)
            if (strcmp(version_of(cvss), "3.0") == 0)
                csaf_found(c, cvss, "version", "CVSS 3.0: use 3.1");
}

/* 6.3.12 */
void csaf_cvss4_missing(struct csaf *c)
{
    JSON_EACH (v, c->vulnerabilities) {
        CSAF_EACH_SCORE (s, c, v) {
            bool any = json_find(s.content, "cvss_v2") || json_find(s.content, "cvss_v3");
            if (any && !json_find(s.content, "cvss_v4"))
                csaf_found(c, s.content, NULL, "no score of CVSS 4.0");
        }
        JSON_EACH (list, json_find(v, "product_status"))
            if (csaf_group_of(list->key) == CSAF_AFFECTED)
                JSON_EACH (id, list)
                    if (json_string(id) && !has_score(c, v, id->text, NULL))
                        csaf_found(c, id, NULL, "no CVSS for \"%s\"", id->text);
    }
}

/* 6.2.3 */
void csaf_metric_missing(struct csaf *c)
{
    JSON_EACH (v, c->vulnerabilities)
        JSON_EACH (list, json_find(v, "product_status"))
            if (csaf_group_of(list->key) == CSAF_AFFECTED)
                JSON_EACH (id, list) {
                    bool found = false;
                    CSAF_EACH_SCORE (s, c, v)
                        found |= json_string(id) && csaf_has_text(s.products, id->text);
                    if (!found)
                        csaf_found(c, id, NULL, "no metric for it");
                }
}

/* ---- qualitative severity ratings ---- */

static const char rating[] = "qualitative_severity_rating";

/* 6.1.56 */
void csaf_rating_and_cvss(struct csaf *c)
{
    JSON_EACH (v, c->vulnerabilities)
        CSAF_EACH_SCORE (rated, c, v) {
            if (!json_find(rated.content, rating))
                continue;
            EACH_CVSS (cvss, s, c, v)
                if (strcmp(s.source, rated.source) == 0)
                    JSON_EACH (id, s.products)
                        if (json_string(id) && csaf_has_text(rated.products, id->text))
                            csaf_found(c, rated.content, rating,
                                       "\"%s\" has both a rating and CVSS", id->text);
        }
}

static bool is_own_source(const struct csaf *c, const char *source)
{
    if (!*source)
        return true;
    JSON_EACH (reference, json_find(c->document, "references")) {
        const char *category = json_member(reference, "category"),
                   *url = json_member(reference, "url");
        if (category && url && strcmp(category, "self") == 0 && strcmp(url, source) == 0)
            return true;
    }
    return false;
}

/* 6.2.47 */
void csaf_rating_own(struct csaf *c)
{
    JSON_EACH (v, c->vulnerabilities)
        CSAF_EACH_SCORE (s, c, v)
            if (json_find(s.content, rating) && is_own_source(c, s.source))
                csaf_found(c, s.content, rating, "the issuer should give CVSS, not a rating");
}

/* 6.3.18 */
void csaf_rating_used(struct csaf *c)
{
    JSON_EACH (v, c->vulnerabilities)
        CSAF_EACH_SCORE (s, c, v)
            if (json_find(s.content, rating))
                csaf_found(c, s.content, rating, "a rating in words");
}
