/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/respond/nft_element.h"

#include <libnftnl/set.h>
#include <linux/netfilter/nf_tables.h>

#include "core/base/mem.h"
#include "hub/respond/nft_link.h"

enum { ELEMENTS_A_MESSAGE = 400 };

struct nft_elements {
    struct nft_link link;
};

int nft_elements_open(struct nft_elements **out, struct err *e)
{
    struct nft_elements *n = mem_zero(sizeof *n);
    int rc = nft_link_open(&n->link, e);
    if (rc < 0) {
        mem_free(n);
        return rc;
    }
    *out = n;
    return 0;
}

void nft_elements_close(struct nft_elements *n)
{
    if (n)
        nft_link_close(&n->link);
    mem_free(n);
}

static void add_key(struct nftnl_set *set, const struct addr *key, uint32_t flags)
{
    struct nftnl_set_elem *element = nftnl_set_elem_alloc();
    if (!element)
        mem_exhausted(0);
    nftnl_set_elem_set(element, NFTNL_SET_ELEM_KEY, key->byte, addr_bits(key) / 8);
    if (flags)
        nftnl_set_elem_set_u32(element, NFTNL_SET_ELEM_FLAGS, flags);
    nftnl_set_elem_add(set, element);
}

/* An interval is its first address, and the first one behind it, marked as the end. */
static void add_who(struct nftnl_set *set, const struct cidr *who, bool is_interval)
{
    add_key(set, &who->base, 0);
    struct addr behind = cidr_last(who);
    if (is_interval && addr_next(&behind))
        add_key(set, &behind, NFT_SET_ELEM_INTERVAL_END);
}

static void put(struct nft_elements *n, uint16_t type, const struct nft_set_name *name,
                const struct cidr *who, size_t count)
{
    for (size_t i = 0; i < count;) {
        struct nftnl_set *set = nftnl_set_alloc();
        if (!set)
            mem_exhausted(0);
        nftnl_set_set_str(set, NFTNL_SET_TABLE, name->table);
        nftnl_set_set_str(set, NFTNL_SET_NAME, name->set);
        for (size_t taken = 0; i < count && taken < ELEMENTS_A_MESSAGE; i++, taken++)
            add_who(set, &who[i], name->is_interval);
        struct nlmsghdr *m =
            nft_link_put(&n->link, type, type == NFT_MSG_NEWSETELEM ? NLM_F_CREATE : 0);
        nftnl_set_elems_nlmsg_build_payload(m, set);
        nft_link_end(&n->link, m);
        nftnl_set_free(set);
    }
}

int nft_elements_add(struct nft_elements *n, const struct nft_set_name *to, const struct cidr *who,
                     size_t count, struct err *e)
{
    nft_link_begin(&n->link);
    put(n, NFT_MSG_NEWSETELEM, to, who, count);
    return nft_link_commit(&n->link, e);
}

/* What is not there would undo the transaction, so it is put in first. */
int nft_elements_remove(struct nft_elements *n, const struct nft_set_name *from,
                        const struct cidr *who, size_t count, struct err *e)
{
    nft_link_begin(&n->link);
    put(n, NFT_MSG_NEWSETELEM, from, who, count);
    put(n, NFT_MSG_DELSETELEM, from, who, count);
    return nft_link_commit(&n->link, e);
}
