/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Document categories and what their profiles ask for. */
#include <string.h>
#include <strings.h>

#include "tool/advisory/csaf/rules.h"

static const char informational[] = "csaf_informational_advisory",
                  incident[] = "csaf_security_incident_response",
                  advisory[] = "csaf_security_advisory", vex[] = "csaf_vex",
                  deprecated[] = "csaf_deprecated_security_advisory",
                  withdrawn[] = "csaf_withdrawn", superseded[] = "csaf_superseded";

static bool is(const struct csaf *c, const char *profile)
{
    return strcmp(c->category, profile) == 0;
}

static bool is_advisory(const struct csaf *c)
{
    return is(c, advisory) || is(c, vex) || is(c, deprecated);
}

static bool is_closed(const struct csaf *c)
{
    return is(c, withdrawn) || is(c, superseded);
}

/* Lower case without "csaf", blanks and dashes. */
static void squeeze(const char *text, char *to, size_t size)
{
    size_t n = 0;
    for (; *text && n < size - 1; text++)
        if (!strchr(" \t\r\n-_", *text) && (unsigned char)*text < 0x80)
            to[n++] = *text >= 'A' && *text <= 'Z' ? (char)(*text | 0x20) : *text;
    to[n] = '\0';
}

/* 6.1.26 */
void csaf_category_prohibited(struct csaf *c)
{
    static const char *const reserved[] = {
        "informationaladvisory",
        "securityincidentresponse",
        "securityadvisory",
        "vex",
        "csafinformationaladvisory",
        "csafsecurityincidentresponse",
        "csafsecurityadvisory",
        "csafvex",
        NULL,
    };
    static const char *const newer[] = {"withdrawn",
                                        "superseded",
                                        "csafwithdrawn",
                                        "csafsuperseded",
                                        "deprecatedsecurityadvisory",
                                        "csafdeprecatedsecurityadvisory",
                                        NULL};
    char word[64];
    squeeze(c->category, word, sizeof word);
    bool own = is(c, informational) || is(c, incident) || is(c, advisory) || is(c, vex) ||
               (c->v21 && (is_closed(c) || is(c, deprecated)));
    bool taken = csaf_is_one_of(word, reserved) || (c->v21 && csaf_is_one_of(word, newer));
    bool prefixed = strncmp(c->category, "csaf_", 5) == 0 && strcmp(c->category, "csaf_base") != 0;
    if (!own && (taken || prefixed))
        csaf_found(c, c->document, "category", "\"%s\" is reserved for a profile", c->category);
}

static bool has_note(const struct csaf *c, const char *const *categories)
{
    JSON_EACH (note, json_find(c->document, "notes"))
        if (csaf_is_one_of(json_member(note, "category"), categories))
            return true;
    return false;
}

/* 6.1.27.1 */
void csaf_profile_notes(struct csaf *c)
{
    static const char *const any[] = {"description", "details", "general", "summary", NULL};
    if ((is(c, informational) || is(c, incident)) && !has_note(c, any))
        csaf_found(c, c->document, "notes", "no note describes it");
}

/* 6.1.27.2 */
void csaf_profile_references(struct csaf *c)
{
    bool found = false;
    JSON_EACH (reference, json_find(c->document, "references")) {
        const char *category = json_member(reference, "category");
        found |= !category || strcmp(category, "external") == 0; /* external is the default */
    }
    if ((is(c, informational) || is(c, incident)) && !found)
        csaf_found(c, c->document, "references", "no external reference");
}

/* 6.1.27.3 */
void csaf_profile_no_vulnerabilities(struct csaf *c)
{
    if (c->vulnerabilities && (is(c, informational) || (c->v21 && is_closed(c))))
        csaf_found(c, c->vulnerabilities, NULL, "this profile has no vulnerabilities");
}

/* 6.1.27.4 */
void csaf_profile_tree(struct csaf *c)
{
    if (is_advisory(c) && !c->tree)
        csaf_found(c, c->root, "product_tree", "the product tree is missing");
}

