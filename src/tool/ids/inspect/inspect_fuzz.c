/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A flow of any protocol.  The first byte says which one is spoken (0: it is to be recognised; else
 * a row of inspect_protos, from 1), the second whether over UDP.  Then pieces: two bytes of head
 * (the side, whether the bytes are lost, their number) and the bytes.  After each piece everything
 * that rules and records may ask for is asked for. */
#include <stdlib.h>
#include <string.h>

#include "core/base/bytes.h"
#include "core/base/mem.h"
#include "tool/ids/inspect/inspect_private.h"
#include "wire/packet/layer/number.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { PIECE_TO_CLIENT = 0x8000, PIECE_LOST = 0x4000, PIECE_LEN = 0x3fff, JSON_MAX = 1 << 24 };

struct side {
    uint8_t *data; /* of exactly len bytes: a read behind them is seen */
    uint32_t len, need;
    uint64_t at;
};

struct run {
    struct inspect_settings settings;
    struct inspect_thread thread;
    struct flow flow;
    struct side side[FLOW_SIDES];
};

/* ---- what rules and records ask ---- */

static void touch(const struct span *s)
{
    static volatile uint8_t seen;
    for (size_t i = 0; i < s->len; i++)
        seen = seen ^ s->data[i];
}

static void ask_buffers(const struct flow *f, const struct inspect_tx *tx, enum flow_side side)
{
    struct span s;
    uint64_t number;
    for (int b = 0; b < BUFFER_COUNT; b++) {
        if (inspect_buffer_named(f, tx, side, (enum buffer_id)b, NULL, &s))
            touch(&s);
        for (unsigned i = 0; i < 4 && inspect_buffer(f, tx, side, (enum buffer_id)b, i, &s); i++)
            touch(&s);
    }
    for (int n = 0; n < NUMBER_COUNT; n++) {
        (void)inspect_number_snort(f, tx, side, (enum number_id)n, &number);
        (void)inspect_number(f, tx, side, (enum number_id)n, 0, &number);
    }
}

static void ask_files(const struct flow *f, const struct inspect_tx *tx, enum flow_side side)
{
    struct span s;
    struct inspect_file *file;
    for (size_t i = 0; (file = inspect_file_at(f, tx, side, i)); i++) {
        if (inspect_file_data(file, &s))
            touch(&s);
        inspect_file_set_inspected(file);
    }
}

static void ask_frames(const struct flow *f, enum flow_side side)
{
    struct span s;
    for (size_t i = 0; i < inspect_frame_count(f, side); i++)
        if (inspect_frame_data(f, inspect_frame_at(f, side, i), &s))
            touch(&s);
}

static void record(const struct flow *f, const struct inspect_tx *tx)
{
    struct str text = str_of(JSON_MAX);
    struct json_out json = json_out_of(&text);
    json_object(&json, NULL);
    inspect_eve(f, tx, &json);
    json_end(&json);
    if (json.depth) /* what was opened is closed */
        abort();
    str_done(&text);
}

static void ask(struct run *r)
{
    struct flow *f = &r->flow;
    for (struct inspect_tx *tx = inspect_tx_first(f); tx; tx = inspect_tx_next(tx)) {
        if (!tx->fresh[0] && !tx->fresh[1])
            continue;
        for (int side = 0; side < FLOW_SIDES; side++) {
            ask_buffers(f, tx, (enum flow_side)side);
            ask_files(f, tx, (enum flow_side)side);
            tx->fresh[side] = false;
            tx->inspected[side] = tx->progress[side] == INSPECT_DONE;
        }
        if (tx->inspected[0] && tx->inspected[1]) {
            record(f, tx);
            tx->flag |= INSPECT_TX_LOGGED;
            tx->event_logged = tx->event_count;
        }
    }
    ask_frames(f, FLOW_TO_SERVER);
    ask_frames(f, FLOW_TO_CLIENT);
    inspect_clean(&r->thread, f);
}

/* ---- bytes, handed on as wire/packet/stream does ---- */

static void drop_used(struct side *s, uint32_t used)
{
    uint32_t left = s->len - used;
    uint8_t *rest = left ? mem_zero(left) : NULL;
    if (left)
        memcpy(rest, s->data + used, left);
    mem_free(s->data);
    s->data = rest;
    s->len = left;
    s->at += used;
}

