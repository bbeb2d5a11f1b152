/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a script says of itself: script_name() and its kin fill the host's nasl_meta. */
#include <ctype.h>
#include <string.h>

#include "core/base/attr.h"
#include "core/base/mem.h"
#include "tool/nasl/builtin.h"
#include "tool/nasl/vm.h"

static struct nasl_meta *meta_of(struct nasl_call *c)
{
    return nasl_vm_host(c->vm)->meta;
}

static void set_text(struct nasl_call *c, const char **to)
{
    struct str room = str_of(0);
    const char *text = nasl_arg_text(nasl_arg(c, 0), &room, NULL);
    if (text)
        *to = arena_text(&meta_of(c)->arena, text);
    str_done(&room);
}

static struct nasl_value do_name(struct nasl_call *c)
{
    if (meta_of(c))
        set_text(c, &meta_of(c)->name);
    return nasl_undef();
}

static struct nasl_value do_family(struct nasl_call *c)
{
    if (meta_of(c))
        set_text(c, &meta_of(c)->family);
    return nasl_undef();
}

static struct nasl_value do_oid(struct nasl_call *c)
{
    if (meta_of(c))
        set_text(c, &meta_of(c)->oid);
    return nasl_undef();
}

static struct nasl_value do_category(struct nasl_call *c)
{
    int64_t category = nasl_arg_int(nasl_arg(c, 0), -1);
    if (category < 0)
        nasl_complain(c, "script_category(category)");
    else if (meta_of(c))
        meta_of(c)->category = category < NASL_CATEGORY_COUNT ? (int)category : NASL_CATEGORY_COUNT;
    return nasl_undef();
}

/* Of no use to anybody; the peer forgets them, too. */
static struct nasl_value do_forgotten(struct nasl_call *c)
{
    (void)c;
    return nasl_undef();
}

/* All unnamed arguments up to the first that is undefined. */
static void add_texts(struct nasl_call *c, struct text_list *to)
{
    struct str room = str_of(0);
    for (uint32_t i = 0; meta_of(c) && i < c->count && c->arg[i].type != NASL_UNDEF; i++)
        text_list_add(to, arena_text(&meta_of(c)->arena, nasl_arg_text(&c->arg[i], &room, NULL)));
    str_done(&room);
}

#define DO_LIST(name, field)                                                                       \
    static struct nasl_value name(struct nasl_call *c)                                             \
    {                                                                                              \
        if (meta_of(c))                                                                            \
            add_texts(c, &meta_of(c)->field);                                                      \
        return nasl_undef();                                                                       \
    }

DO_LIST(do_dependencies, dependencies)
DO_LIST(do_require_keys, required_keys)
DO_LIST(do_exclude_keys, excluded_keys)
DO_LIST(do_require_ports, required_ports)
DO_LIST(do_require_udp_ports, required_udp_ports)

/* re:"key=pattern" takes the place of the key in the list, or goes to its end. */
static struct nasl_value do_mandatory_keys(struct nasl_call *c)
{
    struct str room = str_of(0);
    const char *re = nasl_arg_text(nasl_named(c, 0), &room, NULL);
    const char *equals = re ? strchr(re, '=') : NULL;
    if (nasl_arg(c, 0)->type == NASL_UNDEF) {
        nasl_complain(c, "script_mandatory_keys(key, ... [, re:\"key=pattern\"])");
    } else if (re && (!equals || !equals[1] || strchr(equals + 1, '='))) {
        nasl_complain(c, "re: is no \"key=pattern\"");
    } else if (meta_of(c)) {
        struct text_list *to = &meta_of(c)->mandatory_keys;
        size_t from = to->count;
        bool used = !re;
        add_texts(c, to);
        for (size_t i = from; re && i < to->count; i++)
            if (!used && strlen(to->text[i]) == (size_t)(equals - re) &&
                strncmp(to->text[i], re, (size_t)(equals - re)) == 0) {
                to->text[i] = arena_text(&meta_of(c)->arena, re);
                used = true;
            }
        if (!used)
            text_list_add(to, arena_text(&meta_of(c)->arena, re));
    }
    str_done(&room);
    return nasl_undef();
}

