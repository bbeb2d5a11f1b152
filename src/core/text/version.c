/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the orders of version numbers share, and which of them a name means.  The orders themselves
 * are in version/. */
#include "core/text/version.h"

#include <string.h>
#include <strings.h>

#include "core/base/attr.h"

static const struct {
    const char *ecosystem, *scheme;
} known[] = {
    {"AlmaLinux", "rpm"},     {"Alpaquita", "apk"},
    {"Alpine", "apk"},        {"BellSoft Hardened Containers", "apk"},
    {"Bioconductor", "cran"}, {"Bitnami", "semver"},
    {"Chainguard", "apk"},    {"ConanCenter", "semver"},
    {"CRAN", "cran"},         {"crates.io", "semver"},
    {"Debian", "deb"},        {"Echo", "deb"},
    {"Go", "semver"},         {"GHC", "hackage"},
    {"Hackage", "hackage"},   {"Hex", "semver"},
    {"Mageia", "rpm"},        {"Maven", "maven"},
    {"MinimOS", "apk"},       {"npm", "semver"},
    {"NuGet", "nuget"},       {"openEuler", "rpm"},
    {"openSUSE", "rpm"},      {"Packagist", "packagist"},
    {"Photon OS", "rpm"},     {"Pub", "pub"},
    {"PyPI", "pypi"},         {"Red Hat", "rpm"},
    {"Rocky Linux", "rpm"},   {"RubyGems", "rubygems"},
    {"SUSE", "rpm"},          {"SwiftURL", "semver"},
    {"Ubuntu", "deb"},        {"Wolfi", "apk"},
};

const struct version_scheme *version_scheme_find(const char *name)
{
    for (size_t i = 0; version_schemes[i]; i++)
        if (strcmp(version_schemes[i]->name, name) == 0)
            return version_schemes[i];
    return NULL;
}

const struct version_scheme *version_scheme_of_ecosystem(const char *ecosystem)
{
    size_t len = strcspn(ecosystem, ":");
    for (size_t i = 0; i < ARRAY_COUNT(known); i++)
        if (strlen(known[i].ecosystem) == len &&
            strncasecmp(known[i].ecosystem, ecosystem, len) == 0)
            return version_scheme_find(known[i].scheme);
    return NULL;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

size_t version_digit_run(const char *text, size_t len)
{
    size_t n = 0;
    while (n < len && is_digit(text[n]))
        n++;
    return n;
}

size_t version_letter_run(const char *text, size_t len)
{
    size_t n = 0;
    while (n < len && (text[n] | 0x20) >= 'a' && (text[n] | 0x20) <= 'z')
        n++;
    return n;
}

int version_compare_bytes(const char *a, size_t a_len, const char *b, size_t b_len)
{
    size_t common = a_len < b_len ? a_len : b_len;
    int order = common ? memcmp(a, b, common) : 0;
    return order ? order : (a_len > b_len) - (a_len < b_len);
}

int version_compare_digits(const char *a, size_t a_len, const char *b, size_t b_len)
{
    while (a_len && *a == '0')
        a++, a_len--;
    while (b_len && *b == '0')
        b++, b_len--;
    if (a_len != b_len)
        return a_len < b_len ? -1 : 1;
    return a_len ? memcmp(a, b, a_len) : 0;
}

static int compare_identifier(const char *a, size_t a_len, const char *b, size_t b_len,
                              bool ignore_case)
{
    bool a_number = a_len && version_digit_run(a, a_len) == a_len;
    bool b_number = b_len && version_digit_run(b, b_len) == b_len;
    if (a_number && b_number)
        return version_compare_digits(a, a_len, b, b_len);
    if (a_number != b_number)
        return a_number ? -1 : 1;
    if (!ignore_case)
        return version_compare_bytes(a, a_len, b, b_len);
    int order = strncasecmp(a, b, a_len < b_len ? a_len : b_len);
    return order ? order : (a_len > b_len) - (a_len < b_len);
}

static size_t until_dot(const char *text, size_t len)
{
    const char *dot = len ? memchr(text, '.', len) : NULL;
    return dot ? (size_t)(dot - text) : len;
}

int version_compare_identifiers(const char *a, size_t a_len, const char *b, size_t b_len,
                                bool ignore_case)
{
    for (;;) {
        size_t a_part = until_dot(a, a_len), b_part = until_dot(b, b_len);
        int order = compare_identifier(a, a_part, b, b_part, ignore_case);
        if (order)
            return order;
        bool a_more = a_part < a_len, b_more = b_part < b_len;
        if (!a_more || !b_more)
            return a_more - b_more;
        a += a_part + 1, a_len -= a_part + 1;
        b += b_part + 1, b_len -= b_part + 1;
    }
}
