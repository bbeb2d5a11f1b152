/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ubuntu-security-announce:
 *
 *     Ubuntu Security Notice USN-5037-2
 *     2022-05-01
 *     Ubuntu 22.04 LTS:
 *       ffmpeg                          7:4.1.9-0ubuntu0.22.04.1
 */
#include <string.h>

#include "tool/advisory/bulletin.h"

static const struct {
    const char *release, *suite;
} suites[] = {
    {"12.04", "precise"},  {"14.04", "trusty"},  {"16.04", "xenial"},   {"18.04", "bionic"},
    {"20.04", "focal"},    {"21.04", "hirsute"}, {"21.10", "impish"},   {"22.04", "jammy"},
    {"22.10", "kinetic"},  {"23.04", "lunar"},   {"23.10", "mantic"},   {"24.04", "noble"},
    {"24.10", "oracular"}, {"25.04", "plucky"},  {"25.10", "questing"}, {"26.04", "resolute"},
};

static const char *suite_of(struct arena *arena, const char *release)
{
    const char *word = bulletin_word(arena, release);
    size_t len = strcspn(word, ":");
    for (size_t i = 0; i < ARRAY_COUNT(suites); i++)
        if (strlen(suites[i].release) == len && memcmp(suites[i].release, word, len) == 0)
            return suites[i].suite;
    return arena_copy(arena, word, len);
}

/* "  PACKAGE   VERSION" below a release. */
static void add_line(struct arena *arena, struct advisory *a, const char *suite, const char *line)
{
    const char *name = line + strspn(line, " \t");
    const char *gap = name + strcspn(name, " \t\n");
    const char *version = gap + strspn(gap, " \t");
    if (gap == name || *version == '\n' || !*version)
        return;
    struct advisory_fix fix = {suite, arena_copy(arena, name, (size_t)(gap - name)),
                               bulletin_word(arena, version)};
    advisory_add_package(arena, a, "Ubuntu", fix.package);
    advisory_add_fix(arena, a, &fix);
}

static void add_fixes(struct arena *arena, struct advisory *a, const char *text)
{
    static const char head[] = "Ubuntu ";
    const char *suite = NULL;
    const char *from = strstr(text, "package versions:");
    for (const char *line = from; line && *line; line = strchr(line, '\n')) {
        line += *line == '\n';
        size_t len = strcspn(line, "\r\n");
        if (strncmp(line, head, sizeof head - 1) == 0 && len && line[len - 1] == ':')
            suite = suite_of(arena, line + sizeof head - 1);
        else if (suite && (*line == ' ' || *line == '\t'))
            add_line(arena, a, suite, line);
        else if (suite && len)
            return;
    }
}

static bool read(struct arena *arena, const struct bulletin_text *in, struct advisory *out)
{
    static const char head[] = "Ubuntu Security Notice ";
    const char *id = bulletin_field(arena, in->text, head, false);
    if (!id || strncmp(id, "USN-", 4) != 0)
        return false;
    *out = advisory_new("ubuntu");
    out->id = bulletin_word(arena, id);
    out->publisher = "Ubuntu";
    const char *behind = strchr(strstr(in->text, head), '\n');
    if (behind)
        out->date = bulletin_day(arena, bulletin_word(arena, behind + 1));
    if (!out->date && behind) /* "February 10, 2020" */
        out->date = bulletin_day(arena, arena_copy(arena, behind + 1, strcspn(behind + 1, "\r\n")));
    out->date = out->date ? out->date : in->date;
    out->title = in->subject;
    advisory_add_cves_in(arena, out, in->text, strlen(in->text));
    add_fixes(arena, out, in->text);
    out->text = in->text;
    return true;
}

const struct bulletin bulletin_ubuntu = {
    .name = "ubuntu", .doc = "Ubuntu's security notices", .read = read};
