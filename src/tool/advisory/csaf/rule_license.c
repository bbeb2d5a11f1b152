/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The license of the document itself. */
#include <string.h>
#include <strings.h>

#include "tool/advisory/csaf/license.h"
#include "tool/advisory/csaf/rules.h"

static const char *expression_of(const struct csaf *c)
{
    return json_member(c->document, "license_expression");
}

static bool in_list(const char *const *list, const char *name, size_t len)
{
    for (; *list; list++)
        if (strlen(*list) == len && strncasecmp(*list, name, len) == 0)
            return true;
    return false;
}

static bool begins(const char *name, size_t len, const char *prefix)
{
    return len > strlen(prefix) && memcmp(name, prefix, strlen(prefix)) == 0;
}

/* AboutCode's LicenseDB names its own so; its list of 2,000 is not kept here, but a key of it is
 * lower case (scancode-licensedb, "key"). */
static bool is_scancode(const char *name, size_t len)
{
    static const char prefix[] = "LicenseRef-scancode-";
    if (!begins(name, len, prefix))
        return false;
    for (size_t i = sizeof prefix - 1; i < len; i++)
        if (name[i] >= 'A' && name[i] <= 'Z')
            return false;
    return true;
}

struct names {
    bool unlisted, deprecated, missing;
    char which[64];
};

static void note(struct names *n, bool *flag, const char *name, size_t len)
{
    *flag = true;
    len = len < sizeof n->which - 1 ? len : sizeof n->which - 1;
    memcpy(n->which, name, len);
    n->which[len] = '\0';
}

static void on_name(void *ctx, const char *name, size_t len)
{
    struct names *n = ctx;
    bool listed = in_list(license_names, name, len) || in_list(license_exceptions, name, len);
    bool deprecated = in_list(license_deprecated, name, len);
    bool scancode_prefix = begins(name, len, "LicenseRef-scancode-");
    bool own = begins(name, len, "LicenseRef-") && !scancode_prefix;
    if (deprecated)
        note(n, &n->deprecated, name, len);
    if (!own && !listed && !deprecated && !is_scancode(name, len))
        note(n, &n->missing, name, len);
    if (own)
        note(n, &n->unlisted, name, len);
}

static bool read_names(const struct csaf *c, struct names *out)
{
    const char *expression = expression_of(c);
    *out = (struct names){0};
    return expression && license_each(expression, on_name, out);
}

/* 6.1.54 */
void csaf_license_invalid(struct csaf *c)
{
    struct names n;
    if (expression_of(c) && !read_names(c, &n))
        csaf_found(c, c->document, "license_expression", "no SPDX license expression");
}

static void check_text(struct csaf *c)
{
    struct names n;
    size_t count = 0;
    const struct json_node *found = NULL;
    if (!read_names(c, &n) || !n.unlisted)
        return;
    JSON_EACH (item, json_find(c->document, "notes")) {
        const char *title = json_member(item, "title");
        if (title && csaf_is_term(c, title, CSAF_TERM_LICENSE)) {
            count++;
            found = item;
        }
    }
    const char *category = json_member(found, "category");
    if (count != 1)
        csaf_found(c, c->document, "notes", "exactly one note holds the text of %s", n.which);
    else if (!category || strcmp(category, "legal_disclaimer") != 0)
        csaf_found(c, found, "category", "the text of a license is a legal_disclaimer");
}

void csaf_license_text(struct csaf *c) /* 6.1.55 */
{
    if (csaf_is_english(c))
        check_text(c);
}

void csaf_license_text_translated(struct csaf *c) /* 6.2.46 */
{
    if (!csaf_is_english(c) && csaf_has_term(c, CSAF_TERM_LICENSE))
        check_text(c);
}

/* 6.2.43 */
void csaf_license_missing(struct csaf *c)
{
    const char *expression = expression_of(c);
    if (!expression || !*expression)
        csaf_found(c, c->document, "license_expression", "the license is %s",
                   json_find(c->document, "license_expression") ? "empty" : "missing");
}

void csaf_license_deprecated(struct csaf *c) /* 6.2.44 */
{
    struct names n;
    if (read_names(c, &n) && n.deprecated)
        csaf_found(c, c->document, "license_expression", "%s is deprecated", n.which);
}

void csaf_license_unknown(struct csaf *c) /* 6.2.45 */
{
    struct names n;
    if (read_names(c, &n) && n.missing)
        csaf_found(c, c->document, "license_expression", "%s does not exist", n.which);
}

void csaf_license_unregistered(struct csaf *c) /* 6.3.17 */
{
    struct names n;
    if (read_names(c, &n) && (n.unlisted || n.missing))
        csaf_found(c, c->document, "license_expression", "%s is in no public list", n.which);
}
