/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The shape of CSAF documents, as one table of objects and their members instead of two JSON
 * schemas: which members there are, which must be there, and of what type.  What a member means is
 * the rules' business. */
#include <string.h>

#include "tool/advisory/csaf/rules.h"

/* Members are words: NAME, then '!' where it is required, ':' and its type.  Types: t text that is
 * not empty (where none is given), n number, x anything, [T] an array that is not empty, else an
 * object by name.  '<' in front: 2.0 only; '>': 2.1 only. */
static const struct {
    const char *name, *members;
} objects[] = {
    {"root", "$schema >$schema! document!:document product_tree:tree "
             "vulnerabilities:[vulnerability] >x_extensions:[x]"},
    {"document", "acknowledgments:[ack] aggregate_severity:severity category! csaf_version! "
                 "distribution:distribution >distribution!:distribution lang notes:[note] "
                 "publisher!:publisher references:[reference] source_lang title! "
                 "tracking!:tracking >license_expression >x_extensions:[x]"},
    {"ack", "names:[t] organization summary urls:[t]"},
    {"severity", "namespace text!"},
    {"distribution", "text tlp:tlp >tlp!:tlp >sharing_group:sharing"},
    {"tlp", "label! url"},
    {"sharing", "id! name"},
    {"note", "audience category! text! title >group_ids:[t] >product_ids:[t]"},
    {"publisher", "category! contact_details issuing_authority name! namespace!"},
    {"reference", "category summary! url!"},
    {"tracking", "aliases:[t] current_release_date! generator:generator id! "
                 "initial_release_date! revision_history!:[revision] status! version!"},
    {"generator", "date engine!:engine"},
    {"engine", "name! version"},
    {"revision", "date! legacy_version number! summary!"},
    {"tree", "branches:[branch] full_product_names:[product] product_groups:[group] "
             "<relationships:[relationship] >product_paths:[path]"},
    {"branch", "branches:[branch] category! name! product:product"},
    {"product", "name! product_id! product_identification_helper:helper >x_extensions:[x]"},
    {"helper", "cpe hashes:[hash] model_numbers:[t] <purl >purls:[t] sbom_urls:[t] "
               "serial_numbers:[t] skus:[t] x_generic_uris:[uri]"},
    {"hash", "file_hashes!:[filehash] filename!"},
    {"filehash", "algorithm! value!"},
    {"uri", "namespace! uri!"},
    {"group", "group_id! product_ids!:[t] summary"},
    {"relationship", "category! full_product_name!:product product_reference! "
                     "relates_to_product_reference!"},
    {"path", "beginning_product_reference! full_product_name!:product subpaths!:[subpath]"},
    {"subpath", "category! next_product_reference!"},
    {"vulnerability",
     "acknowledgments:[ack] cve <cwe:cwe20 >cwes:[cwe] >disclosure_date discovery_date "
     "flags:[flag] >first_known_exploitation_dates:[exploited] ids:[id] involvements:[involved] "
     "notes:[note] product_status:status references:[reference] <release_date "
     "remediations:[remedy] <scores:[score] >metrics:[metric] threats:[threat] title "
     ">x_extensions:[x]"},
    {"cwe20", "id! name!"},
    {"cwe", "id! name! version!"},
    {"flag", "date group_ids:[t] label! product_ids:[t]"},
    {"exploited", "date! exploitation_date! group_ids:[t] product_ids:[t]"},
    {"id", "system_name! text! >group_ids:[t] >product_ids:[t]"},
    {"involved", "date party! status! summary >contact >group_ids:[t] >product_ids:[t]"},
    {"status", "first_affected:[t] first_fixed:[t] fixed:[t] known_affected:[t] "
               "known_not_affected:[t] last_affected:[t] recommended:[t] under_investigation:[t] "
               ">unknown:[t]"},
    {"remedy", "category! date details! entitlements:[t] group_ids:[t] product_ids:[t] "
               "restart_required:restart url"},
    {"restart", "category! details"},
    {"score", "cvss_v2:x cvss_v3:x products!:[t]"},
    {"metric", "content!:content products!:[t] source"},
    {"content", "cvss_v2:x cvss_v3:x cvss_v4:x epss:epss qualitative_severity_rating ssvc_v2:x "
                "x_extensions:[x]"},
    {"epss", "percentile! probability! timestamp!"},
    {"threat", "category! date details! group_ids:[t] product_ids:[t]"},
};

