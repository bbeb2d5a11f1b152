/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An element is put in by three messages of one transaction: add, delete, add.  A plain add leaves
 * the time-out of an element that is there as it was (before Linux 6.12), a delete of one that is
 * not there fails the whole transaction; after the first add it is there in any case. */
#include "hub/respond/nft.h"

#include <errno.h>
#include <libnftnl/chain.h>
#include <libnftnl/expr.h>
#include <libnftnl/rule.h>
#include <libnftnl/set.h>
#include <libnftnl/table.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "hub/respond/nft_link.h"

enum {
    PRIORITY_RAW = -300, /* before connection tracking at -200 (linux/netfilter_ipv4.h) */
    KEY_TYPE_IP4 = 7,    /* nft(8)'s numbers of its types, so that it prints the sets well */
    KEY_TYPE_IP6 = 8,
    ELEMENT_MAX = 400, /* a message: its list's length is 16 bits */
    SET_NAME_MAX = 16,
    LENGTH_COUNT = 129,
};

static const char chain_name[] = "ban";

/* The prefix lengths for which a set is there. */
struct lengths {
    bool has4[33], has6[LENGTH_COUNT];
};

struct nft {
    struct nft_link link;
    struct lengths known;
};

static uint8_t full_bits(uint8_t family)
{
    return family == ADDR_IP4 ? 32 : 128;
}

static const char *set_name(char name[SET_NAME_MAX], uint8_t family, uint8_t bits)
{
    if (bits == full_bits(family))
        snprintf(name, SET_NAME_MAX, "ban%u", family);
    else
        snprintf(name, SET_NAME_MAX, "ban%u_%u", family, bits);
    return name;
}

/* The place in `known` of a family and length. */
static bool *known_set(struct lengths *known, uint8_t family, uint8_t bits)
{
    return family == ADDR_IP4 ? &known->has4[bits] : &known->has6[bits];
}

/* ---- sets ---- */

static struct nftnl_set *new_set(uint8_t family, uint8_t bits)
{
    char name[SET_NAME_MAX];
    struct nftnl_set *set = nftnl_set_alloc();
    if (!set)
        mem_exhausted(0);
    nftnl_set_set_u32(set, NFTNL_SET_FAMILY, NFPROTO_INET);
    nftnl_set_set_str(set, NFTNL_SET_TABLE, BAN_NFT_TABLE);
    nftnl_set_set_str(set, NFTNL_SET_NAME, set_name(name, family, bits));
    return set;
}

static void put_set(struct nft_link *l, uint8_t family, uint8_t bits)
{
    bool ip4 = family == ADDR_IP4;
    struct nftnl_set *set = new_set(family, bits);
    nftnl_set_set_u32(set, NFTNL_SET_ID, family * 256U + bits);
    nftnl_set_set_u32(set, NFTNL_SET_KEY_LEN, ip4 ? 4 : 16);
    nftnl_set_set_u32(set, NFTNL_SET_KEY_TYPE, ip4 ? KEY_TYPE_IP4 : KEY_TYPE_IP6);
    nftnl_set_set_u32(set, NFTNL_SET_FLAGS, NFT_SET_TIMEOUT);
    struct nlmsghdr *m = nft_link_put(l, NFT_MSG_NEWSET, NLM_F_CREATE);
    nftnl_set_nlmsg_build_payload(m, set);
    nft_link_end(l, m);
    nftnl_set_free(set);
}

/* ---- rules ---- */

static struct nftnl_expr *add_expr(struct nftnl_rule *rule, const char *name)
{
    struct nftnl_expr *x = nftnl_expr_alloc(name);
    if (!x)
        mem_exhausted(0);
    nftnl_rule_add_expr(rule, x);
    return x;
}

