/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Versions and version ranges in the names of branches. */
#include <string.h>
#include <strings.h>

#include "tool/advisory/csaf/range.h"
#include "tool/advisory/csaf/rules.h"

static bool is(const struct json_node *branch, const char *category)
{
    const char *own = json_member(branch, "category");
    return own && strcmp(own, category) == 0;
}

static const char *name_of(const struct json_node *branch)
{
    const char *name = json_member(branch, "name");
    return name ? name : "";
}

#define EACH_BRANCH(b, c, wanted)                                                                  \
    for (size_t i_ = 0; i_ < (c)->branches.count; i_++)                                            \
        for (const struct json_node *b = (c)->branches.item[i_]; b && is(b, wanted); b = NULL)

static const char version[] = "product_version", range[] = "product_version_range";

/* A word on its own, without case. */
static bool has_word(const char *text, const char *word)
{
    size_t len = strlen(word);
    for (const char *at = text; (at = strcasestr(at, word)); at++) {
        bool begins = at == text || strchr(" \t(,;", at[-1]);
        bool ends = !at[len] || strchr(" \t),;", at[len]);
        if (begins && ends)
            return true;
    }
    return false;
}

/* 6.1.31 */
void csaf_range_as_version(struct csaf *c)
{
    static const char *const words[] = {"after", "all",   "before",  "earlier",
                                        "later", "prior", "versions"};
    EACH_BRANCH (b, c, version) {
        const char *name = name_of(b);
        bool found = strpbrk(name, "<>") != NULL || strncmp(name, "vers:", 5) == 0;
        for (size_t i = 0; i < ARRAY_COUNT(words); i++)
            found |= has_word(name, words[i]);
        if (found)
            csaf_found(c, b, "name", "\"%s\" is a range of versions", name);
    }
}

/* 6.1.50 */
void csaf_range_form(struct csaf *c)
{
    EACH_BRANCH (b, c, range) {
        struct range r;
        if (!range_parse(&r, name_of(b)))
            csaf_found(c, b, "name", "\"%s\" is neither VERS nor vls", name_of(b));
    }
}

/* 6.1.59 */
void csaf_range_single(struct csaf *c)
{
    EACH_BRANCH (b, c, range) {
        struct range r;
        if (range_parse(&r, name_of(b)) && range_is_single(&r))
            csaf_found(c, b, "name", "a single version is no range");
    }
}

/* 6.2.18 */
void csaf_range_without_vers(struct csaf *c)
{
    EACH_BRANCH (b, c, range)
        if (strncmp(name_of(b), c->v21 ? "vers:" : "vers", c->v21 ? 5 : 4) != 0)
            csaf_found(c, b, "name", "not VERS: see whether it can be, or name the versions");
}

/* 6.2.49 */
void csaf_range_open(struct csaf *c)
{
    EACH_BRANCH (b, c, range) {
        struct range r;
        if (range_parse(&r, name_of(b)) && range_is_open_above(&r))
            csaf_found(c, b, "name", "a range without an upper end");
    }
}

/* 6.2.51 */
void csaf_range_type(struct csaf *c)
{
    EACH_BRANCH (b, c, range) {
        struct range r;
        (void)range_parse(&r, name_of(b));
        if (r.vers && !range_type_is_registered(r.type))
            csaf_found(c, b, "name", "VERS type \"%s\" is not registered", r.type);
    }
}

/* 6.3.10 */
void csaf_range_used(struct csaf *c)
{
    EACH_BRANCH (b, c, range)
        csaf_found(c, b, "category", "a range of versions: naming them helps machines more");
}

/* 6.3.11 */
void csaf_version_v(struct csaf *c)
{
    EACH_BRANCH (b, c, version) {
        const char *name = name_of(b);
        if ((*name | 0x20) == 'v' && name[1] >= '0' && name[1] <= '9')
            csaf_found(c, b, "name", "\"%s\": the v is not part of a version", name);
    }
}

/* ---- overlaps ---- */

static const char *product_of(const struct json_node *branch)
{
    return json_member(json_find(branch, "product"), "product_id");
}

