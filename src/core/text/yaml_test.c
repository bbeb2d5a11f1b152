/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/text/yaml.h"

#include <errno.h>
#include <string.h>

#include "check.h"
#include "core/base/str.h"

static int parse(struct yaml_node **out, const char *text, struct arena *arena)
{
    struct err e = {0};
    return yaml_parse(out, text, strlen(text), "t.yaml", arena, &e);
}

/* A chain of aliases, each naming the one before `width` times. */
static int parse_chain(int levels, int width, struct arena *arena)
{
    struct str text = str_of(1 << 20);
    struct yaml_node *root;
    str_add(&text, "n0: &n0 x\n");
    for (int i = 1; i <= levels; i++) {
        str_addf(&text, "n%d: &n%d [", i, i);
        for (int k = 0; k < width; k++)
            str_addf(&text, "%s*n%d", k ? "," : "", i - 1);
        str_add(&text, "]\n");
    }
    int rc = parse(&root, str_text(&text), arena);
    str_done(&text);
    return rc;
}

static int check_aliases(struct arena *arena)
{
    static const struct {
        const char *text;
        int rc;
    } rows[] = {
        {"a: &x [1, 2]\nb: *x\n", 0},
        {"- *x\n- &x 1\n", -EINVAL},  /* comes before what it names */
        {"a: &x [1, *x]\n", -EINVAL}, /* a tree without end */
        {"a: &x {b: *x}\n", -EINVAL},
    };
    int failed = 0;
    struct yaml_node *root = NULL;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        CHECK_ROW(i, parse(&root, rows[i].text, arena) == rows[i].rc);
    CHECK(parse(&root, "a: &x [1, 2]\nb: [*x]\n", arena) == 0);
    const struct yaml_node *list = yaml_member(root, "b")->child;
    CHECK(list->kind == YAML_LIST && strcmp(list->last->text, "2") == 0 && !list->key);
    CHECK(parse_chain(10, 2, arena) == 0);
    CHECK(parse_chain(YAML_DEPTH_MAX - 2, 1, arena) == 0);
    CHECK(parse_chain(YAML_DEPTH_MAX - 1, 1, arena) == -EFBIG);
    CHECK(parse_chain(25, 2, arena) == -EFBIG); /* each level is twice as large */
    return failed;
}

int text_yaml_test(void)
{
    static const char *const bad[] = {"a: [1, 2", "a: 'x", "\tb: 1", "a: b: c"};
    int failed = 0;
    struct arena arena = {0};
    struct yaml_node *root = NULL;
    CHECK(parse(&root, "a: 1\nb:\n  - x\n  - y: z\nc: \"q\\x41\"\n", &arena) == 0);
    const struct yaml_node *list = yaml_member(root, "b");
    CHECK(strcmp(yaml_member(root, "a")->text, "1") == 0);
    CHECK(list && list->kind == YAML_LIST && strcmp(list->child->text, "x") == 0);
    CHECK(list && strcmp(yaml_member(list->child->next, "y")->text, "z") == 0);
    CHECK(strcmp(yaml_member(root, "c")->text, "qA") == 0);
    CHECK(yaml_member(root, "d") == NULL);
    CHECK(parse(&root, "", &arena) == 0 && root->kind == YAML_MAP && !root->child);
    for (size_t i = 0; i < ARRAY_LEN(bad); i++)
        CHECK_ROW(i, parse(&root, bad[i], &arena) < 0);
    failed += check_aliases(&arena);
    arena_done(&arena);
    return failed;
}
