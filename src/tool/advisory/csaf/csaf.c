/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Loading, indexing, running the table. */
#include "tool/advisory/csaf/csaf.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "core/text/date.h"
#include "core/text/json.h"

enum { MESSAGE_MAX = 400, FINDINGS_MAX = 10000 };

static void *grow(struct arena *arena, void *item, size_t count, size_t *capacity, size_t size)
{
    if (count < *capacity)
        return item;
    *capacity = *capacity ? *capacity * 2 : 16;
    void *bigger = arena_array(arena, *capacity, size);
    if (count)
        memcpy(bigger, item, count * size);
    return bigger;
}

static void add_node(struct csaf *c, struct csaf_nodes *list, const struct json_node *n)
{
    list->item = grow(c->arena, list->item, list->count, &list->capacity, sizeof *list->item);
    list->item[list->count++] = n;
}

void csaf_found(struct csaf *c, const struct json_node *at, const char *key, const char *format,
                ...)
{
    char message[MESSAGE_MAX];
    struct str path = str_of(0);
    va_list args;
    if (c->findings.count >= FINDINGS_MAX)
        return;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    json_pointer(at, &path);
    if (key)
        str_addf(&path, "/%s", key);
    c->findings.item = grow(c->arena, c->findings.item, c->findings.count, &c->findings.capacity,
                            sizeof *c->findings.item);
    c->findings.item[c->findings.count++] = (struct csaf_finding){
        c->rule, c->level, arena_text(c->arena, str_text(&path)), arena_text(c->arena, message)};
    str_done(&path);
}

/* ---- the index ---- */

static bool is_key(const struct json_node *n, const char *key)
{
    return n->key && strcmp(n->key, key) == 0;
}

static bool under(const struct json_node *n, const char *key)
{
    return n->parent && is_key(n->parent, key);
}

/* Texts that name a product defined elsewhere: single ones, and items of lists. */
static bool names_product(const struct json_node *n)
{
    static const char *const singles[] = {"product_reference", "relates_to_product_reference",
                                          "beginning_product_reference", "next_product_reference",
                                          NULL};
    if (n->type != JSON_TEXT)
        return false;
    if (n->key)
        return csaf_is_one_of(n->key, singles);
    return under(n, "product_ids") || under(n, "products") ||
           (n->parent && n->parent->parent && is_key(n->parent->parent, "product_status"));
}

static bool is_moment(const struct json_node *n)
{
    static const char *const keys[] = {"date",
                                       "current_release_date",
                                       "initial_release_date",
                                       "discovery_date",
                                       "disclosure_date",
                                       "release_date",
                                       "exploitation_date",
                                       "timestamp",
                                       NULL};
    return n->type == JSON_TEXT && n->key && csaf_is_one_of(n->key, keys);
}

static void index_node(struct csaf *c, const struct json_node *n)
{
    if (names_product(n))
        add_node(c, &c->refs, n);
    else if (is_moment(n))
        add_node(c, &c->dates, n);
    else if (n->type == JSON_TEXT && (is_key(n, "lang") || is_key(n, "source_lang")))
        add_node(c, &c->langs, n);
    else if (is_key(n, "file_hashes"))
        add_node(c, &c->hashes, n);
    else if (is_key(n, "x_extensions"))
        add_node(c, &c->extensions, n);
    else if (n->type == JSON_OBJECT && n->parent && under(n, "branches") &&
             n->parent->type == JSON_ARRAY)
        add_node(c, &c->branches, n);
    if (n->type == JSON_OBJECT && json_member(n, "product_id") && json_find(n, "name")) {
        add_node(c, &c->products, n);
        const char *id = json_member(n, "product_id");
        if (!map_find_text(&c->by_id, id))
            map_put_text(&c->by_id, id, (void *)(uintptr_t)n);
    }
}

