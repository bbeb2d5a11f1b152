/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who may connect: --allow and --deny, and the files of both.  An item is an address, ADDR/LEN, an
 * IPv4 address whose parts may be ranges ("127.0.0.10-20", "10.*.0.1"), or a name. */
#pragma once

#include <stdbool.h>

#include "core/base/attr.h"
#include "core/base/err.h"
#include "core/net/cidr_set.h"
#include "tool/nc/options.h"

struct access_list {
    struct cidr_set allow, deny;
    bool only_allowed; /* some were named */
};

int access_list_load(struct access_list *a, const struct nc_options *o, struct err *e) MUST_CHECK;
bool access_list_permits(const struct access_list *a, const struct addr *from);
void access_list_done(struct access_list *a);

/* Add the items of `text`, split by commas and blanks ('#' begins a remark in a file).  Names are
 * asked of DNS unless `no_dns`. */
int access_list_add(struct cidr_set *set, const char *text, bool no_dns, struct err *e) MUST_CHECK;