/* Only packets of that family: the offsets that follow hold for one alone. */
static void add_family(struct nftnl_rule *rule, uint8_t family)
{
    const uint8_t protocol = family == ADDR_IP4 ? NFPROTO_IPV4 : NFPROTO_IPV6;
    struct nftnl_expr *x = add_expr(rule, "meta");
    nftnl_expr_set_u32(x, NFTNL_EXPR_META_KEY, NFT_META_NFPROTO);
    nftnl_expr_set_u32(x, NFTNL_EXPR_META_DREG, NFT_REG_1);
    x = add_expr(rule, "cmp");
    nftnl_expr_set_u32(x, NFTNL_EXPR_CMP_SREG, NFT_REG_1);
    nftnl_expr_set_u32(x, NFTNL_EXPR_CMP_OP, NFT_CMP_EQ);
    nftnl_expr_set(x, NFTNL_EXPR_CMP_DATA, &protocol, sizeof protocol);
}

/* The source address, RFC 791 3.1 and RFC 8200 3, cut to `bits`. */
static void add_source(struct nftnl_rule *rule, uint8_t family, uint8_t bits)
{
    uint8_t mask[16] = {0}, nothing[16] = {0};
    uint32_t len = family == ADDR_IP4 ? 4 : 16;
    struct nftnl_expr *x = add_expr(rule, "payload");
    nftnl_expr_set_u32(x, NFTNL_EXPR_PAYLOAD_BASE, NFT_PAYLOAD_NETWORK_HEADER);
    nftnl_expr_set_u32(x, NFTNL_EXPR_PAYLOAD_DREG, NFT_REG_1);
    nftnl_expr_set_u32(x, NFTNL_EXPR_PAYLOAD_OFFSET, family == ADDR_IP4 ? 12 : 8);
    nftnl_expr_set_u32(x, NFTNL_EXPR_PAYLOAD_LEN, len);
    if (bits == full_bits(family))
        return;
    for (uint8_t bit = 0; bit < bits; bit++)
        mask[bit / 8] |= (uint8_t)(0x80 >> bit % 8);
    x = add_expr(rule, "bitwise");
    nftnl_expr_set_u32(x, NFTNL_EXPR_BITWISE_SREG, NFT_REG_1);
    nftnl_expr_set_u32(x, NFTNL_EXPR_BITWISE_DREG, NFT_REG_1);
    nftnl_expr_set_u32(x, NFTNL_EXPR_BITWISE_LEN, len);
    nftnl_expr_set(x, NFTNL_EXPR_BITWISE_MASK, mask, len);
    nftnl_expr_set(x, NFTNL_EXPR_BITWISE_XOR, nothing, len);
}

static void add_verdict(struct nftnl_rule *rule, uint8_t family, uint8_t bits)
{
    char name[SET_NAME_MAX];
    struct nftnl_expr *x = add_expr(rule, "lookup");
    nftnl_expr_set_u32(x, NFTNL_EXPR_LOOKUP_SREG, NFT_REG_1);
    nftnl_expr_set_str(x, NFTNL_EXPR_LOOKUP_SET, set_name(name, family, bits));
    nftnl_expr_set_u32(x, NFTNL_EXPR_LOOKUP_SET_ID, family * 256U + bits);
    add_expr(rule, "counter");
    x = add_expr(rule, "immediate");
    nftnl_expr_set_u32(x, NFTNL_EXPR_IMM_DREG, NFT_REG_VERDICT);
    nftnl_expr_set_u32(x, NFTNL_EXPR_IMM_VERDICT, NF_DROP);
}

static struct nftnl_rule *new_rule(void)
{
    struct nftnl_rule *rule = nftnl_rule_alloc();
    if (!rule)
        mem_exhausted(0);
    nftnl_rule_set_u32(rule, NFTNL_RULE_FAMILY, NFPROTO_INET);
    nftnl_rule_set_str(rule, NFTNL_RULE_TABLE, BAN_NFT_TABLE);
    nftnl_rule_set_str(rule, NFTNL_RULE_CHAIN, chain_name);
    return rule;
}

static void put_rule(struct nft_link *l, uint8_t family, uint8_t bits)
{
    struct nftnl_rule *rule = new_rule();
    add_family(rule, family);
    add_source(rule, family, bits);
    add_verdict(rule, family, bits);
    struct nlmsghdr *m = nft_link_put(l, NFT_MSG_NEWRULE, NLM_F_CREATE | NLM_F_APPEND);
    nftnl_rule_nlmsg_build_payload(m, rule);
    nft_link_end(l, m);
    nftnl_rule_free(rule);
}

