/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The detection engine for those who set it up: made of rules, one thread's part for each worker.
 */
#pragma once

#include "hub/model/alert.h"
#include "tool/ids/conf/filter_conf.h"
#include "tool/ids/detect/eve_alert.h"
#include "tool/ids/eve/eve_head.h"

struct detect_spec {
    const struct rule_set *rules; /* sealed; outlives the engine */
    const struct filter_conf *filters;
    const struct eve_alert_settings *eve;
    bool is_snort, is_inline;
    uint32_t alert_max;        /* of a packet */
    enum rule_action order[5]; /* actions in the order they are tried; count 0: pass first */
    uint8_t order_count;
    void (*tell)(void *ctx, const struct alert *a); /* each alert; NULL: none but EVE's */
    void *tell_ctx;
};

int detect_engine_new(struct detect_engine **out, const struct detect_spec *spec,
                      struct err *e) MUST_CHECK;
void detect_engine_free(struct detect_engine *e);
/* What the engine needs of the parsers: INSPECT_MD5_ALL ..., frames. */
uint8_t detect_engine_want(const struct detect_engine *e, bool *out_frames);

struct detect_thread *detect_thread_new(const struct detect_engine *e, const struct eve_sink *sink,
                                        const struct eve_settings *eve);
void detect_thread_free(struct detect_thread *t);

enum detect_count { DETECT_ALERTS, DETECT_SUPPRESSED, DETECT_DISCARDED };
uint64_t detect_thread_count(const struct detect_thread *t, enum detect_count what);
