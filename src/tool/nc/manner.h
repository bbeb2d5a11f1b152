/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The manners of the three netcats: what they say, when they end, with which exit status.  Scripts
 * read these words and numbers, so they are kept to the letter; all else is one program.  Each
 * manner is one file and one row of nc_manners. */
#pragma once

#include <stdbool.h>

#include "core/base/str.h"
#include "tool/nc/options.h"

/* Whom a message speaks of. */
struct nc_peer {
    const char *name; /* as it was typed, or found by DNS; NULL: none is known */
    bool is_typed;    /* the name was typed and is no address */
    struct endpoint at;
    const char *path; /* UNIX: the path, vsock: "CID"; else NULL */
};

struct nc_manner {
    const char *name; /* "openbsd" */
    int usage_status; /* the exit status of a wrong command line, and of what cannot begin */
    int idle_status;  /* listening: that of an idle end */

    bool ports_descend;     /* a range is walked from its end */
    bool ends_with_peer;    /* a client ends when the peer has ended its data */
    bool udp_ends_at_eof;   /* a UDP client ends with its input */
    bool serves_many;       /* -k: clients side by side, input to each of them */
    bool resolves_numbers;  /* -v: looks up names of addresses that were typed */
    bool quiet_range_tells; /* a range without an open port fails only when nothing was said */
    bool both_families;     /* listens on both unless told otherwise */

    /* Each adds one line, or nothing at this level of -v. */
    void (*failed)(struct str *out, const struct nc_options *o, const struct nc_peer *to, int code);
    void (*opened)(struct str *out, const struct nc_options *o, const struct nc_peer *to);
    void (*listening)(struct str *out, const struct nc_options *o, const struct nc_peer *at);
    void (*accepted)(struct str *out, const struct nc_options *o, const struct nc_peer *from,
                     const struct nc_peer *at);
    void (*unknown_host)(struct str *out, const struct nc_options *o, const char *host,
                         const char *why);
    void (*cannot_bind)(struct str *out, const struct nc_options *o, const struct nc_peer *at,
                        int code);
    void (*complain)(struct str *out, const char *words); /* what ends the run */
    void (*totals)(struct str *out, const struct nc_options *o, uint64_t sent, uint64_t received);
};

extern const struct nc_manner nc_manner_openbsd, nc_manner_traditional, nc_manner_ncat;
