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
    bool faults_count;      /* a connection that broke makes the exit status 1 */
    bool tells_refusal;     /* says why it could not connect, also without -v */
    bool names_guests;      /* -v: looks up who called */
    bool names_places;      /* ... and where it listens */
    bool names_bind_place;  /* says which address it could not bind */

    bool wait_is_idle;             /* -w: also how long nothing may happen */
    bool wait_is_listen;           /* ... how long to listen, and how long after the end of input */
    bool quit_shuts;               /* -q: the end of input ends what is sent */
    bool shuts_at_eof;             /* ... always */
    bool words_are_peers;          /* -l HOST: who may call, not where to listen */
    bool random_source;            /* -r: the source port, too */
    bool asks_arguments;           /* without any: from standard input */
    uint8_t family;                /* unless told; ADDR_NONE: both */
    int64_t connect_ns;            /* unless told */
    int64_t max_connections;       /* clients at once, unless told; -1: no limit */
    enum proxy_kind proxy;         /* unless told */
    const char *default_port;      /* or NULL: one must be given */
    const char *no_host, *no_port; /* the words for what is missing */
    const char *usage, *banner;    /* lines behind a usage error, before a run; or NULL */
    const char *version;

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
    void (*proxy_refused)(struct str *out, const struct proxy_client *p, const char *words);
    void (*complain)(struct str *out, const char *words); /* what ends the run */
    void (*totals)(struct str *out, const struct nc_options *o, uint64_t sent, uint64_t received);
};

extern const struct nc_manner nc_manner_openbsd, nc_manner_traditional, nc_manner_ncat;
