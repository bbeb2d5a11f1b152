/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A list is a set that grows from left to right and a second one of what is taken out: the order of
 * the parts does not matter, "[!a,b]" is "[b,!a]", and a list of nothing but exceptions begins with
 * everything. */
#include "tool/ids/rule/variable.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

#include "core/base/mem.h"
#include "core/base/own.h"
#include "tool/ids/rule/lexer.h"

enum { ADDRESSES, PORTS };

static void put_text(struct variable_table *t, int kind, const char *name, const char *text)
{
    if (map_find_text(&t->fixed, name))
        return;
    map_put_text(&t->text[kind], name, arena_text(&t->arena, text));
    for (int i = 0; i < 2; i++) /* lists read so far may have used the old one */
        if (t->made[i].count > 0)
            map_done(&t->made[i]);
}

void variable_set_addresses(struct variable_table *t, const char *name, const char *text)
{
    put_text(t, ADDRESSES, name, text);
}

void variable_set_ports(struct variable_table *t, const char *name, const char *text)
{
    put_text(t, PORTS, name, text);
}

void variable_fix(struct variable_table *t, const char *name, const char *text)
{
    put_text(t, ADDRESSES, name, text);
    put_text(t, PORTS, name, text);
    map_put_text(&t->fixed, name, t);
}

const char *variable_find(const struct variable_table *t, const char *name)
{
    const char *text = map_find_text(&t->text[ADDRESSES], name);
    return text ? text : map_find_text(&t->text[PORTS], name);
}

/* One list being read. */
struct reading {
    struct variable_table *table;
    int kind;
    struct err *e;
    unsigned depth;
};

/* What a part of a list adds to: addresses or ports, in and out. */
struct sum {
    struct cidr_set addresses[2];
    struct port_set ports[2];
    bool has[2], any[2];
};

static int read_list(struct reading *r, char *text, bool negated, struct sum *sum);

static void add_all_addresses(struct cidr_set *set)
{
    struct cidr four = {.base = addr_ip4(0)}, six = {.base.family = ADDR_IP6};
    cidr_set_add(set, &four);
    cidr_set_add(set, &six);
}

/* "255.255.0.0" as a number of bits; false where it is no mask. */
static bool mask_bits(const char *text, uint8_t *out)
{
    struct addr mask;
    struct err ignored = {0};
    if (!strchr(text, '.') || addr_parse(&mask, text, &ignored) < 0 || mask.family != ADDR_IP4)
        return false;
    uint32_t bits = addr_ip4_value(&mask);
    uint8_t count = (uint8_t)__builtin_popcount(bits);
    *out = count;
    return count == 0 || bits == UINT32_MAX << (32 - count);
}

static int read_address(struct reading *r, char *text, struct cidr_set *set)
{
    struct cidr c;
    char *dash = strchr(text, '-'), *slash = strchr(text, '/');
    uint8_t bits;
    if (dash) {
        struct addr first, last;
        *dash = '\0';
        if (addr_parse(&first, word_trim(text), r->e) < 0 ||
            addr_parse(&last, word_trim(dash + 1), r->e) < 0)
            return r->e->code;
        if (first.family != last.family || addr_compare(&first, &last) > 0)
            return err_set(r->e, -EINVAL, "the range \"%s-%s\" is upside down", text, dash + 1);
        cidr_set_add_range(set, &first, &last);
        return 0;
    }
    if (slash && mask_bits(slash + 1, &bits)) {
        struct addr base;
        *slash = '\0';
        if (addr_parse(&base, text, r->e) < 0)
            return r->e->code;
        c = cidr_of(&base, bits);
    } else if (cidr_parse(&c, text, r->e) < 0) {
        return r->e->code;
    }
    cidr_set_add(set, &c);
    return 0;
}

static int read_port(struct reading *r, char *text, struct port_set *set)
{
    uint64_t first = 0, last = PORT_COUNT - 1;
    char *colon = strchr(text, ':');
    if (!colon)
        colon = strchr(text + (*text == '-'), '-');
    char *from = text, *to = text;
    if (colon) {
        *colon = '\0';
        from = word_trim(text);
        to = word_trim(colon + 1);
    }
    if ((*from && !word_to_u64(from, &first)) || (*to && !word_to_u64(to, &last)) ||
        (!*from && !*to))
        return err_set(r->e, -EINVAL, "\"%s\" is no port", *from ? from : to);
    if (first >= PORT_COUNT || last >= PORT_COUNT)
        return err_set(r->e, -EINVAL, "a port is 0 to 65535");
    if (first > last)
        return err_set(r->e, -EINVAL, "the ports %s:%s are upside down", from, to);
    port_set_add_range(set, (uint16_t)first, (uint16_t)last);
    return 0;
}