/* ---- table and chain ---- */

static void put_table(struct nft_link *l, uint16_t type, uint16_t flags)
{
    struct nftnl_table *table = nftnl_table_alloc();
    if (!table)
        mem_exhausted(0);
    nftnl_table_set_u32(table, NFTNL_TABLE_FAMILY, NFPROTO_INET);
    nftnl_table_set_str(table, NFTNL_TABLE_NAME, BAN_NFT_TABLE);
    struct nlmsghdr *m = nft_link_put(l, type, flags);
    nftnl_table_nlmsg_build_payload(m, table);
    nft_link_end(l, m);
    nftnl_table_free(table);
}

static void put_chain(struct nft_link *l)
{
    struct nftnl_chain *chain = nftnl_chain_alloc();
    if (!chain)
        mem_exhausted(0);
    nftnl_chain_set_u32(chain, NFTNL_CHAIN_FAMILY, NFPROTO_INET);
    nftnl_chain_set_str(chain, NFTNL_CHAIN_TABLE, BAN_NFT_TABLE);
    nftnl_chain_set_str(chain, NFTNL_CHAIN_NAME, chain_name);
    nftnl_chain_set_str(chain, NFTNL_CHAIN_TYPE, "filter");
    nftnl_chain_set_u32(chain, NFTNL_CHAIN_HOOKNUM, NF_INET_PRE_ROUTING);
    nftnl_chain_set_s32(chain, NFTNL_CHAIN_PRIO, PRIORITY_RAW);
    nftnl_chain_set_u32(chain, NFTNL_CHAIN_POLICY, NF_ACCEPT);
    struct nlmsghdr *m = nft_link_put(l, NFT_MSG_NEWCHAIN, NLM_F_CREATE);
    nftnl_chain_nlmsg_build_payload(m, chain);
    nft_link_end(l, m);
    nftnl_chain_free(chain);
}

static void put_no_rules(struct nft_link *l)
{
    struct nftnl_rule *rule = new_rule();
    struct nlmsghdr *m = nft_link_put(l, NFT_MSG_DELRULE, 0);
    nftnl_rule_nlmsg_build_payload(m, rule);
    nft_link_end(l, m);
    nftnl_rule_free(rule);
}

/* Call put(link, family, bits) for each set of `known`. */
static void for_each_set(struct nft *n, struct lengths *known,
                         void (*put)(struct nft_link *, uint8_t, uint8_t))
{
    for (unsigned bits = 0; bits <= 32; bits++)
        if (known->has4[bits])
            put(&n->link, ADDR_IP4, (uint8_t)bits);
    for (unsigned bits = 0; bits <= 128; bits++)
        if (known->has6[bits])
            put(&n->link, ADDR_IP6, (uint8_t)bits);
}

/* "ban6_64" of an earlier run; others are none of ours, or are known in any case. */
static void note_name(struct lengths *found, const char *name)
{
    if (strncmp(name, "ban4_", 5) != 0 && strncmp(name, "ban6_", 5) != 0)
        return;
    char *end;
    uint8_t family = (uint8_t)(name[3] - '0');
    unsigned long bits = strtoul(name + 5, &end, 10);
    if (end != name + 5 && *end == '\0' && bits < full_bits(family))
        *known_set(found, family, (uint8_t)bits) = true;
}

static void note_set(void *ctx, const struct nlmsghdr *message)
{
    struct lengths *found = ctx;
    struct nftnl_set *set = nftnl_set_alloc();
    if (!set)
        mem_exhausted(0);
    const char *name =
        nftnl_set_nlmsg_parse(message, set) < 0 ? NULL : nftnl_set_get_str(set, NFTNL_SET_NAME);
    if (name)
        note_name(found, name);
    nftnl_set_free(set);
}

static int find_sets(struct nft *n, struct lengths *found, struct err *e)
{
    struct nftnl_set *set = nftnl_set_alloc();
    if (!set)
        mem_exhausted(0);
    nftnl_set_set_str(set, NFTNL_SET_TABLE, BAN_NFT_TABLE);
    struct nlmsghdr *m = nft_link_question(&n->link, NFT_MSG_GETSET);
    nftnl_set_nlmsg_build_payload(m, set);
    nftnl_set_free(set);
    *found = (struct lengths){0};
    int rc = nft_link_ask(&n->link, m, note_set, found, e);
    found->has4[32] = found->has6[128] = true; /* these there are in any case */
    return rc;
}

