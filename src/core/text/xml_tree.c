/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/text/xml_tree.h"

#include <string.h>

#include "core/text/xml_reader.h"

static const char xml_uri[] = "http://www.w3.org/XML/1998/namespace";
static const char xhtml_uri[] = "http://www.w3.org/1999/xhtml";

struct building {
    struct arena *arena;
    struct xml_node *root, *at;
    size_t nodes;
};

static struct xml_node *add(struct building *b)
{
    if (b->nodes++ >= XML_TREE_NODES_MAX)
        return NULL;
    struct xml_node *n = arena_take(b->arena, sizeof *n);
    n->parent = b->at;
    if (b->at && b->at->last)
        b->at->last->next = n;
    else if (b->at)
        b->at->first = n;
    if (b->at)
        b->at->last = n;
    return n;
}

static void on_open(void *ctx, const struct xml_name *name, const struct xml_attr *attr,
                    size_t count)
{
    struct building *b = ctx;
    struct xml_node *n = b->root && !b->at ? NULL : add(b); /* a second root is none */
    if (!n)
        return;
    n->name = arena_text(b->arena, name->local);
    n->prefix = arena_text(b->arena, name->prefix);
    n->uri = arena_text(b->arena, name->uri);
    n->attr = arena_array(b->arena, count ? count : 1, sizeof *n->attr);
    n->attr_count = count;
    for (size_t i = 0; i < count; i++)
        n->attr[i] = (struct xml_tree_attr){arena_text(b->arena, attr[i].name.local),
                                            arena_text(b->arena, attr[i].name.prefix),
                                            arena_text(b->arena, attr[i].name.uri),
                                            arena_copy(b->arena, attr[i].value, attr[i].len)};
    b->at = n;
    b->root = b->root ? b->root : n;
}

static void on_close(void *ctx, const struct xml_name *name)
{
    struct building *b = ctx;
    if (b->at && strcmp(b->at->name, name->local) == 0)
        b->at = b->at->parent;
}

static void on_text(void *ctx, const char *text, size_t len)
{
    struct building *b = ctx;
    struct xml_node *n = b->at ? add(b) : NULL;
    if (!n)
        return;
    n->text = arena_copy(b->arena, text, len);
    n->len = len;
}

struct xml_node *xml_tree_read(const char *text, size_t len, struct arena *arena, bool *out_well,
                               struct str *fault)
{
    struct building b = {.arena = arena};
    struct xml_events events = {.ctx = &b, .open = on_open, .close = on_close, .text = on_text};
    *out_well = xml_read(text, len, &events, fault);
    return b.root;
}

static const char *find_attr(const struct xml_node *n, const char *uri, const char *name)
{
    for (size_t i = 0; n && i < n->attr_count; i++) {
        const struct xml_tree_attr *a = &n->attr[i];
        bool right = uri ? a->uri && strcmp(a->uri, uri) == 0 : !a->prefix;
        if (right && strcmp(a->name, name) == 0)
            return a->value;
    }
    return NULL;
}

const char *xml_node_attr(const struct xml_node *n, const char *name)
{
    return find_attr(n, NULL, name);
}

const char *xml_node_xml_attr(const struct xml_node *n, const char *name)
{
    return find_attr(n, xml_uri, name);
}

/* The node behind `n` and all that is in it, in the order of the document, below `top`. */
static const struct xml_node *after(const struct xml_node *n, const struct xml_node *top)
{
    while (n != top && !n->next)
        n = n->parent;
    return n == top ? NULL : n->next;
}

void xml_node_text(const struct xml_node *top, struct str *out)
{
    for (const struct xml_node *n = top->first; n;) {
        if (!n->name)
            str_add_len(out, n->text, n->len);
        n = n->first ? n->first : after(n, top);
    }
}

static void add_escaped(struct str *out, const char *text, size_t len, bool quoted)
{
    for (size_t i = 0; i < len; i++)
        if (text[i] == '<')
            str_add(out, "&lt;");
        else if (text[i] == '&')
            str_add(out, "&amp;");
        else if (text[i] == '>')
            str_add(out, "&gt;");
        else if (text[i] == '"' && quoted)
            str_add(out, "&quot;");
        else
            str_add_char(out, text[i]);
}

static void add_name(struct str *out, const char *prefix, const char *uri, const char *name)
{
    if (prefix && !(uri && strcmp(uri, xhtml_uri) == 0))
        str_addf(out, "%s:", prefix);
    str_add(out, name);
}

static void open_tag(struct str *out, const struct xml_node *n)
{
    str_add_char(out, '<');
    add_name(out, n->prefix, n->uri, n->name);
    for (size_t i = 0; i < n->attr_count; i++) {
        str_add_char(out, ' ');
        add_name(out, n->attr[i].prefix, n->attr[i].uri, n->attr[i].name);
        str_add(out, "=\"");
        add_escaped(out, n->attr[i].value, strlen(n->attr[i].value), true);
        str_add_char(out, '"');
    }
    str_add_char(out, '>');
}

static void close_tag(struct str *out, const struct xml_node *n)
{
    str_add(out, "</");
    add_name(out, n->prefix, n->uri, n->name);
    str_add_char(out, '>');
}

void xml_node_markup(const struct xml_node *top, struct str *out)
{
    for (const struct xml_node *n = top->first; n;) {
        if (n->name)
            open_tag(out, n);
        else
            add_escaped(out, n->text, n->len, false);
        if (n->first) {
            n = n->first;
            continue;
        }
        if (n->name)
            close_tag(out, n);
        while (n != top && !n->next) {
            n = n->parent;
            if (n != top)
                close_tag(out, n);
        }
        n = n == top ? NULL : n->next;
    }
}
