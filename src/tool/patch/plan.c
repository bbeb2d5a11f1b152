/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/patch/plan.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/map.h"
#include "core/text/version.h"
#include "sys/io/file_map.h"
#include "tool/advisory/inventory.h"

static void *grow(struct arena *arena, void *item, size_t count, size_t *capacity, size_t size)
{
    if (count < *capacity)
        return item;
    *capacity = *capacity ? *capacity * 2 : 8;
    void *bigger = arena_array(arena, *capacity, size);
    if (count)
        memcpy(bigger, item, count * size);
    return bigger;
}

#define ADD(arena, list, thing)                                                                    \
    do {                                                                                           \
        (list)->item =                                                                             \
            grow(arena, (list)->item, (list)->count, &(list)->capacity, sizeof *(list)->item);     \
        (list)->item[(list)->count++] = (thing);                                                   \
    } while (0)

/* ---- apt's words ---- */

static const char *word(struct arena *arena, const char **at, const char *ends)
{
    size_t len = strcspn(*at, ends);
    const char *text = arena_copy(arena, *at, len);
    *at += len;
    return text;
}

/* "Inst NAME [OLD] (NEW ORIGIN:... [ARCH])", "Remv NAME [OLD]" */
static void take_step(struct arena *arena, const char *line, bool removal, struct patch_plan *out)
{
    struct patch_step s = {0};
    line += 5;
    s.package = word(arena, &line, " \n");
    line += *line == ' ';
    if (*line == '[') {
        line++;
        s.from = word(arena, &line, "]\n");
        line += *line == ']';
        line += *line == ' ';
    }
    if (*line == '(') {
        line++;
        s.to = word(arena, &line, " )\n");
        line += *line == ' ';
        s.origin = word(arena, &line, "[)\n");
        size_t len = strlen(s.origin);
        while (len && s.origin[len - 1] == ' ')
            len--;
        s.origin = arena_copy(arena, s.origin, len);
    }
    if (removal)
        ADD(arena, &out->removals, s);
    else if (s.from)
        ADD(arena, &out->upgrades, s);
    else
        ADD(arena, &out->added, s);
}

static bool is_kept(const struct patch_plan *plan, const char *package)
{
    for (size_t i = 0; i < plan->kept.count; i++)
        if (strcmp(plan->kept.item[i].package, package) == 0)
            return true;
    return false;
}

static void add_kept(struct arena *arena, struct patch_plan *out, const char *package,
                     const char *why)
{
    struct patch_kept k = {package, why};
    if (!is_kept(out, package))
        ADD(arena, &out->kept, k);
}

/* Names in lines that begin with blanks. */
static void take_kept(struct arena *arena, const char *line, struct patch_plan *out)
{
    while (line[0] == ' ' && line[1] == ' ') {
        const char *end = line + strcspn(line, "\n");
        while (line < end) {
            line += strspn(line, " *");
            if (line >= end)
                break;
            add_kept(arena, out, word(arena, &line, " \n"),
                     "needs something that the security archives do not have");
        }
        line = end + (*end == '\n');
    }
}

void patch_plan_parse(struct arena *arena, const char *text, struct patch_plan *out)
{
    static const char kept[] = "The following packages have been kept back:";
    for (const char *line = text; *line;) {
        if (strncmp(line, "Inst ", 5) == 0 || strncmp(line, "Remv ", 5) == 0)
            take_step(arena, line, *line == 'R', out);
        const char *next = line + strcspn(line, "\n");
        next += *next == '\n';
        if (strncmp(line, kept, sizeof kept - 1) == 0)
            take_kept(arena, next, out);
        line = next;
    }
}

/* ---- what dpkg says ---- */

/* States of dpkg that mean something was begun and not ended. */
static void take_problem(struct arena *arena, const char *package, const char *status,
                         struct patch_plan *out)
{
    const char *state = strrchr(status, ' ');
    if (!state || !package)
        return;
    state++;
    bool broken = strcmp(state, "unpacked") == 0 || strcmp(state, "half-configured") == 0 ||
                  strcmp(state, "half-installed") == 0 || strcmp(state, "triggers-awaited") == 0 ||
                  strcmp(state, "triggers-pending") == 0;
    if (broken)
        ADD(arena, &out->problems,
            arena_print(arena, "%s is %s: finish it first (dpkg --configure -a)", package, state));
    if (strstr(status, "reinstreq"))
        ADD(arena, &out->problems,
            arena_print(arena, "%s must be installed anew (apt-get install --reinstall %s)",
                        package, package));
}

