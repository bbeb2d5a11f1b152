/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SSL and TLS: the handshake as far as it is open, one transaction a connection. */
#include <stdio.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/digest.h"
#include "core/base/mem.h"
#include "tool/ids/eve/eve_head.h"
#include "tool/ids/inspect/inspect_private.h"
#include "wire/proto/tls_hello.h"
#include "wire/proto/tls_cert.h"

enum {
    RECORD_CHANGE = 20,
    RECORD_ALERT = 21,
    RECORD_HANDSHAKE = 22,
    RECORD_DATA = 23,
    RECORD_HEARTBEAT = 24,
    RECORD_HEAD_LEN = 5,
    HANDSHAKE_CLIENT_HELLO = 1,
    HANDSHAKE_SERVER_HELLO = 2,
    HANDSHAKE_CERTIFICATE = 11,
    HANDSHAKE_SERVER_KEY = 12,
    HANDSHAKE_SERVER_DONE = 14,
    HANDSHAKE_CLIENT_KEY = 16,
    HANDSHAKE_HEAD_LEN = 4,
    HANDSHAKE_MAX = 64 * 1024,
    CERT_MAX = 16,
    SAN_MAX = 64,
    STATE_CLIENT_HELLO = 1, /* NUMBER_SSL_STATE */
    STATE_SERVER_HELLO = 2,
    STATE_CLIENT_KEY = 4,
    STATE_SERVER_KEY = 8,
};

struct tls_side {
    struct str hello_bytes; /* the hello, which `hello` points into */
    struct tls_hello hello;
    bool has_hello, has_cert, is_encrypted, seen_data;
    struct str handshake; /* messages that are not whole yet */
    uint32_t cert_count;
    struct str certs[CERT_MAX];
    struct tls_cert cert;
    char fingerprint[60], serial[200];
    struct str san[SAN_MAX];
    uint32_t san_count;
    struct str ja3;
    char ja3_hash[33], ja4[TLS_JA4_LEN + 1];
    uint16_t record_version;
};

struct tls_tx {
    struct inspect_tx head;
    struct tls_side side[FLOW_SIDES];
    uint16_t version; /* agreed on; else what the client asked for */
    uint8_t state;
    bool is_resumed, is_1_3;
};

struct tls_state {
    struct tls_tx *tx;
    bool is_done; /* everything that follows is encrypted */
};

static struct tls_tx *tx_of(const struct inspect_tx *tx)
{
    return CONTAINER_OF(tx, struct tls_tx, head);
}

static void tell(struct inspect_flow *f, struct tls_tx *tx, enum inspect_event event)
{
    inspect_event(f, &tx->head, event);
}

/* ---- the handshake ---- */

static void make_ja3(struct inspect_flow *f, struct tls_side *s)
{
    uint8_t sum[DIGEST_MAX];
    const struct inspect_settings *settings = f->thread->settings;
    if (settings->ja3 || (f->thread->want & INSPECT_JA3 && !settings->ja3_off)) {
        s->ja3 = str_of(0);
        tls_ja3_text(&s->hello, &s->ja3);
        digest_of(DIGEST_MD5, s->ja3.text, s->ja3.len, sum);
        for (int i = 0; i < 16; i++)
            snprintf(s->ja3_hash + 2 * i, 3, "%02x", sum[i]);
    }
    if (!s->hello.is_server &&
        (settings->ja4 || (f->thread->want & INSPECT_JA4 && !settings->ja4_off)))
        tls_ja4(&s->hello, false, s->ja4);
}