/* What is there stays, the rules are written anew: one transaction, so there is no gap. */
static int prepare(void *ctx, struct err *e)
{
    struct nft *n = ctx;
    struct lengths known;
    int rc = find_sets(n, &known, e);
    if (rc && rc != -ENOENT)
        return rc;
    nft_link_begin(&n->link);
    put_table(&n->link, NFT_MSG_NEWTABLE, NLM_F_CREATE);
    for_each_set(n, &known, put_set);
    put_chain(&n->link);
    put_no_rules(&n->link);
    for_each_set(n, &known, put_rule);
    rc = nft_link_commit(&n->link, e);
    if (rc == 0)
        n->known = known;
    return rc;
}

/* ---- elements ---- */

static void add_element(struct nftnl_set *set, const struct cidr *who, uint32_t ttl_s)
{
    struct nftnl_set_elem *element = nftnl_set_elem_alloc();
    if (!element)
        mem_exhausted(0);
    uint32_t len = who->base.family == ADDR_IP4 ? 4 : 16;
    nftnl_set_elem_set(element, NFTNL_SET_ELEM_KEY, who->base.byte, len);
    if (ttl_s)
        nftnl_set_elem_set_u64(element, NFTNL_SET_ELEM_TIMEOUT, ttl_s * UINT64_C(1000));
    nftnl_set_elem_add(set, element);
}

static bool is_of(const struct cidr *who, uint8_t family, uint8_t bits)
{
    return who->base.family == family && who->prefix_len == bits;
}

/* Those of `who` that go into one set; ttl_s NULL: no time-outs. */
static void put_elements(struct nft *n, uint16_t type, const struct cidr *who,
                         const uint32_t *ttl_s, size_t count)
{
    uint8_t family = who[0].base.family, bits = who[0].prefix_len;
    uint16_t flags = type == NFT_MSG_NEWSETELEM ? NLM_F_CREATE : 0;
    for (size_t i = 0; i < count;) {
        struct nftnl_set *set = new_set(family, bits);
        for (size_t taken = 0; i < count && taken < ELEMENT_MAX; i++) {
            if (!is_of(&who[i], family, bits))
                continue;
            add_element(set, &who[i], ttl_s ? ttl_s[i] : 0);
            taken++;
        }
        struct nlmsghdr *m = nft_link_put(&n->link, type, flags);
        nftnl_set_elems_nlmsg_build_payload(m, set);
        nft_link_end(&n->link, m);
        nftnl_set_free(set);
    }
}

/* Is who[at] the first of its set? */
static bool begins_set(const struct cidr *who, size_t at)
{
    for (size_t i = 0; i < at; i++)
        if (is_of(&who[i], who[at].base.family, who[at].prefix_len))
            return false;
    return true;
}

/* A set that is missing is made in the same transaction. */
static void put_missing_set(struct nft *n, struct lengths *known, const struct cidr *who)
{
    bool *there = known_set(known, who->base.family, who->prefix_len);
    if (*there)
        return;
    put_set(&n->link, who->base.family, who->prefix_len);
    put_rule(&n->link, who->base.family, who->prefix_len);
    *there = true;
}

static int add(void *ctx, const struct cidr *who, const uint32_t *ttl_s, size_t count,
               struct err *e)
{
    struct nft *n = ctx;
    struct lengths known = n->known;
    nft_link_begin(&n->link);
    for (size_t i = 0; i < count; i++) {
        if (!begins_set(who, i))
            continue;
        put_missing_set(n, &known, &who[i]);
        put_elements(n, NFT_MSG_NEWSETELEM, who + i, ttl_s + i, count - i);
        put_elements(n, NFT_MSG_DELSETELEM, who + i, NULL, count - i);
        put_elements(n, NFT_MSG_NEWSETELEM, who + i, ttl_s + i, count - i);
    }
    int rc = count ? nft_link_commit(&n->link, e) : 0;
    if (rc == 0)
        n->known = known;
    return rc;
}

