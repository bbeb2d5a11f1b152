/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/advisory/show.h"

#include <string.h>

#include "core/text/json_tree.h"

/* Control characters of a stranger stay off the terminal. */
static void add_clean(struct str *out, const char *text)
{
    for (; *text; text++) {
        bool control = (unsigned char)*text < ' ' && *text != '\n' && *text != '\t';
        str_add_char(out, control || *text == 0x7f ? '?' : *text);
    }
}

static void add_line(struct str *out, const char *label, const char *value)
{
    if (!value || !*value)
        return;
    str_addf(out, "%-12s", label);
    add_clean(out, value);
    str_add_char(out, '\n');
}

static void add_list(struct str *out, const char *label, const struct json_node *list)
{
    struct str all = str_of(0);
    JSON_EACH (n, list) {
        const char *text = json_string(n);
        if (!text)
            continue;
        str_add(&all, all.len ? " " : "");
        str_add(&all, text);
    }
    add_line(out, label, all.text);
    str_done(&all);
}

static void add_fixes(struct str *out, const struct json_node *list)
{
    JSON_EACH (n, list) {
        const char *suite = json_member(n, "suite"), *package = json_member(n, "package"),
                   *version = json_member(n, "version");
        struct str line = str_of(0);
        str_addf(&line, "%s %s", package ? package : "?", version ? version : "?");
        if (suite)
            str_addf(&line, " (%s)", suite);
        add_line(out, "fixed", str_text(&line));
        str_done(&line);
    }
}

static void add_scores(struct str *out, const struct json_node *list)
{
    JSON_EACH (n, list) {
        struct str line = str_of(0);
        const char *vector = json_member(n, "vector"), *source = json_member(n, "source");
        str_addf(&line, "%.1f %s", json_number(json_find(n, "score"), 0), vector ? vector : "");
        if (source)
            str_addf(&line, " (%s)", source);
        add_line(out, "cvss", str_text(&line));
        str_done(&line);
    }
}

void advisory_show(const char *json, struct str *out)
{
    static const char *const lines[] = {"source",   "title",     "date",      "modified",
                                        "severity", "publisher", "withdrawn", "url"};
    struct arena arena = {0};
    const struct json_node *n = json_tree_parse(json, strlen(json), &arena, NULL);
    add_line(out, "id", json_member(n, "id"));
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        add_line(out, lines[i], json_member(n, lines[i]));
    add_list(out, "cves", json_find(n, "cves"));
    add_list(out, "aliases", json_find(n, "aliases"));
    add_scores(out, json_find(n, "cvss"));
    add_fixes(out, json_find(n, "fixed"));
    const struct json_node *kev = json_find(n, "kev");
    if (kev) {
        add_line(out, "exploited", json_member(kev, "added"));
        add_line(out, "fix until", json_member(kev, "due"));
    }
    JSON_EACH (reference, json_find(n, "refs"))
        add_line(out, "see", json_string(reference));
    const char *text = json_member(n, "text");
    if (text) {
        str_add_char(out, '\n');
        add_clean(out, text);
        str_add_char(out, '\n');
    }
    str_add_char(out, '\n');
    arena_done(&arena);
}