static void take_hello(struct inspect_flow *f, struct tls_tx *tx, enum flow_side side,
                       const uint8_t *data, size_t len)
{
    struct tls_side *s = &tx->side[side];
    bool server = side == FLOW_TO_CLIENT;
    if (s->has_hello)
        return;
    s->hello_bytes = str_of(0);
    str_add_len(&s->hello_bytes, data, len);
    if (!tls_hello_parse(&s->hello, server, (const uint8_t *)str_text(&s->hello_bytes), len))
        tell(f, tx, INSPECT_EVENT_TLS_INVALID_HANDSHAKE_MESSAGE);
    if (s->hello.odd & TLS_ODD_SNI_TYPE)
        tell(f, tx, INSPECT_EVENT_TLS_INVALID_SNI_TYPE);
    if (s->hello.odd & TLS_ODD_SNI_LEN)
        tell(f, tx, INSPECT_EVENT_TLS_INVALID_SNI_LENGTH);
    if (s->hello.odd & TLS_ODD_SNI_TWICE)
        tell(f, tx, INSPECT_EVENT_TLS_MULTIPLE_SNI_EXTENSIONS);
    s->has_hello = true;
    make_ja3(f, s);
    tx->state |= server ? STATE_SERVER_HELLO : STATE_CLIENT_HELLO;
    tx->version = server && s->hello.selected ? s->hello.selected : s->hello.version;
    if (server) {
        const struct tls_hello *client = &tx->side[FLOW_TO_SERVER].hello;
        tx->is_1_3 = tx->version == 0x0304 || tx->version >> 8 == 0x7f;
        tx->is_resumed = s->hello.session_len && s->hello.session_len == client->session_len &&
                         memcmp(s->hello.session, client->session, client->session_len) == 0;
    }
    inspect_tx_progress(f, &tx->head, side, TLS_HELLO);
}

static const enum inspect_event cert_event[] = {
    [TLS_CERT_BAD_DER] = INSPECT_EVENT_TLS_CERTIFICATE_INVALID_DER,
    [TLS_CERT_BAD_VERSION] = INSPECT_EVENT_TLS_CERTIFICATE_INVALID_VERSION,
    [TLS_CERT_BAD_SERIAL] = INSPECT_EVENT_TLS_CERTIFICATE_INVALID_SERIAL,
    [TLS_CERT_BAD_ALGORITHM] = INSPECT_EVENT_TLS_CERTIFICATE_INVALID_ALGORITHMIDENTIFIER,
    [TLS_CERT_BAD_ISSUER] = INSPECT_EVENT_TLS_CERTIFICATE_INVALID_X509NAME,
    [TLS_CERT_BAD_VALIDITY] = INSPECT_EVENT_TLS_CERTIFICATE_INVALID_VALIDITY,
    [TLS_CERT_BAD_DATE] = INSPECT_EVENT_TLS_CERTIFICATE_INVALID_DATE,
    [TLS_CERT_BAD_SUBJECT] = INSPECT_EVENT_TLS_CERTIFICATE_INVALID_X509NAME,
    [TLS_CERT_BAD_EXTENSIONS] = INSPECT_EVENT_TLS_CERTIFICATE_INVALID_EXTENSIONS,
};

static void show_cert(struct tls_side *s, const struct str *der)
{
    uint8_t sum[DIGEST_MAX];
    size_t at = 0;
    digest_of(DIGEST_SHA1, der->text, der->len, sum);
    for (int i = 0; i < 20; i++)
        snprintf(s->fingerprint + 3 * i, 4, i < 19 ? "%02x:" : "%02x", sum[i]);
    for (size_t i = 0; i < s->cert.serial_len && 3 * i + 4 < sizeof s->serial; i++)
        snprintf(s->serial + 3 * i, 4, i + 1 < s->cert.serial_len ? "%02X:" : "%02X",
                 s->cert.serial[i]);
    while (s->san_count < SAN_MAX) {
        struct str name = str_of(0);
        if (!tls_cert_next_san(&s->cert, &at, &name)) {
            str_done(&name);
            break;
        }
        s->san[s->san_count++] = name;
    }
}

