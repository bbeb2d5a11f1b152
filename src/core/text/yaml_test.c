/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/text/yaml.h"

#include <string.h>

#include "check.h"

static int parse(struct yaml_node **out, const char *text, struct arena *arena)
{
    struct err e = {0};
    return yaml_parse(out, text, strlen(text), "t.yaml", arena, &e);
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
    arena_done(&arena);
    return failed;
}
