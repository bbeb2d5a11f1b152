/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dpkg's status file (deb822(5)): what counts as installed is what has its files in place, whether
 * or not its set-up is done. */
#include <errno.h>
#include <string.h>
#include <strings.h>

#include "sys/io/file_map.h"
#include "tool/advisory/inventory.h"

static const uint64_t status_max = 256 << 20;

struct span {
    const char *text;
    size_t len;
};

enum field { PACKAGE, STATUS, ARCHITECTURE, SOURCE, VERSION, PROVIDES, FIELD_COUNT };

static const char *const names[FIELD_COUNT] = {"Package", "Status",  "Architecture",
                                               "Source",  "Version", "Provides"};

struct stanza {
    struct span field[FIELD_COUNT];
};

static bool is(struct span s, const char *text)
{
    return s.len == strlen(text) && memcmp(s.text, text, s.len) == 0;
}

static struct span trim(const char *from, const char *to)
{
    while (from < to && (*from == ' ' || *from == '\t'))
        from++;
    while (to > from && (to[-1] == ' ' || to[-1] == '\t' || to[-1] == '\r'))
        to--;
    return (struct span){from, (size_t)(to - from)};
}

/* One line, which is no continuation of the one before. */
static void take_line(struct stanza *s, const char *line, const char *end)
{
    const char *colon = memchr(line, ':', (size_t)(end - line));
    if (!colon)
        return;
    struct span name = {line, (size_t)(colon - line)};
    for (int i = 0; i < FIELD_COUNT; i++)
        if (name.len == strlen(names[i]) && strncasecmp(name.text, names[i], name.len) == 0)
            s->field[i] = trim(colon + 1, end);
}

/* "WANT FLAG STATE" */
static bool is_installed(struct span status)
{
    static const char *const states[] = {"installed", "unpacked", "half-configured",
                                         "triggers-awaited", "triggers-pending"};
    const char *blank = status.len ? memrchr(status.text, ' ', status.len) : NULL;
    if (!blank)
        return false;
    struct span state = {blank + 1, (size_t)(status.text + status.len - blank) - 1};
    for (size_t i = 0; i < ARRAY_COUNT(states); i++)
        if (is(state, states[i]))
            return true;
    return false;
}

static const char *copy(struct arena *arena, struct span s)
{
    return s.len ? arena_copy(arena, s.text, s.len) : NULL;
}

static void add(struct arena *arena, const struct stanza *s, const char *ecosystem,
                const char *place, struct inventory *out)
{
    struct span source = s->field[SOURCE], status = s->field[STATUS];
    struct inventory_item item = {.ecosystem = ecosystem, .place = place};
    if (!s->field[PACKAGE].len || !s->field[VERSION].len || !is_installed(status))
        return;
    item.name = copy(arena, s->field[PACKAGE]);
    item.version = copy(arena, s->field[VERSION]);
    item.arch = copy(arena, s->field[ARCHITECTURE]);
    item.held = status.len > 5 && memcmp(status.text, "hold ", 5) == 0;
    item.source = item.name;
    item.source_version = item.version;
    if (source.len) { /* "NAME" or "NAME (VERSION)" */
        const char *end = source.text + source.len;
        const char *open = memchr(source.text, '(', source.len);
        item.source = copy(arena, trim(source.text, open ? open : end));
        const char *close = open ? memchr(open, ')', (size_t)(end - open)) : NULL;
        if (close && close > open + 1)
            item.source_version = copy(arena, trim(open + 1, close));
    }
    inventory_add(arena, out, &item);
}

int inventory_read_dpkg(struct arena *arena, const char *path, const char *ecosystem,
                        struct inventory *out, struct err *e)
{
    struct file_map map;
    struct stanza s = {0};
    int rc = file_map_open(&map, path, status_max, e);
    if (rc < 0)
        return rc;
    const char *place = arena_text(arena, path);
    for (const char *at = map.data, *end = map.data + map.len, *next; at < end; at = next) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        const char *stop = newline ? newline : end;
        next = newline ? newline + 1 : end;
        if (trim(at, stop).len == 0) {
            add(arena, &s, ecosystem, place, out);
            s = (struct stanza){0};
        } else if (*at != ' ' && *at != '\t') {
            take_line(&s, at, stop);
        }
    }
    add(arena, &s, ecosystem, place, out);
    file_map_close(&map);
    return 0;
}
