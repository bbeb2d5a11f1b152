/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An assessment from task to findings.  All of it, from reading the scripts to the last connection,
 * happens in a worker: a process in a sandbox, which hands findings back through a pipe.  One that
 * dies is started anew with the host it was at; what it had told of that host is dropped, so that
 * nothing is told twice. */
#pragma once

#include "core/base/text_list.h"
#include "hub/model/finding.h"
#include "tool/assess/session.h"
#include "tool/scan/data/service_table.h"

struct assess_target {
    struct addr addr;
    const char *name; /* NULL: an address was typed */
};

struct assess_task {
    const struct assess_target *target;
    size_t target_count;
    const char *feed; /* a folder of scripts; NULL: none */
    bool own;         /* picket's own checks, too */
    const struct port_set *tcp;
    bool also_usual; /* and the ports that checks name as theirs */
    const struct service_table *services;
    const struct text_list *keys; /* KEY=VALUE for the knowledge base; may be NULL */
    const struct text_list *only; /* OIDs, files or families; empty or NULL: all */
    bool unsafe;                  /* run what may harm the host, too */
    bool keeps_user;              /* see sandbox_spec */
    struct assess_budget budget;
    bool (*stop)(void *ctx);
    /* Told in this process, in the order of targets.  Texts live for the call only. */
    void (*found)(void *ctx, const struct finding *finding);
    void (*fault)(void *ctx, const struct assess_target *target, const char *words);
    void *ctx;
};

struct assess_totals {
    uint64_t hosts, open_ports, ran, left_out, failed, findings, restarts;
};

/* 0, -ECANCELED, or what went wrong before the first host. */
int assess_work(const struct assess_task *task, struct assess_totals *out,
                struct err *e) MUST_CHECK;

/* What a worker writes.  Texts lie behind the head, each with its NUL, in the order of the enum. */
enum assess_frame_kind {
    ASSESS_FRAME_FINDING,
    ASSESS_FRAME_FAULT,
    ASSESS_FRAME_HOST,
    ASSESS_FRAME_END
};
enum assess_frame_text {
    ASSESS_TEXT_TEST,
    ASSESS_TEXT_NAME,
    ASSESS_TEXT_EVIDENCE, /* of a fault: its words */
    ASSESS_TEXT_CURE,
    ASSESS_TEXT_REFS,
    ASSESS_TEXT_COUNT
};
enum { ASSESS_FRAME_TEXT_MAX = 1 << 20 };

struct assess_frame {
    uint32_t kind, host; /* which target */
    uint32_t len[ASSESS_TEXT_COUNT];
    uint32_t open_ports, ran, left_out, failed; /* of a host that is done */
    double cvss;
    uint64_t seen_ns;
    uint16_t port;
    uint8_t ip_proto, severity, quality;
};

/* Does it make sense, with `targets` of them?  The worker may be under a stranger's control. */
bool assess_frame_is_sound(const struct assess_frame *f, size_t targets);