/* 6.1.27.5, .6 */
void csaf_profile_vulnerability_notes(struct csaf *c)
{
    JSON_EACH (v, c->vulnerabilities)
        if (is_advisory(c) && !json_find(v, "notes"))
            csaf_found(c, v, "notes", "no notes");
}

void csaf_profile_status(struct csaf *c)
{
    bool asked = is(c, advisory) || is(c, deprecated);
    JSON_EACH (v, c->vulnerabilities)
        if (asked && !json_find(v, "product_status"))
            csaf_found(c, v, "product_status", "no product status");
}

/* 6.1.27.7 */
void csaf_profile_vex_status(struct csaf *c)
{
    static const char *const any[] = {"fixed", "known_affected", "known_not_affected",
                                      "under_investigation", NULL};
    JSON_EACH (v, c->vulnerabilities) {
        bool found = false;
        JSON_EACH (list, json_find(v, "product_status"))
            found |= csaf_is_one_of(list->key, any);
        if (is(c, vex) && !found)
            csaf_found(c, v, "product_status", "none of the statuses of VEX");
    }
}

/* Where all ids are for certain products, each product needs one. */
static void check_ids(struct csaf *c, const struct json_node *v)
{
    const struct json_node *ids = json_find(v, "ids");
    JSON_EACH (id, ids)
        if (!csaf_has_products(id))
            return;
    JSON_EACH (list, json_find(v, "product_status"))
        JSON_EACH (product, list) {
            bool found = false;
            JSON_EACH (id, ids)
                found |= json_string(product) && csaf_covers(c, id, product->text);
            if (!found)
                csaf_found(c, product, NULL, "no id of the vulnerability is for this product");
        }
}

/* 6.1.27.8 */
void csaf_profile_vulnerability_id(struct csaf *c)
{
    JSON_EACH (v, c->vulnerabilities) {
        if (!is(c, vex) || json_find(v, "cve"))
            continue;
        if (!json_find(v, "ids"))
            csaf_found(c, v, NULL, "neither cve nor ids");
        else
            check_ids(c, v);
    }
}

static bool has_impact(const struct csaf *c, const struct json_node *v, const char *product)
{
    JSON_EACH (flag, json_find(v, "flags"))
        if (csaf_covers(c, flag, product))
            return true;
    JSON_EACH (threat, json_find(v, "threats")) {
        const char *category = json_member(threat, "category");
        if (category && strcmp(category, "impact") == 0 && csaf_covers(c, threat, product))
            return true;
    }
    return false;
}

/* 6.1.27.9 */
void csaf_profile_impact(struct csaf *c)
{
    JSON_EACH (v, c->vulnerabilities)
        JSON_EACH (id, json_at(v, "product_status", "known_not_affected", NULL))
            if (is(c, vex) && json_string(id) && !has_impact(c, v, id->text))
                csaf_found(c, id, NULL, "not affected, but why?");
}

/* 6.1.27.10 */
void csaf_profile_action(struct csaf *c)
{
    JSON_EACH (v, c->vulnerabilities)
        JSON_EACH (id, json_at(v, "product_status", "known_affected", NULL)) {
            bool found = false;
            JSON_EACH (remediation, json_find(v, "remediations"))
                found |= json_string(id) && csaf_covers(c, remediation, id->text);
            if (is(c, vex) && !found)
                csaf_found(c, id, NULL, "affected, but what is to be done?");
        }
}

/* 6.1.27.11 */
void csaf_profile_vulnerabilities(struct csaf *c)
{
    if (is_advisory(c) && !c->vulnerabilities)
        csaf_found(c, c->root, "vulnerabilities", "the vulnerabilities are missing");
}

/* 6.1.27.12 */
void csaf_profile_affected(struct csaf *c)
{
    JSON_EACH (v, c->vulnerabilities)
        if (is(c, advisory) && !json_at(v, "product_status", "known_affected", NULL))
            csaf_found(c, v, "product_status", "no product is known to be affected");
}

/* 6.1.27.13 */
void csaf_profile_corresponding(struct csaf *c)
{
    if (is(c, advisory))
        csaf_fixed_without_affected(c);
}

