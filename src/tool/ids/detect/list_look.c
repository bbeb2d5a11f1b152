/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One list of a rule against the bytes of its buffer. */
#include <string.h>

#include "tool/ids/detect/engine.h"
#include "tool/ids/keyword/transform.h"
#include "wire/packet/layer/ip4.h"
#include "wire/packet/layer/ip6.h"

static bool is_complete(const struct look *look)
{
    return look->tx && look->tx->progress[look->side] >= INSPECT_DONE;
}

/* Run the transforms of the list; *bytes then lies in the thread's memory. */
static bool transform(struct detect_thread *t, const struct rule_list *list, struct span *bytes)
{
    for (uint8_t i = 0; i < list->transform_count; i++) {
        uint8_t *out = t->transformed[i % 2];
        size_t len = bytes->len, made = 0;
        if (len > STEP_SCRATCH_MAX - 64)
            len = STEP_SCRATCH_MAX - 64;
        if (!list->transform[i].kind->run(list->transform[i].state, bytes->data, len, out,
                                          STEP_SCRATCH_MAX, &made, &t->scratch))
            return false;
        bytes->data = out;
        bytes->len = made;
    }
    return true;
}

bool list_holds_bytes(struct detect_thread *t, const struct rule_list *list, struct look *look,
                      const struct span *bytes)
{
    struct payload p = {.data = bytes->data,
                        .len = bytes->len > UINT32_MAX ? UINT32_MAX : (uint32_t)bytes->len,
                        .at = bytes->at,
                        .whole = bytes->is_last,
                        .budget = STEP_BUDGET,
                        .var = t->var,
                        .look = look,
                        .scratch = &t->scratch};
    t->scratch.decoded_len = 0;
    return steps_hold(list->step, &p);
}

static bool head_bytes(const struct look *look, enum sticky_head head, struct span *out)
{
    const struct packet *p = look->packet->packet;
    struct bytes_in in;
    size_t len = 0;
    switch (head) {
    case STICKY_IP_SRC:
    case STICKY_IP_DST: {
        const struct addr *a = head == STICKY_IP_SRC ? &look->packet->src : &look->packet->dst;
        if (a->family == ADDR_NONE || look->packet->flag & IDS_PSEUDO)
            return false;
        *out = (struct span){a->byte, a->family == ADDR_IP4 ? 4U : 16U, 0, true};
        return true;
    }
    case STICKY_IP4_HEAD:
    case STICKY_IP6_HEAD:
        if (p->net != (head == STICKY_IP4_HEAD ? PACKET_IP4 : PACKET_IP6))
            return false;
        in = packet_net(p);
        len = p->transport != PACKET_NONE ? (size_t)(p->transport_at - p->net_at)
                                          : (size_t)(p->payload_at - p->net_at);
        break;
    default: {
        static const uint8_t transport[] = {[STICKY_TCP_HEAD] = PACKET_TCP,
                                            [STICKY_UDP_HEAD] = PACKET_UDP,
                                            [STICKY_ICMP4_HEAD] = PACKET_ICMP4,
                                            [STICKY_ICMP6_HEAD] = PACKET_ICMP6};
        if (p->transport != transport[head])
            return false;
        in = packet_transport(p);
        len = (size_t)(p->payload_at - p->transport_at);
    }
    }
    if (look->packet->flag & IDS_PSEUDO)
        return false;
    *out = (struct span){in.pos, len, 0, true};
    return len <= bytes_left(&in);
}

/* The payload as one or several runs: of the packet, and of the stream. */
static bool payload_bytes(struct detect_thread *t, const struct rule_list *list, struct look *look,
                          unsigned index, struct span *out)
{
    const struct ids_packet *p = look->packet;
    const struct engine_rule *r = &t->engine->rule[look->rule->number];
    bool raw = list->sticky->source == STICKY_RAW;
    if (t->one_view >= 0) {
        const struct stream_view *one = &p->raw[t->one_view];
        uint32_t old = one->len - one->fresh; /* Snort's rebuilt data does not overlap */
        *out = (struct span){one->data + old, one->fresh, 0, true};
        look->rebuilt = true;
        return index == 0;
    }
    if (t->one_view == -1 && index > 0)
        return false;
    bool of_packet =
        (p->packet->payload_len > 0 || look->rule->dialect != RULE_SURICATA) &&
        !(p->flag & IDS_PSEUDO) &&
        (raw || t->one_view == -1 || r->payload & PAYLOAD_PACKET || !(p->flag & IDS_STREAM_PART));
    if (r->payload == PAYLOAD_STREAM && p->flow && p->flow->stream && !raw &&
        p->flag & IDS_STREAM_PART)
        of_packet = false;
    if (of_packet && look->rule->dialect != RULE_SURICATA && p->packet->net == PACKET_IP4 &&
        p->packet->flag & PACKET_FLAG_FRAGMENT)
        of_packet = false; /* Snort leaves the bytes of IPv4 fragments to the whole */
    if (of_packet && index == 0) {
        struct bytes_in in = packet_payload(p->packet);
        *out = (struct span){in.pos, bytes_left(&in), 0, true};
        look->rebuilt = false;
        return true;
    }
    unsigned at = index - of_packet;
    if (raw || !(r->payload & PAYLOAD_STREAM) || at >= p->raw_count)
        return false;
    const struct stream_view *v = &p->raw[at];
    *out = (struct span){v->data, v->len, v->at, true};
    look->rebuilt = true;
    look->old_len = v->len - v->fresh;
    return true;
}

