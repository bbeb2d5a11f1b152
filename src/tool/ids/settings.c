/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/ids/settings.h"

#include <string.h>

static const char *const policy_name[IDS_POLICIES] = {
    [IDS_POLICY_AUTO] = "auto",
    [IDS_POLICY_IGNORE] = "ignore",
    [IDS_POLICY_PASS_PACKET] = "pass-packet",
    [IDS_POLICY_PASS_FLOW] = "pass-flow",
    [IDS_POLICY_BYPASS] = "bypass",
    [IDS_POLICY_DROP_PACKET] = "drop-packet",
    [IDS_POLICY_DROP_FLOW] = "drop-flow",
    [IDS_POLICY_REJECT] = "reject",
};

const char *ids_policy_name(enum ids_policy policy)
{
    return policy_name[policy];
}

int ids_policy_find(const char *name)
{
    for (int i = 0; i < IDS_POLICIES; i++)
        if (strcmp(policy_name[i], name) == 0)
            return i;
    return -1;
}

void ids_settings_init(struct ids_settings *s)
{
    *s = (struct ids_settings){
        .flow = {.count_max = 400000,
                 .tcp = flow_timeout_tcp,
                 .udp = flow_timeout_udp,
                 .icmp = flow_timeout_icmp,
                 .other = flow_timeout_other,
                 .vlan_matters = true},
        .stream = {.raw = true,
                   .liberal_timestamps = true,
                   .depth = 1024 * 1024,
                   .raw_chunk = {2560, 2560},
                   .synack_max = 5,
                   .syn_max = 10,
                   .bytes_max = UINT64_C(256) << 20},
        .defrag = {.tracker_max = 65535,
                   .piece_max = 65535,
                   .bytes_max = 32 << 20,
                   .timeout_s = 60},
        .inspect = inspect_settings_default,
        .eve = eve_settings_default,
        .drop_invalid = true,
        .vxlan = {.enabled = true, .count = 1, .port = {4789}},
        .geneve = {.enabled = true, .count = 1, .port = {6081}},
        .teredo = {.enabled = true, .count = 1, .port = {3544}},
        .layer_max = 16,
    };
}

static enum stream_policy stream_policy_of(const void *ctx, const struct addr *receiver)
{
    const struct ids_settings *s = ctx;
    for (unsigned i = 0; i < s->host_os_count; i++)
        if (cidr_contains(&s->host_os[i].net, receiver))
            return (enum stream_policy)s->host_os[i].stream;
    return STREAM_POLICY_BSD;
}

enum defrag_policy ids_defrag_policy(const struct ids_settings *s, const struct addr *receiver)
{
    for (unsigned i = 0; i < s->host_os_count; i++)
        if (cidr_contains(&s->host_os[i].net, receiver))
            return (enum defrag_policy)s->host_os[i].defrag;
    return DEFRAG_BSD;
}

void ids_settings_bind(struct ids_settings *s)
{
    s->stream.policy_of = stream_policy_of;
    s->stream.policy_ctx = s;
    s->stream.is_inline |= s->is_inline;
}
