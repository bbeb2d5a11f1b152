/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The entries are copied as they stand in the system's own lists: options (keys, architectures,
 * trust) go with them. */
#include "tool/patch/archive.h"

#include <errno.h>
#include <fnmatch.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "sys/io/file.h"
#include "tool/advisory/inventory.h"

enum { SOURCES_MAX = 1 << 20, ARCHIVES_MAX = 1024, PATTERNS_MAX = 64 };

/* ---- which are security ---- */

static bool same(const char *a, const char *b)
{
    return a && b && strcasecmp(a, b) == 0;
}

static bool ends(const char *text, const char *end)
{
    size_t len = text ? strlen(text) : 0, n = strlen(end);
    return len >= n && strcmp(text + len - n, end) == 0;
}

/* Debian labels them; Ubuntu has pockets. */
static bool is_security(const struct archive *a)
{
    return same(a->label, "Debian-Security") ||
           (same(a->origin, "Ubuntu") && ends(a->suite, "-security")) ||
           (a->origin && strncasecmp(a->origin, "UbuntuESM", 9) == 0 &&
            ends(a->suite, "-security"));
}

static const char *field_of(const struct archive *a, const char *key, size_t len)
{
    static const struct {
        const char *name;
        size_t offset;
    } fields[] = {
        {"origin", offsetof(struct archive, origin)},
        {"o", offsetof(struct archive, origin)},
        {"label", offsetof(struct archive, label)},
        {"l", offsetof(struct archive, label)},
        {"suite", offsetof(struct archive, suite)},
        {"archive", offsetof(struct archive, suite)},
        {"a", offsetof(struct archive, suite)},
        {"n", offsetof(struct archive, codename)},
        {"codename", offsetof(struct archive, codename)},
    };
    for (size_t i = 0; i < ARRAY_COUNT(fields); i++)
        if (strlen(fields[i].name) == len && memcmp(fields[i].name, key, len) == 0)
            return *(const char *const *)(const void *)((const char *)a + fields[i].offset);
    return NULL;
}

/* "origin=Debian,codename=bookworm,label=Debian-Security": all of them (unattended-upgrades,
 * README: Unattended-Upgrade::Origins-Pattern). */
static bool fits_pattern(struct arena *arena, const struct archive *a, const char *pattern)
{
    while (*pattern) {
        size_t len = strcspn(pattern, ",");
        const char *equal = memchr(pattern, '=', len);
        if (!equal)
            return false;
        const char *value = field_of(a, pattern, (size_t)(equal - pattern));
        const char *want = arena_copy(arena, equal + 1, len - (size_t)(equal - pattern) - 1);
        if (!value || fnmatch(want, value, 0) != 0)
            return false;
        pattern += len + (pattern[len] == ',');
    }
    return true;
}

/* "${distro_codename}" and "${distro_id}" in place of what they stand for. */
static const char *expand(struct arena *arena, const char *pattern,
                          const struct inventory_system *system)
{
    static const char codename[] = "${distro_codename}", id[] = "${distro_id}";
    struct str out = str_of(0);
    while (*pattern) {
        if (strncmp(pattern, codename, sizeof codename - 1) == 0) {
            str_add(&out, system->codename ? system->codename : "");
            pattern += sizeof codename - 1;
        } else if (strncmp(pattern, id, sizeof id - 1) == 0) {
            str_add(&out, same(system->id, "debian")   ? "Debian"
                          : same(system->id, "ubuntu") ? "Ubuntu"
                          : system->id                 ? system->id
                                                       : "");
            pattern += sizeof id - 1;
        } else {
            str_add_char(&out, *pattern++);
        }
    }
    const char *copy = arena_text(arena, str_text(&out));
    str_done(&out);
    return copy;
}

/* The patterns that speak of security; the administrator may have named archives of his own. */
static void apply_patterns(const struct apt *apt, struct archive_list *list)
{
    struct inventory_system system;
    struct str text = str_of(APT_OUTPUT_MAX);
    const char *words[] = {"dump", "--format", "%v%n", "Unattended-Upgrade::Origins-Pattern"};
    struct text_list argv = {.text = words, .count = ARRAY_COUNT(words)};
    inventory_read_system(apt->arena, apt->root, &system);
    if (apt_run(apt, "apt-config", &argv, &text, &(struct err){0}) < 0)
        str_reset(&text);
    size_t patterns = 0;
    for (const char *line = str_text(&text); *line && patterns < PATTERNS_MAX; patterns++) {
        size_t len = strcspn(line, "\n");
        const char *pattern = expand(apt->arena, arena_copy(apt->arena, line, len), &system);
        bool fitted = false;
        line += len + (line[len] == '\n');
        if (!strcasestr(pattern, "security"))
            continue;
        for (size_t i = 0; i < list->count; i++)
            if (fits_pattern(apt->arena, &list->item[i], pattern))
                fitted = list->item[i].security = true;
        if (!fitted)
            list->pattern_missed = pattern;
    }
    str_done(&text);
}

/* ---- the list ---- */

/* A field that apt does not know is printed as its own name. */
static const char *next_field(struct arena *arena, const char **at)
{
    size_t len = strcspn(*at, "|\n");
    const char *text = arena_copy(arena, *at, len);
    *at += len + ((*at)[len] == '|');
    return text[0] == '$' ? NULL : text;
}

