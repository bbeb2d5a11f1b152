/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Elements of sets that somebody else has made in nftables (fail2ban's action, an administrator):
 * many in one transaction, by netlink.  It makes no set and no rule. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "core/base/attr.h"
#include "core/base/err.h"
#include "core/net/addr.h"

struct nft_elements;

struct nft_set_name {
    const char *table, *set; /* of the family inet */
    bool is_interval;        /* made with "flags interval" */
};

int nft_elements_open(struct nft_elements **out, struct err *e) MUST_CHECK;
void nft_elements_close(struct nft_elements *n); /* NULL is nothing */

/* All of `who`, or none of them.  What is there already, or not there, is no error.  -ENOENT: no
 * such set. */
int nft_elements_add(struct nft_elements *n, const struct nft_set_name *to, const struct cidr *who,
                     size_t count, struct err *e) MUST_CHECK;
int nft_elements_remove(struct nft_elements *n, const struct nft_set_name *from,
                        const struct cidr *who, size_t count, struct err *e) MUST_CHECK;
