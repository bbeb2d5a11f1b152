/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Product status, remediations, flags, and how they go together. */
#include <string.h>

#include "tool/advisory/csaf/rules.h"

/* All products that a vulnerability names in product_status, each list in turn. */
#define EACH_STATUS(id, list, v)                                                                   \
    JSON_EACH (list, json_find(v, "product_status"))                                               \
        JSON_EACH (id, list)                                                                       \
            if (json_string(id))

/* 6.1.6 */
void csaf_status_contradicts(struct csaf *c)
{
    JSON_EACH (v, c->vulnerabilities)
        EACH_STATUS (id, list, v) {
            enum csaf_group own = csaf_group_of(list->key);
            for (int other = 0; other < CSAF_RECOMMENDED && own < CSAF_RECOMMENDED; other++)
                if (other != (int)own && csaf_in_group(v, (enum csaf_group)other, id->text))
                    csaf_found(c, id, NULL, "\"%s\" is in contradicting product status groups",
                               id->text);
        }
}

/* 6.1.29, 6.1.32 */
void csaf_remediation_without_product(struct csaf *c)
{
    JSON_EACH (v, c->vulnerabilities)
        JSON_EACH (item, json_find(v, "remediations"))
            if (!csaf_has_products(item))
                csaf_found(c, item, NULL, "a remediation for no product");
}

void csaf_flag_without_product(struct csaf *c)
{
    JSON_EACH (v, c->vulnerabilities)
        JSON_EACH (item, json_find(v, "flags"))
            if (!csaf_has_products(item))
                csaf_found(c, item, NULL, "a flag for no product");
}

/* 6.1.33 */
void csaf_flags_twice(struct csaf *c)
{
    JSON_EACH (v, c->vulnerabilities)
        for (size_t i = 0; i < c->products.count; i++) {
            const char *id = json_member(c->products.item[i], "product_id");
            size_t count = 0;
            JSON_EACH (flag, json_find(v, "flags"))
                count += csaf_covers(c, flag, id);
            if (count > 1)
                csaf_found(c, v, "flags", "\"%s\" has more than one justification", id);
        }
}

/* ---- remediations ---- */

enum remedy {
    WORKAROUND,
    MITIGATION,
    VENDOR_FIX,
    OPTIONAL_PATCH,
    NONE_AVAILABLE,
    FIX_PLANNED,
    NO_FIX_PLANNED,
    REMEDY_COUNT
};

static const char *const remedies[REMEDY_COUNT] = {
    "workaround",     "mitigation",  "vendor_fix",     "optional_patch",
    "none_available", "fix_planned", "no_fix_planned",
};

static int remedy_of(const struct json_node *remediation)
{
    const char *category = json_member(remediation, "category");
    for (int i = 0; category && i < REMEDY_COUNT; i++)
        if (strcmp(remedies[i], category) == 0)
            return i;
    return -1;
}

/* 6.1.35: the standard's table of combinations; x: prohibited. */
void csaf_remediations_contradict(struct csaf *c)
{
    static const char table[REMEDY_COUNT][REMEDY_COUNT + 1] = {
        "...xx..", "...xx..", "...xxxx", "xxx.xxx", "xxxx.xx", "..xxx.x", "..xxxx.",
    };
    JSON_EACH (v, c->vulnerabilities)
        for (size_t i = 0; i < c->products.count; i++) {
            const char *id = json_member(c->products.item[i], "product_id");
            JSON_EACH (a, json_find(v, "remediations"))
                for (const struct json_node *b = a->next; b; b = b->next) {
                    int ra = remedy_of(a), rb = remedy_of(b);
                    if (ra >= 0 && rb >= 0 && table[ra][rb] == 'x' && csaf_covers(c, a, id) &&
                        csaf_covers(c, b, id))
                        csaf_found(c, b, NULL, "%s and %s for \"%s\"", remedies[ra], remedies[rb],
                                   id);
                }
        }
}

/* The standard's table of remediations against product status groups: x prohibited, d discouraged.
 * Columns as enum csaf_group. */