static void take_certificates(struct inspect_flow *f, struct tls_tx *tx, enum flow_side side,
                              struct bytes_in in)
{
    struct tls_side *s = &tx->side[side];
    struct bytes_in list = bytes_sub(&in, bytes_u24be(&in));
    if (in.bad)
        tell(f, tx, INSPECT_EVENT_TLS_INVALID_CERTIFICATE);
    if (s->has_cert)
        return;
    while (bytes_left(&list) && s->cert_count < CERT_MAX) {
        uint32_t len = bytes_u24be(&list);
        const uint8_t *der = bytes_take(&list, len);
        if (!der) {
            tell(f, tx, INSPECT_EVENT_TLS_INVALID_CERTIFICATE);
            break;
        }
        struct str *copy = &s->certs[s->cert_count++];
        *copy = str_of(0);
        str_add_len(copy, der, len);
    }
    if (s->cert_count) {
        const struct str *first = &s->certs[0];
        enum tls_cert_fault fault =
            tls_cert_parse(&s->cert, (const uint8_t *)str_text(first), first->len);
        if (fault != TLS_CERT_GOOD)
            tell(f, tx, cert_event[fault]);
        s->has_cert = true;
        show_cert(s, first);
    }
    inspect_tx_progress(f, &tx->head, side, TLS_CERT);
}

static void take_handshake(struct inspect_flow *f, struct tls_tx *tx, enum flow_side side,
                           uint8_t type, const uint8_t *data, size_t len)
{
    switch (type) {
    case HANDSHAKE_CLIENT_HELLO:
        if (side == FLOW_TO_SERVER)
            take_hello(f, tx, side, data, len);
        break;
    case HANDSHAKE_SERVER_HELLO:
        if (side == FLOW_TO_CLIENT)
            take_hello(f, tx, side, data, len);
        break;
    case HANDSHAKE_CERTIFICATE:
        take_certificates(f, tx, side, bytes_in_of(data, len));
        break;
    case HANDSHAKE_SERVER_KEY:
        tx->state |= STATE_SERVER_KEY;
        break;
    case HANDSHAKE_SERVER_DONE:
        inspect_tx_progress(f, &tx->head, FLOW_TO_CLIENT, TLS_HELLO_DONE);
        break;
    case HANDSHAKE_CLIENT_KEY:
        tx->state |= STATE_CLIENT_KEY;
        inspect_tx_progress(f, &tx->head, FLOW_TO_SERVER, TLS_CERT);
        break;
    default:
        break;
    }
}

/* Handshake messages may lie across records. */
static void feed_handshake(struct inspect_flow *f, struct tls_tx *tx, enum flow_side side,
                           const uint8_t *data, size_t len)
{
    struct str *all = &tx->side[side].handshake;
    if (all->len + len > HANDSHAKE_MAX) {
        tell(f, tx, INSPECT_EVENT_TLS_HANDSHAKE_INVALID_LENGTH);
        str_reset(all);
        return;
    }
    str_add_len(all, data, len);
    struct bytes_in in = bytes_in_of(all->text, all->len);
    while (bytes_left(&in) >= HANDSHAKE_HEAD_LEN) {
        struct bytes_in ahead = in;
        uint8_t type = bytes_u8(&ahead);
        uint32_t message_len = bytes_u24be(&ahead);
        const uint8_t *message = bytes_take(&ahead, message_len);
        if (!message)
            break;
        in = ahead;
        take_handshake(f, tx, side, type, message, message_len);
    }
    size_t rest = bytes_left(&in);
    memmove(all->text, in.pos, rest);
    str_cut(all, rest);
}

/* ---- records ---- */

static void encrypted(struct inspect_flow *f, struct tls_state *s)
{
    struct tls_tx *tx = s->tx;
    if (s->is_done)
        return;
    s->is_done = true;
    inspect_tx_done(f, &tx->head);
    if (f->thread->settings->encrypted_full)
        return;
    if (f->flow->stream) { /* there is nothing to be seen in it */
        stream_raw_disable(f->flow->stream, FLOW_TO_SERVER);
        stream_raw_disable(f->flow->stream, FLOW_TO_CLIENT);
    }
    f->flow->flag |= FLOW_NO_PAYLOAD;
    if (f->thread->settings->encrypted_bypass)
        f->wants_bypass = true;
}

