/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Preferences of the scanner and of the script, and which script this is. */
#include <ctype.h>
#include <string.h>

#include "core/base/attr.h"
#include "core/text/option.h"
#include "sys/io/file.h"
#include "tool/nasl/builtin.h"
#include "tool/nasl/vm.h"

enum { PREFERENCE_FILE_MAX = 8 << 20 };

static const char *preference(struct nasl_call *c, const char *oid, const char *name, int64_t id)
{
    struct nasl_host *h = nasl_vm_host(c->vm);
    if (h->preference) {
        const char *set = h->preference(h->ctx, oid, name, id);
        if (set)
            return set;
    }
    for (size_t i = 0; oid && h->meta && i < h->meta->preference_count; i++) {
        const struct nasl_preference *p = &h->meta->preference[i];
        if (name ? strcmp(p->name, name) == 0 : p->id == id)
            return strcmp(p->type, "radio") == 0 && strchr(p->value, ';')
                       ? arena_copy(&h->meta->arena, p->value, strcspn(p->value, ";"))
                       : p->value;
    }
    return NULL;
}

/* A text of digits becomes a number. */
static struct nasl_value value_of(struct nasl_call *c, const char *text)
{
    int64_t number;
    struct err e = {0};
    bool canonical = text[0] && (text[0] != '0' || !text[1]) && !strchr("+-", text[0]);
    if (canonical && option_read_int(text, 0, INT32_MAX, &number, &e) == 0)
        return nasl_int(number);
    return nasl_data(c, text, strlen(text));
}

static struct nasl_value do_script_get_preference(struct nasl_call *c)
{
    struct str room = str_of(0);
    const char *name = nasl_arg_text(nasl_arg(c, 0), &room, NULL);
    int64_t id = nasl_arg_int(nasl_named(c, 0), -1);
    const char *oid = nasl_vm_oid(c->vm), *value = NULL;
    if (!name && id == -1)
        nasl_complain(c, "script_get_preference(name, id:)");
    else
        value = preference(c, oid ? oid : "", id == -1 ? name : NULL, id);
    struct nasl_value v = value ? value_of(c, value) : nasl_undef();
    str_done(&room);
    return v;
}

static struct nasl_value do_get_preference(struct nasl_call *c)
{
    struct str room = str_of(0);
    const char *name = nasl_arg_text(nasl_arg(c, 0), &room, NULL);
    const char *value = name ? preference(c, NULL, name, -1) : NULL;
    struct nasl_value v = value ? nasl_data(c, value, strlen(value)) : nasl_undef();
    str_done(&room);
    return v;
}

/* A preference of the kind "file" holds the path of a file.  Only the user names files: what a
 * script proposes itself does not count. */
static const char *file_preference(struct nasl_call *c)
{
    struct nasl_host *h = nasl_vm_host(c->vm);
    struct str room = str_of(0);
    const char *name = nasl_arg_text(nasl_arg(c, 0), &room, NULL);
    const char *oid = nasl_vm_oid(c->vm);
    const char *path =
        name && h->preference ? h->preference(h->ctx, oid ? oid : "", name, -1) : NULL;
    if (!name)
        nasl_complain(c, "a name is needed");
    str_done(&room);
    return path && *path ? path : NULL;
}

static struct nasl_value do_file_content(struct nasl_call *c)
{
    const char *path = file_preference(c);
    struct str text = str_of(PREFERENCE_FILE_MAX);
    struct err e = {0};
    if (!path || file_read(path, &text, &e) < 0) {
        if (path)
            nasl_complain(c, "%s", e.text);
        str_done(&text);
        return nasl_undef();
    }
    return nasl_data_str(c, &text);
}

static struct nasl_value do_file_location(struct nasl_call *c)
{
    const char *path = file_preference(c);
    return path ? nasl_data(c, path, strlen(path)) : nasl_undef();
}

static struct nasl_value do_safe_checks(struct nasl_call *c)
{
    return nasl_int(nasl_vm_host(c->vm)->safe_checks);
}

static struct nasl_value do_get_script_oid(struct nasl_call *c)
{
    const char *oid = nasl_vm_oid(c->vm);
    return oid ? nasl_data(c, oid, strlen(oid)) : nasl_undef();
}

static struct nasl_value do_vendor_version(struct nasl_call *c)
{
    static const char version[] = "picket " PICKET_VERSION;
    return nasl_data(c, version, sizeof version - 1);
}

static const struct nasl_builtin rows[] = {
    {"get_preference", do_get_preference, {0}, 0},
    {"get_script_oid", do_get_script_oid, {0}, 0},
    {"safe_checks", do_safe_checks, {0}, 0},
    {"script_get_preference", do_script_get_preference, {"id"}, 0},
    {"script_get_preference_file_content", do_file_content, {0}, 0},
    {"script_get_preference_file_location", do_file_location, {0}, 0},
    {"vendor_version", do_vendor_version, {0}, 0},
};

const struct nasl_family nasl_family_preference = {"preference", rows, ARRAY_COUNT(rows)};
