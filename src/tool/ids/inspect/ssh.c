/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SSH as far as it is open: banners and the offers of algorithms; one transaction a connection. */
#include <string.h>

#include "core/base/bytes.h"
#include "core/base/digest.h"
#include "core/base/mem.h"
#include "core/base/str.h"
#include "tool/ids/eve/eve_head.h"
#include "tool/ids/inspect/inspect_private.h"

enum {
    BANNER_MAX = 256,
    RECORD_HEAD = 6, /* length, padding length, message */
    OFFER_MAX = 65535,
    MESSAGE_KEXINIT = 20,
    MESSAGE_NEWKEYS = 21,
    PROGRESS_BANNER = 1,
    PROGRESS_OFFER = 2,
    PROGRESS_LOG = 3,
};

struct ssh_side {
    struct str proto, software, hassh_string;
    char hassh[33];
    bool has_banner, wants_eol, has_keys;
    uint32_t skip;
};

struct ssh_tx {
    struct inspect_tx head;
    struct ssh_side side[FLOW_SIDES];
};

struct ssh_state {
    struct ssh_tx *tx;
};

static struct ssh_tx *tx_of(const struct inspect_tx *tx)
{
    return CONTAINER_OF(tx, struct ssh_tx, head);
}

static bool wants_hassh(const struct inspect_flow *f)
{
    return f->thread->settings->hassh || f->thread->want & INSPECT_HASSH;
}

/* ---- banner ---- */

/* "SSH-2.0-OpenSSH_9.6 comment" */
static bool read_banner(struct ssh_side *s, const char *text, size_t len)
{
    const char *dash = len > 4 ? memchr(text + 4, '-', len - 4) : NULL;
    if (!dash || memcmp(text, "SSH-", 4) != 0 || dash == text + 4)
        return false;
    size_t proto = (size_t)(dash - text) - 4, rest = len - proto - 5, software = 0;
    while (software < rest && !strchr(" \r\n", dash[1 + software]))
        software++;
    str_add_len(&s->proto, text + 4, proto < BANNER_MAX ? proto : BANNER_MAX);
    str_add_len(&s->software, dash + 1, software < BANNER_MAX ? software : BANNER_MAX);
    return true;
}

static uint32_t take_banner(struct inspect_flow *f, struct ssh_tx *tx, enum flow_side side,
                            const struct stream_chunk *c, bool *bad)
{
    struct ssh_side *s = &tx->side[side];
    const char *text = (const char *)c->data, *lf = memchr(text, '\n', c->len);
    if (!lf && c->len < BANNER_MAX && !s->wants_eol)
        return 0;
    uint32_t used = lf ? (uint32_t)(lf - text) + 1 : c->len;
    if (!s->wants_eol) {
        size_t len = lf ? used - 1 : used;
        while (len && text[len - 1] == '\r')
            len--;
        if (!read_banner(s, text, len)) {
            inspect_event(f, &tx->head, INSPECT_EVENT_SSH_INVALID_BANNER);
            *bad = true;
            return 0;
        }
        if (len >= BANNER_MAX)
            inspect_event(f, &tx->head, INSPECT_EVENT_SSH_LONG_BANNER);
        inspect_tx_progress(f, &tx->head, side, wants_hassh(f) ? PROGRESS_BANNER : PROGRESS_LOG);
    }
    s->wants_eol = lf == NULL;
    s->has_banner = lf != NULL;
    if (lf)
        inspect_raw_trigger(f, side);
    return used;
}

/* ---- records ---- */

