/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sharing groups and their reserved ids (RFC 9562, 5.9 and 5.10), and TLP. */
#include <string.h>

#include "tool/advisory/csaf/rules.h"

static const char max_id[] = "ffffffff-ffff-ffff-ffff-ffffffffffff",
                  nil_id[] = "00000000-0000-0000-0000-000000000000", public_name[] = "Public",
                  nobody_name[] = "No sharing allowed";

static const struct json_node *group_of(const struct csaf *c)
{
    return json_at(c->document, "distribution", "sharing_group", NULL);
}

static bool has_id(const struct json_node *group, const char *id)
{
    const char *own = json_member(group, "id");
    return own && strcmp(own, id) == 0;
}

static bool has_name(const struct json_node *group, const char *name)
{
    const char *own = json_member(group, "name");
    return own && strcmp(own, name) == 0;
}

static bool is_clear(const struct csaf *c)
{
    return strcmp(c->label, "CLEAR") == 0;
}

void csaf_sharing_max_closed(struct csaf *c) /* 6.1.38 */
{
    if (has_id(group_of(c), max_id) && !is_clear(c))
        csaf_found(c, group_of(c), "id", "everybody's group in a document that is not CLEAR");
}

void csaf_sharing_public(struct csaf *c) /* 6.1.39 */
{
    const struct json_node *group = group_of(c);
    bool draft = has_id(group, nil_id) && strcmp(c->status, "draft") == 0;
    if (group && is_clear(c) && !has_id(group, max_id) && !draft)
        csaf_found(c, group, "id", "a closed group in a document that is CLEAR");
}

void csaf_sharing_name_reserved(struct csaf *c) /* 6.1.40 */
{
    const struct json_node *group = group_of(c);
    if ((has_name(group, public_name) && !has_id(group, max_id)) ||
        (has_name(group, nobody_name) && !has_id(group, nil_id)))
        csaf_found(c, group, "name", "a reserved name");
}

void csaf_sharing_name_missing(struct csaf *c) /* 6.1.41 */
{
    const struct json_node *group = group_of(c);
    if ((has_id(group, max_id) && !has_name(group, public_name)) ||
        (has_id(group, nil_id) && !has_name(group, nobody_name)))
        csaf_found(c, group, "name", "the name that is reserved for this id is missing");
}

void csaf_sharing_max(struct csaf *c) /* 6.2.28 */
{
    if (has_id(group_of(c), max_id))
        csaf_found(c, group_of(c), "id", "the Max UUID");
}

void csaf_sharing_nil(struct csaf *c) /* 6.2.29 */
{
    if (has_id(group_of(c), nil_id))
        csaf_found(c, group_of(c), "id", "the Nil UUID");
}

void csaf_sharing_clear(struct csaf *c) /* 6.2.30 */
{
    if (group_of(c) && is_clear(c))
        csaf_found(c, group_of(c), NULL, "a sharing group in a document that is CLEAR");
}
