/* SPDX-License-Identifier: GPL-3.0-or-later */
/* --help from an option table (option_help of option.h): the names of the options in one column,
 * their help in another, lines of at most 80 columns. */
#include "core/text/option.h"

#include <string.h>

enum { LINE_WIDTH = 80, INDENT = 2, GAP = 2, NAMES_MAX = 26 };

/* The names as the user may type them: "-p, --ports=PORTS", "-PS[PORTS]", "-oX FILE". */
static void add_names(struct str *out, const struct option *o)
{
    const char *value = o->value ? o->value : "";
    bool may_miss = value[0] == '[';
    if (o->short_name) {
        str_addf(out, "-%s", o->short_name);
        if (*value && !o->long_name)
            str_addf(out, "%s%s", may_miss ? "" : " ", value);
    }
    if (o->long_name) {
        str_addf(out, "%s--%s", o->short_name ? ", " : "", o->long_name);
        if (*value)
            str_addf(out, may_miss ? "[=%s" : "=%s", value + may_miss);
    }
}

static void add_blanks(struct str *out, size_t count)
{
    for (; count > 0; count--)
        str_add_char(out, ' ');
}

/* Words from column `at` on; a line that is full goes on at column `indent`.  A word too long for
 * any line stands alone on its own. */
static void add_wrapped(struct str *out, const char *text, size_t at, size_t indent)
{
    bool first = true;
    for (size_t len; *(text += strspn(text, " ")); text += len) {
        len = strcspn(text, " ");
        if (!first && at + 1 + len > LINE_WIDTH) {
            str_add_char(out, '\n');
            add_blanks(out, indent);
            at = indent;
        } else if (!first) {
            str_add_char(out, ' ');
            at++;
        }
        str_add_len(out, text, len);
        at += len;
        first = false;
    }
    str_add_char(out, '\n');
}

/* The width of the names' column: that of the longest names that still fit in it. */
static size_t names_width(const struct option_table *t)
{
    size_t width = 0;
    struct str names = str_of(0);
    const struct option *o;
    for (size_t n = 0; (o = option_at(t, n)); n++) {
        str_reset(&names);
        if (o->help)
            add_names(&names, o);
        if (names.len > width && names.len <= NAMES_MAX)
            width = names.len;
    }
    str_done(&names);
    return width;
}

static void add_option(struct str *out, const struct option *o, size_t width)
{
    size_t start = out->len, column = INDENT + width + GAP;
    add_blanks(out, INDENT);
    add_names(out, o);
    if (out->len - start > INDENT + width) {
        str_add_char(out, '\n');
        start = out->len;
    }
    add_blanks(out, column - (out->len - start));
    add_wrapped(out, o->help, column, column);
}

void option_help(const struct option_table *table, struct str *out)
{
    size_t width = names_width(table), start = out->len;
    str_addf(out, "Usage: picket %s%s", table->command, table->command[0] ? " " : "");
    size_t column = out->len - start;
    add_wrapped(out, table->synopsis, column, column);
    add_wrapped(out, table->summary, 0, 0);
    for (size_t g = 0; g < table->group_count; g++) {
        const struct option_group *group = &table->group[g];
        str_addf(out, "\n%s:\n", group->title);
        for (size_t i = 0; i < group->count; i++)
            if (group->option[i].help)
                add_option(out, &group->option[i], width);
    }
}