/* All nodes, in the order of the document. */
static void index_all(struct csaf *c)
{
    for (const struct json_node *n = c->root; n;) {
        bool foreign = is_key(n, "x_extensions") && n != c->root;
        index_node(c, n);
        if (n->first && !foreign) {
            n = n->first;
            continue;
        }
        while (n && !n->next)
            n = n->parent;
        n = n ? n->next : NULL;
    }
    JSON_EACH (group, json_find(c->tree, "product_groups")) {
        const char *id = json_member(group, "group_id");
        if (id && !map_find_text(&c->groups, id))
            map_put_text(&c->groups, id, (void *)(uintptr_t)group);
    }
}

/* ---- what rules share ---- */

bool csaf_is_one_of(const char *text, const char *const *words)
{
    for (; text && *words; words++)
        if (strcmp(text, *words) == 0)
            return true;
    return false;
}

bool csaf_is_profile(const struct csaf *c, const char *const *names)
{
    return csaf_is_one_of(c->category, names);
}

bool csaf_has_text(const struct json_node *array, const char *text)
{
    JSON_EACH (n, array)
        if (json_string(n) && strcmp(n->text, text) == 0)
            return true;
    return false;
}

bool csaf_has_products(const struct json_node *item)
{
    return json_find(item, "product_ids") || json_find(item, "group_ids");
}

bool csaf_covers(const struct csaf *c, const struct json_node *item, const char *product)
{
    if (csaf_has_text(json_find(item, "product_ids"), product))
        return true;
    JSON_EACH (id, json_find(item, "group_ids")) {
        const struct json_node *group =
            json_string(id) ? map_find_text(&c->groups, id->text) : NULL;
        if (csaf_has_text(json_find(group, "product_ids"), product))
            return true;
    }
    return false;
}

static const struct {
    const char *status;
    enum csaf_group group;
} statuses[] = {
    {"first_affected", CSAF_AFFECTED},
    {"known_affected", CSAF_AFFECTED},
    {"last_affected", CSAF_AFFECTED},
    {"known_not_affected", CSAF_NOT_AFFECTED},
    {"first_fixed", CSAF_FIXED},
    {"fixed", CSAF_FIXED},
    {"under_investigation", CSAF_INVESTIGATED},
    {"unknown", CSAF_UNKNOWN},
    {"recommended", CSAF_RECOMMENDED},
};

enum csaf_group csaf_group_of(const char *status)
{
    for (size_t i = 0; i < ARRAY_COUNT(statuses); i++)
        if (strcmp(statuses[i].status, status) == 0)
            return statuses[i].group;
    return CSAF_GROUP_COUNT;
}

bool csaf_in_group(const struct json_node *vulnerability, enum csaf_group group,
                   const char *product)
{
    JSON_EACH (list, json_find(vulnerability, "product_status"))
        if (csaf_group_of(list->key) == group && csaf_has_text(list, product))
            return true;
    return false;
}

struct csaf_score csaf_next_score(const struct csaf *c, const struct json_node *vulnerability,
                                  const struct csaf_score *before)
{
    const struct json_node *m =
        before ? before->metric->next
               : json_first(json_find(vulnerability, c->v21 ? "metrics" : "scores"));
    struct csaf_score s = {.metric = m, .source = ""};
    if (!m)
        return s;
    s.content = c->v21 ? json_find(m, "content") : m;
    s.products = json_find(m, "products");
    const char *source = json_member(m, "source");
    s.source = source ? source : "";
    return s;
}

bool csaf_moment(const struct json_node *n, int64_t *out_s, uint32_t *out_ns)
{
    struct date date;
    if (!json_string(n) || !date_parse(&date, out_ns, n->text))
        return false;
    *out_s = date.seconds;
    return true;
}

int csaf_compare_moments(const struct json_node *a, const struct json_node *b)
{
    int64_t as = 0, bs = 0;
    uint32_t an = 0, bn = 0;
    if (!csaf_moment(a, &as, &an) || !csaf_moment(b, &bs, &bn))
        return 0; /* one that is none is another rule's */
    return as != bs ? (as > bs) - (as < bs) : (an > bn) - (an < bn);
}