/* HASSH: key exchange, cipher, MAC and compression of one's own direction. */
static void read_offer(struct inspect_flow *f, struct ssh_tx *tx, enum flow_side side,
                       const uint8_t *data, size_t len)
{
    struct ssh_side *s = &tx->side[side];
    struct bytes_in in = bytes_in_of(data, len);
    const unsigned server = side == FLOW_TO_CLIENT;
    uint8_t sum[DIGEST_MAX];
    static const char hex[] = "0123456789abcdef";
    if (s->hassh[0])
        return;
    bytes_skip(&in, 16); /* cookie */
    for (unsigned i = 0; i < 8; i++) {
        uint32_t size = bytes_u32be(&in);
        const uint8_t *list = bytes_take(&in, size);
        bool wanted = i == 0 || (i >= 2 && (i & 1) == server);
        if (in.bad)
            return;
        if (!wanted)
            continue;
        if (i)
            str_add(&s->hassh_string, ";");
        str_add_len(&s->hassh_string, list, size);
    }
    digest_of(DIGEST_MD5, str_text(&s->hassh_string), s->hassh_string.len, sum);
    for (int i = 0; i < 16; i++) {
        s->hassh[2 * i] = hex[sum[i] >> 4];
        s->hassh[2 * i + 1] = hex[sum[i] & 0xf];
    }
    inspect_tx_progress(f, &tx->head, side, PROGRESS_LOG);
}

static void new_keys(struct inspect_flow *f, struct ssh_tx *tx, enum flow_side side)
{
    tx->side[side].has_keys = true;
    inspect_tx_progress(f, &tx->head, side, INSPECT_DONE);
    if (tx->side[!side].has_keys && f->thread->settings->ssh_bypass)
        f->wants_bypass = true;
}

static void frames(struct inspect_flow *f, enum flow_side side, uint64_t at, uint32_t len)
{
    (void)inspect_frame_new(f, side, "record.hdr", at, RECORD_HEAD);
    (void)inspect_frame_new(f, side, "record.data", at + RECORD_HEAD, (int64_t)len - 2);
    (void)inspect_frame_new(f, side, "record.pdu", at, (int64_t)len + 4);
}

static struct stream_used take_records(struct inspect_flow *f, struct ssh_tx *tx,
                                       enum flow_side side, const struct stream_chunk *c,
                                       uint32_t at)
{
    struct ssh_side *s = &tx->side[side];
    while (at < c->len) {
        uint32_t left = c->len - at;
        if (s->skip) {
            uint32_t n = s->skip < left ? s->skip : left;
            s->skip -= n;
            at += n;
            continue;
        }
        if (s->has_keys) /* encrypted */
            return inspect_all(c);
        if (left < RECORD_HEAD)
            return (struct stream_used){at, RECORD_HEAD};
        struct bytes_in in = bytes_in_of(c->data + at, left);
        uint32_t len = bytes_u32be(&in);
        (void)bytes_u8(&in);
        uint8_t message = bytes_u8(&in);
        if (len < 2) {
            inspect_event(f, &tx->head, INSPECT_EVENT_SSH_INVALID_RECORD);
            return inspect_fail(f, INSPECT_ERROR_PARSER);
        }
        bool offer = message == MESSAGE_KEXINIT && wants_hassh(f);
        if (offer && len >= OFFER_MAX)
            inspect_event(f, &tx->head, INSPECT_EVENT_SSH_LONG_KEX_RECORD);
        else if (offer && left - 4 < len)
            return (struct stream_used){at, len + 4};
        else if (offer)
            read_offer(f, tx, side, c->data + at + RECORD_HEAD, len - 2);
        frames(f, side, c->at + at, len);
        if (message == MESSAGE_NEWKEYS)
            new_keys(f, tx, side);
        s->skip = len + 4 > left ? len + 4 - left : 0;
        if (len > UINT32_MAX - 4)
            s->skip = len;
        at += s->skip ? left : len + 4;
    }
    return inspect_all(c);
}

static struct stream_used take(struct inspect_flow *f, void *state, enum flow_side side,
                               const struct stream_chunk *c)
{
    struct ssh_state *st = state;
    struct ssh_tx *tx = st->tx;
    bool bad = false;
    uint32_t at = 0;
    if (!tx) {
        st->tx = tx = inspect_tx_new(f, sizeof *tx);
        if (!tx)
            return inspect_fail(f, INSPECT_ERROR_INTERNAL);
        tx->head.flag |= INSPECT_TX_KEEP;
        for (int i = 0; i < FLOW_SIDES; i++)
            tx->side[i].proto = tx->side[i].software = tx->side[i].hassh_string = str_of(0);
    }
    if (c->gap)
        return inspect_fail(f, INSPECT_ERROR_GAP);
    inspect_tx_touch(&tx->head, side);
    if (!tx->side[side].has_banner && c->len) {
        at = take_banner(f, tx, side, c, &bad);
        if (bad)
            return inspect_fail(f, INSPECT_ERROR_PARSER);
        if (!tx->side[side].has_banner)
            return (struct stream_used){at, 0};
    }
    return take_records(f, tx, side, c, at);
}

