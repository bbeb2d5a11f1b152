/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Target specifications (nmap(1), TARGET SPECIFICATION) and the walk over the addresses they mean,
 * one at a time, so that a large network costs no memory: 10.1.2.3  fe80::1%eth0  10.0.0.0/24
 * fd00::/120     addresses and prefixes of both families 10.0.0-3,9.1-254  10.0.*.1 octet ranges,
 * also with a /prefix 10.0.0.1-10.0.3.255                                 from .. to host.example
 * host.example/28                       names, resolved when their turn comes */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attr.h"
#include "core/base/err.h"
#include "core/base/rng.h"
#include "core/net/addr.h"
#include "core/net/cidr_set.h"

enum {
    TARGET_TEXT_MAX = 1024,
    TARGET_LIST_MAX = 256 << 20, /* bytes of an -iL file */
    TARGET_OTHER_MAX = 32,       /* further addresses of a name that are remembered */
};

/* One bit for each value an octet may have. */
struct target_octets {
    uint64_t bit[4][4];
};

enum target_kind { TARGET_RANGE, TARGET_OCTETS, TARGET_NAME };

struct target_spec {
    enum target_kind kind;
    const char *text;                   /* as typed */
    struct addr first, last;            /* TARGET_RANGE */
    const struct target_octets *octets; /* TARGET_OCTETS */
    const char *name;                   /* TARGET_NAME */
    int prefix_len;                     /* TARGET_NAME: of "name/len"; -1: none */
};

/* Parse one specification; text and octets are copied to the arena.  0, or -EINVAL naming it. */
int target_spec_parse(struct target_spec *out, const char *text, struct arena *arena,
                      struct err *e) MUST_CHECK;

struct target_list {
    struct target_spec *spec;
    size_t count, capacity;
};

int target_list_add(struct target_list *list, const char *text, struct arena *arena,
                    struct err *e) MUST_CHECK;

/* Add what stands in a file ("-": standard input): separated by blanks, '#' begins a remark. */
int target_list_add_file(struct target_list *list, const char *path, struct arena *arena,
                         struct err *e) MUST_CHECK;
int target_list_add_text(struct target_list *list, const char *text, size_t len, const char *name,
                         struct arena *arena, struct err *e) MUST_CHECK;
void target_list_done(struct target_list *list);

/* One address to be scanned. */
struct target_addr {
    struct addr addr;
    const char *name; /* as the user typed it; NULL: he typed an address */
    const struct addr
        *other; /* addresses of the name that are not scanned; lives until the next call */
    size_t other_count;
};

/* How a name becomes addresses (tests hand in their own).  Up to `max` go to `out`. */
typedef int target_resolve_fn(void *ctx, const char *name, uint8_t family, struct addr *out,
                              size_t max, size_t *out_count, struct err *e);

/* Told about a name that cannot be resolved; the walk goes on. */
typedef void target_bad_fn(void *ctx, const char *text, const char *why);

struct target_walk_setup {
    const struct target_list *targets;
    const struct target_list *excludes;
    uint8_t family; /* ADDR_IP6: names give IPv6 addresses; else IPv4 first, IPv6 if there is no
                       other */
    bool all_addrs; /* --resolve-all */
    bool unique;    /* --unique: skip what came before */
    bool random_forever;   /* -iR 0 */
    uint64_t random_count; /* -iR */
    target_resolve_fn *resolve;
    target_bad_fn *bad;
    void *ctx;
};

struct target_walk; /* keeps pointers into the lists, which outlive it */

/* Excluded names are resolved here.  0 or a negative errno value. */
int target_walk_open(struct target_walk **out, const struct target_walk_setup *setup,
                     struct rng rng, struct err *e) MUST_CHECK;
void target_walk_close(struct target_walk *w);

/* The next address; false at the end. */
bool target_walk_next(struct target_walk *w, struct target_addr *out);

/* Addresses that the walk will give at most (before excludes; a name counts as one); UINT64_MAX:
 * more than that. */
uint64_t target_list_size(const struct target_list *list);
