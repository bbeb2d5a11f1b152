/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A fact: what a host is, as somebody saw it.  scan and assess see actively, ids passively, audit
 * from inside; all of them feed one inventory, where the same fact seen twice is one row. */
#pragma once

#include <stdint.h>

#include "core/net/addr.h"

enum fact_kind {
    FACT_HOST,    /* value: "up" or "down" */
    FACT_NAME,    /* value: a host name */
    FACT_MAC,     /* value: "02:AB:.." ; detail: vendor */
    FACT_OS,      /* value: "Linux 5.0 - 6.2"; detail: class, accuracy, CPE */
    FACT_PORT,    /* value: "open" ...; detail: reason */
    FACT_SERVICE, /* value: "http"; detail: product, version, CPE, tunnel */
    FACT_PACKAGE, /* value: "openssl"; detail: version, architecture, ecosystem */
    FACT_HOP,     /* value: the router's address; detail: distance */
    FACT_KIND_COUNT,
};

const char *fact_kind_name(enum fact_kind kind);

/* Where it comes from; a later one of the list is believed over an earlier one. */
enum fact_source {
    FACT_BY_TABLE,   /* looked up by port number */
    FACT_BY_PASSIVE, /* seen in passing traffic */
    FACT_BY_BANNER,  /* the service said so */
    FACT_BY_PROBE,   /* it answered as only such a thing does */
    FACT_BY_INSIDE,  /* read on the host itself: socket table, package list */
    FACT_SOURCE_COUNT,
};

const char *fact_source_name(enum fact_source source);

struct fact {
    uint64_t seen_ns; /* wall */
    enum fact_kind kind;
    enum fact_source source;
    uint8_t confidence; /* 0-100 */
    struct addr host;
    uint8_t ip_proto; /* FACT_PORT, FACT_SERVICE; else 0 */
    uint16_t port;
    const char *value;
    const char *detail;   /* ready-made JSON object, or NULL */
    const char *observer; /* "scan", "ids:eth0" */
};
