/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/text/version.h"

#include <string.h>

#include "check.h"

static const struct {
    const char *scheme, *low, *high;
    bool equal;
} rows[] = {
    {"deb", "1.0~rc1", "1.0", false}, /* '~' is before the end */
    {"deb", "1.0a", "1.0+", false},   /* letters before other signs */
    {"deb", "9999999999999999999998", "9999999999999999999999", false}, /* more than 64 bits */
    {"deb", "2", "1:1", false},                                         /* the epoch first */
    {"deb", "1.0", "1.0-0", true}, /* no revision is revision 0 */
    {"deb", "1.0-1", "1.0-1.1", false},
    {"deb", "0:1.0", "1.00", true},
    {"deb", "", "0", true},
    {"rpm", "1.0~rc1", "1.0", false},
    {"rpm", "1.0", "1.0^git1", false},
    {"rpm", "1.0^git1", "1.0.1", false},
    {"rpm", "1.a", "1.1", false}, /* letters are older than numbers */
    {"rpm", "1.0-1", "1:0.9-1", false},
    {"rpm", "1..0", "1.0", true}, /* separators do not count */
    {"apk", "1.2_rc1", "1.2", false},
    {"apk", "1.2", "1.2_p1", false},
    {"apk", "1.2a", "1.2b", false},
    {"apk", "1.01", "1.1", false}, /* a fraction */
    {"apk", "1.2-r9", "1.2-r10", false},
    {"apk", "1.2_what", "1.2", false}, /* no version is below one */
    {"pypi", "1.0.dev1", "1.0a1", false},
    {"pypi", "1.0a1", "1.0b1", false},
    {"pypi", "1.0rc1", "1.0", false},
    {"pypi", "1.0", "1.0.post1", false},
    {"pypi", "1.0", "1.0+local", false},
    {"pypi", "2.0", "1!1.0", false},
    {"pypi", "1.0-Alpha.1", "1a1", true}, /* normal forms */
    {"pypi", "1.0.0", "1", true},
    {"pypi", "what", "0", false},
    {"semver", "1.0.0-alpha", "1.0.0-alpha.1", false},
    {"semver", "1.0.0-1", "1.0.0-a", false},
    {"semver", "1.0.0-rc.9", "1.0.0-rc.10", false},
    {"semver", "1.0.0+a", "v1.0.0+b", true},
    {"semver", "1.9.0", "1.10.0", false},
    {"pub", "1.0.0", "1.0.0+a", false},
    {"nuget", "1.0.0-BETA", "1.0.0-beta", true},
    {"nuget", "1.0.0", "1.0.0.1", false},
    {"maven", "1.0-alpha-1", "1.0-a2", false},
    {"maven", "1.0-SNAPSHOT", "1.0", false},
    {"maven", "1.0", "1-ga", true},
    {"maven", "1.0", "1.0-sp1", false},
    {"maven", "1.0.0", "1", true},
    {"maven", "1.0-x", "1.0.x", false}, /* the 0 falls away before a "-" alone */
    {"rubygems", "1.0.a", "1.0", false},
    {"rubygems", "1.0.0", "1", true},
    {"rubygems", "1.0-1", "1.0", false}, /* "1.0.pre.1" */
    {"packagist", "1.0-dev", "1.0-alpha1", false},
    {"packagist", "1.0RC1", "1.0", false},
    {"packagist", "1.0", "1.0p1", false},
    {"packagist", "1.0x", "1.0-dev", false}, /* an unknown word is lowest */
    {"cran", "1.2-3", "1.2.3", true},
    {"cran", "1.2", "1.2-0", false},
    {"hackage", "1.0", "1.0.0", false},
};

static const struct {
    const char *ecosystem, *scheme;
} ecosystems[] = {
    {"Debian:12", "deb"},     {"Ubuntu:22.04:LTS", "deb"}, {"npm", "semver"},
    {"crates.io", "semver"},  {"Alpine:v3.18", "apk"},     {"pypi", "pypi"},
    {"Rocky Linux:9", "rpm"},
};

int text_version_test(void)
{
    int failed = 0;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const struct version_scheme *s = version_scheme_find(rows[i].scheme);
        if (!CHECK_ROW(i, s != NULL))
            continue;
        int up = s->compare(rows[i].low, rows[i].high),
            down = s->compare(rows[i].high, rows[i].low);
        CHECK_ROW(i, rows[i].equal ? up == 0 && down == 0 : up < 0 && down > 0);
        CHECK_ROW(i, s->compare(rows[i].low, rows[i].low) == 0);
    }
    for (size_t i = 0; i < ARRAY_LEN(ecosystems); i++) {
        const struct version_scheme *s = version_scheme_of_ecosystem(ecosystems[i].ecosystem);
        CHECK_ROW(i, s && strcmp(s->name, ecosystems[i].scheme) == 0);
    }
    CHECK(version_scheme_find("debian") == NULL);
    CHECK(version_scheme_of_ecosystem("GIT") == NULL);
    return failed;
}
