/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A conversation of any bytes through the protocols: what both sides say, in pieces, and what rules
 * and records ask of it then.  Byte 0: TCP or UDP; byte 1: the server's port; then pieces: a byte
 * (bit 7 the side, bit 6 a gap, the rest high bits of the length), a byte of length, the bytes. */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/base/str.h"
#include "tool/ids/inspect/inspect_private.h"
#include "wire/packet/layer/number.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static volatile uint8_t touched;

static void ask(const struct flow *f, const struct inspect_tx *tx)
{
    struct str text = str_of(0);
    struct json_out json = json_out_of(&text);
    struct span span;
    uint64_t number;
    for (int side = 0; side < FLOW_SIDES; side++) {
        for (int i = 0; i < BUFFER_COUNT; i++)
            for (unsigned index = 0; index < 3; index++)
                if (inspect_buffer(f, tx, (enum flow_side)side, (enum buffer_id)i, index, &span) &&
                    span.len)
                    touched ^= span.data[0] ^ span.data[span.len - 1];
        for (int i = 0; i < NUMBER_COUNT; i++)
            (void)inspect_number(f, tx, (enum flow_side)side, (enum number_id)i, 0, &number);
    }
    json_object(&json, NULL);
    inspect_eve(f, tx, &json);
    json_end(&json);
    assert(text.len >= 2);
    str_done(&text);
}

static void ask_all(struct inspect_thread *t, struct flow *f)
{
    for (struct inspect_tx *tx = inspect_tx_first(f); tx; tx = tx->next) {
        if (tx->fresh[0] || tx->fresh[1])
            ask(f, tx);
        tx->fresh[0] = tx->fresh[1] = false;
        if (tx->progress[0] == INSPECT_DONE && tx->progress[1] == INSPECT_DONE) {
            tx->inspected[0] = tx->inspected[1] = true;
            tx->event_logged = tx->event_count;
            tx->flag |= INSPECT_TX_LOGGED;
        }
    }
    inspect_clean(t, f);
}

struct side {
    struct str waiting; /* not taken yet */
    uint64_t at;
};

static void give(struct inspect_thread *t, struct flow *f, struct side *s, enum flow_side side,
                 bool end)
{
    for (;;) {
        struct stream_chunk c = {.data = (const uint8_t *)str_text(&s->waiting),
                                 .len = (uint32_t)s->waiting.len,
                                 .at = s->at,
                                 .is_end = end};
        struct stream_used used = inspect_take(t, f, side, &c);
        uint32_t n = used.used < c.len ? used.used : c.len;
        if (n == 0)
            return;
        memmove(s->waiting.text, s->waiting.text + n, s->waiting.len - n);
        str_cut(&s->waiting, s->waiting.len - n);
        s->at += n;
        if (s->waiting.len == 0)
            return;
    }
}

static void piece(struct inspect_thread *t, struct flow *f, struct side sides[2], uint8_t head,
                  const uint8_t *data, uint32_t len)
{
    enum flow_side side = head & 0x80 ? FLOW_TO_CLIENT : FLOW_TO_SERVER;
    struct side *s = &sides[side];
    if (f->proto == IP_PROTO_UDP) {
        (void)inspect_datagram(t, f, side, data, len);
    } else if (head & 0x40) {
        struct stream_chunk gap = {.at = s->at, .gap = len ? len : 1};
        str_cut(&s->waiting, 0);
        (void)inspect_take(t, f, side, &gap);
        s->at += gap.gap;
    } else {
        str_add_len(&s->waiting, data, len);
        give(t, f, s, side, false);
    }
    ask_all(t, f);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint16_t port[] = {80, 53, 443, 25, 1883, 5060, 22, 21};
    static struct inspect_settings settings;
    struct side sides[2] = {{str_of(0), 0}, {str_of(0), 0}};
    if (size < 2 || size > 64 * 1024)
        return 0;
    settings = inspect_settings_default;
    settings.ja3 = settings.ja4 = settings.hassh = true;
    settings.smtp.log_extended = settings.smtp.log_body_md5 = true;
    struct inspect_thread *t = mem_zero(sizeof *t);
    struct flow *f = mem_zero(sizeof *f);
    t->settings = &settings;
    t->wants_frames = true;
    f->family = ADDR_IP4;
    f->proto = data[0] & 1 ? IP_PROTO_UDP : IP_PROTO_TCP;
    f->port[FLOW_TO_SERVER] = 40000;
    f->port[FLOW_TO_CLIENT] = port[data[1] % ARRAY_COUNT(port)];
    for (size_t at = 2; at + 2 <= size;) {
        uint32_t len = (uint32_t)(data[at] & 0x3f) << 8 | data[at + 1];
        uint32_t have = (uint32_t)(size - at - 2);
        len = len < have ? len : have;
        piece(t, f, sides, data[at], data + at + 2, len);
        at += 2 + len;
    }
    for (int side = 0; side < FLOW_SIDES; side++) {
        if (f->proto == IP_PROTO_TCP)
            give(t, f, &sides[side], (enum flow_side)side, true);
        ask_all(t, f);
        str_done(&sides[side].waiting);
    }
    inspect_flow_free(t, f);
    mem_free(f);
    mem_free(t);
    return 0;
}
