/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/ids/look/reputation.h"

#include <errno.h>
#include <string.h>

#include "core/base/map.h"
#include "tool/ids/rule/lexer.h"

struct entry {
    uint8_t value[REPUTATION_CATEGORIES]; /* 0: none; else value + 1 */
};

struct reputation {
    struct arena *arena;
    const char *category[REPUTATION_CATEGORIES];
    struct map entry; /* struct prefix_key -> struct entry */
    bool used[129];   /* prefix lengths that occur, IPv4's counted from 96 on */
};

struct prefix_key {
    uint8_t byte[16], len; /* IPv4 as ::ffff:a.b.c.d */
};

struct reputation *reputation_new(struct arena *arena)
{
    struct reputation *r = arena_take(arena, sizeof *r);
    r->arena = arena;
    return r;
}

static struct prefix_key key_of(const struct addr *a, uint8_t len)
{
    struct prefix_key key = {.len = len};
    if (a->family == ADDR_IP4) {
        key.byte[10] = key.byte[11] = 0xff;
        memcpy(key.byte + 12, a->byte, 4);
    } else {
        memcpy(key.byte, a->byte, 16);
    }
    for (unsigned bit = len; bit < 128; bit++)
        key.byte[bit / 8] &= (uint8_t) ~(0x80 >> bit % 8);
    return key;
}

static char *next_line(char **rest)
{
    char *line = *rest, *end = line ? strchr(line, '\n') : NULL;
    if (!line || !*line)
        return NULL;
    if (end)
        *end = '\0';
    *rest = end ? end + 1 : NULL;
    return word_trim(line);
}

int reputation_read_categories(struct reputation *r, char *text, const char *name, struct err *e)
{
    unsigned number = 0;
    for (char *line; (line = next_line(&text));) {
        char *rest = line, *id = word_next(&rest, ','), *word = word_next(&rest, ',');
        uint64_t value;
        number++;
        if (!*line || *line == '#')
            continue;
        if (!word || !word_to_u64(id, &value) || value >= REPUTATION_CATEGORIES)
            return err_set(e, -EINVAL, "%s:%u: a category is NUMBER,NAME,TEXT", name, number);
        r->category[value] = arena_text(r->arena, word);
    }
    return 0;
}

int reputation_read(struct reputation *r, char *text, const char *name, struct err *e)
{
    unsigned number = 0;
    for (char *line; (line = next_line(&text));) {
        char *rest = line, *net = word_next(&rest, ','), *id = word_next(&rest, ',');
        const char *value = word_next(&rest, ',');
        uint64_t category, score;
        struct cidr c;
        number++;
        if (!*line || *line == '#')
            continue;
        if (!value || cidr_parse(&c, net, e) < 0 || !word_to_u64(id, &category) ||
            category >= REPUTATION_CATEGORIES || !word_to_u64(value, &score) || score > 127)
            return err_set(e, -EINVAL, "%s:%u: an entry is ADDRESS,CATEGORY,VALUE", name, number);
        uint8_t len = (uint8_t)(c.prefix_len + (c.base.family == ADDR_IP4 ? 96 : 0));
        struct prefix_key key = key_of(&c.base, len);
        struct entry *entry = map_find(&r->entry, &key, sizeof key);
        if (!entry) {
            entry = arena_take(r->arena, sizeof *entry);
            map_put(&r->entry, &key, sizeof key, entry);
        }
        entry->value[category] = (uint8_t)(score + 1);
        r->used[len] = true;
    }
    return 0;
}

int reputation_category(const struct reputation *r, const char *name)
{
    for (int i = 0; i < REPUTATION_CATEGORIES; i++)
        if (r->category[i] && strcmp(r->category[i], name) == 0)
            return i;
    return -1;
}

bool reputation_find(const struct reputation *r, const struct addr *a, uint8_t category,
                     uint8_t *out)
{
    for (int len = 128; len >= 0; len--) {
        if (!r->used[len])
            continue;
        struct prefix_key key = key_of(a, (uint8_t)len);
        const struct entry *entry = map_find(&r->entry, &key, sizeof key);
        if (entry && entry->value[category]) {
            *out = (uint8_t)(entry->value[category] - 1);
            return true;
        }
    }
    return false;
}
