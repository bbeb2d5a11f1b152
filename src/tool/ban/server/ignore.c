/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/ban/server/ignore.h"

#include <string.h>

#include "core/base/arena.h"
#include "core/base/clock.h"
#include "core/base/mem.h"
#include "sys/io/file.h"
#include "sys/io/resolver.h"
#include "sys/link/iface.h"

enum { IGNORE_FILE_MAX = 4 << 20 };

static const uint64_t OWN_KEEP_NS = 10 * NS_PER_S;

void ban_ignore_init(struct ban_ignore *i)
{
    *i = (struct ban_ignore){.self = true, .is_stale = true};
}

void ban_ignore_clear(struct ban_ignore *i)
{
    for (size_t k = 0; k < i->entries.count; k++)
        mem_free(i->entries.text[k]);
    i->entries.count = 0;
    i->is_stale = true;
}

void ban_ignore_done(struct ban_ignore *i)
{
    ban_ignore_clear(i);
    mem_free(i->entries.text);
    cidr_set_done(&i->nets);
    cidr_set_done(&i->own);
    mem_free(i->command);
    mem_free(i->cache);
    *i = (struct ban_ignore){0};
}

static size_t find(const struct ban_ignore *i, const char *entry)
{
    size_t k = 0;
    while (k < i->entries.count && strcmp(i->entries.text[k], entry) != 0)
        k++;
    return k;
}

bool ban_ignore_add(struct ban_ignore *i, const char *entry)
{
    if (!*entry || find(i, entry) < i->entries.count)
        return false;
    MEM_GROW(i->entries.text, i->entries.count, i->entries.capacity);
    i->entries.text[i->entries.count++] = mem_copy_text(entry);
    i->is_stale = true;
    return true;
}

bool ban_ignore_remove(struct ban_ignore *i, const char *entry)
{
    size_t k = find(i, entry);
    if (k == i->entries.count)
        return false;
    mem_free(i->entries.text[k]);
    memmove(&i->entries.text[k], &i->entries.text[k + 1],
            (i->entries.count - k - 1) * sizeof *i->entries.text);
    i->entries.count--;
    i->is_stale = true;
    return true;
}

static void add_net(struct ban_ignore *i, const char *text, size_t len)
{
    struct ban_id id = ban_id_of(text, len, -1);
    if (ban_id_is_address(&id))
        cidr_set_add(&i->nets, &id.net);
}

/* "file:/path": addresses and networks, one or several a line, '#' and ';' begin comments. */
static void add_file(struct ban_ignore *i, const char *path)
{
    static const char between[] = " \t\r,";
    struct str text = str_of(IGNORE_FILE_MAX);
    struct err ignored = {0};
    while (path[0] == '/' && path[1] == '/')
        path++;
    if (file_read(path, &text, &ignored) < 0)
        str_reset(&text);
    for (const char *at = str_text(&text); *at; at += *at == '\n') {
        while (*at && *at != '\n' && *at != '#' && *at != ';') {
            at += strspn(at, between);
            size_t n = strcspn(at, " \t\r,\n#;");
            if (n)
                add_net(i, at, n);
            at += n;
        }
        at += strcspn(at, "\n");
    }
    str_done(&text);
}

/* The machine's addresses change seldom, and reading them is dearer than looking one up. */
static void refresh_own(struct ban_ignore *i)
{
    struct arena arena = {0};
    struct iface_list list;
    struct err ignored = {0};
    uint64_t now_ns = clock_mono_ns(&clock_system);
    if (now_ns < i->own_until_ns)
        return;
    i->own_until_ns = now_ns + OWN_KEEP_NS;
    cidr_set_done(&i->own);
    i->own = (struct cidr_set){0};
    if (iface_read(&arena, &list, &ignored) == 0)
        for (size_t k = 0; k < list.count; k++)
            for (size_t a = 0; a < list.item[k].addr_count; a++) {
                struct cidr single = cidr_of(&list.item[k].addr[a].addr, 255);
                cidr_set_add(&i->own, &single);
            }
    cidr_set_seal(&i->own);
    arena_done(&arena);
}

static void refresh(struct ban_ignore *i)
{
    cidr_set_done(&i->nets);
    i->nets = (struct cidr_set){0};
    for (size_t k = 0; k < i->entries.count; k++) {
        const char *entry = i->entries.text[k];
        if (strncmp(entry, "file:", 5) == 0)
            add_file(i, entry + 5);
        else
            add_net(i, entry, strlen(entry));
    }
    cidr_set_seal(&i->nets);
    i->is_stale = false;
}

static bool is_own(struct ban_ignore *i, const struct addr *a)
{
    refresh_own(i);
    return addr_is_loopback(a) || cidr_set_has(&i->own, a);
}

static bool is_name_of(const char *entry, const struct addr *a)
{
    struct addr found[RESOLVER_ADDR_MAX];
    struct err ignored = {0};
    size_t count = 0;
    if (resolver_lookup(entry, a->family, found, RESOLVER_ADDR_MAX, &count, &ignored) < 0)
        return false;
    for (size_t k = 0; k < count; k++)
        if (addr_equal(&found[k], a))
            return true;
    return false;
}

const char *ban_ignore_match(struct ban_ignore *i, const char *id, const struct cidr *net)
{
    if (i->is_stale)
        refresh(i);
    if (net->base.family == ADDR_NONE)
        return find(i, id) < i->entries.count ? "dns" : NULL;
    if (cidr_set_has(&i->nets, &net->base))
        return "ip";
    if (i->self && is_own(i, &net->base))
        return "ignoreself rule";
    for (size_t k = 0; k < i->entries.count; k++) {
        const char *entry = i->entries.text[k];
        struct ban_id parsed = ban_id_of(entry, strlen(entry), -1);
        if (!ban_id_is_address(&parsed) && strncmp(entry, "file:", 5) != 0 &&
            is_name_of(entry, &net->base))
            return "dns";
    }
    return NULL;
}
