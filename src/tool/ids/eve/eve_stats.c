/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/ids/eve/eve_stats.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"

enum { NAME_MAX_LEN = 160, DEPTH_MAX = 8 };

void stat_add(struct stat_list *list, const char *name, uint64_t value)
{
    MEM_GROW(list->row, list->count, list->capacity);
    list->row[list->count++] = (struct stat_row){name, value};
}

void stat_addf(struct stat_list *list, uint64_t value, const char *format, ...)
{
    char name[NAME_MAX_LEN];
    va_list args;
    va_start(args, format);
    vsnprintf(name, sizeof name, format, args);
    va_end(args);
    stat_add(list, arena_text(&list->arena, name), value);
}

void stat_done(struct stat_list *list)
{
    mem_free(list->row);
    arena_done(&list->arena);
    *list = (struct stat_list){0};
}

/* By the parts of the name: "a.b" before "a.b.c", and all of "a." together. */
static int compare(const void *a, const void *b)
{
    const unsigned char *x = (const unsigned char *)((const struct stat_row *)a)->name;
    const unsigned char *y = (const unsigned char *)((const struct stat_row *)b)->name;
    while (*x && *x == *y) {
        x++;
        y++;
    }
    int p = *x == '.' ? 1 : *x, q = *y == '.' ? 1 : *y;
    return p - q;
}

/* How many leading parts two names share, not counting the last part of either. */
static unsigned shared_parts(const char *a, const char *b)
{
    unsigned parts = 0;
    while (*a && *a == *b) {
        parts += *a == '.';
        a++;
        b++;
    }
    return parts;
}

static unsigned parts_of(const char *name)
{
    unsigned parts = 0;
    for (; *name; name++)
        parts += *name == '.';
    return parts;
}

static void open_parts(struct json_out *json, const char *name, unsigned from, unsigned to)
{
    for (unsigned part = 0; part < to; part++) {
        size_t len = strcspn(name, ".");
        if (part >= from) {
            char key[NAME_MAX_LEN];
            snprintf(key, sizeof key, "%.*s", (int)len, name);
            json_object(json, key);
        }
        name += len + 1;
    }
}

static void put_rows(struct json_out *json, const struct stat_list *list)
{
    const char *before = "";
    unsigned depth = 0;
    for (size_t i = 0; i < list->count; i++) {
        const char *name = list->row[i].name;
        unsigned parts = parts_of(name), shared = shared_parts(before, name);
        shared = shared < depth ? shared : depth;
        shared = shared < parts ? shared : parts;
        for (; depth > shared; depth--)
            json_end(json);
        open_parts(json, name, shared, parts);
        depth = parts;
        const char *last = strrchr(name, '.');
        json_u64(json, last ? last + 1 : name, list->row[i].value);
        before = name;
    }
    for (; depth > 0; depth--)
        json_end(json);
}

void eve_stats(struct eve_record *r, const struct eve_settings *s, const struct eve_sink *sink,
               struct stat_list *list, uint64_t wall_ns, uint64_t uptime_s,
               void (*more)(void *ctx, struct json_out *json), void *ctx)
{
    if (list->count)
        qsort(list->row, list->count, sizeof *list->row, compare);
    eve_begin(r, s, "stats", NULL, NULL, EVE_AS_PACKET, wall_ns);
    json_object(&r->json, "stats");
    json_u64(&r->json, "uptime", uptime_s);
    put_rows(&r->json, list);
    if (more)
        more(ctx, &r->json);
    json_end(&r->json);
    eve_end(r, sink);
}
