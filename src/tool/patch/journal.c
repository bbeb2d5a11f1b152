/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/patch/journal.h"

#include <errno.h>
#include <unistd.h>

#include "core/text/json.h"
#include "core/text/json_tree.h"
#include "sys/io/file.h"

enum { JOURNAL_MAX = 8 << 20 };

int patch_journal_write(const char *path, const struct patch_journal *journal, struct err *e)
{
    struct str text = str_of(0);
    struct json_out j = json_out_of(&text);
    json_object(&j, NULL);
    json_u64(&j, "version", 1);
    json_text(&j, "begun", journal->begun);
    json_bool(&j, "done", journal->done);
    json_array(&j, "steps");
    for (size_t i = 0; i < journal->steps.count; i++) {
        const struct patch_step *s = &journal->steps.item[i];
        json_object(&j, NULL);
        json_text(&j, "package", s->package);
        if (s->from)
            json_text(&j, "from", s->from);
        json_text(&j, "to", s->to);
        json_end(&j);
    }
    json_end(&j);
    json_end(&j);
    str_add_char(&text, '\n');
    int rc = file_replace(path, text.text, text.len, 0600, e);
    str_done(&text);
    return rc;
}

int patch_journal_read(struct arena *arena, const char *path, struct patch_journal *out,
                       struct err *e)
{
    struct str text = str_of(JOURNAL_MAX);
    *out = (struct patch_journal){0};
    if (access(path, F_OK) < 0 && errno == ENOENT)
        return 0;
    int rc = file_read(path, &text, e);
    const struct json_node *doc =
        rc == 0 ? json_tree_parse(str_text(&text), text.len, arena, NULL) : NULL;
    const struct json_node *steps = json_find(doc, "steps"), *done = json_find(doc, "done");
    if (rc == 0 && (!json_is(steps, JSON_ARRAY) || !done))
        rc = err_set(e, -EBADMSG, "%s: no journal of picket's", path);
    str_done(&text);
    if (rc < 0)
        return rc;
    out->done = done->boolean;
    out->begun = json_member(doc, "begun");
    out->steps.item = arena_array(arena, steps->count + 1, sizeof *out->steps.item);
    JSON_EACH (n, steps) {
        struct patch_step s = {.package = json_member(n, "package"),
                               .from = json_member(n, "from"),
                               .to = json_member(n, "to")};
        if (s.package && s.to)
            out->steps.item[out->steps.count++] = s;
    }
    return 1;
}
