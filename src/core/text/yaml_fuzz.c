/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bytes as a document; its tree must be as deep and as large as promised at most. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "core/text/yaml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t count_nodes(const struct yaml_node *node, unsigned depth)
{
    size_t count = 0;
    assert(!node || depth <= YAML_DEPTH_MAX);
    for (; node; node = node->next) {
        assert(node->kind != YAML_TEXT || node->text[node->len] == '\0');
        count += 1 + count_nodes(node->child, depth + 1);
    }
    return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = {0};
    struct err e = {0};
    struct yaml_node *top;
    if (yaml_parse(&top, (const char *)data, size, "fuzz", &arena, &e) == 0) {
        assert(count_nodes(top, 1) <= YAML_NODES_MAX);
        (void)yaml_member(top, "vars");
    } else {
        assert(e.text[0]);
    }
    arena_done(&arena);
    return 0;
}
