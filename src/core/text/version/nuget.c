/* SPDX-License-Identifier: GPL-3.0-or-later */
/* NuGet's NuGetVersion: SemVer with up to four numbers and without case. */
#include "core/text/semver.h"

#include "core/text/version.h"

static int compare(const char *a_text, const char *b_text)
{
    struct semver a = semver_split(a_text), b = semver_split(b_text);
    int order = semver_compare_numbers(&a, &b);
    if (order)
        return order;
    if (!a.pre || !b.pre)
        return (a.pre == NULL) - (b.pre == NULL);
    return version_compare_identifiers(a.pre, a.pre_len, b.pre, b.pre_len, true);
}

const struct version_scheme version_scheme_nuget = {
    .name = "nuget", .doc = "NuGet: NuGetVersion", .compare = compare};
