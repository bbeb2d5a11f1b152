/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sys/link/firewall_rules.h"

#include <errno.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "sys/link/firewall_set.h"
#include "sys/link/netlink.h"

enum { TRIES = 8, COMMENT = 0 /* type of the user data that nft(8) keeps a comment in */ };

void firewall_attrs_read(struct firewall_attrs *out, struct bytes_in list)
{
    uint16_t type;
    struct bytes_in value;
    *out = (struct firewall_attrs){0};
    while (netlink_next(&list, &type, &value)) {
        if (type > out->highest)
            out->highest = type;
        if (type > FIREWALL_ATTR_MAX)
            continue;
        out->seen |= 1u << type;
        out->value[type] = value;
    }
}

bool firewall_attrs_has(const struct firewall_attrs *a, uint16_t type)
{
    return a->seen >> type & 1;
}

/* nftables states numbers in network order, of the width the attribute has. */
uint32_t firewall_attrs_u32(const struct firewall_attrs *a, uint16_t type, uint32_t otherwise)
{
    struct bytes_in in = a->value[type];
    switch (bytes_left(&in)) {
    case 1:
        return bytes_u8(&in);
    case 2:
        return bytes_u16be(&in);
    case 4:
        return bytes_u32be(&in);
    default:
        return otherwise;
    }
}

uint64_t firewall_attrs_u64(const struct firewall_attrs *a, uint16_t type, uint64_t otherwise)
{
    struct bytes_in in = a->value[type];
    return bytes_left(&in) == 8 ? bytes_u64be(&in) : otherwise;
}

const char *firewall_attrs_text(const struct firewall_attrs *a, uint16_t type)
{
    const struct bytes_in *in = &a->value[type];
    if (bytes_left(in) == 0 || in->end[-1] != '\0')
        return "";
    return (const char *)in->pos;
}

struct table_name {
    uint8_t family;
    const char *name;
};

/* What is being read.  Lists grow on the heap and move into the arena at the end. */
struct reading {
    struct netlink *netlink;
    struct firewall_rules *rules;
    struct table_name *dormant;
    size_t dormant_count, dormant_capacity;
    size_t chain_capacity, set_capacity;
    uint32_t generation;
};

static int ask(struct reading *r, uint16_t message, netlink_message_fn *fn)
{
    struct nfgenmsg head = {.nfgen_family = NFPROTO_UNSPEC, .version = NFNETLINK_V0};
    uint16_t flags = message == NFT_MSG_GETGEN ? 0 : NLM_F_DUMP;
    netlink_begin(r->netlink, (uint16_t)(NFNL_SUBSYS_NFTABLES << 8 | message), flags, &head,
                  sizeof head);
    return netlink_ask(r->netlink, fn, r);
}

/* The attributes of a message, copied: they are pointed into for good. */
static uint8_t open_message(struct reading *r, const struct nlmsghdr *message,
                            struct firewall_attrs *out)
{
    size_t head_len = NLMSG_HDRLEN + NLMSG_ALIGN(sizeof(struct nfgenmsg));
    *out = (struct firewall_attrs){0};
    if (message->nlmsg_len < head_len)
        return NFPROTO_UNSPEC;
    const struct nfgenmsg *head = netlink_head(message, sizeof *head);
    size_t len = message->nlmsg_len - head_len;
    const char *copy = arena_copy(&r->rules->arena, (const char *)message + head_len, len);
    firewall_attrs_read(out, bytes_in_of(copy, len));
    return head->nfgen_family;
}

static int read_generation(void *ctx, const struct nlmsghdr *message)
{
    struct reading *r = ctx;
    struct firewall_attrs a;
    (void)open_message(r, message, &a);
    r->generation = firewall_attrs_u32(&a, NFTA_GEN_ID, 0);
    return 0;
}