static bool tx_bytes(const struct rule_list *list, const struct look *look, unsigned index,
                     struct span *out)
{
    if (!look->tx || !look->flow)
        return false;
    const struct buffer_row *row = &buffer_row[list->sticky->id];
    enum buffer_id id = (enum buffer_id)list->sticky->id;
    if (list->detail || inspect_is_snort(id)) {
        bool back = list->of_request || row->side == BUFFER_TO_SERVER;
        enum flow_side side = back && id != BUFFER_SNORT_HTTP_PARAM ? FLOW_TO_SERVER : look->side;
        return index == 0 &&
               inspect_buffer_named(look->flow, look->tx, side, id, list->detail, out);
    }
    if (index > 0 && (row->kind == BUFFER_SINGLE || row->kind == BUFFER_WINDOW))
        return false;
    return inspect_buffer(look->flow, look->tx, look->side, id, index, out);
}

bool list_bytes(struct detect_thread *t, const struct rule_list *list, struct look *look,
                unsigned index, struct span *out)
{
    bool there;
    switch ((enum sticky_source)list->sticky->source) {
    case STICKY_PAYLOAD:
    case STICKY_RAW:
        there = payload_bytes(t, list, look, index, out);
        break;
    case STICKY_HEAD:
        there = index == 0 && head_bytes(look, (enum sticky_head)list->sticky->id, out);
        break;
    case STICKY_TX:
        there = tx_bytes(list, look, index, out);
        break;
    default:
        there = false;
    }
    if (there && list->transform_count > 0 && !transform(t, list, out))
        out->len = 0, out->data = (const uint8_t *)"";
    return there;
}

/* Can the answer still change?  Bytes that grow, and those that come in several, may. */
static bool is_final(const struct rule_list *list, const struct look *look, bool all_last)
{
    const struct buffer_row *row = sticky_row(list->sticky);
    if (is_complete(look))
        return true;
    if (!row)
        return false;
    return row->kind == BUFFER_SINGLE || (row->kind == BUFFER_WINDOW && all_last);
}

/* A view of a stream begins with bytes that were looked at before: what they hold by themselves was
 * told then. */
static bool was_seen(struct detect_thread *t, const struct rule_list *list, struct look *look,
                     const struct span *bytes)
{
    if (list->sticky->source != STICKY_PAYLOAD || !look->rebuilt || look->old_len == 0 ||
        t->one_view >= 0)
        return false;
    struct span old = {bytes->data, look->old_len, bytes->at, bytes->is_last};
    return list_holds_bytes(t, list, look, &old);
}

bool list_holds(struct detect_thread *t, const struct rule_list *list, struct look *look,
                bool *out_final)
{
    struct span bytes;
    unsigned index = 0;
    bool all_last = true;
    *out_final = true;
    if (list->test.holds) {
        if (list->test.holds(list->test.state, look))
            return true;
        *out_final = is_complete(look);
        return false;
    }
    for (; list_bytes(t, list, look, index, &bytes); index++) {
        all_last &= bytes.is_last;
        if (list->wants_absent)
            return false;
        if (list_holds_bytes(t, list, look, &bytes) && !was_seen(t, list, look, &bytes))
            return true;
    }
    if (index == 0 && (list->wants_absent || list->or_absent)) {
        /* absent is known once the buffer's time has come */
        bool here = !look->tx || look->tx->progress[look->side] >= list->progress;
        *out_final = here;
        return here;
    }
    *out_final = look->tx ? is_final(list, look, index > 0 && all_last) : true;
    if (look->tx && index == 0 && list->sticky->source == STICKY_TX && !is_complete(look))
        *out_final = buffer_row[list->sticky->id].kind == BUFFER_SINGLE &&
                     look->tx->progress[look->side] > list->progress;
    return false;
}
