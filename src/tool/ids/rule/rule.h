/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one form that rules of Snort 2, Snort 3 and Suricata are brought into.  All of it lives in
 * the arena of its rule set and is never changed once the set is sealed, so that threads may share
 * it.
 *
 * A rule holds when its header, all its tests and all its lists hold.  A test looks at the packet,
 * the flow or what was remembered; a list is a row of steps through the bytes of one buffer. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/net/cidr_set.h"
#include "core/net/port_set.h"

enum rule_dialect { RULE_SNORT2 = 1, RULE_SNORT3 = 2, RULE_SURICATA = 4, RULE_ANY_DIALECT = 7 };

enum rule_action {
    RULE_ALERT,
    RULE_PASS,
    RULE_DROP,
    RULE_REJECT, /* tell the sender of the packet */
    RULE_REJECT_DST,
    RULE_REJECT_BOTH,
    RULE_BLOCK, /* drop, and the rest of the flow with it */
    RULE_SDROP, /* drop without an alert */
    RULE_LOG,
    RULE_REACT,
    RULE_REWRITE,
    RULE_ACTIVATE,
    RULE_DYNAMIC,
    RULE_CONFIG,
    RULE_ACTION_COUNT,
};

enum rule_link { /* struct rule.link: which packets a header means */
                 RULE_TCP = 1,
                 RULE_UDP = 2,
                 RULE_ICMP4 = 4,
                 RULE_ICMP6 = 8,
                 RULE_SCTP = 16,
                 RULE_IP_OTHER = 32,
                 RULE_NOT_IP = 64, /* pkthdr: frames that hold no sound IP */
                 RULE_ONLY_IP4 = 128,
                 RULE_ONLY_IP6 = 256,
                 RULE_PACKETS_ONLY = 512, /* tcp-pkt */
                 RULE_STREAM_ONLY = 1024, /* tcp-stream */
                 RULE_ANY_IP = 63,
};

enum rule_flow { /* struct rule.flow */
                 RULE_TO_SERVER = 1,
                 RULE_TO_CLIENT = 2,
                 RULE_ESTABLISHED = 4,
                 RULE_NOT_ESTABLISHED = 8,
                 RULE_STATELESS = 16,
                 RULE_ONLY_STREAM = 32,
                 RULE_NO_STREAM = 64,
                 RULE_ONLY_FRAG = 128,
                 RULE_NO_FRAG = 256,
};

struct rule_addresses {
    struct cidr_set set;
    bool any;
};

struct rule_ports {
    struct port_set set;
    bool any;
};

struct rule_end {
    const struct rule_addresses *addresses;
    const struct rule_ports *ports;
};

struct rule_reference {
    const char *system, *id; /* "cve", "2021-44228" */
};

struct rule_metadata {
    const char *key, *value;
};

struct rule_classification {
    const char *name, *text;
    uint32_t number; /* lines of classification.config, from 1 */
    uint8_t priority;
};

struct look;      /* what is being looked at: keyword/look.h */
struct rule_step; /* keyword/step.h */

/* A condition outside the payload.  `state` is the keyword's own. */
struct rule_test {
    bool (*holds)(const void *state, const struct look *look);
    const void *state;
};

/* Done once the rule holds. */
struct rule_deed {
    void (*act)(const void *state, struct look *look);
    const void *state;
};

/* Bytes into other bytes before the steps look at them. */
struct rule_transform {
    const struct transform_kind *kind;
    const void *state;
};

enum { RULE_TRANSFORM_MAX = 8, RULE_LIST_MAX = 64, RULE_VAR_MAX = 16 };

/* What one buffer must hold: steps through its bytes, or (STICKY_NUMBER, STICKY_STATE) a test. */
struct rule_list {
    struct rule_list *next;
    const struct sticky *sticky;
    const char *detail; /* of a buffer with a parameter: a header's name, a frame's type */
    struct rule_step *step, *last_step; /* in the order of the rule */
    const struct rule_transform *transform;
    struct rule_test test;
    uint16_t step_count;
    uint16_t place; /* in the rule, from 0 */
    uint8_t transform_count, progress;
    bool wants_absent; /* holds where the buffer is not there */
    bool or_absent;    /* ... or where its steps hold */
    uint8_t side;      /* BUFFER_TO_SERVER ... that the rule names ("http.connection:to_client") */
    bool of_request;   /* Snort: on an answer, its request is looked at */
    bool by_modifier;  /* made by "content; http_uri;": takes all contents of that buffer */
    uint16_t group;    /* of the prefilter (detect/) */
};

enum rule_trait { /* struct rule.trait */
                  RULE_NO_ALERT = 1,
                  RULE_BYPASS = 2,
                  RULE_PREFILTER = 4,
                  RULE_STORE_FILES = 8,
                  RULE_TARGET_SRC = 16,
                  RULE_TARGET_DST = 32,
                  RULE_BOTH_WAYS = 64,
                  RULE_BUILTIN = 128, /* Snort 3's stub of a decoder's or inspector's event */
                  RULE_HAS_PRIORITY = 256,
                  RULE_HAS_PACKET_TEST = 512, /* looks at a packet's head: not for rebuilt data */
                  RULE_SERVICE_ONLY = 1024,   /* a header without addresses */
                  RULE_HAS_STREAM_TEST = 2048,
                  RULE_FULL_FLOW = 4096,  /* "=>": a transaction with both directions in one rule */
                  RULE_LOOKS_BACK = 8192, /* on an answer, looks at the request as well */
                  RULE_HAS_EVENT =
                      32768, /* asks for an event: also on packets that could not be decoded */
                  RULE_ASKS_PROTO = 65536,
                  RULE_TELLS = 524288, /* a pass rule that alerts */
                  RULE_SETS_BITS = 131072,
                  RULE_ASKS_BITS = 262144,
                  RULE_CHECKS_SUM = 16384, /* wants packets with a wrong checksum as well */
};

enum { RULE_SERVICE_MAX = 12 };

struct rule {
    uint32_t number; /* its place in the set */
    uint32_t gid, sid, rev, priority;
    uint16_t link; /* enum rule_link */
    uint16_t flow; /* enum rule_flow */
    uint32_t trait;
    uint8_t action, dialect;
    uint8_t want_files; /* FILE_WANT_MD5 ... of inspect.h */
    struct rule_end src, dst;
    uint8_t proto;    /* enum inspect_proto_id that the header or the buffers name; 0: none */
    uint64_t service; /* Snort: bits of enum inspect_proto_id, any of them; 0: all */
    uint8_t var_count;
    uint16_t test_count, deed_count, list_count;
    struct rule_test *test;
    struct rule_deed *deed;
    struct rule_list *list; /* in the order of the rule */
    const struct rule_list *fast_list;
    const struct rule_step
        *fast; /* the content that stands for the rule in the prefilter; or NULL */
    const struct rule_limit *limit; /* threshold or detection_filter of the rule itself */
    const struct rule_tag *tag;
    /* cold */
    const char *msg, *text; /* text: as it was written, on one line */
    const struct rule_classification *class;
    const struct rule_reference *reference;
    const struct rule_metadata *metadata;
    uint16_t reference_count, metadata_count;
    const char *logto;
    uint32_t activates, activated_by, active_count; /* Snort 2's activate and dynamic */
    const char *file;
    uint32_t line;
};
