/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What UDP probes say to which port, so that the service there answers: requests that ask, and
 * change nothing.  A list of our own, and what an installed nmap-payloads adds. */
#pragma once

#include "core/base/arena.h"
#include "core/base/attr.h"
#include "core/base/bytes.h"
#include "core/base/err.h"

enum {
    PAYLOAD_FILE_MAX = 4 << 20,
    PAYLOAD_LEN_MAX = 1400,
    PAYLOAD_PER_PORT_MAX = 6, /* of one port, that are sent */
};

struct payload {
    uint16_t first, last; /* ports */
    uint16_t len;
    const uint8_t *byte;
};

struct payload_set {
    struct payload *row; /* an entry with several ranges of ports has as many rows */
    size_t count, capacity, entries;
    struct arena arena;
};

/* `folder` NULL: /usr/share/nmap if it has the file (what does not parse there is an error that
 * names file and line); a folder without the file is none. */
int payload_set_open(struct payload_set *s, const char *folder, struct err *e) MUST_CHECK;
void payload_set_done(struct payload_set *s);

/* Read the text of an nmap-payloads file: "udp PORTS "STRING"... [source PORT]", strings with C's
 * escapes, over several lines. */
int payload_set_parse(struct payload_set *s, const char *text, size_t len, const char *name,
                      struct err *e) MUST_CHECK;

/* The payloads for a port, at most PAYLOAD_PER_PORT_MAX, each once; returns how many. */
size_t payload_set_find(const struct payload_set *s, uint16_t port,
                        struct bytes_in out[PAYLOAD_PER_PORT_MAX]);