static int read_any(struct reading *r, bool negated, struct sum *sum)
{
    if (negated)
        return err_set(r->e, -EINVAL, "\"!any\" is nothing at all");
    sum->any[0] = true;
    if (r->kind == ADDRESSES)
        add_all_addresses(&sum->addresses[0]);
    else
        port_set_add_range(&sum->ports[0], 0, PORT_COUNT - 1);
    return 0;
}

static int made(struct reading *r, const char *list, const void **out);

/* Add a set that was made before (a variable's, a nested list's). */
static int add_made(struct reading *r, const void *part, bool negated, struct sum *sum)
{
    if (r->kind == PORTS) {
        const struct rule_ports *p = part;
        if (p->any)
            return read_any(r, negated, sum);
        for (size_t i = 0; i < ARRAY_COUNT(p->set.word); i++)
            sum->ports[negated].word[i] |= p->set.word[i];
        return 0;
    }
    const struct rule_addresses *a = part;
    if (a->any)
        return read_any(r, negated, sum);
    for (size_t i = 0; i < a->set.count; i++)
        cidr_set_add_range(&sum->addresses[negated], &a->set.range[i].first, &a->set.range[i].last);
    return 0;
}

/* Names that rule sets of all three tools use, for configurations that do not give them: as the
 * tools' own default files do. */
static const char *variable_default(const char *name)
{
    static const struct {
        const char *name, *text;
    } row[] = {
        {"HOME_NET", "any"},
        {"EXTERNAL_NET", "any"},
        {"HTTP_SERVERS", "$HOME_NET"},
        {"SMTP_SERVERS", "$HOME_NET"},
        {"SQL_SERVERS", "$HOME_NET"},
        {"DNS_SERVERS", "$HOME_NET"},
        {"TELNET_SERVERS", "$HOME_NET"},
        {"SSH_SERVERS", "$HOME_NET"},
        {"FTP_SERVERS", "$HOME_NET"},
        {"SIP_SERVERS", "$HOME_NET"},
        {"AIM_SERVERS", "any"},
        {"HTTP_PORTS", "80"},
        {"SHELLCODE_PORTS", "!80"},
        {"ORACLE_PORTS", "1024:"},
        {"SSH_PORTS", "22"},
        {"FTP_PORTS", "[21,2100,3535]"},
        {"SIP_PORTS", "[5060,5061,5600]"},
        {"MAIL_PORTS", "[110,143]"},
        {"FILE_DATA_PORTS", "[$HTTP_PORTS,$MAIL_PORTS]"},
        {"GTP_PORTS", "[2123,2152,3386]"},
    };
    for (size_t i = 0; i < ARRAY_COUNT(row); i++)
        if (strcmp(row[i].name, name) == 0)
            return row[i].text;
    return NULL;
}

/* "$NAME", "$(NAME)", "$(NAME:-default)", "$(NAME:?message)" */
static int read_variable(struct reading *r, char *name, bool negated, struct sum *sum)
{
    char *fallback = NULL, *message = NULL;
    size_t len = strlen(name);
    if (*name == '(' && name[len - 1] == ')') {
        name[len - 1] = '\0';
        name++;
        if ((fallback = strstr(name, ":-"))) {
            *fallback = '\0';
            fallback += 2;
        } else if ((message = strstr(name, ":?"))) {
            *message = '\0';
            message += 2;
        }
    }
    const char *text = map_find_text(&r->table->text[r->kind], name);
    if (!text)
        text = variable_find(r->table, name);
    if (!text && !fallback && !message)
        text = variable_default(name);
    if (!text)
        text = fallback;
    if (!text)
        return err_set(r->e, -EINVAL, message ? "%s" : "the variable \"$%s\" is not defined",
                       message ? message : name);
    const void *part;
    if (made(r, text, &part) < 0)
        return err_wrap(r->e, "$%s", name);
    return add_made(r, part, negated, sum);
}

static int read_part(struct reading *r, char *text, bool negated, struct sum *sum)
{
    while (*text == '!') {
        negated = !negated;
        text = word_trim(text + 1);
    }
    if (!*text)
        return err_set(r->e, -EINVAL, "an empty part in a list");
    if (*text != '[' || negated)
        sum->has[negated] = true;
    if (*text == '[' && negated) { /* the complement of a list is not that of its parts */
        const void *part;
        return made(r, text, &part) < 0 ? r->e->code : add_made(r, part, true, sum);
    }
    if (*text == '[')
        return read_list(r, text, negated, sum);
    if (*text == '$')
        return read_variable(r, text + 1, negated, sum);
    if (strcasecmp(text, "any") == 0)
        return read_any(r, negated, sum);
    return r->kind == ADDRESSES ? read_address(r, text, &sum->addresses[negated])
                                : read_port(r, text, &sum->ports[negated]);
}