/* Classes of references are told apart in any case, and written in small letters. */
static void add_reference(struct nasl_call *c, const char *class, const char *id, size_t id_len)
{
    struct nasl_meta *m = meta_of(c);
    struct str small = str_of(0), value = str_of(0);
    for (const char *p = class; *p; p++)
        str_add_char(&small, (char)tolower((unsigned char)*p));
    str_add_len(&value, id, id_len);
    if (m && id_len)
        nasl_meta_add_pair(m, &m->references, str_text(&small), str_text(&value));
    str_done(&small);
    str_done(&value);
}

static struct nasl_value do_cve_id(struct nasl_call *c)
{
    struct str room = str_of(0);
    for (uint32_t i = 0; i < c->count && c->arg[i].type != NASL_UNDEF; i++) {
        const char *id = nasl_arg_text(&c->arg[i], &room, NULL);
        add_reference(c, "cve", id, strlen(id));
    }
    str_done(&room);
    return nasl_undef();
}

enum { XREF_NAME, XREF_VALUE, XREF_CSV };

static void add_csv(struct nasl_call *c, const char *class, const char *csv)
{
    while (*csv) {
        csv += strspn(csv, " ,");
        size_t len = strcspn(csv, ",");
        const char *next = csv + len;
        while (len && csv[len - 1] == ' ')
            len--;
        add_reference(c, class, csv, len);
        csv = next;
    }
}

static struct nasl_value do_xref(struct nasl_call *c)
{
    struct str room = str_of(0), room2 = str_of(0), room3 = str_of(0);
    const char *name = nasl_arg_text(nasl_named(c, XREF_NAME), &room, NULL);
    const char *value = nasl_arg_text(nasl_named(c, XREF_VALUE), &room2, NULL);
    const char *csv = nasl_arg_text(nasl_named(c, XREF_CSV), &room3, NULL);
    if (!name || (!value && !csv))
        nasl_complain(c, "script_xref(name:, value:) or (name:, csv:)");
    if (name && csv)
        add_csv(c, name, csv);
    if (name && value)
        add_reference(c, name, value, strlen(value));
    str_done(&room);
    str_done(&room2);
    str_done(&room3);
    return nasl_undef();
}

static int number_at(const char *p, size_t len)
{
    int value = 0;
    for (size_t i = 0; i < len; i++) {
        if (!isdigit((unsigned char)p[i]))
            return -1;
        value = value * 10 + p[i] - '0';
    }
    return value;
}

/* "2015-02-27 14:42:00 +0100", or such a text in "$Date: ... $".  0: no date, as the peer says. */
static int64_t parse_date(const char *text)
{
    const char *p = text;
    if (strncmp(p, "$Date: ", 7) == 0)
        p += 7;
    if (strlen(p) < 25 || p[4] != '-' || p[7] != '-' || p[13] != ':' || p[16] != ':')
        return 0;
    int part[6] = {number_at(p, 4),      number_at(p + 5, 2),  number_at(p + 8, 2),
                   number_at(p + 11, 2), number_at(p + 14, 2), number_at(p + 17, 2)};
    for (int i = 0; i < 6; i++)
        if (part[i] < 0)
            return 0;
    int zone = number_at(p + 21, 4);
    if (part[1] < 1 || part[1] > 12 || zone < 0 || (p[20] != '+' && p[20] != '-'))
        return 0;
    int64_t days = clock_days_from_civil(part[0], (unsigned)part[1], (unsigned)part[2]);
    int64_t offset = (zone / 100 * 60 + zone % 100) * 60 * (p[20] == '-' ? -1 : 1);
    return ((days * 24 + part[3]) * 60 + part[4]) * 60 + part[5] - offset;
}

enum { TAG_NAME, TAG_VALUE };

static void add_tag(struct nasl_call *c, const char *name, const char *value)
{
    struct nasl_meta *m = meta_of(c);
    bool date = strcmp(name, "last_modification") == 0 || strcmp(name, "creation_date") == 0 ||
                strcmp(name, "severity_date") == 0;
    struct str text = str_of(0);
    if (date)
        str_addf(&text, "%lld", (long long)parse_date(value));
    else
        str_add(&text, value);
    if (m)
        nasl_meta_add_pair(m, &m->tags, name, str_text(&text));
    str_done(&text);
}

