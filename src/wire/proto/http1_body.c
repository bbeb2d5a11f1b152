/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bodies: chunks, and content codings undone one after the other.  A coding that turns out to be
 * another one is tried as the others; what none of them explains is passed on as it is. */
#include <string.h>
#include <strings.h>

#include "core/base/bytes.h"
#include "core/base/inflate.h"
#include "core/base/mem.h"
#include "wire/proto/http1_private.h"

enum {
    RESTART_MAX = 3,
    HELD_MAX = 64 * 1024, /* bytes kept for another try until something came out */
    BOMB_RATIO = 2048,
    BOMB_MAX = 5, /* so many on one connection: no more is undone */
    LZMA_LAYERS = 1,
};

struct layer {
    struct inflate *inflate;
    enum inflate_kind kind;
    uint8_t tries;
    bool passes, has_output, is_over;
    struct str held;
};

struct http1_decoder {
    struct layer layer[HTTP1_LAYER_MAX]; /* in the order in which they are undone */
    unsigned count;
    bool is_bomb;
};

static struct http1_decoder *decoder_of(struct http1_message *m)
{
    if (!m->decoder)
        m->decoder = mem_zero(sizeof *m->decoder);
    return m->decoder;
}

/* What was applied last stands last in Content-Encoding, and is undone first. */
static void add_layer(struct http1_message *m, enum inflate_kind kind)
{
    struct http1_decoder *d = decoder_of(m);
    if (d->count == HTTP1_LAYER_MAX)
        return;
    memmove(&d->layer[1], &d->layer[0], d->count * sizeof d->layer[0]);
    d->layer[0] =
        (struct layer){.kind = kind, .inflate = kind == INFLATE_GZIP ? NULL : inflate_new(kind, 0)};
    d->count++;
}

void http1_decoder_free(struct http1_decoder *d)
{
    if (!d)
        return;
    for (unsigned i = 0; i < d->count; i++) {
        inflate_free(d->layer[i].inflate);
        str_done(&d->layer[i].held);
    }
    mem_free(d);
}

static bool holds(struct http1_text t, const char *word)
{
    size_t len = strlen(word);
    for (size_t i = 0; i + len <= t.len; i++)
        if (strncasecmp((const char *)t.data + i, word, len) == 0)
            return true;
    return false;
}

/* -2: no coding at all; -1: unknown.  *out_odd: not written as it should be. */
static int coding_of(struct http1_text t, bool *out_odd)
{
    *out_odd = false;
    if (holds(t, "gzip")) {
        *out_odd = !http1_text_is(t, "gzip") && !http1_text_is(t, "x-gzip");
        return INFLATE_GZIP;
    }
    if (holds(t, "deflate")) {
        *out_odd = !http1_text_is(t, "deflate") && !http1_text_is(t, "x-deflate");
        return INFLATE_RAW;
    }
    if (http1_text_is(t, "br"))
        return INFLATE_BROTLI;
    if (http1_text_is(t, "lzma"))
        return INFLATE_LZMA;
    if (http1_text_is(t, "none") || http1_text_is(t, "identity") || http1_text_is(t, "inflate"))
        return -2;
    *out_odd = true;
    return -1;
}

/* Without the NULs that some servers were seen to swallow. */
static struct http1_text without_nul(struct http1_tx *tx, struct http1_text t)
{
    uint8_t *copy = arena_take(&tx->memory, t.len + 1);
    size_t len = 0;
    for (size_t i = 0; i < t.len; i++)
        if (t.data[i])
            copy[len++] = t.data[i];
    return (struct http1_text){copy, len};
}

static struct http1_text next_coding(struct http1_text *list)
{
    while (list->len && (*list->data == ',' || *list->data == ' ')) {
        list->data++;
        list->len--;
    }
    struct http1_text word = {list->data, 0};
    while (word.len < list->len && list->data[word.len] != ',' && list->data[word.len] != ' ')
        word.len++;
    list->data += word.len;
    list->len -= word.len;
    return word;
}

void http1_body_open(struct http1 *h, struct http1_tx *tx, enum http1_side side)
{
    struct http1_message *m = http1_message(tx, side);
    const struct http1_field *field = http1_field(m, "content-encoding");
    uint32_t layers = 0, lzma = 0;
    bool enabled =
        side == HTTP1_REQUEST ? h->settings.decode_request : h->settings.decode_layer_max > 0;
    if (!field || !enabled || h->bombs >= BOMB_MAX)
        return;
    struct http1_text list = without_nul(tx, field->value);
    for (struct http1_text word; (word = next_coding(&list)).len;) {
        bool odd;
        if (++layers > h->settings.decode_layer_max && h->settings.decode_layer_max) {
            http1_tell(h, tx, side, HTTP1_EVENT_TOO_MANY_ENCODING_LAYERS);
            break;
        }
        int kind = coding_of(word, &odd);
        if (odd)
            http1_tell(h, tx, side, HTTP1_EVENT_ABNORMAL_CE_HEADER);
        if (kind == INFLATE_LZMA && ++lzma > LZMA_LAYERS)
            break;
        if (kind >= 0)
            add_layer(m, (enum inflate_kind)kind);
    }
}