static void *open_flow(struct inspect_flow *f)
{
    (void)f;
    return mem_zero(sizeof(struct ssh_state));
}

static void close_flow(struct inspect_flow *f, void *state)
{
    (void)f;
    mem_free(state);
}

static void tx_free(struct inspect_flow *f, struct inspect_tx *head)
{
    struct ssh_tx *tx = tx_of(head);
    (void)f;
    for (int i = 0; i < FLOW_SIDES; i++) {
        str_done(&tx->side[i].proto);
        str_done(&tx->side[i].software);
        str_done(&tx->side[i].hassh_string);
    }
}

static enum inspect_answer probe(const struct inspect_probe *p)
{
    uint32_t len = p->len < 4 ? p->len : 4;
    if (memcmp(p->data, "SSH-", len) != 0)
        return INSPECT_NO;
    return len == 4 ? INSPECT_YES : INSPECT_MORE;
}

static bool give(struct span *out, const struct str *s)
{
    return s->len && inspect_span(out, str_text(s), s->len);
}

static bool buffer(const struct inspect_flow *f, const struct inspect_tx *head, enum flow_side side,
                   enum buffer_id id, unsigned index, struct span *out)
{
    const struct ssh_side *s = &tx_of(head)->side[side];
    (void)f, (void)index;
    switch ((int)id) {
    case BUFFER_SSH_PROTO:
        return give(out, &s->proto);
    case BUFFER_SSH_SOFTWARE:
        return give(out, &s->software);
    case BUFFER_SSH_HASSH:
    case BUFFER_SSH_HASSH_SERVER:
        return s->hassh[0] && inspect_span(out, s->hassh, 32);
    case BUFFER_SSH_HASSH_STRING:
    case BUFFER_SSH_HASSH_SERVER_STRING:
        return give(out, &s->hassh_string);
    default:
        return false;
    }
}

static void put_side(struct json_out *json, const char *key, const struct ssh_side *s)
{
    if (!s->proto.len)
        return;
    json_object(json, key);
    eve_bytes(json, "proto_version", str_text(&s->proto), s->proto.len);
    if (s->software.len)
        eve_bytes(json, "software_version", str_text(&s->software), s->software.len);
    if (s->hassh[0]) {
        json_object(json, "hassh");
        json_text(json, "hash", s->hassh);
        eve_bytes(json, "string", str_text(&s->hassh_string), s->hassh_string.len);
        json_end(json);
    }
    json_end(json);
}

static void eve(const struct inspect_flow *f, const struct inspect_tx *head, struct json_out *json)
{
    (void)f;
    json_object(json, "ssh");
    put_side(json, "client", &tx_of(head)->side[FLOW_TO_SERVER]);
    put_side(json, "server", &tx_of(head)->side[FLOW_TO_CLIENT]);
    json_end(json);
}

static bool wants_log(const struct inspect_flow *f, const struct inspect_tx *head)
{
    (void)f;
    return tx_of(head)->side[0].proto.len || tx_of(head)->side[1].proto.len;
}

const struct inspect_proto inspect_proto_ssh = {
    .id = INSPECT_SSH,
    .transports = INSPECT_TCP,
    .first_side = FLOW_SIDES,
    .event_type = "ssh",
    .log_progress = {PROGRESS_LOG, PROGRESS_LOG},
    .probe = probe,
    .open = open_flow,
    .close = close_flow,
    .take = take,
    .tx_free = tx_free,
    .buffer = buffer,
    .eve = eve,
    .wants_log = wants_log,
};
