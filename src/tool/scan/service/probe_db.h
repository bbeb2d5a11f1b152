/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The probes that ask services who they are, and the patterns that tell it from their answers: a
 * file in the form of nmap-service-probes (nmap's book, chapter 7, "nmap-service-probes File
 * Format").  Reading it compiles no pattern: match does, when one is needed for the first time. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attr.h"
#include "core/base/err.h"
#include "core/base/map.h"
#include "core/net/port_set.h"
#include "hub/model/scan_report.h"
#include "tool/scan/service/gram.h"

enum {
    PROBE_DB_FILE_MAX = 64 << 20,
    PROBE_DATA_MAX = 8192,
    PROBE_REPEAT_MAX = 1 << 20,
    PROBE_FALLBACK_MAX = 20,
    PROBE_CPE_MAX = 8, /* of one match line */
    PROBE_RARITY_MAX = 9,
};

/* The parts of a match line's version information, in the order in which nmap prints them. */
enum probe_field {
    PROBE_PRODUCT,
    PROBE_VERSION,
    PROBE_INFO,
    PROBE_HOSTNAME,
    PROBE_OS,
    PROBE_DEVICE,
    PROBE_FIELD_COUNT,
};

struct regex;

/* A match or softmatch line. */
struct probe_match {
    const char *service; /* interned: the same name is the same pointer */
    const char *pattern, *field[PROBE_FIELD_COUNT]; /* templates; NULL: not given */
    const char *const *cpe;                         /* templates, without "cpe:/" */
    const char *file;
    struct regex *regex; /* NULL: not compiled yet */
    uint32_t pattern_len, line;
    struct gram_key key;
    uint8_t cpe_count;
    bool caseless, dotall, soft;
    bool ssl;    /* "ssl/NAME": the service lies inside TLS */
    bool broken; /* its pattern does not compile */
};

struct service_probe {
    enum scan_proto proto;
    const char *name;
    const uint8_t *data;
    size_t len;
    uint32_t repeat; /* so often the data is sent; of our own files only */
    bool beside;     /* silence is an answer where the ports beside refuse; of our own files only */
    uint32_t line;
    uint8_t rarity;
    uint32_t total_wait_ms, wrapped_ms;
    struct port_set *ports, *ssl_ports; /* NULL: none */
    struct probe_match *match;
    size_t match_count, match_capacity, match_before;
    const char *fallback_names;                               /* as in the file; NULL: none */
    const struct service_probe *fallback[PROBE_FALLBACK_MAX]; /* itself first; ends with NULL */
};

/* Told of each line that is left out. */
typedef void probe_db_fault_fn(void *ctx, const char *file, unsigned line, const char *why);

struct probe_db_counts {
    size_t probes, tcp_probes, udp_probes, match, softmatch, ports, sslports, rarity, fallback,
        totalwaitms, tcpwrappedms, exclude;
};

struct probe_db {
    struct service_probe **probe; /* in the order of the file */
    size_t count, capacity;
    const struct service_probe *null_probe; /* NULL: the file has none */
    struct port_set exclude[SCAN_PROTO_COUNT];
    struct probe_db_counts counts;
    const char *file; /* being read */
    struct arena arena;
    struct map names; /* of services */
    probe_db_fault_fn *fault;
    void *fault_ctx;
    size_t faults;
};

/* Read `path`.  Lines that do not parse are told to `fault` (may be NULL) and left out; only a file
 * that cannot be read is an error.  *db stays where it is: its parts point to one another. */
int probe_db_open(struct probe_db *db, const char *path, probe_db_fault_fn *fault, void *fault_ctx,
                  struct err *e) MUST_CHECK;

/* The same from memory; `name` is for messages.  The text is copied. */
void probe_db_parse(struct probe_db *db, const char *text, size_t len, const char *name,
                    probe_db_fault_fn *fault, void *fault_ctx);

/* Add another text.  Probes that are there (by protocol and name) get its match lines in front of
 * theirs, new ones come last. */
void probe_db_put_before(struct probe_db *db, const char *text, size_t len, const char *name);
void probe_db_done(struct probe_db *db);

/* Can one of the probe's own lines name this service (an interned name)? */
bool service_probe_can_name(const struct service_probe *probe, const char *service);

/* Do the probe's `ports` (in TLS: `sslports`) list it? */
bool service_probe_lists(const struct service_probe *probe, bool ssl, uint16_t port);