static void find_problems(struct arena *arena, const char *text, size_t len, struct patch_plan *out)
{
    const char *package = NULL, *end = text + len;
    for (const char *line = text; line < end;) {
        const char *newline = memchr(line, '\n', (size_t)(end - line));
        const char *stop = newline ? newline : end;
        size_t n = (size_t)(stop - line);
        if (n > 9 && memcmp(line, "Package: ", 9) == 0)
            package = arena_copy(arena, line + 9, n - 9);
        else if (n > 8 && memcmp(line, "Status: ", 8) == 0)
            take_problem(arena, package, arena_copy(arena, line + 8, n - 8), out);
        line = newline ? newline + 1 : end;
    }
}

static const struct inventory_item *find_item(const struct inventory *inventory,
                                              const char *package)
{
    size_t len = strcspn(package, ":"); /* "libc6:i386" */
    for (size_t i = 0; i < inventory->count; i++)
        if (strlen(inventory->item[i].name) == len &&
            memcmp(inventory->item[i].name, package, len) == 0)
            return &inventory->item[i];
    return NULL;
}

/* A held package with a fix waiting is told, whatever apt says of it. */
static void explain_kept(const struct inventory *inventory, struct patch_plan *out)
{
    for (size_t i = 0; i < out->kept.count; i++) {
        const struct inventory_item *item = find_item(inventory, out->kept.item[i].package);
        if (item && item->held)
            out->kept.item[i].why = "held by the administrator (apt-mark unhold it)";
    }
    for (size_t i = 0; i < out->upgrades.count; i++) {
        const struct inventory_item *item = find_item(inventory, out->upgrades.item[i].package);
        out->upgrades.item[i].source = item ? item->source : NULL;
    }
}

static int read_dpkg(struct arena *arena, const char *root, struct patch_plan *out, struct err *e)
{
    struct inventory inventory = {0};
    struct file_map map;
    const char *path = arena_print(arena, "%s/var/lib/dpkg/status", root);
    if (inventory_read_dpkg(arena, path, "Debian", &inventory, e) < 0 ||
        file_map_open(&map, path, 256 << 20, e) < 0)
        return e->code;
    find_problems(arena, map.data, map.len, out);
    file_map_close(&map);
    explain_kept(&inventory, out);
    return 0;
}

/* ---- the plan ---- */

static void remove_folder(struct arena *arena, const char *folder)
{
    unlink(arena_print(arena, "%s/security.list", folder));
    unlink(arena_print(arena, "%s/security.sources", folder));
    rmdir(folder);
}

static int simulate(const struct apt *apt, struct patch_plan *out, struct err *e)
{
    struct str text = str_of(APT_OUTPUT_MAX);
    const char *words[] = {"-s", "upgrade", "--with-new-pkgs"};
    struct text_list argv = {.text = words, .count = ARRAY_COUNT(words)};
    int rc = apt_run(apt, "apt-get", &argv, &text, e);
    if (rc == 0)
        patch_plan_parse(apt->arena, str_text(&text), out);
    str_done(&text);
    return rc;
}

static void add_remarks(struct arena *arena, const struct archive_list *archives,
                        struct patch_plan *out)
{
    if (archives->security_count == 0)
        ADD(arena, &out->problems,
            "none of apt's archives is one of security fixes: add it to sources.list, then run "
            "apt-get update");
    if (archives->pattern_missed)
        ADD(arena, &out->problems,
            arena_print(arena,
                        "unattended-upgrades looks for \"%s\", which fits no archive: it would "
                        "install nothing from there",
                        archives->pattern_missed));
}

int patch_plan_make(struct arena *arena, const struct patch_options *o, struct patch_plan *out,
                    struct err *e)
{
    const char *base = getenv("TMPDIR");
    char *folder = arena_print(arena, "%s/picket-XXXXXX", base && *base ? base : P_tmpdir);
    struct apt apt = {.root = o->root, .arena = arena};
    struct archive_list archives;
    *out = (struct patch_plan){0};
    if (archive_list_read(&apt, &archives, e) < 0)
        return e->code;
    add_remarks(arena, &archives, out);
    if (!mkdtemp(folder))
        return err_set(e, -errno, "%s: %s", folder, strerror(errno));
    int rc = archive_write_sources(arena, &archives, folder, e);
    apt.sources = folder;
    rc = rc < 0 ? rc : simulate(&apt, out, e);
    rc = rc < 0 ? rc : read_dpkg(arena, o->root, out, e);
    remove_folder(arena, folder);
    return rc;
}

void patch_plan_done(struct patch_plan *plan)
{
    for (size_t i = 0; i < plan->upgrades.count; i++)
        text_list_done(&plan->upgrades.item[i].advisories);
}
