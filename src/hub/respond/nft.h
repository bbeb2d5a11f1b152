/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bans in nftables, by netlink: table inet picket, chain ban at priority raw (before connection
 * tracking), which drops what comes from an address of a set.  The kernel ends each ban by itself;
 * what is in force stays when the keeper dies.
 *
 *   ban4, ban6           single addresses
 *   ban4_24, ban6_64 ..  prefixes: a set for each length in use, its rule masks the address first
 *
 * No interval sets: in one of those the kernel refuses a prefix that overlaps another (EEXIST), so
 * that a /24 banned for an hour and the /16 around it for a day could not be kept apart. */
#pragma once

#include <stdint.h>

#include "core/base/attr.h"
#include "core/base/err.h"
#include "hub/respond/ban_table.h"

struct nft;

/* Needs CAP_NET_ADMIN.  Changes nothing yet: the backend's prepare does. */
int nft_open(struct nft **out, struct err *e) MUST_CHECK;
void nft_close(struct nft *n);

/* The backend, as long as `n` is open.  In one call no prefix may be given twice. */
struct ban_backend nft_backend(struct nft *n);

/* Called with what is left of a ban in milliseconds; 0: without end. */
typedef void nft_element_fn(void *ctx, const struct cidr *who, uint64_t left_ms);

/* Read back what is banned.  -ENOENT: the table is not there. */
int nft_read(struct nft *n, nft_element_fn *fn, void *ctx, struct err *e) MUST_CHECK;

/* Take the table away, with all bans; nothing when it is not there. */
int nft_remove(struct nft *n, struct err *e) MUST_CHECK;
