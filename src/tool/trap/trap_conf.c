/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/trap/trap_conf.h"

#include <errno.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/text/option.h"

enum { ADVANCED_DEFAULT = 1024, TRIGGER_MAX = 1000000 };

struct reading {
    struct trap_conf *conf;
    struct arena *arena;
    trap_conf_warn_fn *warn;
    void *ctx;
    unsigned line;
};

static void refuse(struct reading *r, const char *why)
{
    if (r->warn)
        r->warn(r->ctx, r->line, why);
}

typedef bool take_fn(struct reading *r, void *field, const char *value, struct err *e);

static bool take_text(struct reading *r, void *field, const char *value, struct err *e)
{
    (void)e;
    *(const char **)field = *value ? arena_text(r->arena, value) : NULL;
    return true;
}

static bool take_ports(struct reading *r, void *field, const char *value, struct err *e)
{
    struct port_set set = {0};
    (void)r;
    if (*value && port_set_parse(&set, value, e) < 0)
        return false;
    memcpy(field, &set, sizeof set);
    return true;
}

static bool take_listed(struct reading *r, void *field, const char *value, struct err *e)
{
    struct trap_ports *ports = field;
    if (!take_ports(r, &ports->listed, value, e))
        return false;
    ports->given = *value != '\0';
    return true;
}

static bool take_number(const char *value, int64_t max, int64_t *out, struct err *e)
{
    return option_read_int(value, 0, max, out, e) == 0;
}

static bool take_port(struct reading *r, void *field, const char *value, struct err *e)
{
    int64_t number = 0;
    (void)r;
    if (!take_number(value, PORT_COUNT - 1, &number, e))
        return false;
    *(uint16_t *)field = (uint16_t)number;
    return true;
}

static bool take_block(struct reading *r, void *field, const char *value, struct err *e)
{
    int64_t number = 0;
    (void)r;
    if (!take_number(value, TRAP_BLOCK_COMMAND_ONLY, &number, e))
        return false;
    *(enum trap_block *)field = (enum trap_block)number;
    return true;
}

static bool take_trigger(struct reading *r, void *field, const char *value, struct err *e)
{
    int64_t number = 0;
    (void)r;
    if (!take_number(value, TRIGGER_MAX, &number, e))
        return false;
    *(uint32_t *)field = (uint32_t)number;
    return true;
}

/* PortSentry takes "1" for yes and everything else for no. */
static bool take_yes(struct reading *r, void *field, const char *value, struct err *e)
{
    (void)r, (void)e;
    *(bool *)field = strcmp(value, "1") == 0;
    return true;
}

static const struct key {
    const char *name;
    take_fn *take;
    size_t offset;
} keys[] = {
#define FIELD(member) offsetof(struct trap_conf, member)
    {"ADVANCED_EXCLUDE_TCP", take_ports, FIELD(ports[TRAP_TCP].exclude)},
    {"ADVANCED_EXCLUDE_UDP", take_ports, FIELD(ports[TRAP_UDP].exclude)},
    {"ADVANCED_PORTS_TCP", take_port, FIELD(ports[TRAP_TCP].advanced)},
    {"ADVANCED_PORTS_UDP", take_port, FIELD(ports[TRAP_UDP].advanced)},
    {"BLOCKED_FILE", take_text, FIELD(blocked_file)},
    {"BLOCK_TCP", take_block, FIELD(ports[TRAP_TCP].block)},
    {"BLOCK_UDP", take_block, FIELD(ports[TRAP_UDP].block)},
    {"HISTORY_FILE", take_text, FIELD(history_file)},
    {"IGNORE_FILE", take_text, FIELD(ignore_file)},
    {"KILL_HOSTS_DENY", take_text, FIELD(kill_hosts_deny)},
    {"KILL_ROUTE", take_text, FIELD(kill_route)},
    {"KILL_RUN_CMD", take_text, FIELD(kill_run_cmd)},
    {"KILL_RUN_CMD_FIRST", take_yes, FIELD(run_cmd_first)},
    {"PORT_BANNER", take_text, FIELD(port_banner)},
    {"RESOLVE_HOST", take_yes, FIELD(resolve_host)},
    {"SCAN_TRIGGER", take_trigger, FIELD(scan_trigger)},
    {"TCP_PORTS", take_listed, FIELD(ports[TRAP_TCP])},
    {"UDP_PORTS", take_listed, FIELD(ports[TRAP_UDP])},
#undef FIELD
};

static const struct key *key_find(const char *name, size_t len)
{
    for (size_t i = 0; i < ARRAY_COUNT(keys); i++)
        if (strlen(keys[i].name) == len && memcmp(keys[i].name, name, len) == 0)
            return &keys[i];
    return NULL;
}

/* The text between the first and the last quote of [at, end), or NULL. */
static char *quoted(struct reading *r, const char *at, const char *end)
{
    const char *first = memchr(at, '"', (size_t)(end - at));
    const char *last = first ? memrchr(first + 1, '"', (size_t)(end - first - 1)) : NULL;
    if (!last || memchr(first, '\0', (size_t)(last - first)))
        return NULL;
    return arena_copy(r->arena, first + 1, (size_t)(last - first - 1));
}

static void read_pair(struct reading *r, const char *name, size_t name_len, const char *at,
                      const char *end)
{
    struct err e = {0};
    const struct key *key = key_find(name, name_len);
    if (!key) {
        err_set(&e, -EINVAL, "%.*s is no option of portsentry.conf", (int)(name_len & 63), name);
        refuse(r, e.text);
        return;
    }
    const char *value = quoted(r, at, end);
    if (!value) {
        err_set(&e, -EINVAL, "Quotes missing from %s token. Option skipped", key->name);
        refuse(r, e.text);
    } else if (!key->take(r, (char *)r->conf + key->offset, value, &e)) {
        err_wrap(&e, "%s", key->name);
        refuse(r, e.text);
    }
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

static void read_line(struct reading *r, const char *at, const char *end)
{
    while (at < end && is_blank(*at))
        at++;
    if (at == end || *at == '#')
        return;
    const char *equals = memchr(at, '=', (size_t)(end - at));
    if (!equals) {
        refuse(r, "neither a comment nor KEY=\"VALUE\"");
        return;
    }
    const char *name_end = equals;
    while (name_end > at && is_blank(name_end[-1]))
        name_end--;
    read_pair(r, at, (size_t)(name_end - at), equals + 1, end);
}

void trap_conf_read(struct trap_conf *out, const char *text, size_t len, struct arena *arena,
                    trap_conf_warn_fn *warn, void *ctx)
{
    struct reading r = {.conf = out, .arena = arena, .warn = warn, .ctx = ctx};
    *out = (struct trap_conf){0};
    out->ports[TRAP_TCP].advanced = out->ports[TRAP_UDP].advanced = ADVANCED_DEFAULT;
    const char *end = len ? text + len : text;
    for (const char *at = text; at < end;) {
        const char *line_end = memchr(at, '\n', (size_t)(end - at));
        if (!line_end)
            line_end = end;
        r.line++;
        read_line(&r, at, line_end);
        at = line_end + 1;
    }
}

int trap_conf_check(const struct trap_conf *c, int proto, bool advanced, struct err *e)
{
    if (!advanced && !c->ports[proto].given)
        return err_set(e, -EINVAL, "Could not read %s option from config file",
                       proto == TRAP_TCP ? "TCP_PORTS" : "UDP_PORTS");
    return 0;
}