static void take_record(struct inspect_flow *f, struct tls_state *s, enum flow_side side,
                        uint8_t type, const uint8_t *data, size_t len)
{
    struct tls_tx *tx = s->tx;
    struct tls_side *me = &tx->side[side];
    switch (type) {
    case RECORD_HANDSHAKE:
        if (!me->is_encrypted)
            feed_handshake(f, tx, side, data, len);
        break;
    case RECORD_CHANGE:
        if (tx->is_1_3 || (side == FLOW_TO_SERVER && tx->side[FLOW_TO_CLIENT].has_hello == false &&
                           me->hello.selected >= 0x0304))
            break; /* it means nothing there */
        me->is_encrypted = true;
        inspect_tx_progress(f, &tx->head, side, TLS_HANDSHAKE_DONE);
        break;
    case RECORD_ALERT:
        if (!me->is_encrypted && len == 2 && data[0] == 2)
            tell(f, tx, INSPECT_EVENT_TLS_ERROR_MESSAGE_ENCOUNTERED);
        break;
    case RECORD_HEARTBEAT:
        tell(f, tx, INSPECT_EVENT_TLS_HEARTBEAT_MESSAGE);
        break;
    case RECORD_DATA:
        me->seen_data = me->is_encrypted = true;
        inspect_tx_progress(f, &tx->head, side, TLS_HANDSHAKE_DONE);
        if (tx->side[!side].seen_data || tx->side[!side].is_encrypted)
            encrypted(f, s);
        break;
    default:
        break;
    }
    if (me->is_encrypted && tx->side[!side].is_encrypted)
        inspect_tx_progress(f, &tx->head, side, TLS_HANDSHAKE_DONE);
}

static bool is_record_type(uint8_t type)
{
    return type >= RECORD_CHANGE && type <= RECORD_HEARTBEAT;
}

/* SSL 2's hello (RFC 6101 E.1): a length with the top bit set, type 1, a version. */
static uint32_t take_ssl2(struct inspect_flow *f, struct tls_state *s, enum flow_side side,
                          const struct stream_chunk *c)
{
    uint32_t len = (uint32_t)(c->data[0] & 0x7f) << 8 | c->data[1];
    struct tls_tx *tx = s->tx;
    if (c->len < len + 2u || len < 9)
        return 0;
    struct bytes_in in = bytes_in_of(c->data + 3, len - 1);
    uint16_t version = bytes_u16be(&in);
    if (!tx->version)
        tx->version = version;
    tx->side[side].hello.version = version;
    if (!tx->side[side].has_hello) {
        tx->side[side].has_hello = true;
        tx->state |= side == FLOW_TO_SERVER ? STATE_CLIENT_HELLO : STATE_SERVER_HELLO;
        inspect_tx_progress(f, &tx->head, side, TLS_HELLO);
    }
    return len + 2;
}

static bool looks_like_ssl2(const struct stream_chunk *c)
{
    return c->len >= 5 && c->data[0] & 0x80 && (c->data[2] == 1 || c->data[2] == 4) &&
           !is_record_type(c->data[0]);
}

