/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The results of scripts: told piece by piece, kept as the report wants them. */
#include <string.h>

#include "core/base/str.h"
#include "tool/scan/script/engine_private.h"
#include "tool/scan/script/host_table.h"

enum { RESULT_NODES_MAX = 100000 };

/* A node while its table is open: its members are a list. */
struct open_node {
    struct scan_script_node node;
    struct open_node *child, **end, *next, *parent;
    size_t count;
};

struct script_result {
    struct scan_script script;
    struct open_node root, *at;
    struct scan_script **list; /* where it goes; NULL: the host is gone */
    size_t *list_count;
    size_t nodes;
    unsigned too_deep; /* tables that were left out and are still open */
};

static struct script_result *current(lua_State *lua)
{
    struct script_result *r = script_engine_of(lua)->result;
    if (!r)
        luaL_error(lua, "no result is being told");
    return r;
}

static struct scan_script **list_of(lua_State *lua, size_t **out_count)
{
    struct script_engine *engine = script_engine_of(lua);
    if (lua_isnil(lua, 1)) {
        *out_count = engine->run_script_count;
        return engine->run_script;
    }
    struct script_target *t = host_table_find(lua, luaL_checkstring(lua, 1));
    if (!t)
        return NULL;
    if (lua_isnil(lua, 2)) {
        *out_count = &t->host->script_count;
        return (struct scan_script **)&t->host->script;
    }
    const char *proto = luaL_checkstring(lua, 3);
    for (size_t i = 0; i < t->host->port_count; i++)
        if (t->port[i].number == luaL_checkinteger(lua, 2) &&
            strcmp(scan_proto_name(t->port[i].proto), proto) == 0) {
            *out_count = &t->port[i].script_count;
            return (struct scan_script **)&t->port[i].script;
        }
    return NULL;
}

/* The text at `at`, with bytes that no report can hold written as \\xNN: that is how nmap shows
 * what a host said. */
static const char *clean_text(lua_State *lua, int at)
{
    struct arena *arena = script_engine_of(lua)->arena;
    size_t len;
    const char *text = luaL_optlstring(lua, at, "", &len);
    struct str clean = str_of(0);
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c >= 0x20 || c == '\n' || c == '\r' || c == '\t')
            str_add_char(&clean, (char)c);
        else
            str_addf(&clean, "\\x%02X", c);
    }
    char *copy = arena_copy(arena, str_text(&clean), clean.len);
    str_done(&clean);
    return copy;
}

/* emit_begin(ADDRESS|nil, NUMBER|nil, PROTOCOL|nil, ID, TEXT) */
static int emit_begin(lua_State *lua)
{
    struct script_engine *engine = script_engine_of(lua);
    struct script_result *r = arena_take(engine->arena, sizeof *r);
    r->script.id = arena_text(engine->arena, luaL_checkstring(lua, 4));
    r->script.output = clean_text(lua, 5);
    r->list = list_of(lua, &r->list_count);
    r->at = &r->root;
    r->root.end = &r->root.child;
    engine->result = r;
    return 0;
}

static struct open_node *add_node(lua_State *lua, struct script_result *r)
{
    struct arena *arena = script_engine_of(lua)->arena;
    if (++r->nodes > RESULT_NODES_MAX)
        luaL_error(lua, "over %d parts in one result", RESULT_NODES_MAX);
    struct open_node *n = arena_take(arena, sizeof *n);
    n->node.key = arena_text(arena, luaL_optstring(lua, 1, NULL));
    n->parent = r->at;
    n->end = &n->child;
    *r->at->end = n;
    r->at->end = &n->next;
    r->at->count++;
    return n;
}

static unsigned depth_of(const struct open_node *n)
{
    unsigned depth = 0;
    for (; n->parent; n = n->parent)
        depth++;
    return depth;
}

/* emit_table(KEY|nil) .. emit_end() */
static int emit_table(lua_State *lua)
{
    struct script_result *r = current(lua);
    if (r->too_deep || depth_of(r->at) + 1 >= SCAN_SCRIPT_DEPTH_MAX)
        r->too_deep++;
    else
        r->at = add_node(lua, r);
    return 0;
}

static int emit_text(lua_State *lua)
{
    struct script_result *r = current(lua);
    if (!r->too_deep)
        add_node(lua, r)->node.text = clean_text(lua, 2);
    return 0;
}

/* The members become an array. */
static void seal(struct arena *arena, struct open_node *n)
{
    struct scan_script_node *child = arena_array(arena, n->count, sizeof *child);
    size_t i = 0;
    for (const struct open_node *c = n->child; c; c = c->next)
        child[i++] = c->node;
    n->node.child = child;
    n->node.child_count = n->count;
}

static int emit_end(lua_State *lua)
{
    struct script_result *r = current(lua);
    if (r->too_deep) {
        r->too_deep--;
    } else if (r->at->parent) {
        seal(script_engine_of(lua)->arena, r->at);
        r->at = r->at->parent;
    }
    return 0;
}

static int emit_done(lua_State *lua)
{
    struct script_engine *engine = script_engine_of(lua);
    struct script_result *r = current(lua);
    seal(engine->arena, &r->root);
    r->script.node = r->root.node.child;
    r->script.node_count = r->root.node.child_count;
    engine->result = NULL;
    if (!r->list)
        return 0;
    struct scan_script *list =
        arena_array(engine->arena, *r->list_count + 1, sizeof(struct scan_script));
    /* by name, as nmap prints them */
    size_t at = 0;
    while (at < *r->list_count && strcmp((*r->list)[at].id, r->script.id) <= 0)
        at++;
    if (*r->list_count) {
        memcpy(list, *r->list, at * sizeof *list);
        memcpy(list + at + 1, *r->list + at, (*r->list_count - at) * sizeof *list);
    }
    list[at] = r->script;
    *r->list = list;
    ++*r->list_count;
    return 0;
}

void script_result_open(lua_State *lua)
{
    static const luaL_Reg functions[] = {{"emit_begin", emit_begin}, {"emit_table", emit_table},
                                         {"emit_text", emit_text},   {"emit_end", emit_end},
                                         {"emit_done", emit_done},   {NULL, NULL}};
    luaL_setfuncs(lua, functions, 0);
}
