/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lock files and bills of materials that are JSON. */
#include <errno.h>
#include <string.h>

#include "core/text/json_tree.h"
#include "tool/advisory/inventory.h"

static int parse(struct arena *arena, const char *text, size_t len, const char *place,
                 const struct json_node **out, struct err *e)
{
    struct str why = str_of(0);
    *out = json_tree_parse(text, len, arena, &why);
    int rc = *out ? 0 : err_set(e, -EBADMSG, "%s: %s", place, str_text(&why));
    str_done(&why);
    return rc;
}

/* ---- npm ---- */

/* Version 1: a tree of "dependencies". */
static void take_npm_tree(struct arena *arena, const struct json_node *list, const char *place,
                          struct inventory *out, int depth)
{
    JSON_EACH (n, list) {
        inventory_put(arena, out, "npm", n->key, json_member(n, "version"), place);
        if (depth > 0)
            take_npm_tree(arena, json_find(n, "dependencies"), place, out, depth - 1);
    }
}

static int read_npm(struct arena *arena, const char *text, size_t len, const char *place,
                    struct inventory *out, struct err *e)
{
    enum { TREE_DEPTH = 64 };
    const struct json_node *doc;
    int rc = parse(arena, text, len, place, &doc, e);
    if (rc < 0)
        return rc;
    const struct json_node *packages = json_find(doc, "packages");
    JSON_EACH (n, packages) { /* "node_modules/a/node_modules/b" */
        const char *name = n->key;
        for (const char *at; (at = strstr(name, "node_modules/"));)
            name = at + strlen("node_modules/");
        if (name != n->key)
            inventory_put(arena, out, "npm", name, json_member(n, "version"), place);
    }
    if (!packages)
        take_npm_tree(arena, json_find(doc, "dependencies"), place, out, TREE_DEPTH);
    return 0;
}

/* ---- Packagist, PyPI, NuGet ---- */

static int read_composer(struct arena *arena, const char *text, size_t len, const char *place,
                         struct inventory *out, struct err *e)
{
    static const char *const lists[] = {"packages", "packages-dev"};
    const struct json_node *doc;
    int rc = parse(arena, text, len, place, &doc, e);
    for (size_t i = 0; rc == 0 && i < ARRAY_COUNT(lists); i++)
        JSON_EACH (n, json_find(doc, lists[i]))
            inventory_put(arena, out, "Packagist", json_member(n, "name"),
                          json_member(n, "version"), place);
    return rc;
}

static int read_pipfile(struct arena *arena, const char *text, size_t len, const char *place,
                        struct inventory *out, struct err *e)
{
    static const char *const lists[] = {"default", "develop"};
    const struct json_node *doc;
    int rc = parse(arena, text, len, place, &doc, e);
    for (size_t i = 0; rc == 0 && i < ARRAY_COUNT(lists); i++)
        JSON_EACH (n, json_find(doc, lists[i])) {
            const char *version = json_member(n, "version");
            inventory_put(arena, out, "PyPI", n->key,
                          version ? version + strspn(version, "= ") : NULL, place);
        }
    return rc;
}

static int read_nuget(struct arena *arena, const char *text, size_t len, const char *place,
                      struct inventory *out, struct err *e)
{
    const struct json_node *doc;
    int rc = parse(arena, text, len, place, &doc, e);
    if (rc < 0)
        return rc;
    JSON_EACH (framework, json_find(doc, "dependencies"))
        JSON_EACH (n, framework)
            inventory_put(arena, out, "NuGet", n->key, json_member(n, "resolved"), place);
    return 0;
}

/* ---- bills of materials ---- */

static char hex(char c)
{
    return (char)(c >= '0' && c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
}

static const char *unescape(struct arena *arena, const char *text, size_t len)
{
    char *out = arena_copy(arena, text, len), *to = out;
    static const char digits[] = "0123456789abcdefABCDEF";
    for (size_t i = 0; i < len; i++) {
        if (text[i] == '%' && i + 2 < len && strchr(digits, text[i + 1]) &&
            strchr(digits, text[i + 2])) {
            *to++ = (char)(hex(text[i + 1]) << 4 | hex(text[i + 2]));
            i += 2;
        } else {
            *to++ = text[i];
        }
    }
    *to = '\0';
    return out;
}

/* "pkg:npm/%40scope/name@1.0?arch=..#.." */
static void take_purl(struct arena *arena, const char *purl, const char *place,
                      struct inventory *out)
{
    static const struct {
        const char *type, *ecosystem;
        char join; /* between namespace and name; 0: the name alone */
    } types[] = {
        {"npm", "npm", '/'},         {"pypi", "PyPI", '/'},
        {"cargo", "crates.io", '/'}, {"golang", "Go", '/'},
        {"maven", "Maven", ':'},     {"gem", "RubyGems", '/'},
        {"nuget", "NuGet", '/'},     {"composer", "Packagist", '/'},
        {"pub", "Pub", '/'},         {"hackage", "Hackage", 0},
        {"hex", "Hex", '/'},         {"deb", "Debian", 0},
        {"apk", "Alpine", 0},
    };
    if (!purl || strncmp(purl, "pkg:", 4) != 0)
        return;
    purl += 4;
    size_t type = strcspn(purl, "/");
    for (size_t i = 0; purl[type] && i < ARRAY_COUNT(types); i++) {
        if (strlen(types[i].type) != type || strncmp(types[i].type, purl, type) != 0)
            continue;
        const char *path = purl + type + 1;
        size_t len = strcspn(path, "@?#");
        const char *version = path[len] == '@' ? path + len + 1 : NULL;
        char *name = arena_text(arena, unescape(arena, path, len));
        char *slash = strrchr(name, '/');
        if (slash && !types[i].join)
            name = slash + 1;
        else if (slash)
            *slash = types[i].join;
        inventory_put(arena, out, types[i].ecosystem, name,
                      version ? unescape(arena, version, strcspn(version, "?#")) : NULL, place);
        return;
    }
}

static void take_components(struct arena *arena, const struct json_node *list, const char *place,
                            struct inventory *out, int depth)
{
    JSON_EACH (n, list) {
        take_purl(arena, json_member(n, "purl"), place, out);
        if (depth > 0)
            take_components(arena, json_find(n, "components"), place, out, depth - 1);
    }
}

/* CycloneDX, or SPDX 2. */
static int read_bill(struct arena *arena, const char *text, size_t len, const char *place,
                     struct inventory *out, struct err *e)
{
    enum { NESTED = 32 };
    const struct json_node *doc;
    int rc = parse(arena, text, len, place, &doc, e);
    if (rc < 0)
        return rc;
    if (json_member(doc, "bomFormat")) {
        take_components(arena, json_find(doc, "components"), place, out, NESTED);
    } else if (json_member(doc, "spdxVersion")) {
        JSON_EACH (n, json_find(doc, "packages"))
            JSON_EACH (ref, json_find(n, "externalRefs"))
                take_purl(arena, json_member(ref, "referenceLocator"), place, out);
    } else {
        rc = err_set(e, -EBADMSG, "%s: neither CycloneDX nor SPDX", place);
    }
    return rc;
}

const struct inventory_form inventory_json_forms[] = {
    {"package-lock.json", read_npm},    {"npm-shrinkwrap.json", read_npm},
    {"composer.lock", read_composer},   {"Pipfile.lock", read_pipfile},
    {"packages.lock.json", read_nuget}, {"*.cdx.json", read_bill},
    {"*.spdx.json", read_bill},         {"bom.json", read_bill},
    {"sbom*.json", read_bill},          {NULL, NULL},
};