static const struct json_node *extreme_revision(const struct csaf *c, int sign)
{
    const struct json_node *found = NULL;
    JSON_EACH (revision, json_find(c->tracking, "revision_history")) {
        const struct json_node *date = json_find(revision, "date");
        if (date && (!found || csaf_compare_moments(date, json_find(found, "date")) * sign > 0))
            found = revision;
    }
    return found;
}

const struct json_node *csaf_newest_revision(const struct csaf *c)
{
    return extreme_revision(c, 1);
}

const struct json_node *csaf_oldest_revision(const struct csaf *c)
{
    return extreme_revision(c, -1);
}

bool csaf_is_released(const struct csaf *c)
{
    return strcmp(c->status, "final") == 0 || strcmp(c->status, "interim") == 0;
}

bool csaf_is_english(const struct csaf *c)
{
    const char *lang = json_member(c->document, "lang");
    return !lang || (strncasecmp(lang, "en", 2) == 0 && (!lang[2] || lang[2] == '-'));
}

/* ---- the whole ---- */

static const char *or_empty(const char *text)
{
    return text ? text : "";
}

static int load(struct arena *arena, const char *text, size_t len, struct csaf *c, struct err *e)
{
    struct str why = str_of(0);
    *c = (struct csaf){.arena = arena};
    c->root = json_tree_parse(text, len, arena, &why);
    if (!c->root)
        (void)err_set(e, -EBADMSG, "%s", str_text(&why));
    str_done(&why);
    if (!c->root)
        return e->code;
    c->document = json_find(c->root, "document");
    if (!json_is(c->document, JSON_OBJECT))
        return err_set(e, -EBADMSG, "no CSAF document: /document is missing");
    c->tracking = json_find(c->document, "tracking");
    c->tree = json_find(c->root, "product_tree");
    c->vulnerabilities = json_find(c->root, "vulnerabilities");
    c->category = or_empty(json_member(c->document, "category"));
    c->status = or_empty(json_member(c->tracking, "status"));
    c->label = or_empty(json_string(json_at(c->document, "distribution", "tlp", "label", NULL)));
    const char *version = json_member(c->document, "csaf_version");
    c->v21 = version && strcmp(version, "2.1") == 0;
    return 0;
}

int csaf_validate(struct arena *arena, const char *text, size_t len, struct csaf *c, struct err *e)
{
    if (load(arena, text, len, c, e) < 0)
        return e->code;
    index_all(c);
    c->rule = "schema";
    c->level = CSAF_ERROR;
    csaf_schema_check(c);
    for (const struct csaf_rule *r = csaf_rules; r->id; r++) {
        if (!(c->v21 ? r->in_21 : r->in_20))
            continue;
        c->rule = r->id;
        c->level = r->id[2] == '1' ? CSAF_ERROR : r->id[2] == '2' ? CSAF_WARNING : CSAF_INFO;
        r->check(c);
    }
    return 0;
}

void csaf_done(struct csaf *c)
{
    map_done(&c->by_id);
    map_done(&c->groups);
}

bool csaf_is_valid(const struct csaf *c)
{
    for (size_t i = 0; i < c->findings.count; i++)
        if (c->findings.item[i].level == CSAF_ERROR)
            return false;
    return true;
}

const char *csaf_level_name(enum csaf_level level)
{
    return level == CSAF_ERROR ? "error" : level == CSAF_WARNING ? "warning" : "info";
}

void csaf_to_json(const struct csaf *c, struct str *out)
{
    struct json_out j = json_out_of(out);
    json_object(&j, NULL);
    json_bool(&j, "valid", csaf_is_valid(c));
    json_text(&j, "version", c->v21 ? "2.1" : "2.0");
    json_array(&j, "findings");
    for (size_t i = 0; i < c->findings.count; i++) {
        const struct csaf_finding *f = &c->findings.item[i];
        json_object(&j, NULL);
        json_text(&j, "rule", f->rule);
        json_text(&j, "severity", csaf_level_name(f->level));
        json_text(&j, "path", f->path);
        json_text(&j, "message", f->message);
        json_end(&j);
    }
    json_end(&j);
    json_end(&j);
}
