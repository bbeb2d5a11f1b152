/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What identifies a product: package URLs (ECMA-427), hashes, numbers with wildcards, CPE names. */
#include <string.h>
#include <strings.h>

#include "tool/advisory/csaf/rules.h"

static const struct json_node *helper_of(const struct json_node *product)
{
    return json_find(product, "product_identification_helper");
}

/* ---- package URLs ---- */

static bool is_percent_encoded(const char *at, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (at[i] == '%' && (len - i < 3 || strspn(at + i + 1, "0123456789abcdefABCDEF") < 2))
            return false;
    return true;
}

static bool are_qualifiers(const char *at, size_t len)
{
    static const char key[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_";
    while (len) {
        const char *amp = memchr(at, '&', len);
        size_t n = amp ? (size_t)(amp - at) : len;
        const char *equal = memchr(at, '=', n);
        if (!equal || equal == at || strspn(at, key) < (size_t)(equal - at) ||
            (*at >= '0' && *at <= '9'))
            return false;
        n += amp != NULL;
        at += n;
        len -= n;
    }
    return true;
}

static bool needs_namespace(const char *type, size_t len)
{
    static const char *const types[] = {"maven",  "github",      "bitbucket", "composer",
                                        "golang", "alpm",        "apk",       "deb",
                                        "rpm",    "huggingface", "swift",     NULL};
    for (size_t i = 0; types[i]; i++)
        if (strlen(types[i]) == len && strncasecmp(types[i], type, len) == 0)
            return true;
    return false;
}

static bool is_purl(const char *text)
{
    if (strncmp(text, "pkg:", 4) != 0)
        return false;
    const char *type = text + 4 + strspn(text + 4, "/");
    size_t type_len =
        strspn(type, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-+");
    if (type_len == 0 || (*type >= '0' && *type <= '9') || type[type_len] != '/')
        return false;
    const char *path = type + type_len + 1;
    size_t path_len = strcspn(path, "?#");
    const char *query = path[path_len] == '?' ? path + path_len + 1 : NULL;
    if (query && !are_qualifiers(query, strcspn(query, "#")))
        return false;
    const char *at = path_len ? memrchr(path, '@', path_len) : NULL;
    size_t name_len = at ? (size_t)(at - path) : path_len;
    while (name_len && path[name_len - 1] == '/')
        name_len--;
    const char *slash = name_len ? memrchr(path, '/', name_len) : NULL;
    size_t last = slash ? name_len - (size_t)(slash - path) - 1 : name_len;
    if (type_len == 3 && strncasecmp(type, "oci", 3) == 0) /* its names are lower case and alone */
        return last > 0 && !slash && strcspn(path, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") >= name_len;
    return last > 0 && is_percent_encoded(path, path_len) &&
           (slash || !needs_namespace(type, type_len));
}

/* 6.1.13 */
void csaf_purl_invalid(struct csaf *c)
{
    for (size_t i = 0; i < c->products.count; i++) {
        const struct json_node *helper = helper_of(c->products.item[i]);
        const struct json_node *purl = json_find(helper, "purl");
        if (json_string(purl) && !is_purl(purl->text))
            csaf_found(c, purl, NULL, "\"%s\" is no package URL", purl->text);
        JSON_EACH (n, json_find(helper, "purls"))
            if (json_string(n) && !is_purl(n->text))
                csaf_found(c, n, NULL, "\"%s\" is no package URL", n->text);
    }
}

/* 6.1.42 */
void csaf_purls_differ(struct csaf *c)
{
    for (size_t i = 0; i < c->products.count; i++) {
        const struct json_node *first =
            json_first(json_find(helper_of(c->products.item[i]), "purls"));
        for (const struct json_node *n = first; n; n = n->next) {
            if (!json_string(first) || !json_string(n))
                continue;
            size_t len = strcspn(first->text, "?#");
            if (strcspn(n->text, "?#") != len || memcmp(first->text, n->text, len) != 0)
                csaf_found(c, n, NULL, "differs from the first in more than its qualifiers");
        }
    }
}

/* ---- hashes ---- */

static const char *algorithm_of(const struct json_node *hash)
{
    const char *algorithm = json_member(hash, "algorithm");
    return algorithm ? algorithm : "";
}

/* 6.1.25 */
void csaf_hash_twice(struct csaf *c)
{
    for (size_t i = 0; i < c->hashes.count; i++)
        JSON_EACH (a, c->hashes.item[i])
            for (const struct json_node *b = a->next; b; b = b->next)
                if (strcmp(algorithm_of(a), algorithm_of(b)) == 0)
                    csaf_found(c, b, "algorithm", "%s stands twice", algorithm_of(b));
}

static void check_only(struct csaf *c, const char *weak)
{
    for (size_t i = 0; i < c->hashes.count; i++) {
        bool only = c->hashes.item[i]->count > 0;
        JSON_EACH (hash, c->hashes.item[i])
            only &= strcmp(algorithm_of(hash), weak) == 0;
        if (only)
            csaf_found(c, c->hashes.item[i], NULL, "%s is the only hash", weak);
    }
}

void csaf_hash_md5(struct csaf *c) /* 6.2.8 */
{
    check_only(c, "md5");
}

void csaf_hash_sha1(struct csaf *c) /* 6.2.9 */
{
    check_only(c, "sha1");
}

/* 6.3.5 */
void csaf_hash_short(struct csaf *c)
{
    static const size_t least = 64;
    for (size_t i = 0; i < c->hashes.count; i++)
        JSON_EACH (hash, c->hashes.item[i]) {
            const char *value = json_member(hash, "value");
            if (value && strlen(value) < least)
                csaf_found(c, hash, "value", "a hash of fewer than 256 bits");
        }
}

/* 6.2.52 */
void csaf_hash_unknown(struct csaf *c)
{
    static const char *const known[] = {
        "md5",      "sha1",     "sha224",   "sha256",    "sha384",     "sha512",
        "sha3-224", "sha3-256", "sha3-384", "sha3-512",  "blake2b512", "blake2s256",
        "sm3",      "shake128", "shake256", "ripemd160", NULL};
    for (size_t i = 0; i < c->hashes.count; i++)
        JSON_EACH (hash, c->hashes.item[i])
            if (!csaf_is_one_of(algorithm_of(hash), known))
                csaf_found(c, hash, "algorithm", "\"%s\" is not known", algorithm_of(hash));
}

/* ---- numbers with stars ---- */

static void check_stars(struct csaf *c, const char *key)
{
    for (size_t i = 0; i < c->products.count; i++)
        JSON_EACH (n, json_find(helper_of(c->products.item[i]), key)) {
            size_t stars = 0;
            for (const char *at = json_string(n); at && *at; at++) {
                if (*at == '\\' && at[1])
                    at++;
                else
                    stars += *at == '*';
            }
            if (stars > 1)
                csaf_found(c, n, NULL, "more than one star");
        }
}

void csaf_stars_model(struct csaf *c) /* 6.1.43 */
{
    check_stars(c, "model_numbers");
}

void csaf_stars_serial(struct csaf *c) /* 6.1.44 */
{
    check_stars(c, "serial_numbers");
}

void csaf_stars_sku(struct csaf *c) /* 6.1.61 */
{
    check_stars(c, "skus");
}

/* ---- 6.2.42: CPE against the branches ---- */

/* One component of "cpe:2.3:part:vendor:product:version:..." */
static bool cpe_part(const char *cpe, int number, char *to, size_t size)
{
    size_t n = 0;
    for (; number > 0 && *cpe; cpe++)
        number -= *cpe == ':';
    for (; *cpe && *cpe != ':' && n < size - 1; cpe++)
        if (*cpe == '\\' && cpe[1])
            to[n++] = *++cpe;
        else
            to[n++] = *cpe;
    to[n] = '\0';
    return n > 0;
}

/* Letters and digits alone, without case; one may go on where the other ends ("example" of "Example
 * Company"). */
static bool same_words(const char *a, const char *b)
{
    for (;;) {
        while (*a && strchr(" _-.", *a))
            a++;
        while (*b && strchr(" _-.", *b))
            b++;
        if (!*a || !*b)
            return true;
        if (strncasecmp(a++, b++, 1) != 0)
            return false;
    }
}

/* The name and version of a package URL against the branch of that category. */
static void check_purl(struct csaf *c, const struct json_node *purl, const char *category,
                       const char *name)
{
    size_t len = strcspn(purl->text, "?#");
    const char *at = memrchr(purl->text, '@', len), *end = purl->text + len;
    const char *stop = at ? at : end,
               *slash = memrchr(purl->text, '/', (size_t)(stop - purl->text));
    size_t version_len = at ? (size_t)(end - at) - 1 : 0;
    size_t name_len = slash ? (size_t)(stop - slash) - 1 : 0;
    const char *version_text = at ? at + 1 : "", *name_text = slash ? slash + 1 : "";
    bool version = strcmp(category, "product_version") == 0;
    bool same = version
                    ? strlen(name) == version_len && memcmp(name, version_text, version_len) == 0
                    : strlen(name) == name_len && strncasecmp(name, name_text, name_len) == 0;
    if ((version && at && !same) || (strcmp(category, "product_name") == 0 && !same))
        csaf_found(c, purl, NULL, "%s is \"%s\" in the branch", category, name);
}

/* "*" says nothing, and so tells less than the branch. */
void csaf_helper_inconsistent(struct csaf *c)
{
    static const struct {
        const char *category;
        int part;
    } parts[] = {{"vendor", 3}, {"product_name", 4}, {"product_version", 5}};
    for (size_t i = 0; i < c->products.count; i++) {
        const struct json_node *p = c->products.item[i];
        const struct json_node *cpe = json_find(helper_of(p), "cpe");
        bool has_cpe = json_string(cpe) && strncmp(cpe->text, "cpe:2.3:", 8) == 0;
        for (const struct json_node *b = p->parent; b; b = b->parent) {
            const char *category = json_member(b, "category"), *name = json_member(b, "name");
            char word[256];
            JSON_EACH (purl, category && name ? json_find(helper_of(p), "purls") : NULL)
                if (json_string(purl))
                    check_purl(c, purl, category, name);
            for (size_t k = 0; category && name && has_cpe && k < ARRAY_COUNT(parts); k++)
                if (strcmp(parts[k].category, category) == 0 &&
                    cpe_part(cpe->text, parts[k].part, word, sizeof word) &&
                    !same_words(word, name))
                    csaf_found(c, cpe, NULL, "%s is \"%s\" in the branch and \"%s\" here", category,
                               name, word);
        }
    }
}