static enum inflate_kind another(enum inflate_kind kind)
{
    switch (kind) {
    case INFLATE_GZIP:
        return INFLATE_RAW;
    case INFLATE_RAW:
        return INFLATE_ZLIB;
    case INFLATE_ZLIB:
        return INFLATE_GZIP;
    default:
        return INFLATE_RAW;
    }
}

/* The length of a gzip head (RFC 1952 2.3), read as browsers do: flags that mean nothing and a
 * wrong checksum of the head are no reason to stop.  0: more is needed; SIZE_MAX: no such head. */
static size_t gzip_head_len(const uint8_t *data, size_t len)
{
    static const uint8_t magic[] = {0x1f, 0x8b, 8};
    struct bytes_in in = bytes_in_of(data, len);
    if (memcmp(data, magic, len < sizeof magic ? len : sizeof magic) != 0)
        return SIZE_MAX;
    bytes_skip(&in, sizeof magic);
    uint8_t flags = bytes_u8(&in);
    bytes_skip(&in, 6); /* time, extra flags, system */
    if (flags & 4)
        bytes_skip(&in, bytes_u16le(&in));
    for (int text = 0; text < 2; text++) /* name, comment */
        while (flags & 8 << text && bytes_u8(&in) && !in.bad)
            ;
    if (flags & 2)
        bytes_skip(&in, 2);
    return in.bad ? 0 : (size_t)(in.pos - data);
}

static enum inflate_state feed(struct layer *l, const void *data, size_t len, struct str *out)
{
    if (l->inflate)
        return inflate_feed(l->inflate, data, len, out);
    /* gzip: behind its head lies RFC 1951; all that came so far is held */
    size_t head = gzip_head_len((const uint8_t *)str_text(&l->held), l->held.len);
    if (head == SIZE_MAX)
        return INFLATE_BAD;
    if (head == 0)
        return INFLATE_MORE;
    l->inflate = inflate_new(INFLATE_RAW, 0);
    return inflate_feed(l->inflate, l->held.text + head, l->held.len - head, out);
}

static void try_another(struct layer *l)
{
    inflate_free(l->inflate);
    l->kind = another(l->kind);
    l->inflate = l->kind == INFLATE_GZIP ? NULL : inflate_new(l->kind, 0);
}

/* Undo one layer of some bytes; what comes out is added to *out. */
static void undo(struct layer *l, const void *data, size_t len, struct str *out)
{
    size_t before = out->len;
    if (l->passes) {
        str_add_len(out, data, len);
        return;
    }
    if (l->is_over)
        return; /* behind the end of a coding nothing belongs to the body */
    if (!l->has_output && l->held.len + len <= HELD_MAX)
        str_add_len(&l->held, data, len);
    enum inflate_state state = feed(l, data, len, out);
    l->has_output |= out->len > before;
    if (state == INFLATE_DONE)
        l->is_over = true;
    while (state == INFLATE_BAD && !l->has_output && !l->passes) {
        if (l->tries++ == RESTART_MAX) {
            l->passes = true;
            str_add_len(out, l->held.text, l->held.len);
            break;
        }
        try_another(l);
        state = feed(l, str_text(&l->held), l->held.len, out);
        l->has_output |= out->len > before;
        l->is_over = state == INFLATE_DONE;
    }
    if (l->has_output || l->passes)
        str_done(&l->held);
}

static void give(struct http1 *h, struct http1_tx *tx, enum http1_side side, const void *data,
                 size_t len)
{
    http1_message(tx, side)->body_len += len;
    if (len)
        h->handler.body(h->ctx, tx, side, data, len);
}

static bool is_bomb(struct http1 *h, const struct http1_message *m, size_t more)
{
    uint64_t out = m->body_len + more;
    return h->settings.bomb_max && out > h->settings.bomb_max && out / BOMB_RATIO > m->wire_len;
}