static int take_out(void *ctx, const struct cidr *who, size_t count, struct err *e)
{
    struct nft *n = ctx;
    bool any = false;
    nft_link_begin(&n->link);
    for (size_t i = 0; i < count; i++) {
        if (!begins_set(who, i) || !*known_set(&n->known, who[i].base.family, who[i].prefix_len))
            continue; /* without a set nothing is in it */
        any = true;
        put_elements(n, NFT_MSG_NEWSETELEM, who + i, NULL, count - i);
        put_elements(n, NFT_MSG_DELSETELEM, who + i, NULL, count - i);
    }
    return any ? nft_link_commit(&n->link, e) : 0;
}

struct ban_backend nft_backend(struct nft *n)
{
    return (struct ban_backend){
        .name = "nftables", .ctx = n, .add = add, .remove = take_out, .prepare = prepare};
}

/* ---- reading back ---- */

struct reading {
    struct nftnl_set *set;
    uint8_t family, bits;
    nft_element_fn *fn;
    void *ctx;
};

static void note_elements(void *ctx, const struct nlmsghdr *message)
{
    struct reading *r = ctx;
    nftnl_set_elems_nlmsg_parse(message, r->set);
}

static int tell_element(struct nftnl_set_elem *element, void *ctx)
{
    struct reading *r = ctx;
    uint32_t len = 0;
    const void *key = nftnl_set_elem_get(element, NFTNL_SET_ELEM_KEY, &len);
    struct cidr who = {.base.family = r->family, .prefix_len = r->bits};
    if (!key || len != (r->family == ADDR_IP4 ? 4 : 16))
        return 0;
    memcpy(who.base.byte, key, len);
    bool ends = nftnl_set_elem_is_set(element, NFTNL_SET_ELEM_EXPIRATION);
    r->fn(r->ctx, &who, ends ? nftnl_set_elem_get_u64(element, NFTNL_SET_ELEM_EXPIRATION) : 0);
    return 0;
}

static int read_set(struct nft *n, uint8_t family, uint8_t bits, struct reading *r, struct err *e)
{
    *r = (struct reading){new_set(family, bits), family, bits, r->fn, r->ctx};
    struct nlmsghdr *m = nft_link_question(&n->link, NFT_MSG_GETSETELEM);
    nftnl_set_nlmsg_build_payload(m, r->set);
    int rc = nft_link_ask(&n->link, m, note_elements, r, e);
    if (rc == 0)
        nftnl_set_elem_foreach(r->set, tell_element, r);
    nftnl_set_free(r->set);
    return rc;
}

int nft_read(struct nft *n, nft_element_fn *fn, void *ctx, struct err *e)
{
    struct lengths found;
    struct reading r = {.fn = fn, .ctx = ctx};
    int rc = find_sets(n, &found, e);
    for (unsigned bits = 0; bits <= 32 && rc == 0; bits++)
        if (found.has4[bits])
            rc = read_set(n, ADDR_IP4, (uint8_t)bits, &r, e);
    for (unsigned bits = 0; bits <= 128 && rc == 0; bits++)
        if (found.has6[bits])
            rc = read_set(n, ADDR_IP6, (uint8_t)bits, &r, e);
    return rc;
}

/* ---- life ---- */

int nft_open(struct nft **out, struct err *e)
{
    struct nft *n = mem_zero(sizeof *n);
    int rc = nft_link_open(&n->link, e);
    if (rc) {
        mem_free(n);
        return rc;
    }
    *out = n;
    return 0;
}

void nft_close(struct nft *n)
{
    if (!n)
        return;
    nft_link_close(&n->link);
    mem_free(n);
}

/* Made and deleted: so it is there to be deleted. */
int nft_remove(struct nft *n, struct err *e)
{
    nft_link_begin(&n->link);
    put_table(&n->link, NFT_MSG_NEWTABLE, NLM_F_CREATE);
    put_table(&n->link, NFT_MSG_DELTABLE, 0);
    int rc = nft_link_commit(&n->link, e);
    if (rc == 0)
        n->known = (struct lengths){0};
    return rc;
}
