/* SPDX-License-Identifier: GPL-3.0-or-later */
/* debian-security-announce and debian-lts-announce:
 *
 *     Debian Security Advisory DSA-5028-1                   security@debian.org
 *     Package        : spip
 *     CVE ID         : CVE-2021-44118 ...
 *     For the stable distribution (bullseye), this problem has been fixed in version 3.2.11-3.
 */
#include <string.h>

#include "tool/advisory/bulletin.h"

static const char *const heads[] = {"Debian Security Advisory ", "Debian LTS Advisory "};

static const char *find_head(struct arena *arena, const char *text)
{
    for (size_t i = 0; i < ARRAY_COUNT(heads); i++) {
        const char *rest = bulletin_field(arena, text, heads[i], false);
        if (rest && (strncmp(rest, "DSA-", 4) == 0 || strncmp(rest, "DLA-", 4) == 0 ||
                     strncmp(rest, "DSA ", 4) == 0))
            return rest;
    }
    return NULL;
}

/* "DSA-5028-1", and the old "DSA 1234-1". */
static const char *id_of(struct arena *arena, const char *head)
{
    const char *number = bulletin_word(arena, head + 4);
    return arena_print(arena, "%.3s-%s", head, number);
}

/* "Package : a, b": all of them. */
static void add_packages(struct arena *arena, struct advisory *a, const char *list)
{
    for (const char *at = list; at && *at;) {
        at += strspn(at, " ,:");
        size_t len = strcspn(at, " ,");
        if (len)
            advisory_add_package(arena, a, "Debian", arena_copy(arena, at, len));
        at += len;
    }
}

/* "For the stable distribution (bullseye), this problem has been fixed in version 3.2.11-3." The
 * layout breaks the line wherever it likes, so the text is read flat, one "For the ..." at a time.
 */
static void add_fixes(struct arena *arena, struct advisory *a, const char *flat)
{
    static const char begin[] = "distribution (", fixed[] = "fixed in version ";
    const char *package = a->packages.count ? a->packages.item[0].name : NULL;
    for (const char *at = flat; (at = strstr(at, begin));) {
        at += sizeof begin - 1;
        const char *close = strchr(at, ')'), *next = strstr(at, begin);
        const char *version = strstr(at, fixed);
        if (!close || !version)
            return;
        if (!next || version < next) {
            struct advisory_fix fix = {arena_copy(arena, at, (size_t)(close - at)), package,
                                       bulletin_word(arena, version + sizeof fixed - 1)};
            advisory_add_fix(arena, a, &fix);
        }
    }
}

/* "For Debian 10 buster, these problems have been fixed in version ..." */
static void add_numbered_fixes(struct arena *arena, struct advisory *a, const char *flat)
{
    static const char begin[] = "For Debian ", fixed[] = "fixed in version ";
    const char *package = a->packages.count ? a->packages.item[0].name : NULL;
    for (const char *at = flat; (at = strstr(at, begin));) {
        at += sizeof begin - 1;
        const char *name = at + strspn(at, "0123456789 \""), *next = strstr(at, begin);
        const char *version = strstr(at, fixed);
        if (!version || name == at)
            continue;
        size_t len = strspn(name, "abcdefghijklmnopqrstuvwxyz");
        if (len && (!next || version < next)) {
            struct advisory_fix fix = {arena_copy(arena, name, len), package,
                                       bulletin_word(arena, version + sizeof fixed - 1)};
            advisory_add_fix(arena, a, &fix);
        }
    }
}

static bool read(struct arena *arena, const struct bulletin_text *in, struct advisory *out)
{
    const char *head = find_head(arena, in->text);
    if (!head)
        return false;
    *out = advisory_new(head[1] == 'L' ? "debian-lts" : "debian");
    out->id = id_of(arena, head);
    out->publisher = "Debian";
    out->title = in->subject;
    const char *from_head = strstr(in->text, head[1] == 'L' ? heads[1] : heads[0]);
    for (const char *line = from_head; line && !out->date; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (strncmp(line, "Package", 7) == 0)
            break;
        if (line[strspn(line, "0123456789")] == '-')
            out->date = bulletin_day(arena, bulletin_word(arena, line));
    }
    out->date = out->date ? out->date : in->date;
    add_packages(arena, out, bulletin_field(arena, in->text, "Package", false));
    const char *cves = bulletin_field(arena, in->text, "CVE ID", true);
    if (cves)
        advisory_add_cves_in(arena, out, cves, strlen(cves));
    const char *flat = bulletin_flat(arena, in->text);
    add_fixes(arena, out, flat);
    add_numbered_fixes(arena, out, flat);
    out->text = in->text;
    return true;
}

const struct bulletin bulletin_debian = {
    .name = "debian", .doc = "Debian's DSA and DLA", .read = read};
