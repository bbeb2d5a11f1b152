/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/text/json_tree.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

struct builder {
    struct json_reader *j;
    struct arena *arena;
    struct json_node *at; /* the container being filled; NULL: the value itself comes next */
    struct json_node *last[JSON_READ_DEPTH_MAX + 1]; /* the newest member of each level */
    uint16_t level;
    size_t nodes;
};

static struct json_node *add(struct builder *b, enum json_type type, const char *key)
{
    if (++b->nodes > JSON_TREE_NODES_MAX) {
        b->j->why = "too many values";
        return NULL;
    }
    struct json_node *n = arena_take(b->arena, sizeof *n);
    n->type = type;
    n->key = key;
    n->parent = b->at;
    if (b->at) {
        n->index = b->at->count++;
        if (b->last[b->level])
            b->last[b->level]->next = n;
        else
            b->at->first = n;
        b->last[b->level] = n;
    }
    return n;
}

static void take_scalar(struct builder *b, struct json_node *n)
{
    struct json_span s;
    if (n->type == JSON_BOOL) {
        (void)json_take_bool(b->j, &n->boolean);
        return;
    }
    if (n->type == JSON_NULL) {
        json_skip(b->j);
        return;
    }
    bool ok = n->type == JSON_TEXT ? json_take_text(b->j, &s) : json_take_number_text(b->j, &s);
    if (ok) {
        n->text = arena_copy(b->arena, s.text, s.len);
        n->len = s.len;
    }
}

/* The key of the next member, or that there is one; leaves containers that end here. */
static bool next_place(struct builder *b, const char **key)
{
    *key = NULL;
    while (b->at && !b->j->why) {
        struct json_span s;
        if (b->at->type == JSON_ARRAY ? json_next_item(b->j) : json_next_key(b->j, &s)) {
            if (b->at->type == JSON_OBJECT)
                *key = arena_copy(b->arena, s.text, s.len);
            return true;
        }
        b->at = b->at->parent;
        b->level--;
    }
    return false;
}

struct json_node *json_tree_read(struct json_reader *j, struct arena *arena)
{
    struct builder b = {.j = j, .arena = arena};
    struct json_node *root = NULL;
    const char *key = NULL;
    do {
        enum json_type type = json_peek(j);
        struct json_node *n = j->why ? NULL : add(&b, type, key);
        if (!n)
            return NULL;
        root = root ? root : n;
        if (type != JSON_OBJECT && type != JSON_ARRAY) {
            take_scalar(&b, n);
        } else if (type == JSON_OBJECT ? json_enter_object(j) : json_enter_array(j)) {
            b.at = n;
            b.last[++b.level] = NULL;
        }
    } while (next_place(&b, &key));
    return j->why ? NULL : root;
}

struct json_node *json_tree_parse(const char *text, size_t len, struct arena *arena,
                                  struct str *why)
{
    struct json_reader j = json_reader_of(text, len);
    struct json_node *root = json_tree_read(&j, arena);
    if (root && !json_at_end(&j))
        root = NULL;
    if (!root && why)
        json_reader_fault(&j, why);
    json_reader_done(&j);
    return root;
}

bool json_is(const struct json_node *n, enum json_type type)
{
    return n && n->type == type;
}

const struct json_node *json_first(const struct json_node *container)
{
    return container ? container->first : NULL;
}

const struct json_node *json_find(const struct json_node *object, const char *key)
{
    const struct json_node *found = NULL; /* of doubles the last one counts, as to most readers */
    if (json_is(object, JSON_OBJECT))
        for (const struct json_node *n = object->first; n; n = n->next)
            if (strcmp(n->key, key) == 0)
                found = n;
    return found;
}

const char *json_string(const struct json_node *n)
{
    return json_is(n, JSON_TEXT) ? n->text : NULL;
}

const char *json_member(const struct json_node *object, const char *key)
{
    return json_string(json_find(object, key));
}

double json_number(const struct json_node *n, double otherwise)
{
    return json_is(n, JSON_NUMBER) ? strtod(n->text, NULL) : otherwise;
}

const struct json_node *json_at(const struct json_node *n, ...)
{
    va_list keys;
    va_start(keys, n);
    for (const char *key; n && (key = va_arg(keys, const char *));)
        n = json_find(n, key);
    va_end(keys);
    return n;
}

void json_pointer(const struct json_node *n, struct str *out)
{
    const struct json_node *way[JSON_READ_DEPTH_MAX + 1];
    size_t depth = 0;
    for (; n && n->parent && depth <= JSON_READ_DEPTH_MAX; n = n->parent)
        way[depth++] = n;
    while (depth-- > 0) {
        str_add_char(out, '/');
        if (!way[depth]->key) {
            str_add_u64(out, way[depth]->index);
            continue;
        }
        for (const char *c = way[depth]->key; *c; c++)
            if (*c == '~' || *c == '/')
                str_add(out, *c == '~' ? "~0" : "~1");
            else
                str_add_char(out, *c);
    }
}

static bool equal_scalar(const struct json_node *a, const struct json_node *b)
{
    if (a->type == JSON_BOOL)
        return a->boolean == b->boolean;
    if (a->type == JSON_NUMBER)
        return json_number(a, 0) == json_number(b, 0);
    return a->len == b->len && (a->len == 0 || memcmp(a->text, b->text, a->len) == 0);
}

/* As deep as the reader lets a document be. */
bool json_equal(const struct json_node *a, const struct json_node *b)
{
    if (!a || !b)
        return a == b;
    if (a->type != b->type || a->count != b->count)
        return false;
    if (a->type != JSON_OBJECT && a->type != JSON_ARRAY)
        return equal_scalar(a, b);
    const struct json_node *other = b->first;
    for (const struct json_node *n = a->first; n; n = n->next) {
        if (!json_equal(n, a->type == JSON_OBJECT ? json_find(b, n->key) : other))
            return false;
        other = other ? other->next : NULL;
    }
    return true;
}
