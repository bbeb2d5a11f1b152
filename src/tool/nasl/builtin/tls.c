/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a TLS connection of a script is: begun, asked about, its certificates. */
#include <errno.h>
#include <string.h>

#include "core/base/attr.h"
#include "core/base/x509.h"
#include "sys/io/tls.h"
#include "tool/nasl/array.h"
#include "tool/nasl/builtin.h"
#include "tool/nasl/constant.h"
#include "tool/nasl/stream.h"

enum {
    CHAIN_MAX = 16,
    /* GnuTLS' words for a chain that was not believed */
    STATUS_INVALID = 2,
    STATUS_SIGNER_NOT_FOUND = 64,
};

static struct nasl_stream *stream_of(struct nasl_call *c, const struct nasl_value *v)
{
    int64_t number = nasl_arg_int(v, -1);
    struct nasl_stream *s = nasl_handle_get(c->vm, &nasl_stream_kind, number);
    if (!s)
        nasl_complain(c, "%lld is no socket", (long long)number);
    return s;
}

/* The stream named by socket: when it speaks TLS. */
static struct nasl_stream *secure_stream(struct nasl_call *c)
{
    struct nasl_stream *s = stream_of(c, nasl_named(c, 0));
    return s && s->tls ? s : NULL;
}

static struct nasl_value do_negotiate(struct nasl_call *c)
{
    struct nasl_stream *s = stream_of(c, nasl_named(c, 0));
    int64_t transport = nasl_arg_int(nasl_named(c, 1), NASL_ENCAPS_TLS_CUSTOM);
    if (transport == -1)
        transport = NASL_ENCAPS_TLS_CUSTOM;
    if (s && (transport < NASL_ENCAPS_SSLv23 || transport > NASL_ENCAPS_TLS_CUSTOM))
        nasl_complain(c, "%lld is no transport with TLS", (long long)transport);
    else if (s && nasl_stream_secure(c->vm, s, (int)transport, NULL))
        return nasl_int(nasl_arg_int(nasl_named(c, 0), -1));
    return nasl_undef();
}

/* In TLS 1.2 and before a server may be asked to begin anew; this library asks none, so what is
 * left is whether the connection stands. */
static struct nasl_value do_handshake(struct nasl_call *c)
{
    return nasl_int(secure_stream(c) ? 1 : -1);
}

static struct nasl_value do_safe_renegotiation(struct nasl_call *c)
{
    struct nasl_stream *s = secure_stream(c);
    return nasl_int(s ? tls_renegotiates_safely(s->tls) : -1);
}

static struct nasl_value do_get_cert(struct nasl_call *c)
{
    struct nasl_stream *s = secure_stream(c);
    size_t len;
    const uint8_t *der = s ? tls_peer_cert(s->tls, 0, &len) : NULL;
    return der ? nasl_data(c, der, len) : nasl_undef();
}

static struct nasl_value do_get_session_id(struct nasl_call *c)
{
    struct nasl_stream *s = secure_stream(c);
    size_t len = 0;
    const uint8_t *id = s ? tls_session_id(s->tls, &len) : NULL;
    return id ? nasl_data(c, id, len) : nasl_undef();
}

static int transport_of(const struct nasl_stream *s)
{
    static const int transports[] = {NASL_ENCAPS_SSLv3, NASL_ENCAPS_TLSv1, NASL_ENCAPS_TLSv11,
                                     NASL_ENCAPS_TLSv12, NASL_ENCAPS_TLSv13};
    uint16_t version = tls_version_number(s->tls);
    return version >= 0x0300 && version <= 0x0304 ? transports[version - 0x0300] : -1;
}

static struct nasl_value do_get_version(struct nasl_call *c)
{
    struct nasl_stream *s = secure_stream(c);
    int transport = s ? transport_of(s) : -1;
    return transport >= 0 ? nasl_int(transport) : nasl_undef();
}

static struct nasl_value do_get_ciphersuite(struct nasl_call *c)
{
    struct nasl_stream *s = secure_stream(c);
    return s ? nasl_int(tls_cipher_number(s->tls)) : nasl_undef();
}

static size_t chain_of(const struct nasl_stream *s, struct x509_der chain[CHAIN_MAX])
{
    size_t count = 0;
    while (count < CHAIN_MAX &&
           (chain[count].data = tls_peer_cert(s->tls, count, &chain[count].len)))
        count++;
    return count;
}

/* 0: believed.  Otherwise bits in GnuTLS' numbering. */
static struct nasl_value do_cert_verify(struct nasl_call *c)
{
    struct nasl_stream *s = secure_stream(c);
    struct x509_der chain[CHAIN_MAX];
    const char *why = "";
    if (!s)
        return nasl_undef();
    int rc = x509_verify_chain(chain, chain_of(s, chain), &why);
    if (rc == -EINVAL)
        return nasl_undef();
    bool unknown = strstr(why, "issuer") || strstr(why, "self");
    return nasl_int(rc == 0 ? 0 : STATUS_INVALID | (unknown ? STATUS_SIGNER_NOT_FOUND : 0));
}

