/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The hellos of TLS (RFC 8446 4.1, RFC 5246 7.4.1) and the fingerprints made of them: JA3, JA3S
 * (Salesforce, 2017) and JA4 (FoxIO, 2023).
 * Not for: records and the other handshake messages. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/bytes.h"
#include "core/base/str.h"

enum { TLS_LIST_MAX = 128, TLS_JA4_LEN = 36 };

struct tls_text {
    const uint8_t *data;
    size_t len;
};

struct tls_list {
    uint16_t value[TLS_LIST_MAX];
    uint16_t count;
};

enum { /* struct tls_hello.odd */
       TLS_ODD_SNI_TYPE = 1,
       TLS_ODD_SNI_LEN = 2,
       TLS_ODD_SNI_TWICE = 4,
       TLS_ODD_CUT = 8, /* ends inside */
};

struct tls_hello {
    bool is_server;
    uint16_t version;  /* of the field, which TLS 1.3 keeps at 1.2 */
    uint16_t selected; /* server: of supported_versions; client: the best of it; 0: none */
    const uint8_t *random, *session;
    uint8_t session_len;
    struct tls_list cipher, extension, group, point, signature;
    struct tls_text sni;
    bool has_sni;         /* the extension is there, even if it names nothing */
    struct bytes_in alpn; /* of names with a length byte each */
    uint8_t odd;
};

/* The body of a hello, without its handshake head.  What could be read is in *out. */
bool tls_hello_parse(struct tls_hello *out, bool is_server, const uint8_t *data, size_t len);

bool tls_alpn_next(struct bytes_in *alpn, struct tls_text *out);
bool tls_is_grease(uint16_t value); /* RFC 8701 */

void tls_ja3_text(const struct tls_hello *h, struct str *out); /* JA3, or JA3S of a server's */
void tls_ja4(const struct tls_hello *h, bool is_quic, char out[TLS_JA4_LEN + 1]);

/* "TLS 1.2", "TLS 1.3 draft-28", "UNDETERMINED"; for numbers nobody knows "0x....". */
const char *tls_version_name(uint16_t version, char room[24]);