static struct stream_used take(struct inspect_flow *f, void *state, enum flow_side side,
                               const struct stream_chunk *c)
{
    struct tls_state *s = state;
    struct bytes_in in = bytes_in_of(c->data, c->len);
    if (c->gap)
        return inspect_fail(f, INSPECT_ERROR_GAP);
    if (!s->tx) {
        s->tx = inspect_tx_new(f, sizeof *s->tx);
        if (!s->tx)
            return inspect_fail(f, INSPECT_ERROR_ALLOC);
        s->tx->head.flag |= INSPECT_TX_KEEP;
    }
    if (looks_like_ssl2(c) && !s->tx->side[side].has_hello) {
        uint32_t used = take_ssl2(f, s, side, c);
        if (used || !c->is_end)
            return (struct stream_used){used, 0};
    }
    while (bytes_left(&in) >= RECORD_HEAD_LEN) {
        struct bytes_in ahead = in;
        uint8_t type = bytes_u8(&ahead);
        uint16_t version = bytes_u16be(&ahead);
        uint16_t len = bytes_u16be(&ahead);
        if (!is_record_type(type) || version >> 8 != 3) {
            tell(f, s->tx,
                 is_record_type(type) ? INSPECT_EVENT_TLS_INVALID_RECORD_VERSION
                                      : INSPECT_EVENT_TLS_INVALID_RECORD_TYPE);
            tell(f, s->tx, INSPECT_EVENT_TLS_INVALID_TLS_HEADER);
            return inspect_fail(f, INSPECT_ERROR_PARSER);
        }
        if (bytes_left(&ahead) < len) {
            if (type == RECORD_DATA) /* it is encrypted: no need to wait for the rest */
                take_record(f, s, side, type, ahead.pos, 0);
            if (!c->is_end)
                return (struct stream_used){(uint32_t)(in.pos - c->data), len + RECORD_HEAD_LEN};
            break;
        }
        s->tx->side[side].record_version = version;
        (void)inspect_frame_new(f, side, "pdu", c->at + (uint64_t)(in.pos - c->data),
                                len + RECORD_HEAD_LEN);
        const uint8_t *data = bytes_take(&ahead, len);
        take_record(f, s, side, type, data, len);
        in = ahead;
    }
    if (c->is_end)
        inspect_tx_progress(f, &s->tx->head, side, INSPECT_DONE);
    return (struct stream_used){(uint32_t)(in.pos - c->data), 0};
}

static void *open_flow(struct inspect_flow *f)
{
    (void)f;
    return mem_zero(sizeof(struct tls_state));
}

static void close_flow(struct inspect_flow *f, void *state)
{
    (void)f;
    mem_free(state);
}

static void tx_free(struct inspect_flow *f, struct inspect_tx *head)
{
    struct tls_tx *tx = tx_of(head);
    (void)f;
    for (int i = 0; i < FLOW_SIDES; i++) {
        struct tls_side *s = &tx->side[i];
        str_done(&s->hello_bytes);
        str_done(&s->handshake);
        str_done(&s->ja3);
        for (uint32_t k = 0; k < s->cert_count; k++)
            str_done(&s->certs[k]);
        for (uint32_t k = 0; k < s->san_count; k++)
            str_done(&s->san[k]);
        tls_cert_done(&s->cert);
    }
}

/* ---- buffers ---- */

static bool give_text(struct span *out, const char *text)
{
    return *text && inspect_span(out, text, strlen(text));
}

static bool give_str(struct span *out, const struct str *s)
{
    return s->len && inspect_span(out, s->text, s->len);
}

static bool give_alpn(const struct tls_side *s, unsigned index, struct span *out)
{
    struct bytes_in list = s->hello.alpn;
    struct tls_text name;
    while (tls_alpn_next(&list, &name))
        if (index-- == 0)
            return inspect_span(out, name.data, name.len);
    return false;
}

static bool give_cert_name(const struct tls_side *s, const struct str *name, struct span *out)
{
    return s->has_cert && inspect_span(out, str_text(name), name->len);
}

static bool buffer(const struct inspect_flow *f, const struct inspect_tx *head, enum flow_side side,
                   enum buffer_id id, unsigned index, struct span *out)
{
    const struct tls_tx *tx = tx_of(head);
    const struct tls_side *s = &tx->side[side];
    (void)f;
    switch (id) {
    case BUFFER_TLS_SNI:
        return s->hello.sni.data && inspect_span(out, s->hello.sni.data, s->hello.sni.len);
    case BUFFER_TLS_CERT_SUBJECT:
        return give_cert_name(s, &s->cert.subject, out);
    case BUFFER_TLS_CERT_ISSUER:
        return give_cert_name(s, &s->cert.issuer, out);
    case BUFFER_TLS_CERT_SERIAL:
        return give_text(out, s->serial);
    case BUFFER_TLS_CERT_FINGERPRINT:
        return give_text(out, s->fingerprint);
    case BUFFER_TLS_CERTS:
        return index < s->cert_count && give_str(out, &s->certs[index]);
    case BUFFER_TLS_SUBJECTALTNAME:
        return index < s->san_count && give_str(out, &s->san[index]);
    case BUFFER_TLS_ALPN:
        return give_alpn(s, index, out);
    case BUFFER_TLS_RANDOM:
        return s->hello.random && inspect_span(out, s->hello.random, 32);
    case BUFFER_TLS_RANDOM_TIME:
        return s->hello.random && inspect_span(out, s->hello.random, 4);
    case BUFFER_TLS_RANDOM_BYTES:
        return s->hello.random && inspect_span(out, s->hello.random + 4, 28);
    case BUFFER_JA3_HASH:
    case BUFFER_JA3S_HASH:
        return give_text(out, s->ja3_hash);
    case BUFFER_JA3_STRING:
    case BUFFER_JA3S_STRING:
        return give_str(out, &s->ja3);
    case BUFFER_JA4_HASH:
        return give_text(out, s->ja4);
    default:
        return false;
    }
}