static int read_table(void *ctx, const struct nlmsghdr *message)
{
    struct reading *r = ctx;
    struct firewall_attrs a;
    uint8_t family = open_message(r, message, &a);
    if (!(firewall_attrs_u32(&a, NFTA_TABLE_FLAGS, 0) & NFT_TABLE_F_DORMANT))
        return 0;
    MEM_GROW(r->dormant, r->dormant_count, r->dormant_capacity);
    r->dormant[r->dormant_count].family = family;
    r->dormant[r->dormant_count++].name = firewall_attrs_text(&a, NFTA_TABLE_NAME);
    return 0;
}

static bool is_dormant(const struct reading *r, uint8_t family, const char *table)
{
    for (size_t i = 0; i < r->dormant_count; i++)
        if (r->dormant[i].family == family && strcmp(r->dormant[i].name, table) == 0)
            return true;
    return false;
}

static void read_devices(struct arena *arena, struct firewall_chain *c,
                         const struct firewall_attrs *hook)
{
    uint16_t type;
    struct bytes_in list = hook->value[NFTA_HOOK_DEVS], value;
    size_t max = 1 + bytes_left(&list) / sizeof(struct nlattr);
    c->device = arena_array(arena, max, sizeof *c->device);
    if (firewall_attrs_has(hook, NFTA_HOOK_DEV))
        c->device[c->device_count++] = firewall_attrs_text(hook, NFTA_HOOK_DEV);
    while (netlink_next(&list, &type, &value)) /* the type tells a name from a prefix of names */
        c->device[c->device_count++] =
            type == NFTA_DEVICE_NAME
                ? (const char *)value.pos
                : arena_print(arena, "%.*s*", (int)bytes_left(&value), (const char *)value.pos);
}

static int read_chain(void *ctx, const struct nlmsghdr *message)
{
    struct reading *r = ctx;
    struct firewall_rules *rules = r->rules;
    struct firewall_attrs a, hook;
    uint8_t family = open_message(r, message, &a);
    MEM_GROW(rules->chain, rules->chain_count, r->chain_capacity);
    struct firewall_chain *c = &rules->chain[rules->chain_count++];
    *c = (struct firewall_chain){.family = family,
                                 .table = firewall_attrs_text(&a, NFTA_CHAIN_TABLE),
                                 .name = firewall_attrs_text(&a, NFTA_CHAIN_NAME),
                                 .serial = (uint32_t)rules->chain_count};
    /* a dormant table's chains stand in the list but are not hooked up */
    if (!firewall_attrs_has(&a, NFTA_CHAIN_HOOK) || is_dormant(r, family, c->table))
        return 0;
    firewall_attrs_read(&hook, a.value[NFTA_CHAIN_HOOK]);
    c->is_base = true;
    c->hook = firewall_attrs_u32(&hook, NFTA_HOOK_HOOKNUM, 0);
    c->priority = (int32_t)firewall_attrs_u32(&hook, NFTA_HOOK_PRIORITY, 0);
    c->policy_drop = firewall_attrs_u32(&a, NFTA_CHAIN_POLICY, NF_ACCEPT) == NF_DROP;
    read_devices(&rules->arena, c, &hook);
    rules->has_bridge |= family == NFPROTO_BRIDGE;
    return 0;
}

/* nft(8) keeps a comment among the rule's user data: type, length, text. */
static const char *comment_of(struct arena *arena, struct bytes_in in)
{
    while (bytes_left(&in) >= 2) {
        uint8_t type = bytes_u8(&in);
        struct bytes_in value = bytes_sub(&in, bytes_u8(&in));
        if (type == COMMENT && !value.bad)
            return arena_copy(arena, value.pos,
                              strnlen((const char *)value.pos, bytes_left(&value)));
    }
    return NULL;
}

static void read_exprs(struct arena *arena, struct firewall_rule *rule, struct bytes_in list)
{
    uint16_t type;
    struct bytes_in value, count = list;
    while (netlink_next(&count, &type, &value))
        rule->expr_count++;
    rule->expr = arena_array(arena, rule->expr_count, sizeof *rule->expr);
    for (size_t i = 0; netlink_next(&list, &type, &value); i++) {
        struct firewall_attrs outer;
        firewall_attrs_read(&outer, value);
        rule->expr[i].name = firewall_attrs_text(&outer, NFTA_EXPR_NAME);
        firewall_attrs_read(&rule->expr[i].attr, outer.value[NFTA_EXPR_DATA]);
    }
}

