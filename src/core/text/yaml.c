/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libyaml's events into nodes.  Its memory is given back before this returns. */
#include "core/text/yaml.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <yaml.h>

#include "core/base/map.h"

/* What an alias stands for, and how much of a tree that is. */
struct anchor {
    const struct yaml_node *node;
    size_t nodes;
    unsigned height; /* levels below the node */
};

struct builder {
    yaml_parser_t parser;
    struct arena *arena;
    const char *name;
    struct err *e;
    struct map anchor; /* name -> struct anchor * */
    size_t nodes;      /* of the tree with its aliases written out */
    unsigned depth, deepest;
};

static int fault(const struct builder *b, const yaml_mark_t *at, const char *why)
{
    return err_set(b->e, -EINVAL, "%s:%zu:%zu: %s", b->name, at->line + 1, at->column + 1, why);
}

static int next_event(struct builder *b, yaml_event_t *event)
{
    if (yaml_parser_parse(&b->parser, event))
        return 0;
    return fault(b, &b->parser.problem_mark, b->parser.problem ? b->parser.problem : "no YAML");
}

static struct yaml_node *new_node(struct builder *b, enum yaml_kind kind, const yaml_mark_t *at)
{
    struct yaml_node *n = arena_take(b->arena, sizeof *n);
    n->kind = kind;
    n->text = "";
    n->line = (unsigned)at->line + 1;
    n->column = (unsigned)at->column + 1;
    return n;
}

static void append(struct yaml_node *parent, struct yaml_node *child)
{
    if (parent->last)
        parent->last->next = child;
    else
        parent->child = child;
    parent->last = child;
}

static const yaml_char_t *anchor_of(const yaml_event_t *event)
{
    switch (event->type) {
    case YAML_SCALAR_EVENT:
        return event->data.scalar.anchor;
    case YAML_SEQUENCE_START_EVENT:
        return event->data.sequence_start.anchor;
    case YAML_MAPPING_START_EVENT:
        return event->data.mapping_start.anchor;
    default:
        return NULL;
    }
}

static void keep_anchor(struct builder *b, const yaml_char_t *name, struct anchor a)
{
    struct anchor *kept = arena_take(b->arena, sizeof *kept);
    *kept = a;
    map_put_text(&b->anchor, (const char *)name, kept);
}

static int build(struct builder *b, yaml_event_t *event, struct yaml_node **out);

static int hold_nodes(const struct builder *b)
{
    if (b->nodes <= YAML_NODES_MAX)
        return 0;
    return err_set(b->e, -EFBIG, "%s: over %d values", b->name, YAML_NODES_MAX);
}

static int hold_depth(const struct builder *b, unsigned depth)
{
    if (depth <= YAML_DEPTH_MAX)
        return 0;
    return err_set(b->e, -EFBIG, "%s: nested over %d deep", b->name, YAML_DEPTH_MAX);
}

/* A copy of the anchored node's head: its children are shared, they do not change.  They count as
 * often as they are named, for who walks the tree meets them as often. */
static int build_alias(struct builder *b, const yaml_event_t *event, struct yaml_node **out)
{
    const struct anchor *a = map_find_text(&b->anchor, (const char *)event->data.alias.anchor);
    if (!a)
        return fault(b, &event->start_mark, "an alias without its anchor");
    b->nodes += a->nodes - 1;
    if (hold_nodes(b) < 0 || hold_depth(b, b->depth + a->height) < 0)
        return b->e->code;
    if (b->deepest < b->depth + a->height)
        b->deepest = b->depth + a->height;
    struct yaml_node *n = arena_take(b->arena, sizeof *n);
    *n = *a->node;
    n->key = NULL;
    n->next = NULL;
    *out = n;
    return 0;
}

static int build_list(struct builder *b, struct yaml_node *list)
{
    for (;;) {
        yaml_event_t event;
        struct yaml_node *child = NULL;
        if (next_event(b, &event) < 0)
            return b->e->code;
        bool end = event.type == YAML_SEQUENCE_END_EVENT;
        int rc = end ? 0 : build(b, &event, &child);
        yaml_event_delete(&event);
        if (rc < 0 || !child)
            return rc;
        append(list, child);
    }
}