static bool number(const struct inspect_flow *f, const struct inspect_tx *head, enum flow_side side,
                   enum number_id id, unsigned index, uint64_t *out)
{
    const struct tls_tx *tx = tx_of(head);
    const struct tls_side *s = &tx->side[side];
    (void)f;
    if (index)
        return false;
    switch (id) {
    case NUMBER_TLS_VERSION:
        *out = side == FLOW_TO_CLIENT || !tx->side[FLOW_TO_CLIENT].has_hello ? tx->version
                                                                             : s->hello.version;
        return tx->version != 0;
    case NUMBER_TLS_CERT_CHAIN_LEN:
        *out = s->cert_count;
        return true;
    case NUMBER_TLS_NOT_BEFORE:
        *out = (uint64_t)s->cert.not_before_s;
        return s->cert.has_dates;
    case NUMBER_TLS_NOT_AFTER:
        *out = (uint64_t)s->cert.not_after_s;
        return s->cert.has_dates;
    case NUMBER_SSL_STATE:
        *out = tx->state;
        return true;
    default:
        return false;
    }
}

/* ---- records ---- */

static void put_date(struct json_out *json, const char *key, int64_t seconds)
{
    char text[32];
    int64_t days = seconds / 86400 - (seconds % 86400 < 0);
    int64_t rest = seconds - days * 86400;
    /* clock_civil knows no time before 1970; 400 years repeat the calendar */
    bool before = days < 0;
    struct civil c = clock_civil((uint64_t)(days + (before ? 146097 : 0)) * 86400 * NS_PER_S);
    int year = c.year - (before ? 400 : 0);
    snprintf(text, sizeof text, "%04d-%02u-%02uT%02u:%02u:%02u", year, c.month, c.day,
             (unsigned)(rest / 3600), (unsigned)(rest % 3600 / 60), (unsigned)(rest % 60));
    json_text(json, key, text);
}

static void put_ja3(struct json_out *json, const char *key, const struct tls_side *s)
{
    if (!s->ja3.len)
        return;
    json_object(json, key);
    json_text(json, "hash", s->ja3_hash);
    json_text_len(json, "string", s->ja3.text, s->ja3.len);
    json_end(json);
}

static void put_alpns(struct json_out *json, const char *key, const struct tls_side *s)
{
    struct bytes_in list = s->hello.alpn;
    struct tls_text name;
    if (bytes_left(&list) == 0)
        return;
    json_array(json, key);
    while (tls_alpn_next(&list, &name))
        eve_bytes(json, NULL, name.data, name.len);
    json_end(json);
}

static void put_cert(struct json_out *json, const struct tls_side *s)
{
    if (!s->has_cert)
        return;
    eve_bytes(json, "subject", str_text(&s->cert.subject), s->cert.subject.len);
    eve_bytes(json, "issuerdn", str_text(&s->cert.issuer), s->cert.issuer.len);
    if (s->san_count) {
        json_array(json, "subjectaltname");
        for (uint32_t i = 0; i < s->san_count; i++)
            eve_bytes(json, NULL, str_text(&s->san[i]), s->san[i].len);
        json_end(json);
    }
    if (*s->serial)
        json_text(json, "serial", s->serial);
    json_text(json, "fingerprint", s->fingerprint);
}