static const char combination[REMEDY_COUNT][CSAF_GROUP_COUNT + 1] = {
    ".xxdd.", ".xxdd.", ".xxdd.", "x.d...", ".xx...", ".dxdd.", ".dx...",
};

static void check_combinations(struct csaf *c, char mark)
{
    JSON_EACH (v, c->vulnerabilities)
        JSON_EACH (remediation, json_find(v, "remediations")) {
            int r = remedy_of(remediation);
            if (r < 0)
                continue;
            EACH_STATUS (id, list, v) {
                enum csaf_group group = csaf_group_of(list->key);
                if (group < CSAF_GROUP_COUNT && combination[r][group] == mark &&
                    csaf_covers(c, remediation, id->text))
                    csaf_found(c, remediation, NULL, "%s does not go with %s of \"%s\"",
                               remedies[r], list->key, id->text);
            }
        }
}

void csaf_remediation_prohibited(struct csaf *c) /* 6.1.36 */
{
    check_combinations(c, 'x');
}

void csaf_remediation_discouraged(struct csaf *c) /* 6.2.27 */
{
    check_combinations(c, 'd');
}

/* 6.2.2 */
void csaf_remediation_missing(struct csaf *c)
{
    JSON_EACH (v, c->vulnerabilities)
        EACH_STATUS (id, list, v) {
            enum csaf_group group = csaf_group_of(list->key);
            bool found = group != CSAF_AFFECTED && group != CSAF_INVESTIGATED;
            JSON_EACH (remediation, json_find(v, "remediations"))
                found |= csaf_covers(c, remediation, id->text);
            if (!found)
                csaf_found(c, id, NULL, "no remediation for \"%s\"", id->text);
        }
}

/* ---- what is affected without being fixed, and the other way round ---- */

static const struct json_node *leaf_of(const struct csaf *c, const char *id)
{
    const struct json_node *product = map_find_text(&c->by_id, id);
    bool leaf = product && product->key && strcmp(product->key, "product") == 0;
    return leaf ? product->parent : NULL;
}

/* The product path that defines the id; NULL: it is defined otherwise. */
static const struct json_node *path_of(const struct csaf *c, const char *id)
{
    const struct json_node *product = map_find_text(&c->by_id, id);
    bool path = product && product->key && strcmp(product->key, "full_product_name") == 0;
    return path ? product->parent : NULL;
}

static bool are_siblings(const struct csaf *c, const char *a, const char *b);

/* The same way on, from another version of the beginning. */
static bool are_parallel(const struct csaf *c, const struct json_node *a, const struct json_node *b)
{
    const char *from = json_member(a, "beginning_product_reference"),
               *other = json_member(b, "beginning_product_reference");
    return from && other && are_siblings(c, from, other) &&
           json_equal(json_find(a, "subpaths"), json_find(b, "subpaths"));
}

/* One is put onto the other by a product path: a hotfix and what it mends. */
static bool are_joined(const struct csaf *c, const char *a, const char *b)
{
    JSON_EACH (path, json_find(c->tree, "product_paths")) {
        const char *from = json_member(path, "beginning_product_reference");
        JSON_EACH (subpath, json_find(path, "subpaths")) {
            const char *to = json_member(subpath, "next_product_reference");
            if (from && to &&
                ((strcmp(from, a) == 0 && strcmp(to, b) == 0) ||
                 (strcmp(from, b) == 0 && strcmp(to, a) == 0)))
                return true;
        }
    }
    return false;
}

/* Versions of one product hang on one branch. */
static bool are_siblings(const struct csaf *c, const char *a, const char *b)
{
    const struct json_node *one = leaf_of(c, a), *other = leaf_of(c, b);
    if (one && other)
        return one->parent == other->parent || are_joined(c, a, b);
    const struct json_node *path = path_of(c, a), *second = path_of(c, b);
    return path && second && path != second &&
           leaf_of(c, json_member(path, "beginning_product_reference")) &&
           are_parallel(c, path, second);
}

