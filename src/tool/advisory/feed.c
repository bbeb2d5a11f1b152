/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <string.h>

#include "tool/advisory/feed.h"

static bool has(const struct advisory_words *list, const char *key)
{
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->text[i], key) == 0)
            return true;
    return false;
}

bool shape_has(const struct advisory_input *in, const char *key)
{
    return has(&in->shape.keys, key);
}

bool shape_inner_has(const struct advisory_input *in, const char *key)
{
    return has(&in->shape.inner, key);
}

int feed_tell(const struct advisory_sink *to, struct advisory *a, struct err *e)
{
    advisory_finish(a);
    return to->advisory ? to->advisory(to->ctx, a, e) : 0;
}

int feed_broken(const struct json_reader *j, struct err *e)
{
    struct str why = str_of(0);
    json_reader_fault(j, &why);
    int rc = err_set(e, -EBADMSG, "%s", str_text(&why));
    str_done(&why);
    return rc;
}

static int take_element(struct json_reader *j, struct arena *arena, feed_element_fn *fn,
                        const struct advisory_sink *to, struct err *e)
{
    const struct json_node *n = json_tree_read(j, arena);
    if (!n)
        return feed_broken(j, e);
    int rc = fn(arena, n, to, e);
    arena_reset(arena);
    if (rc == -EBADMSG && to->refused) { /* this one is broken, the others need not be */
        to->refused(to->ctx, "entry", e->text);
        return 0;
    }
    return rc;
}

static int each_item(const struct advisory_input *in, struct json_reader *j, struct arena *arena,
                     feed_element_fn *fn, const struct advisory_sink *to, struct err *e)
{
    int rc = 0;
    if (json_enter_array(j))
        while (rc == 0 && json_next_item(j)) {
            rc = take_element(j, arena, fn, to, e);
            if (in->map)
                file_map_release(in->map, j->pos);
        }
    return rc;
}

int feed_each(const struct advisory_input *in, const char *key, feed_element_fn *fn,
              const struct advisory_sink *to, struct err *e)
{
    struct json_reader j = json_reader_of(in->text, in->len);
    struct arena arena = {0};
    struct json_span name;
    int rc = 0;
    if (json_peek(&j) == JSON_ARRAY) {
        rc = each_item(in, &j, &arena, fn, to, e);
    } else if (!key) {
        rc = take_element(&j, &arena, fn, to, e);
    } else if (json_enter_object(&j)) {
        while (rc == 0 && json_next_key(&j, &name))
            if (json_span_is(name, key))
                rc = each_item(in, &j, &arena, fn, to, e);
            else
                json_skip(&j);
    }
    if (rc == 0 && !json_at_end(&j))
        rc = feed_broken(&j, e);
    arena_done(&arena);
    json_reader_done(&j);
    return rc;
}
