/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dart's pub_semver: SemVer, but build metadata is compared too, and comes after the release. */
#include "core/text/semver.h"

#include "core/text/version.h"

static int compare(const char *a_text, const char *b_text)
{
    struct semver a = semver_split(a_text), b = semver_split(b_text);
    int order = semver_compare_numbers(&a, &b);
    if (!order && a.pre && b.pre)
        order = version_compare_identifiers(a.pre, a.pre_len, b.pre, b.pre_len, false);
    if (!order)
        order = (a.pre == NULL) - (b.pre == NULL);
    if (order)
        return order;
    if (!a.build || !b.build)
        return (a.build != NULL) - (b.build != NULL);
    return version_compare_identifiers(a.build, a.build_len, b.build, b.build_len, false);
}

const struct version_scheme version_scheme_pub = {
    .name = "pub", .doc = "pub.dev: pub_semver", .compare = compare};
