/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The nftables ruleset of this network namespace, as the kernel states it: tables, chains, rules as
 * lists of expressions, sets with their elements.  Attributes keep the kernel's numbers
 * (linux/netfilter/nf_tables.h) and stay unparsed bytes; firewall_expr gives them meaning.  Reading
 * the attributes ourselves, rather than through a library, shows when a newer kernel adds one we do
 * not know: then the expression is not judged. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attr.h"
#include "core/base/bytes.h"
#include "core/base/err.h"

enum { FIREWALL_ATTR_MAX = 15 };

struct firewall_attrs {
    struct bytes_in value[FIREWALL_ATTR_MAX + 1]; /* by attribute type */
    uint32_t seen;                                /* a bit for each type */
    uint16_t highest;                             /* type seen; may be over FIREWALL_ATTR_MAX */
};

void firewall_attrs_read(struct firewall_attrs *out, struct bytes_in list);
bool firewall_attrs_has(const struct firewall_attrs *a, uint16_t type);
uint32_t firewall_attrs_u32(const struct firewall_attrs *a, uint16_t type, uint32_t otherwise);
uint64_t firewall_attrs_u64(const struct firewall_attrs *a, uint16_t type, uint64_t otherwise);
const char *firewall_attrs_text(const struct firewall_attrs *a, uint16_t type); /* "": none */

struct firewall_expr {
    const char *name; /* "cmp", "payload" ... */
    struct firewall_attrs attr;
};

struct firewall_rule {
    uint64_t handle;
    const char *comment; /* NULL: none */
    struct firewall_expr *expr;
    size_t expr_count;
};

struct firewall_chain {
    uint8_t family; /* NFPROTO_ of its table */
    const char *table, *name;
    uint32_t serial; /* in the order they were made */
    bool is_base;
    uint32_t hook;       /* base chains: NF_INET_ or NF_NETDEV_ number */
    int32_t priority;    /* the lower, the sooner */
    bool policy_drop;    /* what becomes of a packet at the end */
    const char **device; /* ingress: names; a name may end in '*' */
    size_t device_count;
    struct firewall_rule *rule;
    size_t rule_count, rule_capacity;
};

/* An element covers [key, end), [key, last] or one key. */
struct firewall_element {
    const uint8_t *key;   /* NULL: covers what no other element does */
    const uint8_t *end;   /* first key behind it; NULL: none stated */
    const uint8_t *last;  /* last key, field by field for a concatenation; NULL: none stated */
    bool open_end;        /* an interval without an end: to the highest key */
    struct bytes_in data; /* of a map: NFTA_SET_ELEM_DATA */
};

enum { FIREWALL_FIELD_MAX = 16 };

struct firewall_set {
    uint8_t family;
    const char *table, *name;
    uint32_t flags; /* NFT_SET_ */
    uint32_t key_len, data_type;
    uint8_t field_len[FIREWALL_FIELD_MAX]; /* of a concatenation */
    size_t field_count;
    struct firewall_element *element;
    size_t element_count;
};

struct firewall_rules {
    struct arena arena;           /* all of it lives here */
    struct firewall_chain *chain; /* base chains by priority, then the others */
    size_t chain_count, base_count;
    struct firewall_set *set;
    size_t set_count;
    bool has_bridge; /* a base chain in the bridge family */
};

/* 0 (empty where the kernel has no nftables), -EPERM without CAP_NET_ADMIN, or another negative
 * errno value.  The caller frees with firewall_rules_done, also after a failure. */
int firewall_rules_read(struct firewall_rules *out, struct err *e) MUST_CHECK;
void firewall_rules_done(struct firewall_rules *r);

const struct firewall_chain *firewall_rules_chain(const struct firewall_rules *r, uint8_t family,
                                                  const char *table, const char *name);
const struct firewall_set *firewall_rules_set(const struct firewall_rules *r, uint8_t family,
                                              const char *table, const char *name);