static int build_member(struct builder *b, const char *key, struct yaml_node *map)
{
    yaml_event_t event;
    struct yaml_node *child = NULL;
    if (next_event(b, &event) < 0)
        return b->e->code;
    int rc = build(b, &event, &child);
    yaml_event_delete(&event);
    if (rc < 0 || !child)
        return rc;
    child->key = key;
    append(map, child);
    return 0;
}

static int build_map(struct builder *b, struct yaml_node *map)
{
    for (;;) {
        yaml_event_t event;
        if (next_event(b, &event) < 0)
            return b->e->code;
        bool end = event.type == YAML_MAPPING_END_EVENT;
        int rc = 0;
        if (!end && event.type != YAML_SCALAR_EVENT)
            rc = fault(b, &event.start_mark, "a key that is no text");
        else if (!end)
            rc = build_member(b, arena_text(b->arena, (const char *)event.data.scalar.value), map);
        yaml_event_delete(&event);
        if (rc < 0 || end)
            return rc;
    }
}

static int build_node(struct builder *b, yaml_event_t *event, struct yaml_node **out)
{
    switch (event->type) {
    case YAML_SCALAR_EVENT:
        *out = new_node(b, YAML_TEXT, &event->start_mark);
        (*out)->len = event->data.scalar.length;
        (*out)->text = arena_copy(b->arena, event->data.scalar.value, (*out)->len);
        return 0;
    case YAML_SEQUENCE_START_EVENT:
        *out = new_node(b, YAML_LIST, &event->start_mark);
        return build_list(b, *out);
    case YAML_MAPPING_START_EVENT:
        *out = new_node(b, YAML_MAP, &event->start_mark);
        return build_map(b, *out);
    case YAML_ALIAS_EVENT:
        return build_alias(b, event, out);
    default:
        return fault(b, &event->start_mark, "not expected here");
    }
}

static int build(struct builder *b, yaml_event_t *event, struct yaml_node **out)
{
    size_t before = b->nodes++;
    unsigned outer = b->deepest, depth = ++b->depth;
    if (hold_nodes(b) < 0 || hold_depth(b, depth) < 0)
        return b->e->code;
    b->deepest = depth;
    int rc = build_node(b, event, out);
    const yaml_char_t *name = anchor_of(event);
    if (rc == 0 && name) /* only now: a node that held itself would be a tree without end */
        keep_anchor(b, name, (struct anchor){*out, b->nodes - before, b->deepest - depth});
    if (b->deepest < outer)
        b->deepest = outer;
    b->depth--;
    return rc;
}

/* The first document; what follows it is not read. */
static int build_document(struct builder *b, struct yaml_node **out)
{
    for (;;) {
        yaml_event_t event;
        if (next_event(b, &event) < 0)
            return b->e->code;
        yaml_event_type_t type = event.type;
        bool frame = type == YAML_STREAM_START_EVENT || type == YAML_DOCUMENT_START_EVENT;
        int rc = 0;
        if (type == YAML_STREAM_END_EVENT || type == YAML_DOCUMENT_END_EVENT)
            *out = new_node(b, YAML_MAP, &event.start_mark);
        else if (!frame)
            rc = build(b, &event, out);
        yaml_event_delete(&event);
        if (!frame)
            return rc;
    }
}

int yaml_parse(struct yaml_node **out, const char *text, size_t len, const char *name,
               struct arena *arena, struct err *e)
{
    struct builder b = {.arena = arena, .name = name, .e = e};
    if (len > YAML_TEXT_MAX)
        return err_set(e, -EFBIG, "%s: over %d bytes", name, YAML_TEXT_MAX);
    if (!yaml_parser_initialize(&b.parser))
        return err_set(e, -ENOMEM, "%s: no memory for the YAML parser", name);
    yaml_parser_set_input_string(&b.parser, (const unsigned char *)text, len);
    struct yaml_node *root = NULL;
    int rc = build_document(&b, &root);
    yaml_parser_delete(&b.parser);
    map_done(&b.anchor);
    if (rc == 0)
        *out = root;
    return rc;
}

struct yaml_node *yaml_member(const struct yaml_node *map, const char *key)
{
    if (!map || map->kind != YAML_MAP)
        return NULL;
    for (struct yaml_node *n = map->child; n; n = n->next)
        if (strcmp(n->key, key) == 0)
            return n;
    return NULL;
}