struct member {
    const char *name, *type;
    size_t name_len, type_len;
    bool required, here; /* `here`: of this version */
};

static const char *members_of(const char *name, size_t len)
{
    for (size_t i = 0; i < ARRAY_COUNT(objects); i++)
        if (strlen(objects[i].name) == len && memcmp(objects[i].name, name, len) == 0)
            return objects[i].members;
    return NULL;
}

/* The next word of a row; false: none is left. */
static bool next_member(const struct csaf *c, const char **at, struct member *out)
{
    *at += strspn(*at, " ");
    if (!**at)
        return false;
    bool only_20 = **at == '<', only_21 = **at == '>';
    *at += only_20 || only_21;
    size_t len = strcspn(*at, " ");
    const char *colon = memchr(*at, ':', len);
    *out = (struct member){.name = *at, .here = c->v21 ? !only_20 : !only_21};
    out->name_len = colon ? (size_t)(colon - *at) : len;
    out->required = out->name[out->name_len - 1] == '!';
    out->name_len -= out->required;
    out->type = colon ? colon + 1 : "t";
    out->type_len = colon ? len - (size_t)(colon - *at) - 1 : 1;
    *at += len;
    return true;
}

struct walk {
    struct csaf *c;
    bool extra; /* tell members that are not known, and nothing else */
};

static void check_value(const struct walk *w, const struct json_node *n, const char *type,
                        size_t len, int depth);

/* The row's word for a member; false: there is none. */
static bool find_member(const struct csaf *c, const char *members, const char *key,
                        struct member *out)
{
    bool found = false;
    for (struct member m; next_member(c, &members, &m);)
        if (m.here && strlen(key) == m.name_len && memcmp(m.name, key, m.name_len) == 0) {
            *out = m;
            found = true;
        }
    return found;
}

static void check_object(const struct walk *w, const struct json_node *n, const char *members,
                         int depth)
{
    struct member m;
    JSON_EACH (child, n) {
        if (find_member(w->c, members, child->key, &m))
            check_value(w, child, m.type, m.type_len, depth + 1);
        else if (w->extra)
            csaf_found(w->c, child, NULL, "\"%s\" is not defined here", child->key);
    }
    for (const char *at = members; !w->extra && next_member(w->c, &at, &m);) {
        char key[64];
        if (!m.required || !m.here || m.name_len >= sizeof key)
            continue;
        memcpy(key, m.name, m.name_len);
        key[m.name_len] = '\0';
        if (!json_find(n, key))
            csaf_found(w->c, n, key, "\"%s\" is missing", key);
    }
}

static void wrong_type(const struct walk *w, const struct json_node *n, const char *should)
{
    if (!w->extra)
        csaf_found(w->c, n, NULL, "%s should stand here", should);
}

static void check_value(const struct walk *w, const struct json_node *n, const char *type,
                        size_t len, int depth)
{
    if (depth > JSON_READ_DEPTH_MAX || *type == 'x')
        return;
    if (*type == '[') {
        if (n->type != JSON_ARRAY || n->count == 0)
            wrong_type(w, n, "an array that is not empty");
        JSON_EACH (item, n)
            if (n->type == JSON_ARRAY)
                check_value(w, item, type + 1, len - 2, depth + 1);
    } else if (len == 1 && *type == 't') {
        if (n->type != JSON_TEXT || n->len == 0)
            wrong_type(w, n, "a text that is not empty");
    } else if (n->type != JSON_OBJECT) {
        wrong_type(w, n, "an object");
    } else {
        const char *members = members_of(type, len);
        if (members)
            check_object(w, n, members, depth);
    }
}

void csaf_schema_check(struct csaf *c)
{
    struct walk w = {c, false};
    const char *version = json_member(c->document, "csaf_version");
    check_value(&w, c->root, "root", 4, 0);
    if (version && strcmp(version, "2.0") != 0 && strcmp(version, "2.1") != 0)
        csaf_found(c, c->document, "csaf_version", "no version known here: \"%s\"", version);
}

/* 6.2.20 */
void csaf_additional(struct csaf *c)
{
    struct walk w = {c, true};
    check_value(&w, c->root, "root", 4, 0);
}
