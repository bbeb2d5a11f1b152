/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names of ports, and which ports are likely to be open.  Read from an installed nmap-services when
 * there is one (its format: "name port/protocol frequency # comment"); else from a list of our own,
 * with names from /etc/services for the rest. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attr.h"
#include "core/base/err.h"
#include "core/net/port_set.h"
#include "hub/model/scan_report.h"

enum { SERVICE_FILE_MAX = 16 << 20 };

struct service {
    const char *name;
    double frequency; /* 0 .. 1: how often it is found open */
    uint16_t port;
    uint8_t proto; /* enum scan_proto */
};

struct service_table {
    struct service *row; /* by protocol and port, one row each */
    size_t count, capacity;
    struct arena arena;
};

/* `folder` NULL: /usr/share/nmap if it has the file, else the built-in list; a folder that was
 * named must have it.  A line that does not parse is an error that names file and line. */
int service_table_open(struct service_table *t, const char *folder, struct err *e) MUST_CHECK;
int service_table_read(struct service_table *t, const char *file, struct err *e) MUST_CHECK;
void service_table_done(struct service_table *t);

/* Read the text of an nmap-services file; `name` is for messages. */
int service_table_parse(struct service_table *t, const char *text, size_t len, const char *name,
                        struct err *e) MUST_CHECK;

/* The same of an nmap-protocols file ("name number # comment"): rows of SCAN_IP. */
int service_table_parse_protocols(struct service_table *t, const char *text, size_t len,
                                  const char *name, struct err *e) MUST_CHECK;

const char *service_table_name(const struct service_table *t, enum scan_proto proto,
                               uint16_t port); /* NULL: none */

/* Add the `count` likeliest ports of the protocol `among` a set; where the table knows fewer of
 * them, the lowest others fill up. */
void service_table_top(const struct service_table *t, enum scan_proto proto, size_t count,
                       const struct port_set *among, struct port_set *out);

/* Add those that are found open at least as often as `ratio`. */
void service_table_ratio(const struct service_table *t, enum scan_proto proto, double ratio,
                         const struct port_set *among, struct port_set *out);

/* Add the ports whose name matches the wildcard pattern; returns how many rows did. */
size_t service_table_match(const struct service_table *t, enum scan_proto proto,
                           const char *pattern, struct port_set *out);

/* The ports among first..last that have a row. */
void service_table_known(const struct service_table *t, enum scan_proto proto, uint16_t first,
                         uint16_t last, struct port_set *out);