/* "[a,b]": cut at the commas of this level. */
static int read_list(struct reading *r, char *text, bool negated, struct sum *sum)
{
    size_t len = strlen(text);
    if (len < 2 || text[len - 1] != ']')
        return err_set(r->e, -EINVAL, "a list that is not closed: %s", text);
    if (++r->depth > VARIABLE_DEPTH_MAX)
        return err_set(r->e, -EINVAL, "lists and variables are nested too deeply");
    text[len - 1] = '\0';
    char *part = text + 1;
    int depth = 0, rc = 0;
    for (char *c = part;; c++) {
        depth += *c == '[';
        depth -= *c == ']';
        if (*c && (*c != ',' || depth > 0))
            continue;
        bool last = !*c;
        *c = '\0';
        rc = read_part(r, word_trim(part), negated, sum);
        if (rc < 0 || last)
            break;
        part = c + 1;
    }
    r->depth--;
    return rc;
}

static const void *make_addresses(struct reading *r, struct sum *sum)
{
    struct rule_addresses *out = arena_take(&r->table->arena, sizeof *out);
    if (!sum->has[0])
        add_all_addresses(&sum->addresses[0]);
    out->any = sum->any[0] && !sum->has[1];
    cidr_set_seal(&sum->addresses[0]);
    cidr_set_seal(&sum->addresses[1]);
    cidr_set_subtract(&sum->addresses[0], &sum->addresses[1]);
    if (sum->addresses[0].count == 0) {
        err_set(r->e, -EINVAL, "the list holds no address at all");
        return NULL;
    }
    out->set = sum->addresses[0];
    out->set.range = arena_array(&r->table->arena, out->set.count, sizeof *out->set.range);
    memcpy(out->set.range, sum->addresses[0].range, out->set.count * sizeof *out->set.range);
    out->set.capacity = out->set.count;
    return out;
}

static const void *make_ports(struct reading *r, struct sum *sum)
{
    struct rule_ports *out = arena_take(&r->table->arena, sizeof *out);
    if (!sum->has[0])
        port_set_add_range(&sum->ports[0], 0, PORT_COUNT - 1);
    out->any = sum->any[0] && !sum->has[1];
    port_set_remove(&sum->ports[0], &sum->ports[1]);
    if (port_set_count(&sum->ports[0]) == 0) {
        err_set(r->e, -EINVAL, "the list holds no port at all");
        return NULL;
    }
    out->set = sum->ports[0];
    return out;
}

/* The set of a list, read once and remembered by how it is written. */
static int made(struct reading *r, const char *list, const void **out)
{
    const void *found = map_find_text(&r->table->made[r->kind], list);
    if (found) {
        *out = found;
        return 0;
    }
    if (++r->depth > VARIABLE_DEPTH_MAX)
        return err_set(r->e, -EINVAL, "lists and variables are nested too deeply");
    OWN_MEM char *copy = mem_copy_text(list);
    OWN_MEM struct sum *sum = mem_zero(sizeof *sum);
    int rc = read_part(r, word_trim(copy), false, sum);
    if (rc == 0) {
        found = r->kind == ADDRESSES ? make_addresses(r, sum) : make_ports(r, sum);
        rc = found ? 0 : r->e->code;
    }
    cidr_set_done(&sum->addresses[0]);
    cidr_set_done(&sum->addresses[1]);
    r->depth--;
    if (rc == 0) {
        map_put_text(&r->table->made[r->kind], list, (void *)(uintptr_t)found);
        *out = found;
    }
    return rc;
}

int variable_addresses(struct variable_table *t, const char *list,
                       const struct rule_addresses **out, struct err *e)
{
    struct reading r = {.table = t, .kind = ADDRESSES, .e = e};
    const void *found;
    int rc = made(&r, list, &found);
    if (rc == 0)
        *out = found;
    return rc;
}

int variable_ports(struct variable_table *t, const char *list, const struct rule_ports **out,
                   struct err *e)
{
    struct reading r = {.table = t, .kind = PORTS, .e = e};
    const void *found;
    int rc = made(&r, list, &found);
    if (rc == 0)
        *out = found;
    return rc;
}

void variable_table_done(struct variable_table *t)
{
    for (int i = 0; i < 2; i++) {
        map_done(&t->text[i]);
        map_done(&t->made[i]);
    }
    map_done(&t->fixed);
    arena_done(&t->arena);
}
