/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Talking to nf_tables: transactions out, their verdict and dumps back.  It knows no table. */
#pragma once

#include <linux/netlink.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/attr.h"
#include "core/base/err.h"

/* Zero and fd -1: closed. */
struct nft_link {
    int fd;
    uint32_t serial, first; /* of the last message; of the transaction's begin */
    char *data;             /* the transaction that is being written */
    size_t len, capacity;
};

int nft_link_open(struct nft_link *l, struct err *e) MUST_CHECK;
void nft_link_close(struct nft_link *l);

/* A transaction: begin; for each message put, fill its payload (at most NFT_PAYLOAD_MAX bytes), end
 * it; commit.  Either all of it is done or nothing. */
enum { NFT_PAYLOAD_MAX = 60000 };
void nft_link_begin(struct nft_link *l);
struct nlmsghdr *nft_link_put(struct nft_link *l, uint16_t type, uint16_t flags);
void nft_link_end(struct nft_link *l, const struct nlmsghdr *message);
int nft_link_commit(struct nft_link *l, struct err *e) MUST_CHECK;

/* A question outside of a transaction, and each message of the answer.  -ENOENT: no such table. */
typedef void nft_answer_fn(void *ctx, const struct nlmsghdr *message);
struct nlmsghdr *nft_link_question(struct nft_link *l, uint16_t type);
int nft_link_ask(struct nft_link *l, const struct nlmsghdr *question, nft_answer_fn *fn, void *ctx,
                 struct err *e) MUST_CHECK;
