/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/ids/conf/yaml_conf.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

#include "core/base/str.h"
#include "sys/io/file.h"
#include "tool/ids/rule/lexer.h"

enum { INCLUDE_DEPTH_MAX = 8 };

static int read_file(struct yaml_conf *c, const char *path, unsigned depth, struct yaml_node **out,
                     struct err *e);

/* The member or element of `n` under the first `len` bytes of name: a map's key, a list's number,
 * or the element of a list that is a map with that key (outputs.eve-log) or that very text. */
static struct yaml_node *step(const struct yaml_node *n, const char *name, size_t len)
{
    uint64_t index = 0, at = 0;
    bool numeric = len > 0;
    for (size_t i = 0; i < len; i++) {
        numeric &= name[i] >= '0' && name[i] <= '9';
        index = index * 10 + (uint64_t)(name[i] - '0');
    }
    for (struct yaml_node *child = n->child; child; child = child->next, at++) {
        if (n->kind == YAML_MAP && strlen(child->key) == len && memcmp(child->key, name, len) == 0)
            return child;
        if (n->kind != YAML_LIST)
            continue;
        if (numeric && at == index)
            return child;
        if (child->kind == YAML_TEXT && child->len == len && memcmp(child->text, name, len) == 0)
            return child;
        if (child->kind == YAML_MAP && child->child && strlen(child->child->key) == len &&
            memcmp(child->child->key, name, len) == 0)
            return child->child;
    }
    return NULL;
}

const struct yaml_node *yaml_conf_below(const struct yaml_node *n, const char *name)
{
    while (n && *name) {
        size_t whole = strlen(name);
        const struct yaml_node *found = step(n, name, whole); /* a key may hold dots itself */
        if (found)
            return found;
        size_t len = strcspn(name, ".");
        n = step(n, name, len);
        name += len + (name[len] == '.');
    }
    return n;
}

const struct yaml_node *yaml_conf_find(const struct yaml_conf *c, const char *name)
{
    return c->root ? yaml_conf_below(c->root, name) : NULL;
}

static struct yaml_node *add_child(struct yaml_conf *c, struct yaml_node *parent, const char *key)
{
    struct yaml_node *n = arena_take(&c->arena, sizeof *n);
    n->text = "";
    if (parent->kind == YAML_TEXT)
        parent->kind = YAML_MAP;
    if (parent->kind == YAML_LIST) { /* "outputs.new.enabled": a map of one member */
        struct yaml_node *element = arena_take(&c->arena, sizeof *element);
        element->kind = YAML_MAP;
        element->text = "";
        if (parent->last)
            parent->last->next = element;
        else
            parent->child = element;
        parent->last = element;
        parent = element;
    }
    n->key = key;
    if (parent->last)
        parent->last->next = n;
    else
        parent->child = n;
    parent->last = n;
    return n;
}

int yaml_conf_set(struct yaml_conf *c, const char *assignment, struct err *e)
{
    const char *equal = strchr(assignment, '=');
    if (!equal || equal == assignment)
        return err_set(e, -EINVAL, "--set wants NAME=VALUE, not \"%s\"", assignment);
    char *name = word_trim(arena_copy(&c->arena, assignment, (size_t)(equal - assignment)));
    if (!c->root) {
        c->root = arena_take(&c->arena, sizeof *c->root);
        c->root->kind = YAML_MAP;
    }
    struct yaml_node *n = c->root;
    while (*name) {
        size_t len = strcspn(name, ".");
        struct yaml_node *found = step(n, name, strlen(name));
        if (found) {
            n = found;
            break;
        }
        found = step(n, name, len);
        n = found ? found : add_child(c, n, arena_copy(&c->arena, name, len));
        name += len + (name[len] == '.');
    }
    n->kind = YAML_TEXT;
    n->child = n->last = NULL;
    n->text = word_trim(arena_text(&c->arena, equal + 1));
    n->len = strlen(n->text);
    return 0;
}

