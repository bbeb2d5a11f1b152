/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Product ids, product groups, and the branches of the product tree. */
#include <string.h>
#include <strings.h>

#include "tool/advisory/csaf/rules.h"

/* 6.1.1 */
void csaf_product_missing(struct csaf *c)
{
    for (size_t i = 0; i < c->refs.count; i++)
        if (!map_find_text(&c->by_id, c->refs.item[i]->text))
            csaf_found(c, c->refs.item[i], NULL, "product id \"%s\" is not defined",
                       c->refs.item[i]->text);
}

/* 6.1.2 */
void csaf_product_twice(struct csaf *c)
{
    for (size_t i = 0; i < c->products.count; i++) {
        const struct json_node *p = c->products.item[i];
        const char *id = json_member(p, "product_id");
        if (map_find_text(&c->by_id, id) != p)
            csaf_found(c, p, "product_id", "product id \"%s\" is defined more than once", id);
    }
}

/* The products that the definition of a composed one names; returns how many. */
static size_t parts_of(const struct json_node *composed, const char **out, size_t room)
{
    static const char *const singles[] = {"product_reference", "relates_to_product_reference",
                                          "beginning_product_reference", NULL};
    size_t n = 0;
    JSON_EACH (member, composed)
        if (json_string(member) && csaf_is_one_of(member->key, singles) && n < room)
            out[n++] = member->text;
    JSON_EACH (subpath, json_find(composed, "subpaths")) {
        const char *next = json_member(subpath, "next_product_reference");
        if (next && n < room)
            out[n++] = next;
    }
    return n;
}

/* The relationship or product path that defines the id; NULL: it is defined otherwise. */
static const struct json_node *composition_of(const struct csaf *c, const char *id)
{
    const struct json_node *product = map_find_text(&c->by_id, id);
    const struct json_node *owner = product ? product->parent : NULL;
    bool composed = owner && product->key && strcmp(product->key, "full_product_name") == 0;
    return composed ? owner : NULL;
}

enum { PARTS_MAX = 64, STACK_MAX = 4096 };

/* Does the composition of `id` lead back to it?  A walk with a list of what was seen. */
static bool leads_back(const struct csaf *c, const char *id)
{
    const char *stack[STACK_MAX], *parts[PARTS_MAX];
    struct map seen = {0};
    size_t count = 1;
    bool circle = false;
    stack[0] = id;
    while (count && !circle) {
        const struct json_node *composed = composition_of(c, stack[--count]);
        size_t n = composed ? parts_of(composed, parts, PARTS_MAX) : 0;
        for (size_t i = 0; i < n && !circle; i++) {
            circle = strcmp(parts[i], id) == 0;
            if (map_put_text(&seen, parts[i], &seen) == NULL && count < STACK_MAX)
                stack[count++] = parts[i];
        }
    }
    map_done(&seen);
    return circle;
}

/* 6.1.3 */
void csaf_product_circle(struct csaf *c)
{
    const struct json_node *list = json_find(c->tree, c->v21 ? "product_paths" : "relationships");
    JSON_EACH (composed, list) {
        const struct json_node *name = json_find(composed, "full_product_name");
        const char *id = json_member(name, "product_id");
        if (id && leads_back(c, id))
            csaf_found(c, name, "product_id", "product id \"%s\" is composed of itself", id);
    }
}

static void check_groups(struct csaf *c, const struct json_node *item)
{
    JSON_EACH (id, json_find(item, "group_ids"))
        if (json_string(id) && !map_find_text(&c->groups, id->text))
            csaf_found(c, id, NULL, "product group \"%s\" is not defined", id->text);
}

/* 6.1.4 */
void csaf_group_missing(struct csaf *c)
{
    JSON_EACH (note, json_find(c->document, "notes"))
        check_groups(c, note);
    JSON_EACH (v, c->vulnerabilities)
        JSON_EACH (list, v)
            if (list->type == JSON_ARRAY)
                JSON_EACH (item, list)
                    check_groups(c, item);
}

/* 6.1.5 */
void csaf_group_twice(struct csaf *c)
{
    JSON_EACH (group, json_find(c->tree, "product_groups")) {
        const char *id = json_member(group, "group_id");
        if (id && map_find_text(&c->groups, id) != group)
            csaf_found(c, group, "group_id", "product group \"%s\" is defined more than once", id);
    }
}

/* 6.2.1 */
void csaf_product_unused(struct csaf *c)
{
    static const char *const skipped[] = {"csaf_informational_advisory", NULL};
    struct map used = {0};
    if (csaf_is_profile(c, skipped))
        return;
    for (size_t i = 0; i < c->refs.count; i++)
        map_put_text(&used, c->refs.item[i]->text, &used);
    for (size_t i = 0; i < c->products.count; i++) {
        const char *id = json_member(c->products.item[i], "product_id");
        if (!map_find_text(&used, id))
            csaf_found(c, c->products.item[i], "product_id", "product id \"%s\" is never used", id);
    }
    map_done(&used);
}

/* ---- branches ---- */

static const char *category_of(const struct json_node *branch)
{
    const char *category = json_member(branch, "category");
    return category ? category : "";
}

/* The branch that a node of the tree lies in; NULL: it is the outermost. */
static const struct json_node *outer_branch(const struct json_node *n)
{
    const struct json_node *list = n ? n->parent : NULL;
    if (!list || !list->key || strcmp(list->key, "branches") != 0)
        return NULL;
    const struct json_node *outer = list->parent;
    return outer && json_find(outer, "category") ? outer : NULL;
}

static const struct json_node *leaf_branch(const struct json_node *product)
{
    bool leaf = product->key && strcmp(product->key, "product") == 0 && product->parent &&
                json_find(product->parent, "category");
    return leaf ? product->parent : NULL;
}

