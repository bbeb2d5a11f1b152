/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/advisory/csaf/range.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "core/base/attr.h"

/* The types of the VERS specification, and the order each goes by; those without one here are
 * registered all the same. */
static const struct {
    const char *type, *scheme;
} types[] = {
    {"alpine", "apk"},
    {"apk", "apk"},
    {"arch", "rpm"},
    {"cargo", "semver"},
    {"composer", "packagist"},
    {"conan", "semver"},
    {"cpan", "semver"},
    {"cran", "cran"},
    {"datetime", "semver"},
    {"deb", "deb"},
    {"ebuild", "semver"},
    {"gem", "rubygems"},
    {"generic", "semver"},
    {"github", "semver"},
    {"golang", "semver"},
    {"hex", "semver"},
    {"ilmt", "semver"},
    {"intdot", "hackage"},
    {"lexicographic", "semver"},
    {"mattermost", "semver"},
    {"maven", "maven"},
    {"mozilla", "semver"},
    {"nginx", "semver"},
    {"npm", "semver"},
    {"nuget", "nuget"},
    {"openssl", "semver"},
    {"pypi", "pypi"},
    {"rpm", "rpm"},
    {"semver", "semver"},
    {"tomee", "maven"},
    {"all", "semver"},
    {"none", "semver"},
};

static const char *scheme_of(const char *type)
{
    for (size_t i = 0; i < ARRAY_COUNT(types); i++)
        if (strcmp(types[i].type, type) == 0)
            return types[i].scheme;
    return NULL;
}

bool range_type_is_registered(const char *type)
{
    return scheme_of(type) != NULL;
}

static const struct {
    const char *sign;
    enum range_op op;
} signs[] = {
    {"!=", RANGE_NOT}, {"<=", RANGE_LESS_EQUAL}, {">=", RANGE_MORE_EQUAL},
    {"<", RANGE_LESS}, {">", RANGE_MORE},        {"=", RANGE_EQUAL},
};

/* No blank, no sign that belongs to the notation. */
static bool take_version(struct range *r, enum range_op op, const char *at, size_t len)
{
    if (len == 0 || len >= RANGE_VERSION_MAX || r->count == RANGE_CONSTRAINTS_MAX)
        return false;
    for (size_t i = 0; i < len; i++)
        if (strchr(" \t<>=!|,*", at[i]))
            return false;
    r->constraint[r->count].op = op;
    memcpy(r->constraint[r->count].version, at, len);
    r->constraint[r->count++].version[len] = '\0';
    return true;
}

static bool take_constraints(struct range *r, const char *text)
{
    if (strcmp(text, "*") == 0) {
        r->all = true;
        return true;
    }
    for (;;) {
        size_t len = strcspn(text, "|"), skip = 0;
        enum range_op op = RANGE_EQUAL;
        for (size_t i = 0; i < ARRAY_COUNT(signs) && !skip; i++)
            if (strncmp(text, signs[i].sign, strlen(signs[i].sign)) == 0) {
                op = signs[i].op;
                skip = strlen(signs[i].sign);
            }
        if (skip > len || !take_version(r, op, text + skip, len - skip))
            return false;
        if (!text[len])
            return true;
        text += len + 1;
    }
}

static bool has_sign(const struct range *r)
{
    for (size_t i = 0; i < r->count; i++)
        if (r->constraint[i].op != RANGE_EQUAL)
            return true;
    return false;
}

bool range_parse(struct range *r, const char *text)
{
    *r = (struct range){.order = version_scheme_find("semver")};
    if (strncmp(text, "vers:", 5) != 0)
        return take_constraints(r, text);
    const char *type = text + 5;
    size_t len = strspn(type, "abcdefghijklmnopqrstuvwxyz0123456789.-");
    if (len == 0 || type[len] != '/' || len >= RANGE_TYPE_MAX)
        return false;
    r->vers = true;
    memcpy(r->type, type, len);
    r->type[len] = '\0';
    const char *scheme = scheme_of(r->type);
    r->order = scheme ? version_scheme_find(scheme) : NULL;
    if (!take_constraints(r, type + len + 1))
        return false;
    return strcmp(r->type, "all") != 0 || r->all; /* "vers:all/<3" says two things */
}

bool range_is_single(const struct range *r)
{
    return !r->all && r->count == 1 && !has_sign(r);
}

bool range_is_open_above(const struct range *r)
{
    if (r->all)
        return true;
    for (size_t i = r->count; i-- > 0;)
        if (r->constraint[i].op != RANGE_NOT)
            return r->constraint[i].op == RANGE_MORE || r->constraint[i].op == RANGE_MORE_EQUAL;
    return false;
}

static bool is_upper(enum range_op op)
{
    return op == RANGE_LESS || op == RANGE_LESS_EQUAL;
}

static bool is_lower(enum range_op op)
{
    return op == RANGE_MORE || op == RANGE_MORE_EQUAL;
}

static bool fits(const struct range *r, size_t i, const char *version)
{
    int order = r->order->compare(version, r->constraint[i].version);
    switch (r->constraint[i].op) {
    case RANGE_LESS:
        return order < 0;
    case RANGE_LESS_EQUAL:
        return order <= 0;
    case RANGE_MORE:
        return order > 0;
    case RANGE_MORE_EQUAL:
        return order >= 0;
    default:
        return order == 0;
    }
}

/* The constraints stand in the order of their versions: a lower end and the next upper end, leaving
 * "=" and "!=" aside, are one interval. */
bool range_holds(const struct range *r, const char *version)
{
    bool inside = r->all;
    for (size_t i = 0; i < r->count; i++)
        if (r->constraint[i].op == RANGE_NOT || r->constraint[i].op == RANGE_EQUAL)
            if (r->order->compare(version, r->constraint[i].version) == 0)
                return r->constraint[i].op == RANGE_EQUAL;
    size_t lower = SIZE_MAX;
    for (size_t i = 0; i < r->count && !inside; i++) {
        if (is_lower(r->constraint[i].op)) {
            lower = i;
        } else if (is_upper(r->constraint[i].op)) {
            inside = fits(r, i, version) && (lower == SIZE_MAX || fits(r, lower, version));
            lower = SIZE_MAX;
        }
    }
    return inside || (lower != SIZE_MAX && fits(r, lower, version));
}

/* Two ranges meet where an end of one is in the other, or just beside an end; with open ends on the
 * same side they always do. */
bool range_overlaps(const struct range *a, const struct range *b)
{
    if (!a->order || a->order != b->order)
        return false;
    for (int turn = 0; turn < 2; turn++) {
        const struct range *x = turn ? b : a, *y = turn ? a : b;
        for (size_t i = 0; i < x->count; i++) {
            const char *version = x->constraint[i].version;
            enum range_op op = x->constraint[i].op;
            if (op == RANGE_NOT)
                continue;
            bool included = op == RANGE_EQUAL || op == RANGE_LESS_EQUAL || op == RANGE_MORE_EQUAL;
            if (included && range_holds(y, version))
                return true;
            /* just beside the end: both sides of it lie in the other range */
            char beside[RANGE_VERSION_MAX + 8];
            snprintf(beside, sizeof beside, op == RANGE_LESS ? "%s-0" : "%s.0.1", version);
            if (!included && range_holds(y, beside) && range_holds(x, beside))
                return true;
        }
    }
    return range_is_open_above(a) && range_is_open_above(b);
}
