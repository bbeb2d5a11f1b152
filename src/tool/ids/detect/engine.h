/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The inside of the detection engine: rules sorted into what they look at, and the literal
 * databases that choose among them.  Frozen once made; detect.h is the outside. */
#pragma once

#include "hub/model/alert.h"
#include "core/match/multi.h"
#include "tool/ids/conf/filter_conf.h"
#include "tool/ids/detect/detect.h"
#include "tool/ids/eve/eve_head.h"
#include "tool/ids/look/dataset.h"
#include "tool/ids/look/look.h"
#include "tool/ids/look/memory.h"
#include "tool/ids/look/step.h"
#include "tool/ids/look/sticky.h"
#include "tool/ids/rule/limit.h"
#include "tool/ids/rule/rule_set.h"

/* What kind of thing a rule is tried on. */
enum rule_kind {
    KIND_PACKET, /* packets, their payload, raw stream bytes */
    KIND_TX,     /* transactions */
    KIND_FRAME,  /* frames of application protocols */
};

/* Where the payload of a packet rule may be looked for. */
enum { PAYLOAD_PACKET = 1, PAYLOAD_STREAM = 2 };

/* Classes of packets for which payload databases are kept apart. */
enum payload_class {
    CLASS_TCP_TO_SERVER,
    CLASS_TCP_TO_CLIENT,
    CLASS_UDP_TO_SERVER,
    CLASS_UDP_TO_CLIENT,
    CLASS_OTHER,
    PAYLOAD_CLASSES,
};

/* A rule as the engine tries it. */
struct engine_rule {
    const struct rule *rule;
    uint8_t kind;
    uint8_t payload;    /* PAYLOAD_... */
    uint8_t sides;      /* BUFFER_TO_SERVER ... that it can hold on */
    bool about_flow;    /* asks for addresses or a protocol only: its verdict is the flow's */
    bool once;          /* ... and it is told once for each side of a flow */
    bool every_section; /* Snort, without a literal: asked on each section, of both sides */
    const struct rule_limit *suppress; /* the first of them; NULL: none */
    uint16_t filter_count;
    const struct filter *const *filter; /* of configuration files, in their order */
    const struct rule_list **order;     /* KIND_TX: lists by progress */
};

/* One literal database: the fast patterns of the rules that look into one buffer. */
struct prefilter {
    const struct rule_list *list; /* its buffer and transforms; NULL: payload */
    struct multi *multi;
    uint32_t *first; /* of each literal: where its rules begin in `rule` */
    uint32_t *rule;  /* numbers; literal i has rule[first[i]] .. rule[first[i + 1] - 1] */
    uint32_t literal_count;
    uint16_t index;
};

struct number_list {
    uint32_t *number;
    size_t count, capacity;
};

struct detect_engine {
    const struct rule_set *rules;
    struct arena arena;
    struct engine_rule *rule; /* in the order in which they are tried */
    uint32_t count;
    struct prefilter payload[PAYLOAD_CLASSES];
    struct number_list always[PAYLOAD_CLASSES]; /* packet rules without a literal */
    struct number_list always_not_ip;           /* those for frames without sound IP */
    struct prefilter *buffer;                   /* one for each buffer and chain of transforms */
    uint16_t buffer_count;
    struct number_list always_tx[FLOW_SIDES];
    struct number_list frame;
    bool is_snort;
    bool wants_frames;
    uint8_t want; /* INSPECT_MD5_ALL ... */
    const struct eve_alert_settings *eve;
    void (*tell)(void *ctx, const struct alert *a);
    void *tell_ctx;
    bool is_inline; /* drops are carried out */
    uint32_t alert_max;
    bool append_higher; /* alert-queue-expand... a better alert takes the place of a worse one */
};

enum { ALERT_MAX = 256, VIEW_ALL = -2 };

struct detect_alert {
    uint32_t rule;  /* engine number */
    uint8_t action; /* enum rule_action after filters */
    bool by_filter; /* a rate_filter gave the action */
    bool on_stream, has_tx, tx_guessed, no_event, dropped;
    uint64_t tx_id;
    const struct inspect_frame *frame;
    const struct dataset_value *context;
};

struct limit_table;

struct detect_thread {
    const struct detect_engine *engine;
    struct memory memory;
    struct step_scratch scratch;
    struct multi_scratch **multi; /* of payload[] and buffer[] */
    uint8_t *transformed[2];
    uint32_t *seen; /* packet stamp of each rule that was chosen */
    uint32_t stamp;
    uint32_t *chosen; /* rules to try on this packet, transaction, frame */
    uint32_t chosen_count;
    uint32_t *chosen_tx; /* rules for transactions that the payload chose */
    uint32_t chosen_tx_count;
    struct ids_packet *packet;
    int one_view; /* payload is this of packet->raw[]; -1: the packet; VIEW_ALL: all of them */
    uint64_t var[RULE_VAR_MAX];
    struct detect_alert alert[ALERT_MAX];
    struct detect_alert drop_alert; /* the one that dropped the packet */
    uint32_t alert_count, alerts_told, alerts_discarded, alerts_suppressed;
    struct limit_table *limits;
    struct tx_state *free_tx;
    struct eve_record record;
    const struct eve_sink *sink;
    const struct eve_settings *eve;
    uint64_t alerts_total;
};

/* ---- parts, one file each ---- */

/* header.c: does the packet fit the rule's head? */
bool header_fits(const struct engine_rule *r, const struct ids_packet *p);

/* prefilter.c */
int prefilter_build(struct detect_engine *e, struct err *err) MUST_CHECK;
void prefilter_free(struct detect_engine *e);
void prefilter_scan(struct detect_thread *t, const struct prefilter *f, unsigned scratch,
                    const void *data, size_t len);
void choose(struct detect_thread *t, uint32_t number);

/* list_look.c: does the list hold?  *out_final: and will that never change on this transaction? */
bool list_holds(struct detect_thread *t, const struct rule_list *list, struct look *look,
                bool *out_final);
bool list_holds_bytes(struct detect_thread *t, const struct rule_list *list, struct look *look,
                      const struct span *bytes);
/* The bytes of a buffer that a prefilter scans: index 0, 1, ...; false: no more. */
bool list_bytes(struct detect_thread *t, const struct rule_list *list, struct look *look,
                unsigned index, struct span *out);

/* packet_rules.c, tx_rules.c, frame_rules.c */
void packet_rules_run(struct detect_thread *t, struct ids_packet *p);
void tx_rules_run(struct detect_thread *t, struct ids_packet *p);
void frame_rules_run(struct detect_thread *t, struct ids_packet *p);
void tx_states_free(struct detect_thread *t);

/* alert.c */
void alert_add(struct detect_thread *t, const struct look *look, uint32_t number, bool on_stream);
void alerts_finish(struct detect_thread *t, struct ids_packet *p);

/* limit_table.c: thresholds */
enum limit_answer {
    LIMIT_TELL,
    LIMIT_ACT,    /* the verdict stands, nothing is told */
    LIMIT_SILENT, /* as if the rule had not held */
    LIMIT_NO_MATCH,
    LIMIT_NEW_ACTION,
};
struct limit_table *limit_table_new(void);
void limit_table_free(struct limit_table *l);
enum limit_answer limit_ask(struct detect_thread *t, const struct look *look, uint32_t number,
                            const struct rule_limit *limit, uint32_t which);