/* In which list of product_status?  false: in none. */
static bool group_in(const struct json_node *v, const char *id, enum csaf_group *out)
{
    for (int g = 0; id && g < CSAF_GROUP_COUNT; g++)
        if (csaf_in_group(v, (enum csaf_group)g, id)) {
            *out = (enum csaf_group)g;
            return true;
        }
    return false;
}

/* What of an overlap is told: by how the other is written, and by the groups of both. */
struct overlap {
    bool of_version;    /* the other is a version */
    bool vers;          /* ranges: both are VERS, or both vls */
    bool contradicting; /* the groups contradict, or are the same */
};

static bool is_told(const struct overlap *o, enum csaf_group a, enum csaf_group b)
{
    bool contradict = a != b && a < CSAF_RECOMMENDED && b < CSAF_RECOMMENDED;
    return o->contradicting ? contradict : a == b;
}

static void check_pair(struct csaf *c, const struct overlap *o, const struct json_node *a,
                       const struct json_node *b)
{
    struct range ra, rb;
    enum csaf_group ga, gb;
    if (!range_parse(&ra, name_of(a)) || !ra.order)
        return;
    bool meets = false;
    if (o->of_version) {
        meets = is(b, version) && range_holds(&ra, name_of(b));
    } else if (is(b, range) && range_parse(&rb, name_of(b))) {
        meets = ra.vers == o->vers && rb.vers == o->vers && range_overlaps(&ra, &rb);
    }
    if (!meets)
        return;
    JSON_EACH (v, c->vulnerabilities)
        if (group_in(v, product_of(a), &ga) && group_in(v, product_of(b), &gb) &&
            is_told(o, ga, gb))
            csaf_found(c, b, "name", "\"%s\" overlaps with \"%s\"", name_of(b), name_of(a));
}

static void check_overlaps(struct csaf *c, const struct overlap *o)
{
    EACH_BRANCH (a, c, range)
        for (const struct json_node *b = o->of_version ? json_first(a->parent) : a->next; b;
             b = b->next)
            if (b != a && product_of(a) && product_of(b))
                check_pair(c, o, a, b);
}

void csaf_overlap_vers_contradicting(struct csaf *c) /* 6.2.50.1 */
{
    check_overlaps(c, &(struct overlap){.vers = true, .contradicting = true});
}

void csaf_overlap_vls_contradicting(struct csaf *c) /* 6.2.50.2 */
{
    check_overlaps(c, &(struct overlap){.contradicting = true});
}

void csaf_overlap_version_contradicting(struct csaf *c) /* 6.2.50.3 */
{
    check_overlaps(c, &(struct overlap){.of_version = true, .contradicting = true});
}

void csaf_overlap_vers_same(struct csaf *c) /* 6.3.19.1 */
{
    check_overlaps(c, &(struct overlap){.vers = true});
}

void csaf_overlap_vls_same(struct csaf *c) /* 6.3.19.2 */
{
    check_overlaps(c, &(struct overlap){0});
}

void csaf_overlap_version_same(struct csaf *c) /* 6.3.19.3 */
{
    check_overlaps(c, &(struct overlap){.of_version = true});
}

/* Siblings that branch on are no products: only what they are called can overlap. */
static void check_branch_overlaps(struct csaf *c, bool of_version)
{
    EACH_BRANCH (a, c, range)
        for (const struct json_node *b = json_first(a->parent); b; b = b->next) {
            struct range ra, rb;
            if (b == a || !json_find(b, "branches") || !range_parse(&ra, name_of(a)) || !ra.order)
                continue;
            bool meets = of_version ? is(b, version) && range_holds(&ra, name_of(b))
                                    : is(b, range) && range_parse(&rb, name_of(b)) &&
                                          range_overlaps(&ra, &rb);
            if (meets)
                csaf_found(c, b, "name", "\"%s\" overlaps with \"%s\"", name_of(b), name_of(a));
        }
}

void csaf_overlap_branch_range(struct csaf *c) /* 6.3.19.4 */
{
    check_branch_overlaps(c, false);
}

void csaf_overlap_branch_version(struct csaf *c) /* 6.3.19.5 */
{
    check_branch_overlaps(c, true);
}