/* 6.1.27.14, .15, .16 */
void csaf_profile_closed_notes(struct csaf *c)
{
    static const char *const any[] = {"description", NULL};
    if (is_closed(c) && !has_note(c, any))
        csaf_found(c, c->document, "notes", "no note of category description");
}

void csaf_profile_closed_tree(struct csaf *c)
{
    if (is_closed(c) && c->tree)
        csaf_found(c, c->tree, NULL, "this profile has no product tree");
}

void csaf_profile_closed_history(struct csaf *c)
{
    const struct json_node *history = json_find(c->tracking, "revision_history");
    if (is_closed(c) && history && history->count < 2)
        csaf_found(c, history, NULL, "a history of fewer than two revisions");
}

/* ---- the words that withdraw or supersede ---- */

static void check_reason(struct csaf *c, enum csaf_term term)
{
    const struct json_node *notes = json_find(c->document, "notes"), *found = NULL;
    size_t count = 0;
    JSON_EACH (note, notes) {
        const char *title = json_member(note, "title");
        if (title && csaf_is_term(c, title, term)) {
            count++;
            found = note;
        }
    }
    const char *category = json_member(found, "category");
    if (count != 1)
        csaf_found(c, c->document, "notes", "exactly one note gives the reason");
    else if (!category || strcmp(category, "description") != 0)
        csaf_found(c, found, "category", "the reason is a description");
}

/* 6.1.27.17, .18 in English, 6.2.39.2, .3 in other languages */
void csaf_reason_withdrawn(struct csaf *c)
{
    if (is(c, withdrawn) && csaf_is_english(c))
        check_reason(c, CSAF_TERM_WITHDRAWAL);
}

void csaf_reason_superseded(struct csaf *c)
{
    if (is(c, superseded) && csaf_is_english(c))
        check_reason(c, CSAF_TERM_SUPERSESSION);
}

void csaf_reason_withdrawn_translated(struct csaf *c)
{
    if (is(c, withdrawn) && !csaf_is_english(c) && csaf_has_term(c, CSAF_TERM_WITHDRAWAL))
        check_reason(c, CSAF_TERM_WITHDRAWAL);
}

void csaf_reason_superseded_translated(struct csaf *c)
{
    if (is(c, superseded) && !csaf_is_english(c) && csaf_has_term(c, CSAF_TERM_SUPERSESSION))
        check_reason(c, CSAF_TERM_SUPERSESSION);
}

static void check_superseding(struct csaf *c)
{
    JSON_EACH (reference, json_find(c->document, "references")) {
        const char *summary = json_member(reference, "summary"),
                   *category = json_member(reference, "category");
        if (summary && csaf_begins_with_term(c, summary, CSAF_TERM_SUPERSEDING) && category &&
            strcmp(category, "external") == 0)
            return;
    }
    csaf_found(c, c->document, "references", "no reference to the superseding document");
}

/* 6.1.27.19, 6.2.39.4 */
void csaf_superseding(struct csaf *c)
{
    if (is(c, superseded) && csaf_is_english(c))
        check_superseding(c);
}

void csaf_superseding_translated(struct csaf *c)
{
    if (is(c, superseded) && !csaf_is_english(c) && csaf_has_term(c, CSAF_TERM_SUPERSEDING))
        check_superseding(c);
}

/* 6.2.39.1 */
void csaf_profile_fixed(struct csaf *c)
{
    if (is(c, advisory))
        csaf_affected_without_fixed(c);
}

/* 6.2.39.5 */
void csaf_profile_closed_extension(struct csaf *c)
{
    for (size_t i = 0; i < c->extensions.count && is_closed(c); i++)
        csaf_found(c, c->extensions.item[i], NULL, "an extension in a closed document");
}

/* 6.2.38 */
void csaf_category_deprecated(struct csaf *c)
{
    if (strncmp(c->category, "csaf_deprecated_", 16) == 0)
        csaf_found(c, c->document, "category", "a deprecated profile");
}
