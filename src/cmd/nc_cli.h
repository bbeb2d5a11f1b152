/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The options of nc.  Three netcats give some letters three meanings; each has a table of its own,
 * made of the rows that all share and of the letters that are its alone. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/text/option.h"
#include "tool/nc/options.h"

struct nc_cli {
    struct nc_options o; /* what needs no second look */
    bool ip4, ip6, unix_socket, vsock;
    const char *port; /* -p */
    const char *run_lua;
    int64_t wait_ns; /* -w; -1: not given */
    int64_t idle_ns; /* --idle-timeout */
    const char *proxy_type, *proxy_dns, *proxy_user, *proxy_auth_file;
    const char *md5_key_file;
    bool md5, random, half_open_default, dccp;
    const char *routing_table;
    struct text_list hops;
    bool help, version;
};

struct nc_personality {
    const char *name; /* of its option, and of the program: "traditional" */
    const struct nc_manner *manner;
    const struct option_table *table;
};

extern const struct option_table nc_cli_table; /* that of plain `picket nc` */

/* By the first option, or by the name the program was called by. */
const struct nc_personality *nc_cli_personality(const char *called, const char *first);

struct nc_cli nc_cli_default(const struct nc_personality *p);
void nc_cli_done(struct nc_cli *cli);