static struct nasl_value text_value(struct nasl_call *c, const char *text)
{
    return nasl_text(nasl_call_heap(c), NASL_STRING, text, strlen(text));
}

static struct nasl_value certificates(struct nasl_call *c, const struct nasl_stream *s)
{
    struct x509_der chain[CHAIN_MAX];
    size_t count = chain_of(s, chain);
    struct nasl_value list = nasl_array_new(nasl_call_heap(c));
    for (size_t i = 0; list.type == NASL_ARRAY && i < count; i++)
        (void)nasl_array_put(&list, (int64_t)i, nasl_data(c, chain[i].data, chain[i].len));
    return list;
}

static struct nasl_value encapsulation(struct nasl_call *c, const struct nasl_stream *s)
{
    static const char *const names[NASL_ENCAPS_MAX] = {"auto",   "IP",       "SSLv23", "SSLv2",
                                                       "SSLv3",  "TLSv1",    "TLSv11", "TLSv12",
                                                       "TLSv13", "TLScustom"};
    if (!nasl_arg_int(nasl_named(c, 0), 0))
        return nasl_int(s->transport);
    return text_value(c, s->transport < NASL_ENCAPS_MAX ? names[s->transport] : "[unknown]");
}

/* A part of a cipher's name as OpenSSL writes it: ECDHE-RSA-AES256-GCM-SHA384 or
 * TLS_AES_256_GCM_SHA384. */
static struct nasl_value cipher_part(struct nasl_call *c, const struct nasl_stream *s,
                                     const char *what)
{
    const char *name = tls_cipher(s->tls);
    if (!name)
        return text_value(c, "");
    if (strcmp(what, "tls-kx") == 0) {
        size_t len = strncmp(name, "TLS_", 4) == 0     ? 0
                     : strncmp(name, "ECDHE-", 6) == 0 ? strcspn(name + 6, "-") + 6
                     : strncmp(name, "DHE-", 4) == 0   ? strcspn(name + 4, "-") + 4
                                                       : 0;
        return len ? nasl_text(nasl_call_heap(c), NASL_STRING, name, len)
                   : text_value(c, strncmp(name, "TLS_", 4) == 0 ? "ECDHE" : "RSA");
    }
    if (strcmp(what, "tls-mac") == 0) {
        if (strstr(name, "GCM") || strstr(name, "CCM") || strstr(name, "POLY1305"))
            return text_value(c, "AEAD");
        const char *last = strrchr(name, '-');
        return text_value(c, last ? last + 1 : name);
    }
    return text_value(c, name);
}

static struct nasl_value do_get_sock_info(struct nasl_call *c)
{
    struct nasl_stream *s = stream_of(c, nasl_arg(c, 0));
    const struct nasl_value *what = nasl_arg(c, 1);
    if (!s || !nasl_is_text(what)) {
        nasl_complain(c, "get_sock_info(socket, \"what\" [, asstring:])");
        return nasl_undef();
    }
    const char *word = what->string->text;
    bool known = strncmp(word, "tls-", 4) == 0 &&
                 strstr(" proto kx certtype cipher mac auth cert ", word + 4);
    if (strcmp(word, "encaps") == 0)
        return encapsulation(c, s);
    if (!known) {
        nasl_complain(c, "a socket cannot be asked for '%s'", word);
        return nasl_undef();
    }
    if (strcmp(word, "tls-cert") == 0)
        return s->tls ? certificates(c, s) : nasl_int(0);
    if (!s->tls)
        return text_value(c, "n/a");
    if (strcmp(word, "tls-proto") == 0)
        return text_value(c, tls_version(s->tls));
    if (strcmp(word, "tls-certtype") == 0)
        return text_value(c, "X.509");
    if (strcmp(word, "tls-auth") == 0)
        return text_value(c, "CERT");
    return cipher_part(c, s, word);
}

static const struct nasl_builtin rows[] = {
    {"get_sock_info", do_get_sock_info, {"asstring"}, 0},
    {"socket_cert_verify", do_cert_verify, {"socket"}, 0},
    {"socket_check_ssl_safe_renegotiation", do_safe_renegotiation, {"socket"}, 0},
    {"socket_get_cert", do_get_cert, {"socket"}, 0},
    {"socket_get_ssl_ciphersuite", do_get_ciphersuite, {"socket"}, 0},
    {"socket_get_ssl_session_id", do_get_session_id, {"socket"}, 0},
    {"socket_get_ssl_version", do_get_version, {"socket"}, 0},
    {"socket_negotiate_ssl", do_negotiate, {"socket", "transport"}, 0},
    {"socket_ssl_do_handshake", do_handshake, {"socket"}, 0},
};

const struct nasl_family nasl_family_tls = {"tls", rows, ARRAY_COUNT(rows)};