static bool has_group(const struct json_node *v, enum csaf_group group)
{
    JSON_EACH (list, json_find(v, "product_status"))
        if (csaf_group_of(list->key) == group && list->count)
            return true;
    return false;
}

static bool has_sibling(const struct csaf *c, const struct json_node *v, const char *id,
                        enum csaf_group group)
{
    EACH_STATUS (other, list, v)
        if (csaf_group_of(list->key) == group && are_siblings(c, id, other->text))
            return true;
    return false;
}

/* 6.1.27.13 */
void csaf_fixed_without_affected(struct csaf *c)
{
    JSON_EACH (v, c->vulnerabilities)
        EACH_STATUS (id, list, v)
            if (csaf_group_of(list->key) == CSAF_FIXED &&
                (leaf_of(c, id->text) || path_of(c, id->text) || !has_group(v, CSAF_AFFECTED)) &&
                !has_sibling(c, v, id->text, CSAF_AFFECTED))
                csaf_found(c, id, NULL, "no version of \"%s\" is listed as affected", id->text);
}

static bool has_no_fix(const struct csaf *c, const struct json_node *v, const char *id)
{
    static const char *const words[] = {"fix_planned", "no_fix_planned", "none_available", NULL};
    JSON_EACH (remediation, json_find(v, "remediations"))
        if (csaf_is_one_of(json_member(remediation, "category"), words) &&
            csaf_covers(c, remediation, id))
            return true;
    return false;
}

/* 6.2.39.1 */
void csaf_affected_without_fixed(struct csaf *c)
{
    JSON_EACH (v, c->vulnerabilities)
        EACH_STATUS (id, list, v)
            if (csaf_group_of(list->key) == CSAF_AFFECTED && leaf_of(c, id->text) &&
                !has_sibling(c, v, id->text, CSAF_FIXED) && !has_no_fix(c, v, id->text))
                csaf_found(c, id, NULL, "no version of \"%s\" is listed as fixed", id->text);
}

/* 6.1.23 */
void csaf_cve_twice(struct csaf *c)
{
    JSON_EACH (v, c->vulnerabilities)
        for (const struct json_node *o = v->next; o; o = o->next) {
            const char *a = json_member(v, "cve"), *b = json_member(o, "cve");
            if (a && b && strcmp(a, b) == 0)
                csaf_found(c, o, "cve", "%s has more than one item", b);
        }
}

/* 6.1.24 */
void csaf_involvement_twice(struct csaf *c)
{
    JSON_EACH (v, c->vulnerabilities)
        JSON_EACH (a, json_find(v, "involvements"))
            for (const struct json_node *b = a->next; b; b = b->next) {
                const char *pa = json_member(a, "party"), *pb = json_member(b, "party");
                const struct json_node *da = json_find(a, "date"), *db = json_find(b, "date");
                if (pa && pb && strcmp(pa, pb) == 0 &&
                    (da && db ? csaf_compare_moments(da, db) == 0 : !da && !db))
                    csaf_found(c, b, NULL, "%s is involved twice at one moment", pb);
            }
}

/* 6.2.7 */
void csaf_involvement_undated(struct csaf *c)
{
    JSON_EACH (v, c->vulnerabilities)
        JSON_EACH (item, json_find(v, "involvements"))
            if (!json_find(item, "date"))
                csaf_found(c, item, NULL, "an involvement without a date");
}

static void check_descriptions(struct csaf *c, const struct json_node *notes)
{
    JSON_EACH (note, notes) {
        const char *category = json_member(note, "category"), *title = json_member(note, "title");
        if (category && title && strcmp(category, "description") == 0 &&
            csaf_begins_with_term(c, title, CSAF_TERM_PRODUCT_DESCRIPTION) &&
            !csaf_has_products(note))
            csaf_found(c, note, NULL, "a product description for no product");
    }
}

/* 6.2.40 */
void csaf_description_without_product(struct csaf *c)
{
    check_descriptions(c, json_find(c->document, "notes"));
    JSON_EACH (v, c->vulnerabilities)
        check_descriptions(c, json_find(v, "notes"));
}
