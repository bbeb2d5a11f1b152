/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libyaml's events into nodes.  Its memory is given back before this returns. */
#include "core/text/yaml.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <yaml.h>

#include "core/base/map.h"

struct builder {
    yaml_parser_t parser;
    struct arena *arena;
    const char *name;
    struct err *e;
    struct map anchor; /* name -> struct yaml_node * */
    size_t nodes;
    unsigned depth;
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

static void keep_anchor(struct builder *b, const yaml_char_t *anchor, struct yaml_node *n)
{
    if (anchor)
        map_put_text(&b->anchor, (const char *)anchor, n);
}

static int build(struct builder *b, yaml_event_t *event, struct yaml_node **out);

/* A copy of the anchored node's head: its children are shared, they do not change. */
static int build_alias(struct builder *b, const yaml_event_t *event, struct yaml_node **out)
{
    const struct yaml_node *found =
        map_find_text(&b->anchor, (const char *)event->data.alias.anchor);
    if (!found)
        return fault(b, &event->start_mark, "an alias without its anchor");
    struct yaml_node *n = arena_take(b->arena, sizeof *n);
    *n = *found;
    n->next = NULL;
    *out = n;
    return 0;
}

static int build_list(struct builder *b, struct yaml_node *list)
{
    for (;;) {
        yaml_event_t event;
        struct yaml_node *child;
        if (next_event(b, &event) < 0)
            return b->e->code;
        bool end = event.type == YAML_SEQUENCE_END_EVENT;
        int rc = end ? 0 : build(b, &event, &child);
        yaml_event_delete(&event);
        if (rc < 0 || end)
            return rc;
        append(list, child);
    }
}

static int build_member(struct builder *b, const char *key, struct yaml_node *map)
{
    yaml_event_t event;
    struct yaml_node *child;
    if (next_event(b, &event) < 0)
        return b->e->code;
    int rc = build(b, &event, &child);
    yaml_event_delete(&event);
    if (rc < 0)
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

static int build(struct builder *b, yaml_event_t *event, struct yaml_node **out)
{
    struct yaml_node *n = NULL;
    int rc = 0;
    if (++b->nodes > YAML_NODES_MAX)
        return err_set(b->e, -EFBIG, "%s: over %d values", b->name, YAML_NODES_MAX);
    if (++b->depth > YAML_DEPTH_MAX)
        return err_set(b->e, -EFBIG, "%s: nested over %d deep", b->name, YAML_DEPTH_MAX);
    switch (event->type) {
    case YAML_SCALAR_EVENT:
        n = new_node(b, YAML_TEXT, &event->start_mark);
        n->len = event->data.scalar.length;
        n->text = arena_copy(b->arena, event->data.scalar.value, n->len);
        keep_anchor(b, event->data.scalar.anchor, n);
        break;
    case YAML_SEQUENCE_START_EVENT:
        n = new_node(b, YAML_LIST, &event->start_mark);
        keep_anchor(b, event->data.sequence_start.anchor, n);
        rc = build_list(b, n);
        break;
    case YAML_MAPPING_START_EVENT:
        n = new_node(b, YAML_MAP, &event->start_mark);
        keep_anchor(b, event->data.mapping_start.anchor, n);
        rc = build_map(b, n);
        break;
    case YAML_ALIAS_EVENT:
        rc = build_alias(b, event, &n);
        break;
    default:
        rc = fault(b, &event->start_mark, "not expected here");
    }
    b->depth--;
    if (rc == 0)
        *out = n;
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