static struct firewall_chain *find_chain(const struct firewall_rules *r, uint8_t family,
                                         const char *table, const char *name)
{
    for (size_t i = 0; i < r->chain_count; i++) {
        struct firewall_chain *c = &r->chain[i];
        if (c->family == family && strcmp(c->name, name) == 0 && strcmp(c->table, table) == 0)
            return c;
    }
    return NULL;
}

static int read_rule(void *ctx, const struct nlmsghdr *message)
{
    struct reading *r = ctx;
    struct firewall_attrs a;
    uint8_t family = open_message(r, message, &a);
    struct firewall_chain *c =
        find_chain(r->rules, family, firewall_attrs_text(&a, NFTA_RULE_TABLE),
                   firewall_attrs_text(&a, NFTA_RULE_CHAIN));
    if (!c)
        return -EINTR; /* made since the chains were read: the generation will tell */
    MEM_GROW(c->rule, c->rule_count, c->rule_capacity);
    struct firewall_rule *rule = &c->rule[c->rule_count++];
    *rule = (struct firewall_rule){.handle = firewall_attrs_u64(&a, NFTA_RULE_HANDLE, 0)};
    rule->comment = comment_of(&r->rules->arena, a.value[NFTA_RULE_USERDATA]);
    read_exprs(&r->rules->arena, rule, a.value[NFTA_RULE_EXPRESSIONS]);
    return 0;
}

static void read_fields(struct firewall_set *s, struct bytes_in desc)
{
    uint16_t type;
    struct bytes_in value;
    struct firewall_attrs outer, field;
    firewall_attrs_read(&outer, desc);
    struct bytes_in list = outer.value[NFTA_SET_DESC_CONCAT];
    while (netlink_next(&list, &type, &value) && s->field_count < FIREWALL_FIELD_MAX) {
        firewall_attrs_read(&field, value);
        s->field_len[s->field_count++] = (uint8_t)firewall_attrs_u32(&field, NFTA_SET_FIELD_LEN, 0);
    }
}

static int read_set(void *ctx, const struct nlmsghdr *message)
{
    struct reading *r = ctx;
    struct firewall_rules *rules = r->rules;
    struct firewall_attrs a;
    uint8_t family = open_message(r, message, &a);
    MEM_GROW(rules->set, rules->set_count, r->set_capacity);
    struct firewall_set *s = &rules->set[rules->set_count++];
    *s = (struct firewall_set){.family = family,
                               .table = firewall_attrs_text(&a, NFTA_SET_TABLE),
                               .name = firewall_attrs_text(&a, NFTA_SET_NAME),
                               .flags = firewall_attrs_u32(&a, NFTA_SET_FLAGS, 0),
                               .key_len = firewall_attrs_u32(&a, NFTA_SET_KEY_LEN, 0),
                               .data_type = firewall_attrs_u32(&a, NFTA_SET_DATA_TYPE, 0)};
    read_fields(s, a.value[NFTA_SET_DESC]);
    return 0;
}

struct element_reading {
    struct reading *reading;
    struct firewall_set_builder builder;
};

static int read_elements(void *ctx, const struct nlmsghdr *message)
{
    struct element_reading *x = ctx;
    struct firewall_attrs a;
    (void)open_message(x->reading, message, &a);
    firewall_set_add(&x->builder, a.value[NFTA_SET_ELEM_LIST_ELEMENTS]);
    return 0;
}

static int ask_elements(struct reading *r, struct firewall_set *s)
{
    struct nfgenmsg head = {.nfgen_family = s->family, .version = NFNETLINK_V0};
    struct element_reading x = {.reading = r, .builder = {.set = s}};
    netlink_begin(r->netlink, NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_GETSETELEM, NLM_F_DUMP, &head,
                  sizeof head);
    netlink_put(r->netlink, NFTA_SET_ELEM_LIST_TABLE, s->table, strlen(s->table) + 1);
    netlink_put(r->netlink, NFTA_SET_ELEM_LIST_SET, s->name, strlen(s->name) + 1);
    int result = netlink_ask(r->netlink, read_elements, &x);
    firewall_set_seal(&x.builder, &r->rules->arena);
    return result;
}

