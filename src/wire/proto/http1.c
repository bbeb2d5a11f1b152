/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The connection: bytes to the side they are of, and the life of transactions. */
#include "wire/proto/http1.h"

#include <string.h>

#include "core/base/mem.h"
#include "wire/proto/http1_private.h"

struct http1 *http1_new(const struct http1_settings *settings, const struct http1_handler *handler,
                        void *ctx)
{
    struct http1 *h = mem_zero(sizeof *h);
    h->settings = *settings;
    h->handler = *handler;
    h->ctx = ctx;
    return h;
}

void http1_free(struct http1 *h)
{
    mem_free(h);
}

void http1_tx_done(struct http1_tx *tx)
{
    struct http1_message *both[] = {&tx->request, &tx->response};
    for (size_t i = 0; i < ARRAY_COUNT(both); i++) {
        http1_decoder_free(both[i]->decoder);
        mem_free(both[i]->field);
        str_done(&both[i]->raw);
    }
    arena_done(&tx->memory);
}

struct http1_text http1_keep(struct http1_tx *tx, struct http1_text t)
{
    return (struct http1_text){(uint8_t *)arena_copy(&tx->memory, t.data, t.len), t.len};
}

void http1_tell(struct http1 *h, struct http1_tx *tx, enum http1_side side, enum http1_event event)
{
    h->handler.event(h->ctx, tx, side, event);
}

static bool is_over(const struct http1_tx *tx)
{
    return tx->request.step == HTTP1_COMPLETE && tx->response.step == HTTP1_COMPLETE;
}

static void forget(struct http1 *h, struct http1_tx *tx)
{
    for (struct http1_tx **link = &h->first; *link; link = &(*link)->next)
        if (*link == tx) {
            *link = tx->next;
            break;
        }
    if (h->handler.end)
        h->handler.end(h->ctx, tx);
}

void http1_step(struct http1 *h, struct http1_tx *tx, enum http1_side side, enum http1_step step)
{
    http1_message(tx, side)->step = (uint8_t)step;
    h->handler.step(h->ctx, tx, side);
    if (is_over(tx))
        forget(h, tx);
}

static enum http1_status status_of(const struct http1 *h, enum http1_side side)
{
    if (h->side[side].state == STATE_TUNNEL)
        return h->is_upgrade_http2 ? HTTP1_UPGRADE_HTTP2 : HTTP1_TUNNEL;
    return h->side[side].state == STATE_BROKEN ? HTTP1_BROKEN : HTTP1_MORE;
}

/* Nothing follows on this side: what is open is over. */
static void close_side(struct http1 *h, enum http1_side side)
{
    struct http1_line_side *l = &h->side[side];
    if (!l->tx || l->state == STATE_BROKEN || l->state == STATE_TUNNEL)
        return;
    struct http1_tx *tx = l->tx;
    if (side == HTTP1_REQUEST) {
        http1_request_finish(h);
        return;
    }
    http1_body_close(h, tx, side);
    l->tx = NULL;
    l->state = STATE_IDLE;
    http1_step(h, tx, side, HTTP1_COMPLETE);
}

enum http1_status http1_take(struct http1 *h, enum http1_side side, const void *data, size_t len,
                             bool is_end, size_t *out_used)
{
    struct http1_line_side *l = &h->side[side];
    const uint8_t *start = data;
    l->pos = start;
    l->end = len ? start + len : start;
    l->is_end = is_end;
    enum http1_go go = GO_ON;
    while (go == GO_ON && l->state != STATE_TUNNEL && l->state != STATE_BROKEN)
        go = side == HTTP1_REQUEST ? http1_request_step(h) : http1_response_step(h);
    if (go == GO_BROKEN)
        l->state = STATE_BROKEN;
    *out_used = len ? (size_t)(l->pos - start) : 0;
    if (is_end)
        close_side(h, side);
    return status_of(h, side);
}

/* A gap can be passed where only bodies lie. */
enum http1_status http1_gap(struct http1 *h, enum http1_side side, size_t len)
{
    struct http1_line_side *l = &h->side[side];
    bool known = l->state == STATE_BODY_LENGTH && l->left >= len;
    bool open = l->state == STATE_BODY_TO_CLOSE;
    if (!l->tx || (!known && !open && l->state != STATE_CHUNK_DATA) ||
        (l->state == STATE_CHUNK_DATA && l->left < len)) {
        l->state = STATE_BROKEN;
        return HTTP1_BROKEN;
    }
    http1_body_gap(h, l->tx, side, len);
    if (!open)
        l->left -= len;
    if (!open && l->left == 0)
        l->state = l->state == STATE_CHUNK_DATA ? STATE_CHUNK_END : STATE_FINISH;
    return HTTP1_MORE;
}
