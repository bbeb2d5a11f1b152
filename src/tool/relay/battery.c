/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/relay/battery.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "core/text/json_tree.h"
#include "sys/io/file.h"

enum { FILE_BYTES_MAX = 4 << 20 };

const struct relay_test relay_battery[] = {
#define RELAY_TEST(id, from, to, flags, what) {id, from, to, flags, what},
#include "tool/relay/battery.def"
#undef RELAY_TEST
};
const size_t relay_battery_count = ARRAY_COUNT(relay_battery);

/* ---- from a file ---- */

static unsigned flags_of(const struct json_node *n)
{
    static const struct {
        const char *key;
        unsigned flag;
    } row[] = {
        {"raw", RELAY_RAW}, {"after_local", RELAY_AFTER_LOCAL}, {"bogus_auth", RELAY_BOGUS_AUTH}};
    unsigned flags = 0;
    for (size_t i = 0; i < ARRAY_COUNT(row); i++) {
        const struct json_node *value = json_find(n, row[i].key);
        flags |= value && value->boolean ? row[i].flag : 0;
    }
    return flags;
}

static int take_tests(const struct json_node *list, struct arena *arena,
                      const struct relay_test **out, size_t *out_count, struct err *e)
{
    struct relay_test *test = arena_array(arena, RELAY_TESTS_MAX, sizeof *test);
    size_t count = 0;
    JSON_EACH (n, list) {
        struct relay_test t = {json_member(n, "id"), json_member(n, "mail_from"),
                               json_member(n, "rcpt_to"), flags_of(n), json_member(n, "note")};
        if (count == RELAY_TESTS_MAX)
            return err_set(e, -E2BIG, "over %d tests", RELAY_TESTS_MAX);
        if (!t.id || !t.mail_from || !t.rcpt_to)
            return err_set(e, -EINVAL, "test %zu lacks id, mail_from or rcpt_to", count + 1);
        test[count++] = t;
    }
    if (count == 0)
        return err_set(e, -EINVAL, "no tests in it");
    *out = test;
    *out_count = count;
    return 0;
}

int battery_read(const char *path, struct arena *arena, const struct relay_test **out,
                 size_t *out_count, struct err *e)
{
    struct str text = str_of(FILE_BYTES_MAX), why = str_of(0);
    int rc = file_read(path, &text, e);
    if (rc == 0) {
        const struct json_node *doc = json_tree_parse(str_text(&text), text.len, arena, &why);
        rc = doc ? take_tests(json_find(doc, "tests"), arena, out, out_count, e)
                 : err_set(e, -EINVAL, "%s", str_text(&why));
        if (rc)
            rc = err_wrap(e, "%s", path);
    }
    str_done(&text);
    str_done(&why);
    return rc;
}

/* ---- templates ---- */

static void add_line_safe(struct str *out, const char *text, bool upper)
{
    for (; *text; text++)
        if (*text != '\r' && *text != '\n')
            str_add_char(out, (char)(upper ? toupper((unsigned char)*text) : *text));
}

static bool add_field(struct str *out, const char *name, size_t len, const struct relay_fields *f)
{
    const struct {
        const char *name, *value;
        bool upper;
    } row[] = {
        {"to_user", f->to_user, false},         {"to_domain", f->to_domain, false},
        {"TO_DOMAIN", f->to_domain, true},      {"from_user", f->from_user, false},
        {"from_domain", f->from_domain, false}, {"target_ip", f->target_ip, false},
        {"target_name", f->target_name, false}, {"target_domain", f->target_domain, false},
        {"tester_ip", f->tester_ip, false},     {"sink_ip", f->sink_ip, false},
    };
    for (size_t i = 0; i < ARRAY_COUNT(row); i++)
        if (strlen(row[i].name) == len && strncmp(row[i].name, name, len) == 0) {
            add_line_safe(out, row[i].value, row[i].upper);
            return true;
        }
    return false;
}

void battery_expand(struct str *out, const char *template, const struct relay_fields *f)
{
    while (*template) {
        size_t len = *template == '{' ? strcspn(template + 1, "}") : 0;
        if (*template == '{' && template[len + 1] == '}' && add_field(out, template + 1, len, f)) {
            template += len + 2;
            continue;
        }
        const char one[2] = {*template ++, '\0'};
        add_line_safe(out, one, false);
    }
}