static void through_layers(struct http1 *h, struct http1_tx *tx, enum http1_side side,
                           const void *data, size_t len)
{
    struct http1_message *m = http1_message(tx, side);
    struct http1_decoder *d = m->decoder;
    struct str out[2] = {str_of(0), str_of(0)};
    const char *in = data;
    for (unsigned i = 0; i < d->count && len; i++) {
        struct str *to = &out[i % 2];
        str_reset(to);
        to->max = (size_t)h->settings.bomb_max * 8 + (1u << 20);
        undo(&d->layer[i], in, len, to);
        in = str_text(to);
        len = to->len;
    }
    if (is_bomb(h, m, len) && !d->is_bomb) {
        d->is_bomb = true;
        h->bombs++;
        http1_tell(h, tx, side, HTTP1_EVENT_COMPRESSION_BOMB);
        uint64_t room = h->settings.bomb_max > m->body_len ? h->settings.bomb_max - m->body_len : 0;
        len = len < room ? len : (size_t)room;
    }
    give(h, tx, side, in, len);
    str_done(&out[0]);
    str_done(&out[1]);
}

void http1_body_add(struct http1 *h, struct http1_tx *tx, enum http1_side side, const void *data,
                    size_t len)
{
    struct http1_message *m = http1_message(tx, side);
    m->wire_len += len;
    if (!m->decoder)
        give(h, tx, side, data, len);
    else if (!m->decoder->is_bomb)
        through_layers(h, tx, side, data, len);
}

void http1_body_gap(struct http1 *h, struct http1_tx *tx, enum http1_side side, size_t len)
{
    struct http1_message *m = http1_message(tx, side);
    m->wire_len += len;
    if (m->decoder) /* behind a gap nothing can be undone any more */
        return;
    m->body_len += len;
    h->handler.body(h->ctx, tx, side, NULL, len);
}

/* What waited for a sign of its coding and never got one is passed on as it is. */
void http1_body_close(struct http1 *h, struct http1_tx *tx, enum http1_side side)
{
    struct http1_message *m = http1_message(tx, side);
    struct http1_decoder *d = m->decoder;
    if (d && !d->is_bomb && d->count == 1 && !d->layer[0].has_output && !d->layer[0].passes &&
        d->layer[0].held.len) {
        d->layer[0].passes = true;
        give(h, tx, side, d->layer[0].held.text, d->layer[0].held.len);
    }
    http1_decoder_free(m->decoder);
    m->decoder = NULL;
}

/* ---- chunks (RFC 9112 7.1) ---- */

static bool is_control(uint8_t c)
{
    return c == '\r' || c == '\n' || c == ' ' || c == '\t' || c == 0x0b || c == 0x0c;
}

static int hex_value(uint8_t c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Could these first bytes be the length of a chunk? */
static bool may_be_length(struct http1_text t)
{
    size_t i = 0;
    while (i < t.len && is_control(t.data[i]))
        i++;
    return i == t.len || hex_value(t.data[i]) >= 0;
}

/* The length in a line: control characters, hex digits, extensions.  False: none. */
static bool chunk_number(struct http1_text line, uint64_t *out, bool *out_extended)
{
    size_t i = 0, digits = 0;
    uint64_t value = 0;
    while (i < line.len && is_control(line.data[i]))
        i++;
    for (; i < line.len && hex_value(line.data[i]) >= 0; i++, digits++)
        value = value < (UINT64_C(1) << 56) ? value << 4 | (unsigned)hex_value(line.data[i])
                                            : UINT64_MAX;
    *out_extended = memchr(line.data + i, ';', line.len - i) != NULL;
    *out = value;
    return digits > 0 && value <= INT32_MAX;
}

static bool is_blank(struct http1_text line)
{
    for (size_t i = 0; i < line.len; i++)
        if (!is_control(line.data[i]))
            return false;
    return true;
}

enum http1_go http1_chunk_length(struct http1 *h, enum http1_side side, uint64_t *out,
                                 bool *out_bad)
{
    struct http1_line_side *l = &h->side[side];
    size_t len;
    *out_bad = false;
    while (http1_line_split(l, false, &len)) {
        struct http1_text line = {l->pos, len};
        bool extended;
        if (is_blank(line)) {
            l->pos += len;
            continue;
        }
        if (!chunk_number(line, out, &extended)) {
            *out_bad = true;
            return GO_ON;
        }
        l->pos += len;
        if (extended && side == HTTP1_REQUEST)
            http1_tell(h, l->tx, side, HTTP1_EVENT_REQUEST_CHUNK_EXTENSION);
        return GO_ON;
    }
    struct http1_text rest = {l->pos, http1_left(l)};
    if (!may_be_length(rest) || rest.len > HTTP1_LINE_MAX) {
        *out_bad = true;
        return GO_ON;
    }
    return GO_MORE;
}
