/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/ids/look/sticky.h"

const struct sticky sticky_payload = {"payload", STICKY_PAYLOAD, 0};
const struct sticky sticky_raw = {"raw_data", STICKY_RAW, 0};
const struct sticky sticky_frame = {"frame", STICKY_FRAME, 0};
const struct sticky sticky_state = {"state", STICKY_STATE, 0};

const struct sticky sticky_head[STICKY_HEADS] = {
    [STICKY_IP4_HEAD] = {"ipv4.hdr", STICKY_HEAD, STICKY_IP4_HEAD},
    [STICKY_IP6_HEAD] = {"ipv6.hdr", STICKY_HEAD, STICKY_IP6_HEAD},
    [STICKY_TCP_HEAD] = {"tcp.hdr", STICKY_HEAD, STICKY_TCP_HEAD},
    [STICKY_UDP_HEAD] = {"udp.hdr", STICKY_HEAD, STICKY_UDP_HEAD},
    [STICKY_ICMP4_HEAD] = {"icmpv4.hdr", STICKY_HEAD, STICKY_ICMP4_HEAD},
    [STICKY_ICMP6_HEAD] = {"icmpv6.hdr", STICKY_HEAD, STICKY_ICMP6_HEAD},
    [STICKY_IP_SRC] = {"ip.src", STICKY_HEAD, STICKY_IP_SRC},
    [STICKY_IP_DST] = {"ip.dst", STICKY_HEAD, STICKY_IP_DST},
};

const struct sticky sticky_tx[BUFFER_COUNT] = {
#define BUFFER(upper, name, proto, also, side, progress, kind, doc)                                \
    [BUFFER_##upper] = {name, STICKY_TX, BUFFER_##upper},
#include "tool/ids/inspect/buffer.def"
#undef BUFFER
};

const struct sticky sticky_number[NUMBER_COUNT] = {
#define NUMBER(upper, name, proto, side, progress, kind, doc)                                      \
    [NUMBER_##upper] = {name, STICKY_NUMBER, NUMBER_##upper},
#include "tool/ids/inspect/number.def"
#undef NUMBER
};
