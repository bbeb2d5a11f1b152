/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the pipeline of `picket ids` can be told, with Suricata's defaults. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "tool/ids/eve/eve_head.h"
#include "tool/ids/inspect/inspect_private.h"
#include "wire/packet/defrag.h"
#include "wire/packet/flow.h"
#include "wire/packet/stream.h"

/* What is done where the engine cannot follow (Suricata's "exception policies"). */
enum ids_policy {
    IDS_POLICY_AUTO,
    IDS_POLICY_IGNORE,
    IDS_POLICY_PASS_PACKET,
    IDS_POLICY_PASS_FLOW,
    IDS_POLICY_BYPASS,
    IDS_POLICY_DROP_PACKET,
    IDS_POLICY_DROP_FLOW,
    IDS_POLICY_REJECT,
    IDS_POLICIES,
};
const char *ids_policy_name(enum ids_policy policy); /* "drop-flow" */
int ids_policy_find(const char *name);               /* -1: unknown */

enum ids_checksums { IDS_SUMS_AUTO, IDS_SUMS_ALL, IDS_SUMS_NONE };

enum { IDS_PORTS_MAX = 16, IDS_HOST_OS_MAX = 256 };

struct ids_tunnel_ports {
    bool enabled;
    uint8_t count;
    uint16_t port[IDS_PORTS_MAX];
};

struct ids_settings {
    struct flow_config flow;
    struct stream_config stream;
    struct defrag_config defrag;
    struct inspect_settings inspect;
    struct eve_settings eve;
    bool is_inline;    /* as if packets could be dropped (--simulate-ips) */
    bool drop_invalid; /* inline: segments that do not fit are dropped */
    uint8_t checksums; /* enum ids_checksums */
    enum ids_policy midstream_policy, reassembly_policy, session_policy, flow_policy, defrag_policy,
        app_error_policy;
    bool encrypted_bypass; /* a TLS connection after its handshake is not looked at */
    bool encrypted_track_only;
    bool stream_bypass; /* bypass when the depth is reached */
    struct ids_tunnel_ports vxlan, geneve, teredo;
    struct {
        struct cidr net;
        uint8_t stream, defrag; /* enum stream_policy, defrag_policy */
    } host_os[IDS_HOST_OS_MAX];
    unsigned host_os_count;
    uint8_t layer_max; /* tunnels in tunnels */
};

void ids_settings_init(struct ids_settings *s);

/* Turns pointers of `s` into it to itself: once it lies where it stays. */
void ids_settings_bind(struct ids_settings *s);
enum defrag_policy ids_defrag_policy(const struct ids_settings *s, const struct addr *receiver);
