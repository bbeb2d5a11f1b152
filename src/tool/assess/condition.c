/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/assess/condition.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "tool/nasl/ereg.h"

enum { COST_MAX = 1000000 };

static bool fits(const struct nasl_ereg *r, struct regex_match *m, const struct nasl_kb_value *v)
{
    char digits[24];
    const char *text = v->text;
    size_t len = v->len;
    if (v->is_number) {
        len = (size_t)snprintf(digits, sizeof digits, "%lld", (long long)v->number);
        text = digits;
    }
    return nasl_ereg_find(r, m, text, len, false, NULL) == REGEX_YES;
}

bool assess_has_key(struct nasl_library *l, struct nasl_kb *kb, const char *key)
{
    const char *equals = strchr(key, '=');
    if (!equals)
        return nasl_kb_count(kb, key) > 0;
    char *name = mem_copy_text(key);
    name[equals - key] = 0;
    size_t count = nasl_kb_count(kb, name);
    struct err unused = {0};
    const struct nasl_ereg *r =
        count ? nasl_library_regex(l, equals + 1, strlen(equals + 1), true, &unused) : NULL;
    bool found = false;
    if (r) {
        struct regex_match *m = regex_match_new(NASL_EREG_GROUPS, COST_MAX);
        struct nasl_kb_value v;
        for (size_t n = 0; n < count && !found; n++)
            found = nasl_kb_get(kb, name, n, &v) && fits(r, m, &v);
        regex_match_free(m);
    }
    mem_free(name);
    return found;
}

static bool has_all(struct nasl_library *l, struct nasl_kb *kb, const struct assess_texts *keys)
{
    for (size_t i = 0; i < keys->count; i++)
        if (!assess_has_key(l, kb, keys->text[i]))
            return false;
    return true;
}

static bool has_any(struct nasl_kb *kb, const struct assess_texts *keys)
{
    for (size_t i = 0; i < keys->count; i++)
        if (nasl_kb_count(kb, keys->text[i]))
            return true;
    return false;
}

/* "80", open; or "Services/www", found on a port.  A UDP port that nobody asked may be open. */
static bool is_open(struct nasl_kb *kb, const char *port, const char *proto, bool if_unknown)
{
    char key[32], *end;
    long number = strtol(port, &end, 10);
    if (*end || end == port)
        return nasl_kb_count(kb, port) > 0;
    snprintf(key, sizeof key, "Ports/%s/%d", proto, (int)(number & 0xffff));
    return if_unknown || nasl_kb_count(kb, key);
}

static bool one_open(struct nasl_kb *kb, const struct assess_texts *ports, const char *proto,
                     bool if_unknown)
{
    for (size_t i = 0; i < ports->count; i++)
        if (is_open(kb, ports->text[i], proto, if_unknown))
            return true;
    return false;
}

static bool is_harmful(int category)
{
    return category == NASL_DESTRUCTIVE_ATTACK || category == NASL_DENIAL ||
           category == NASL_KILL_HOST || category == NASL_FLOOD;
}

enum assess_verdict assess_condition(const struct assess_collection *c,
                                     const struct assess_check *check, const struct nasl_host *host)
{
    struct nasl_kb *kb = host->kb;
    bool udp_known = nasl_kb_count(kb, "Host/udp_scanned") > 0;
    if (host->safe_checks && is_harmful(check->category))
        return ASSESS_UNSAFE;
    if (!has_all(c->library, kb, &check->mandatory_keys) ||
        !has_all(c->library, kb, &check->required_keys))
        return ASSESS_KEY_MISSING;
    if (has_any(kb, &check->excluded_keys))
        return ASSESS_KEY_EXCLUDES;
    bool no_tcp =
        check->required_ports.count && !one_open(kb, &check->required_ports, "tcp", false);
    bool no_udp = check->required_udp_ports.count &&
                  !one_open(kb, &check->required_udp_ports, "udp", !udp_known);
    return no_tcp || no_udp ? ASSESS_PORT_CLOSED : ASSESS_MAY_RUN;
}