static void take_line(struct arena *arena, const char *line, struct archive_list *list)
{
    if (list->count == ARCHIVES_MAX)
        return;
    struct archive a = {.label = next_field(arena, &line)};
    a.origin = next_field(arena, &line);
    a.suite = next_field(arena, &line);
    a.codename = next_field(arena, &line);
    a.release = next_field(arena, &line);
    a.entry = next_field(arena, &line);
    if (!a.entry || !a.release)
        return;
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->item[i].entry, a.entry) == 0 &&
            strcmp(list->item[i].release, a.release) == 0)
            return;
    a.security = is_security(&a);
    list->item[list->count++] = a;
}

int archive_list_read(const struct apt *apt, struct archive_list *out, struct err *e)
{
    struct str text = str_of(APT_OUTPUT_MAX);
    const char *words[] = {"indextargets", "--format",
                           "$(LABEL)|$(ORIGIN)|$(SUITE)|$(CODENAME)|$(RELEASE)|$(SOURCESENTRY)",
                           "Created-By: Packages"};
    struct text_list argv = {.text = words, .count = ARRAY_COUNT(words)};
    *out = (struct archive_list){0};
    out->item = arena_array(apt->arena, ARCHIVES_MAX, sizeof *out->item);
    int rc = apt_run(apt, "apt-get", &argv, &text, e);
    for (const char *line = str_text(&text); rc == 0 && *line;) {
        size_t len = strcspn(line, "\n");
        take_line(apt->arena, arena_copy(apt->arena, line, len), out);
        line += len + (line[len] == '\n');
    }
    if (rc == 0)
        apply_patterns(apt, out);
    for (size_t i = 0; i < out->count; i++)
        out->security_count += out->item[i].security;
    str_done(&text);
    return rc;
}

/* ---- source lists of their own ---- */

static const char *nth_line(const char *text, unsigned long number, size_t *len)
{
    while (*text && number > 1) {
        text += strcspn(text, "\n");
        text += *text == '\n';
        number--;
    }
    *len = strcspn(text, "\n");
    return text;
}

/* The suites of the stanza that hold fixes; others of the same stanza (Ubuntu names all its pockets
 * in one) stay out. */
static void add_suites(const struct archive_list *list, const char *entry, struct str *out)
{
    str_add(out, "Suites:");
    for (size_t i = 0; i < list->count; i++)
        if (list->item[i].security && strcmp(list->item[i].entry, entry) == 0)
            str_addf(out, " %s", list->item[i].release);
    str_add_char(out, '\n');
}

static bool is_blank_line(const char *line)
{
    return line[strspn(line, " \t\r")] == '\n' || !line[strspn(line, " \t\r")];
}

/* The n-th stanza (sources.list(5), deb822), with other Suites. */
static void add_stanza(const struct archive_list *list, const char *entry, const char *text,
                       unsigned long number, struct str *out)
{
    unsigned long stanza = 0;
    bool inside = false, in_suites = false;
    for (const char *line = text; *line;) {
        size_t len = strcspn(line, "\n");
        bool blank = is_blank_line(line);
        if (!blank && !inside && *line != '#')
            stanza++;
        inside = blank ? false : inside || *line != '#';
        bool goes_on = *line == ' ' || *line == '\t';
        in_suites = inside && (goes_on ? in_suites : strncasecmp(line, "Suites:", 7) == 0);
        if (inside && stanza == number) {
            if (in_suites && !goes_on)
                add_suites(list, entry, out);
            else if (!in_suites)
                str_addf(out, "%.*s\n", (int)len, line);
        }
        line += len + (line[len] == '\n');
    }
    str_add_char(out, '\n');
}

/* One entry, unless an archive before it stands in the same. */
static int add_entry(struct arena *arena, const struct archive_list *list, size_t i,
                     struct str *lines, struct str *stanzas, struct err *e)
{
    const char *entry = list->item[i].entry, *colon = strrchr(entry, ':');
    struct str text = str_of(SOURCES_MAX);
    for (size_t before = 0; before < i; before++)
        if (list->item[before].security && strcmp(list->item[before].entry, entry) == 0)
            return 0;
    if (!colon)
        return 0;
    const char *path = arena_copy(arena, entry, (size_t)(colon - entry));
    unsigned long number = strtoul(colon + 1, NULL, 10);
    int rc = file_read(path, &text, e);
    if (rc == 0 && ends(path, ".sources")) {
        add_stanza(list, entry, str_text(&text), number, stanzas);
    } else if (rc == 0) {
        size_t len;
        const char *line = nth_line(str_text(&text), number, &len);
        str_addf(lines, "%.*s\n", (int)len, line);
    }
    str_done(&text);
    return rc;
}

int archive_write_sources(struct arena *arena, const struct archive_list *list, const char *folder,
                          struct err *e)
{
    struct str lines = str_of(0), stanzas = str_of(0);
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < list->count; i++)
        if (list->item[i].security)
            rc = add_entry(arena, list, i, &lines, &stanzas, e);
    if (rc == 0)
        rc = file_replace(arena_print(arena, "%s/security.list", folder), str_text(&lines),
                          lines.len, 0644, e);
    if (rc == 0 && stanzas.len)
        rc = file_replace(arena_print(arena, "%s/security.sources", folder), str_text(&stanzas),
                          stanzas.len, 0644, e);
    str_done(&lines);
    str_done(&stanzas);
    return rc;
}