/* Put the members of an included file into the map that includes it; its own members win. */
static int merge(struct yaml_conf *c, struct yaml_node *into, const char *folder, const char *file,
                 unsigned depth, struct err *e)
{
    struct yaml_node *other;
    const char *path =
        *file == '/' || !*folder ? file : arena_print(&c->arena, "%s/%s", folder, file);
    if (depth > INCLUDE_DEPTH_MAX)
        return err_set(e, -EINVAL, "%s: included over %d deep", file, INCLUDE_DEPTH_MAX);
    if (read_file(c, path, depth, &other, e) < 0)
        return e->code;
    for (struct yaml_node *n = other->child, *next; n; n = next) {
        next = n->next;
        n->next = NULL;
        if (into->last)
            into->last->next = n;
        else
            into->child = n;
        into->last = n;
    }
    return 0;
}

static int resolve_includes(struct yaml_conf *c, struct yaml_node *n, const char *folder,
                            unsigned depth, struct err *e)
{
    if (n->kind != YAML_MAP)
        return 0;
    for (struct yaml_node *child = n->child; child; child = child->next) {
        int rc = 0;
        if (strcmp(child->key, "include") == 0 && child->kind == YAML_TEXT)
            rc = merge(c, n, folder, child->text, depth + 1, e);
        else if (strcmp(child->key, "include") == 0 && child->kind == YAML_LIST)
            for (struct yaml_node *f = child->child; f && rc == 0; f = f->next)
                rc = merge(c, n, folder, f->text, depth + 1, e);
        else
            rc = resolve_includes(c, child, folder, depth, e);
        if (rc < 0)
            return rc;
    }
    return 0;
}

static int read_file(struct yaml_conf *c, const char *path, unsigned depth, struct yaml_node **out,
                     struct err *e)
{
    struct str text = str_of(YAML_TEXT_MAX);
    int rc = file_read(path, &text, e);
    if (rc == 0)
        rc = yaml_parse(out, str_text(&text), text.len, path, &c->arena, e);
    str_done(&text);
    const char *slash = strrchr(path, '/');
    const char *folder = slash ? arena_copy(&c->arena, path, (size_t)(slash - path)) : "";
    return rc < 0 ? rc : resolve_includes(c, *out, folder, depth, e);
}

int yaml_conf_read(struct yaml_conf *c, const char *path, struct err *e)
{
    return read_file(c, path, 0, &c->root, e);
}

void yaml_conf_done(struct yaml_conf *c)
{
    arena_done(&c->arena);
    c->root = NULL;
}

const char *yaml_conf_text(const struct yaml_conf *c, const char *name, const char *otherwise)
{
    const struct yaml_node *n = yaml_conf_find(c, name);
    return n && n->kind == YAML_TEXT ? n->text : otherwise;
}

bool yaml_text_is_true(const char *text)
{
    return strcasecmp(text, "yes") == 0 || strcasecmp(text, "true") == 0 ||
           strcasecmp(text, "on") == 0 || strcmp(text, "1") == 0;
}

bool yaml_conf_bool(const struct yaml_conf *c, const char *name, bool otherwise)
{
    const char *text = yaml_conf_text(c, name, NULL);
    return text ? yaml_text_is_true(text) : otherwise;
}

bool yaml_text_size(const char *text, uint64_t *out)
{
    static const struct {
        const char *unit;
        unsigned shift;
    } row[] = {{"", 0},     {"b", 0},  {"kb", 10}, {"kib", 10}, {"k", 10}, {"mb", 20},
               {"mib", 20}, {"m", 20}, {"gb", 30}, {"gib", 30}, {"g", 30}};
    uint64_t value = 0;
    size_t len = strspn(text, "0123456789"), i = 0;
    const char *unit = text + len;
    while (*unit == ' ')
        unit++;
    while (i < ARRAY_COUNT(row) && strcasecmp(row[i].unit, unit) != 0)
        i++;
    if (len == 0 || i == ARRAY_COUNT(row))
        return false;
    for (size_t j = 0; j < len; j++) {
        if (value > (UINT64_MAX >> row[i].shift) / 10 - 1)
            return false;
        value = value * 10 + (uint64_t)(text[j] - '0');
    }
    *out = value << row[i].shift;
    return true;
}

uint64_t yaml_conf_size(const struct yaml_conf *c, const char *name, uint64_t otherwise)
{
    const char *text = yaml_conf_text(c, name, NULL);
    uint64_t value;
    return text && yaml_text_size(text, &value) ? value : otherwise;
}