static struct nasl_value do_tag(struct nasl_call *c)
{
    struct str room = str_of(0), room2 = str_of(0);
    const char *name = nasl_arg_text(nasl_named(c, TAG_NAME), &room, NULL);
    const char *value = nasl_arg_text(nasl_named(c, TAG_VALUE), &room2, NULL);
    if (!name || !value)
        nasl_complain(c, "script_tag(name:, value:)");
    else if (strcmp(name, "cvss_base") == 0)
        ; /* follows from cvss_base_vector */
    else if (strchr(value, '|'))
        nasl_complain(c, "the tag %s contains the separator |", name);
    else
        add_tag(c, name, value);
    str_done(&room);
    str_done(&room2);
    return nasl_undef();
}

enum { PREF_ID, PREF_NAME, PREF_TYPE, PREF_VALUE };

static void add_preference(struct nasl_meta *m, int64_t id, const char *name, const char *type,
                           const char *value)
{
    MEM_GROW(m->preference, m->preference_count, m->preference_capacity);
    m->preference[m->preference_count++] = (struct nasl_preference){
        id, arena_text(&m->arena, name), arena_text(&m->arena, type), arena_text(&m->arena, value)};
}

static bool is_free(const struct nasl_meta *m, int64_t id, const char *name)
{
    for (size_t i = 0; i < m->preference_count; i++)
        if (m->preference[i].id == id || strcmp(m->preference[i].name, name) == 0)
            return false;
    return true;
}

static struct nasl_value do_add_preference(struct nasl_call *c)
{
    struct nasl_meta *m = meta_of(c);
    struct str room = str_of(0), room2 = str_of(0), room3 = str_of(0);
    int64_t id = nasl_arg_int(nasl_named(c, PREF_ID), -1);
    const char *name = nasl_arg_text(nasl_named(c, PREF_NAME), &room, NULL);
    const char *type = nasl_arg_text(nasl_named(c, PREF_TYPE), &room2, NULL);
    const char *value = nasl_arg_text(nasl_named(c, PREF_VALUE), &room3, NULL);
    if (m && id < 0)
        id = (int64_t)m->preference_count + 1;
    if (id == 0 || !name || !type || !value)
        nasl_complain(c, "script_add_preference(name:, type:, value:, id:)");
    else if (m && !is_free(m, id, name))
        nasl_complain(c, "the preference '%s' (%lld) is there already", name, (long long)id);
    else if (m)
        add_preference(m, id, name, type, value);
    str_done(&room);
    str_done(&room2);
    str_done(&room3);
    return nasl_undef();
}

/* A preference with the number 0, as every script may have one. */
static struct nasl_value do_timeout(struct nasl_call *c)
{
    struct str text = str_of(0);
    if (meta_of(c) && nasl_arg(c, 0)->type != NASL_UNDEF) {
        str_addf(&text, "%d", (int)nasl_arg_int(nasl_arg(c, 0), 0));
        add_preference(meta_of(c), 0, "timeout", "entry", str_text(&text));
    }
    str_done(&text);
    return nasl_undef();
}

static const struct nasl_builtin rows[] = {
    {"script_add_preference", do_add_preference, {"id", "name", "type", "value"}, 0},
    {"script_category", do_category, {0}, 0},
    {"script_copyright", do_forgotten, {0}, 0},
    {"script_cve_id", do_cve_id, {0}, 0},
    {"script_dependencies", do_dependencies, {0}, 0},
    {"script_exclude_keys", do_exclude_keys, {0}, 0},
    {"script_family", do_family, {0}, 0},
    {"script_mandatory_keys", do_mandatory_keys, {"re"}, 0},
    {"script_name", do_name, {0}, 0},
    {"script_oid", do_oid, {0}, 0},
    {"script_require_keys", do_require_keys, {0}, 0},
    {"script_require_ports", do_require_ports, {0}, 0},
    {"script_require_udp_ports", do_require_udp_ports, {0}, 0},
    {"script_tag", do_tag, {"name", "value"}, 0},
    {"script_timeout", do_timeout, {0}, 0},
    {"script_version", do_forgotten, {0}, 0},
    {"script_xref", do_xref, {"name", "value", "csv"}, 0},
};

const struct nasl_family nasl_family_describe = {"describe", rows, ARRAY_COUNT(rows)};