static void put_list(struct json_out *json, const char *key, const struct tls_list *list)
{
    json_array(json, key);
    for (uint16_t i = 0; i < list->count; i++)
        if (!tls_is_grease(list->value[i]))
            json_u64(json, NULL, list->value[i]);
    json_end(json);
}

static void put_handshake(struct json_out *json, const struct tls_side *client)
{
    char room[24];
    if (!client->has_hello)
        return;
    json_object(json, "client_handshake");
    json_text(json, "version",
              tls_version_name(
                  client->hello.selected ? client->hello.selected : client->hello.version, room));
    put_list(json, "ciphers", &client->hello.cipher);
    put_list(json, "exts", &client->hello.extension);
    put_list(json, "sig_algs", &client->hello.signature);
    json_end(json);
}

static void eve(const struct inspect_flow *f, const struct inspect_tx *head, struct json_out *json)
{
    const struct tls_tx *tx = tx_of(head);
    const struct tls_side *client = &tx->side[FLOW_TO_SERVER], *server = &tx->side[FLOW_TO_CLIENT];
    char room[24];
    json_object(json, "tls");
    put_cert(json, server);
    if (tx->is_resumed && !server->has_cert && !tx->is_1_3)
        json_bool(json, "session_resumed", true);
    if (client->hello.sni.data)
        eve_bytes(json, "sni", client->hello.sni.data, client->hello.sni.len);
    json_text(json, "version", tls_version_name(tx->version, room));
    if (server->cert.has_dates) {
        put_date(json, "notbefore", server->cert.not_before_s);
        put_date(json, "notafter", server->cert.not_after_s);
    }
    if (f->flow->app_before)
        json_text(json, "from_proto",
                  inspect_proto_name((enum inspect_proto_id)f->flow->app_before));
    put_ja3(json, "ja3", client);
    put_ja3(json, "ja3s", server);
    if (*client->ja4)
        json_text(json, "ja4", client->ja4);
    put_alpns(json, "client_alpns", client);
    put_alpns(json, "server_alpns", server);
    if (f->thread->settings->tls_handshake)
        put_handshake(json, client);
    json_end(json);
}

static bool wants_log(const struct inspect_flow *f, const struct inspect_tx *head)
{
    const struct tls_tx *tx = tx_of(head);
    (void)f;
    return tx->side[FLOW_TO_CLIENT].has_cert || tx->is_resumed || tx->is_1_3;
}

/* ---- recognition ---- */

static enum inspect_answer probe(const struct inspect_probe *p)
{
    static const uint8_t version[] = {3, 0};
    if (p->len >= 1 && p->data[0] & 0x80 && p->len >= 5 && p->data[2] == 1 &&
        (p->data[3] == 3 || (p->data[3] == 0 && p->data[4] == 2)) && p->side == FLOW_TO_SERVER)
        return INSPECT_YES; /* SSL 2 */
    if (p->len && p->data[0] != RECORD_HANDSHAKE && p->data[0] != RECORD_ALERT)
        return p->len < 5 && p->data[0] & 0x80 ? INSPECT_MORE : INSPECT_NO;
    if (p->len < 3)
        return INSPECT_MORE;
    return p->data[1] == version[0] && p->data[2] <= 4 ? INSPECT_YES : INSPECT_NO;
}

const struct inspect_proto inspect_proto_tls = {
    .id = INSPECT_TLS,
    .transports = INSPECT_TCP,
    .first_side = FLOW_SIDES,
    .event_type = "tls",
    .log_progress = {TLS_HANDSHAKE_DONE, TLS_HANDSHAKE_DONE},
    .probe = probe,
    .open = open_flow,
    .close = close_flow,
    .take = take,
    .tx_free = tx_free,
    .buffer = buffer,
    .number = number,
    .eve = eve,
    .wants_log = wants_log,
};
