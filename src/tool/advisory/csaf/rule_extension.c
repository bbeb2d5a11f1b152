/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Extensions: what a reader must know of them, and where they stand.  This program knows none, so
 * each is told with its schema. */
#include <string.h>

#include "tool/advisory/csaf/rules.h"

#define EACH_EXTENSION(x, c)                                                                       \
    for (size_t i_ = 0; i_ < (c)->extensions.count; i_++)                                          \
        JSON_EACH (x, (c)->extensions.item[i_])

static const char *schema_of(const struct json_node *extension)
{
    const char *schema = json_member(extension, "$schema");
    return schema ? schema : "?";
}

/* 6.1.60.1: the members of the content schema. */
void csaf_extension_content(struct csaf *c)
{
    static const char *const categories[] = {"essential", "significant", "supplementary", NULL};
    static const char *const known[] = {"$schema",  "category", "content",
                                        "critical", "metadata", NULL};
    EACH_EXTENSION (x, c) {
        if (!json_member(x, "$schema") || !json_find(x, "content") || !json_find(x, "critical"))
            csaf_found(c, x, NULL, "$schema, content and critical must be there");
        if (!csaf_is_one_of(json_member(x, "category"), categories))
            csaf_found(c, x, "category", "essential, significant or supplementary");
        JSON_EACH (member, x)
            if (!csaf_is_one_of(member->key, known))
                csaf_found(c, member, NULL, "\"%s\" is no member of an extension", member->key);
    }
}

static bool is_official(const struct json_node *extension)
{
    static const char official[] = "https://docs.oasis-open.org/csaf/";
    return strncmp(schema_of(extension), official, sizeof official - 1) == 0;
}

/* 6.2.54.2 */
void csaf_extension_unofficial(struct csaf *c)
{
    EACH_EXTENSION (x, c)
        if (!is_official(x))
            csaf_found(c, x, "$schema", "no official extension: %s", schema_of(x));
}

/* No registry is known here: what is not official counts as experimental. */
static void check_experimental(struct csaf *c)
{
    EACH_EXTENSION (x, c)
        if (!is_official(x))
            csaf_found(c, x, "$schema", "an experimental extension: %s", schema_of(x));
}

void csaf_extension_experimental_clear(struct csaf *c) /* 6.2.54.4 */
{
    if (strcmp(c->label, "CLEAR") == 0)
        check_experimental(c);
}

void csaf_extension_experimental_closed(struct csaf *c) /* 6.3.21.2 */
{
    if (strcmp(c->label, "CLEAR") != 0)
        check_experimental(c);
}

/* 6.2.54.3 */
void csaf_extension_critical(struct csaf *c)
{
    EACH_EXTENSION (x, c) {
        const struct json_node *critical = json_find(x, "critical");
        if (json_is(critical, JSON_BOOL) && critical->boolean)
            csaf_found(c, x, "critical", "a critical extension: %s", schema_of(x));
    }
}

/* 6.3.21.1 */
void csaf_extension_essential(struct csaf *c)
{
    EACH_EXTENSION (x, c) {
        const char *category = json_member(x, "category");
        if (category && strcmp(category, "essential") == 0)
            csaf_found(c, x, "category", "an essential extension: %s", schema_of(x));
    }
}

/* ---- where they stand ---- */

static bool path_begins(const struct json_node *n, const char *prefix)
{
    struct str path = str_of(0);
    json_pointer(n, &path);
    bool begins = strncmp(str_text(&path), prefix, strlen(prefix)) == 0;
    str_done(&path);
    return begins;
}

static void check_place(struct csaf *c, const char *prefix)
{
    for (size_t i = 0; i < c->extensions.count; i++)
        if (path_begins(c->extensions.item[i], prefix))
            csaf_found(c, c->extensions.item[i], NULL, "an extension here");
}

void csaf_extension_document(struct csaf *c) /* 6.3.21.3 */
{
    check_place(c, "/document/x_extensions");
}

void csaf_extension_branches(struct csaf *c) /* 6.3.21.4 */
{
    check_place(c, "/product_tree/branches/");
}

void csaf_extension_names(struct csaf *c) /* 6.3.21.5 */
{
    check_place(c, "/product_tree/full_product_names/");
}

void csaf_extension_paths(struct csaf *c) /* 6.3.21.6 */
{
    check_place(c, "/product_tree/product_paths/");
}

void csaf_extension_metrics(struct csaf *c) /* 6.3.21.7 */
{
    for (size_t i = 0; i < c->extensions.count; i++) {
        const struct json_node *owner = c->extensions.item[i]->parent;
        if (owner && owner->key && strcmp(owner->key, "content") == 0)
            csaf_found(c, c->extensions.item[i], NULL, "an extension among the metrics");
    }
}

void csaf_extension_vulnerabilities(struct csaf *c) /* 6.3.21.8 */
{
    JSON_EACH (v, c->vulnerabilities)
        if (json_find(v, "x_extensions"))
            csaf_found(c, v, "x_extensions", "an extension of a vulnerability");
}

void csaf_extension_root(struct csaf *c) /* 6.3.21.9 */
{
    check_place(c, "/x_extensions");
}