static void forget(struct reading *r)
{
    for (size_t i = 0; i < r->rules->chain_count; i++)
        mem_free(r->rules->chain[i].rule);
    r->rules->chain_count = r->rules->set_count = r->dormant_count = 0;
    r->rules->has_bridge = false;
    arena_reset(&r->rules->arena);
}

static int read_all(struct reading *r)
{
    static const struct {
        uint16_t message;
        netlink_message_fn *fn;
    } step[] = {
        {NFT_MSG_GETGEN, read_generation}, {NFT_MSG_GETTABLE, read_table},
        {NFT_MSG_GETCHAIN, read_chain},    {NFT_MSG_GETRULE, read_rule},
        {NFT_MSG_GETSET, read_set},
    };
    forget(r);
    int result = 0;
    for (size_t i = 0; i < ARRAY_COUNT(step) && result == 0; i++)
        result = ask(r, step[i].message, step[i].fn);
    for (size_t i = 0; i < r->rules->set_count && result == 0; i++)
        result = ask_elements(r, &r->rules->set[i]);
    uint32_t before = r->generation;
    if (result == 0)
        result = ask(r, NFT_MSG_GETGEN, read_generation);
    if (result == 0 && r->generation != before)
        result = -EINTR; /* changed meanwhile: what was read may be of two rulesets */
    return result;
}

static int by_order(const void *a, const void *b)
{
    const struct firewall_chain *x = a, *y = b;
    if (x->is_base != y->is_base)
        return x->is_base ? -1 : 1;
    if (x->priority != y->priority)
        return x->priority < y->priority ? -1 : 1;
    return x->serial > y->serial ? -1 : x->serial < y->serial; /* the newest hooks in first */
}

static void settle(struct firewall_rules *rules)
{
    if (rules->chain_count)
        qsort(rules->chain, rules->chain_count, sizeof *rules->chain, by_order);
    for (size_t i = 0; i < rules->chain_count; i++)
        rules->base_count += rules->chain[i].is_base;
}

int firewall_rules_read(struct firewall_rules *out, struct err *e)
{
    struct reading r = {.rules = out};
    *out = (struct firewall_rules){0};
    int result = netlink_open(&r.netlink, NETLINK_NETFILTER, e);
    if (result == -EPROTONOSUPPORT) /* a kernel without netfilter */
        return 0;
    if (result)
        return err_wrap(e, "firewall rules");
    result = -EINTR;
    for (int i = 0; i < TRIES && (result == -EINTR || result == -ENOENT); i++)
        result = read_all(&r);
    netlink_close(r.netlink);
    mem_free(r.dormant);
    if (result == -EINVAL || result == -EOPNOTSUPP) { /* no nftables in this kernel */
        forget(&r);
        result = 0;
    }
    if (result == -EPERM)
        return err_set(e, result, "firewall rules: needs CAP_NET_ADMIN (run as root)");
    if (result)
        return err_set(e, result, "firewall rules: %s", strerror(-result));
    settle(out);
    return 0;
}

void firewall_rules_done(struct firewall_rules *r)
{
    for (size_t i = 0; i < r->chain_count; i++)
        mem_free(r->chain[i].rule);
    mem_free(r->chain);
    mem_free(r->set);
    arena_done(&r->arena);
    *r = (struct firewall_rules){0};
}

const struct firewall_chain *firewall_rules_chain(const struct firewall_rules *r, uint8_t family,
                                                  const char *table, const char *name)
{
    return find_chain(r, family, table, name);
}

const struct firewall_set *firewall_rules_set(const struct firewall_rules *r, uint8_t family,
                                              const char *table, const char *name)
{
    for (size_t i = 0; i < r->set_count; i++) {
        const struct firewall_set *s = &r->set[i];
        if (s->family == family && strcmp(s->name, name) == 0 && strcmp(s->table, table) == 0)
            return s;
    }
    return NULL;
}