/* 6.1.34 */
void csaf_branches_deep(struct csaf *c)
{
    static const int most = 30;
    for (size_t i = 0; i < c->products.count; i++) {
        int depth = 0;
        for (const struct json_node *b = leaf_branch(c->products.item[i]); b; b = outer_branch(b))
            depth++;
        if (depth > most)
            csaf_found(c, c->products.item[i], NULL, "%d branches deep; %d are the limit", depth,
                       most);
    }
}

/* 6.1.57: each category once along a path, but product_family. */
void csaf_branches_stacked(struct csaf *c)
{
    for (size_t i = 0; i < c->products.count; i++)
        for (const struct json_node *b = leaf_branch(c->products.item[i]); b; b = outer_branch(b)) {
            const char *category = category_of(b);
            if (strcmp(category, "product_family") == 0)
                continue;
            for (const struct json_node *o = outer_branch(b); o; o = outer_branch(o))
                if (strcmp(category_of(o), category) == 0) {
                    csaf_found(c, b, "category", "\"%s\" stands twice along the path", category);
                    break;
                }
        }
}

static bool path_has(const struct json_node *branch, const char *category)
{
    for (; branch; branch = outer_branch(branch))
        if (strcmp(category_of(branch), category) == 0)
            return true;
    return false;
}

/* 6.1.58 */
void csaf_version_and_range(struct csaf *c)
{
    for (size_t i = 0; i < c->products.count; i++) {
        const struct json_node *leaf = leaf_branch(c->products.item[i]);
        if (path_has(leaf, "product_version") && path_has(leaf, "product_version_range"))
            csaf_found(c, c->products.item[i], NULL,
                       "both a version and a version range along the path");
    }
}

/* 6.3.9: vendor, product_name, product_version, in that order. */
void csaf_branch_order(struct csaf *c)
{
    static const char *const order[] = {"product_version", "product_name", "vendor"};
    for (size_t i = 0; i < c->products.count; i++) {
        const struct json_node *leaf = leaf_branch(c->products.item[i]);
        size_t found = 0;
        for (const struct json_node *b = leaf; b && found < 3; b = outer_branch(b)) {
            const char *category = category_of(b);
            found += strcmp(category, order[found]) == 0 ||
                     (found == 0 && c->v21 && strcmp(category, "product_version_range") == 0);
        }
        if (leaf && found < 3)
            csaf_found(c, c->products.item[i], NULL, "no path vendor, product_name, version to it");
    }
}

/* 6.2.48 */
void csaf_vendor_open_source(struct csaf *c)
{
    for (size_t i = 0; i < c->branches.count; i++) {
        const char *name = json_member(c->branches.item[i], "name");
        char squeezed[16];
        size_t n = 0;
        if (strcmp(category_of(c->branches.item[i]), "vendor") != 0 || !name)
            continue;
        for (; *name && n < sizeof squeezed - 1; name++)
            if (!strchr(" \t\r\n", *name))
                squeezed[n++] = *name;
        squeezed[n] = '\0';
        if (strcasecmp(squeezed, "opensource") == 0)
            csaf_found(c, c->branches.item[i], "name", "\"Open Source\" is no vendor");
    }
}

/* ---- products ---- */

/* 6.2.16 */
void csaf_helper_missing(struct csaf *c)
{
    for (size_t i = 0; i < c->products.count; i++)
        if (!json_find(c->products.item[i], "product_identification_helper"))
            csaf_found(c, c->products.item[i], NULL, "no product_identification_helper");
}

/* 6.2.31 */
void csaf_hardware_alone(struct csaf *c)
{
    for (size_t i = 0; i < c->products.count; i++) {
        const struct json_node *p = c->products.item[i];
        const struct json_node *helper = json_find(p, "product_identification_helper");
        const char *id = json_member(p, "product_id");
        bool hardware = json_find(helper, "serial_numbers") || json_find(helper, "model_numbers");
        bool found = false;
        JSON_EACH (path, json_find(c->tree, "product_paths")) {
            const char *parts[PARTS_MAX];
            size_t n = parts_of(path, parts, PARTS_MAX);
            for (size_t k = 0; k < n; k++)
                found |= strcmp(parts[k], id) == 0;
        }
        if (hardware && !found)
            csaf_found(c, p, NULL, "hardware that no product path names: what runs on it?");
    }
}

/* One value of one category of helpers, for all products. */
static void note_value(struct csaf *c, struct map *seen, const struct json_node *value)
{
    struct str key = str_of(0);
    const char *category = value->key ? value->key : value->parent->key;
    str_addf(&key, "%s %s", category ? category : "", value->text);
    if (map_put_text(seen, str_text(&key), seen))
        csaf_found(c, value, NULL, "\"%s\" identifies another product, too", value->text);
    str_done(&key);
}

/* 6.2.32 */
void csaf_helper_shared(struct csaf *c)
{
    struct map seen = {0};
    for (size_t i = 0; i < c->products.count; i++)
        JSON_EACH (member, json_find(c->products.item[i], "product_identification_helper")) {
            if (member->type == JSON_TEXT)
                note_value(c, &seen, member);
            else
                JSON_EACH (value, member)
                    if (value->type == JSON_TEXT)
                        note_value(c, &seen, value);
        }
    map_done(&seen);
}

/* 6.3.22 */
void csaf_path_nested(struct csaf *c)
{
    JSON_EACH (path, json_find(c->tree, "product_paths")) {
        const char *parts[PARTS_MAX];
        size_t n = parts_of(path, parts, PARTS_MAX);
        for (size_t i = 0; i < n; i++)
            if (composition_of(c, parts[i]))
                csaf_found(c, path, NULL, "\"%s\" is itself defined by a product path", parts[i]);
    }
}
