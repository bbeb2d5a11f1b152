/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One question to the kernel, one answer: a blocking netlink socket and a walk over attributes.
 * The only user of libmnl beside sys/link/firewall; nobody above sys/ needs it.  Not for events:
 * nobody listens to multicast groups here. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/attr.h"
#include "core/base/bytes.h"
#include "core/base/err.h"
#include "core/net/addr.h"

struct netlink;
struct nlmsghdr;
struct nlattr;

/* `bus` is NETLINK_ROUTE, NETLINK_SOCK_DIAG or NETLINK_NETFILTER.  Asks about the network namespace
 * in which the calling thread is now, for the whole life of the handle. */
int netlink_open(struct netlink **out, int bus, struct err *e) MUST_CHECK;
void netlink_close(struct netlink *n); /* NULL is nothing */

/* A request being built in the handle's own buffer; it is gone at the next netlink_begin.  `head`
 * is the fixed struct behind nlmsghdr (rtmsg, ndmsg ...), copied. */
void netlink_begin(struct netlink *n, uint16_t type, uint16_t flags, const void *head,
                   size_t head_len);
void netlink_put(struct netlink *n, uint16_t type, const void *data, size_t len);
void netlink_put_u32(struct netlink *n, uint16_t type, uint32_t value);

/* Called for each message of the answer.  0 goes on; a negative errno value ends it. */
typedef int netlink_message_fn(void *ctx, const struct nlmsghdr *message);

/* Send what was built and hand each message of the answer to `fn` (NULL: only wait for the
 * acknowledgement).  Returns 0, the kernel's error, or that of `fn`.  A dump that was disturbed by
 * a change (NLM_F_DUMP_INTR) is -EINTR: start over with an empty result; netlink_dump does so. */
int netlink_ask(struct netlink *n, netlink_message_fn *fn, void *ctx) MUST_CHECK;

/* netlink_ask, started over up to NETLINK_TRIES times when it is disturbed; `restart` empties the
 * result each time, before the question. */
enum { NETLINK_TRIES = 8 };
int netlink_dump(struct netlink *n, netlink_message_fn *fn, void (*restart)(void *ctx),
                 void *ctx) MUST_CHECK;

/* The fixed struct behind nlmsghdr, or NULL when the message is shorter than `head_len`. */
const void *netlink_head(const struct nlmsghdr *message, size_t head_len);

/* Attributes of type 1..max behind the fixed struct, by type; others are left out, the last of a
 * kind wins. */
void netlink_attrs(const struct nlmsghdr *message, size_t head_len, const struct nlattr **attr,
                   uint16_t max);
void netlink_nested(const struct nlattr *outer, const struct nlattr **attr, uint16_t max);
void netlink_within(struct bytes_in in, const struct nlattr **attr, uint16_t max);

/* One attribute after another, for lists whose members share a type; false at the end. */
bool netlink_next(struct bytes_in *list, uint16_t *out_type, struct bytes_in *out_value);

/* Values; NULL or a wrong length yields `otherwise`, zero or an empty text. */
uint8_t netlink_u8(const struct nlattr *a, uint8_t otherwise);
uint32_t netlink_u32(const struct nlattr *a, uint32_t otherwise);
struct bytes_in netlink_bytes(const struct nlattr *a);
struct addr netlink_addr(const struct nlattr *a); /* by its length: 4 or 16 bytes, else NONE */
void netlink_text(const struct nlattr *a, char *to, size_t size);