/* Sides may be turned by who takes the bytes: *at follows. */
static struct stream_used give(struct run *r, enum flow_side *at, const struct stream_chunk *c)
{
    uint32_t reversed = r->flow.flag & FLOW_REVERSED;
    struct stream_used used = inspect_take(&r->thread, &r->flow, *at, c);
    if (reversed != (r->flow.flag & FLOW_REVERSED)) {
        struct side first = r->side[0];
        r->side[0] = r->side[1];
        r->side[1] = first;
        *at = (enum flow_side) !*at;
    }
    return used;
}

static void hand_on(struct run *r, enum flow_side at, bool is_end)
{
    for (struct side *s = &r->side[at]; s->len > 0 && (s->len >= s->need || is_end);) {
        struct stream_chunk c = {.data = s->data, .len = s->len, .at = s->at, .is_end = is_end};
        struct stream_used used = give(r, &at, &c);
        s = &r->side[at];
        s->need = used.need;
        if (used.used == 0)
            break;
        drop_used(s, used.used < s->len ? used.used : s->len);
    }
}

static void add(struct run *r, enum flow_side at, const uint8_t *data, uint32_t len)
{
    struct side *s = &r->side[at];
    s->data = mem_resize(s->data, s->len + len + 1, 1);
    memcpy(s->data + s->len, data, len);
    s->len += len;
    drop_used(s, 0);
    if (r->flow.proto == IP_PROTO_TCP)
        hand_on(r, at, false);
    else
        (void)inspect_datagram(&r->thread, &r->flow, at, s->data, s->len);
}

static void lose(struct run *r, enum flow_side at, uint32_t len)
{
    struct side *s = &r->side[at];
    if (r->flow.proto == IP_PROTO_UDP || len == 0)
        return;
    drop_used(s, s->len); /* what no one took before a gap is lost with it */
    struct stream_chunk c = {.at = s->at, .gap = len};
    (void)give(r, &at, &c);
    s->at += len;
    s->need = 0;
}

static void end(struct run *r, enum flow_side at)
{
    if (r->flow.proto == IP_PROTO_UDP)
        return;
    struct stream_chunk c = {.at = r->side[at].at, .is_end = true};
    if (r->side[at].len)
        hand_on(r, at, true);
    else
        (void)give(r, &at, &c);
}

static void begin(struct run *r, uint8_t row, bool is_udp)
{
    r->settings = inspect_settings_default;
    r->settings.ja3 = r->settings.ja4 = r->settings.hassh = true;
    r->settings.hash = FILE_WANT_MD5;
    r->settings.smtp.log_extended = r->settings.smtp.log_body_md5 = true;
    r->thread.settings = &r->settings;
    r->thread.wants_frames = true;
    r->flow.family = ADDR_IP4;
    r->flow.proto = is_udp ? IP_PROTO_UDP : IP_PROTO_TCP;
    r->flow.port[FLOW_TO_SERVER] = 40000;
    r->flow.port[FLOW_TO_CLIENT] = is_udp ? 53 : 8000;
    if (row == 0)
        return;
    r->thread.expect[0] = (struct inspect_expect){.a = flow_client(&r->flow),
                                                  .b = flow_server(&r->flow),
                                                  .port = r->flow.port[FLOW_TO_CLIENT],
                                                  .proto = (uint8_t)inspect_protos[row - 1]->id};
    r->thread.expect_count = r->thread.expect_next = 1;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;
    struct run *r = mem_zero(sizeof *r);
    struct bytes_in in = bytes_in_of(data + 2, size - 2);
    begin(r, (uint8_t)(data[0] % (inspect_proto_rows + 1)), data[1] & 1);
    while (bytes_left(&in) > 2) {
        uint16_t head = bytes_u16be(&in);
        size_t len = head & PIECE_LEN, left = bytes_left(&in);
        enum flow_side side = head & PIECE_TO_CLIENT ? FLOW_TO_CLIENT : FLOW_TO_SERVER;
        if (head & PIECE_LOST) {
            lose(r, side, (uint32_t)len);
            continue;
        }
        len = len < left ? len : left;
        add(r, side, in.pos, (uint32_t)len);
        ask(r);
        if (r->flow.proto == IP_PROTO_UDP)
            drop_used(&r->side[side], r->side[side].len);
        bytes_skip(&in, len);
    }
    end(r, FLOW_TO_SERVER);
    end(r, FLOW_TO_CLIENT);
    ask(r);
    inspect_flow_free(&r->thread, &r->flow);
    mem_free(r->side[0].data);
    mem_free(r->side[1].data);
    mem_free(r);
    return 0;
}
