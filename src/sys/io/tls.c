/* SPDX-License-Identifier: GPL-3.0-or-later */
/* OpenSSL's libssl over descriptors that do not block.  A stream goes through a BIO of our own, for
 * two reasons: send(2) with MSG_NOSIGNAL leaves the process's SIGPIPE alone, and an end of file is
 * told from a failure.  Not here: waiting, and any opinion on what a peer's certificate says (the
 * caller gets it in DER). */
#include "sys/io/tls.h"

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>

#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/base/rng.h"
#include "sys/io/tls_own.h"

enum {
    CHAIN_MAX = 16,           /* certificates of a peer that are told */
    ALPN_MAX = 255,           /* bytes of the list, as it goes over the wire */
    READ_BUFFER = 128 * 1024, /* some records a system call instead of half of one */
    RECORD_MAX = 16384,       /* RFC 8446 5.1 */
    OUTGOING_MAX = 256 * 1024,
    OUTGOING_MIN = 4096,
    COOKIE_SIZE = 16,
    DTLS_MTU = 1400, /* fits every path that carries a tunnel or two */
};

struct tls_context {
    SSL_CTX *ssl;
    BIO_METHOD *stream; /* how OpenSSL reads and writes a stream */
    unsigned uses;      /* the maker's and one for each open connection, which needs the two above
                         * and the list of protocols */
    bool server, datagram, verify;
    uint8_t alpn[ALPN_MAX];
    unsigned alpn_len;
};

struct der {
    uint8_t *byte;
    int size;
};

/* Records on their way out: a system call for each would cost more than its cipher. */
struct outgoing {
    uint8_t *byte;
    size_t at, len, capacity; /* byte[at..len) is not sent yet */
};

struct tls {
    SSL *ssl;
    struct tls_context *context;
    struct der *chain; /* CHAIN_MAX of them, each made when it is first asked for */
    char *alpn;
    struct outgoing out;
    size_t taken; /* bytes of the last tls_write that are in `out`, and not told yet */
    bool drained; /* the last read wanted more bytes of the descriptor */
    bool ended;   /* how the stream ended was found while bytes were to be handed out first */
    enum tls_state last; /* then: how */
    struct err last_error;
    int fd;
    uint8_t cookie[COOKIE_SIZE];
};

/* ---- the stream under OpenSSL ---- */

/* Send what is in `out`.  false: not all of it can be sent now (errno EAGAIN), or ever. */
static bool send_out(struct tls *t)
{
    struct outgoing *out = &t->out;
    while (out->at < out->len) {
        ssize_t sent = send(t->fd, out->byte + out->at, out->len - out->at, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent < 0)
            return false;
        out->at += (size_t)sent;
    }
    out->at = out->len = 0;
    return true;
}

static int stream_write(BIO *bio, const char *from, int size)
{
    struct tls *t = BIO_get_data(bio);
    struct outgoing *out = &t->out;
    BIO_clear_retry_flags(bio);
    if (out->len + (size_t)size > OUTGOING_MAX && !send_out(t)) {
        if (errno == EAGAIN)
            BIO_set_retry_write(bio);
        return -1;
    }
    if (out->len + (size_t)size > out->capacity) {
        out->capacity = out->capacity ? out->capacity : OUTGOING_MIN;
        while (out->capacity < out->len + (size_t)size)
            out->capacity *= 2;
        out->byte = mem_resize(out->byte, out->capacity, 1);
    }
    memcpy(out->byte + out->len, from, (size_t)size);
    out->len += (size_t)size;
    return size;
}

static int stream_read(BIO *bio, char *to, int room)
{
    const struct tls *t = BIO_get_data(bio);
    ssize_t got = recv(t->fd, to, (size_t)room, 0);
    BIO_clear_retry_flags(bio);
    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        BIO_set_retry_read(bio);
    if (got == 0)
        BIO_set_flags(bio, BIO_FLAGS_IN_EOF);
    return (int)got;
}

static long stream_flush(BIO *bio)
{
    BIO_clear_retry_flags(bio);
    if (send_out(BIO_get_data(bio)))
        return 1;
    if (errno == EAGAIN)
        BIO_set_retry_write(bio);
    return -1;
}

static long stream_ctrl(BIO *bio, int command, long number, void *ptr)
{
    (void)number, (void)ptr;
    if (command == BIO_CTRL_EOF)
        return BIO_test_flags(bio, BIO_FLAGS_IN_EOF) != 0;
    if (command == BIO_CTRL_FLUSH) /* asked for at the end of each flight of a handshake */
        return stream_flush(bio);
    return command == BIO_CTRL_DUP;
}

static BIO_METHOD *stream_method_new(void)
{
    BIO_METHOD *made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "picket stream");
    if (!made)
        mem_exhausted(0);
    BIO_meth_set_write(made, stream_write);
    BIO_meth_set_read(made, stream_read);
    BIO_meth_set_ctrl(made, stream_ctrl);
    return made;
}

/* ---- a context ---- */

/* Protocols as RFC 7301 3.1 sends them: each with its length in front. */
static int set_alpn(struct tls_context *c, const char *list, struct err *e)
{
    for (const char *name = list; *name;) {
        size_t len = strcspn(name, ",");
        if (len == 0 || c->alpn_len + len + 1 > sizeof c->alpn)
            return err_set(e, -EINVAL, "ALPN: \"%s\" is no list of protocols", list);
        c->alpn[c->alpn_len] = (uint8_t)len;
        memcpy(c->alpn + c->alpn_len + 1, name, len);
        c->alpn_len += (unsigned)len + 1;
        name += len + (name[len] == ',');
    }
    return 0;
}

/* RFC 7301 3.2: a server that shares no protocol with the client says so by an alert. */
static int select_alpn(SSL *ssl, const unsigned char **out, unsigned char *out_len,
                       const unsigned char *in, unsigned in_len, void *ctx)
{
    (void)ssl;
    struct tls_context *c = ctx;
    unsigned char *chosen = NULL;
    if (SSL_select_next_proto(&chosen, out_len, c->alpn, c->alpn_len, in, in_len) !=
        OPENSSL_NPN_NEGOTIATED)
        return SSL_TLSEXT_ERR_ALERT_FATAL;
    *out = chosen;
    return SSL_TLSEXT_ERR_OK;
}

static int apply_alpn(struct tls_context *c, const char *list, struct err *e)
{
    int rc = list ? set_alpn(c, list, e) : 0;
    if (rc || c->alpn_len == 0)
        return rc;
    if (c->server)
        SSL_CTX_set_alpn_select_cb(c->ssl, select_alpn, c);
    else if (SSL_CTX_set_alpn_protos(c->ssl, c->alpn, c->alpn_len))
        return tls_own_fault(e, -EINVAL, "ALPN");
    return 0;
}

static const char *default_ciphers(const struct tls_options *o)
{
    if (o->modern)
        return "ECDHE+AESGCM:ECDHE+CHACHA20:DHE+AESGCM:DHE+CHACHA20:!aNULL";
    /* what a scanner asks about; a server would not want to be talked down to no cipher at all */
    return o->server ? "ALL:!aNULL:!eNULL:@SECLEVEL=0" : "ALL:COMPLEMENTOFALL:@SECLEVEL=0";
}

static int set_versions(struct tls_context *c, const struct tls_options *o, struct err *e)
{
    int oldest = o->datagram ? (o->modern ? DTLS1_2_VERSION : DTLS1_VERSION)
                             : (o->modern ? TLS1_2_VERSION : TLS1_VERSION);
    SSL_CTX_set_security_level(c->ssl, o->modern ? 2 : 0);
    oldest = o->oldest ? o->oldest : oldest;
    if (!SSL_CTX_set_min_proto_version(c->ssl, oldest) ||
        !SSL_CTX_set_max_proto_version(c->ssl, o->newest))
        return tls_own_fault(e, -EINVAL, "TLS versions");
    const char *ciphers = o->ciphers ? o->ciphers : default_ciphers(o);
    /* 128 bits are enough for every peer, and the fastest (RFC 8446 9.1 makes them the common one)
     */
    if (o->modern && !SSL_CTX_set_ciphersuites(c->ssl, "TLS_AES_128_GCM_SHA256:"
                                                       "TLS_AES_256_GCM_SHA384:"
                                                       "TLS_CHACHA20_POLY1305_SHA256"))
        return tls_own_fault(e, -EINVAL, "TLS 1.3 ciphers");
    if (!SSL_CTX_set_cipher_list(c->ssl, ciphers))
        return err_set(e, -EINVAL, "ciphers \"%s\": none of them is known", ciphers);
    if (!o->modern)
        SSL_CTX_set_options(c->ssl, SSL_OP_LEGACY_SERVER_CONNECT);
    return 0;
}

static int set_trust(struct tls_context *c, const char *ca, struct err *e)
{
    if (!ca)
        return SSL_CTX_set_default_verify_paths(c->ssl)
                   ? 0
                   : tls_own_fault(e, -EIO, "the system's certificates");
    struct stat st;
    if (stat(ca, &st))
        return err_set(e, -errno, "%s: %s", ca, strerror(errno));
    int done = S_ISDIR(st.st_mode) ? SSL_CTX_load_verify_dir(c->ssl, ca)
                                   : SSL_CTX_load_verify_file(c->ssl, ca);
    return done ? 0 : tls_own_fault(e, -EINVAL, ca);
}

/* Without it OpenSSL would ask for the key's pass phrase on the terminal. */
static int no_pass_phrase(char *to, int room, int writing, void *ctx)
{
    (void)to, (void)room, (void)writing, (void)ctx;
    return 0;
}

static struct tls *tls_of(SSL *ssl)
{
    return SSL_get_app_data(ssl);
}

/* RFC 6347 4.2.1: who answers to the cookie is at the address he says.  The connection is there
 * already, so chance and memory serve; no secret has to be shared between connections. */
static int make_cookie(SSL *ssl, unsigned char *to, unsigned *out_len)
{
    struct tls *t = tls_of(ssl);
    memcpy(to, t->cookie, sizeof t->cookie);
    *out_len = sizeof t->cookie;
    return 1;
}

static int check_cookie(SSL *ssl, const unsigned char *cookie, unsigned len)
{
    struct tls *t = tls_of(ssl);
    return len == sizeof t->cookie && memcmp(cookie, t->cookie, len) == 0;
}

static void set_habits(struct tls_context *c)
{
    SSL_CTX *ssl = c->ssl;
    SSL_CTX_set_mode(ssl, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    /* No tickets: bytes that a client which only sends would leave unread, so that its close(2)
     * becomes a reset and the end of its data is lost. */
    SSL_CTX_set_options(ssl, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_TICKET | SSL_OP_NO_COMPRESSION);
    SSL_CTX_set_num_tickets(ssl, 0);
    SSL_CTX_set_session_cache_mode(ssl, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_default_passwd_cb(ssl, no_pass_phrase);
    if (!c->datagram) {
        SSL_CTX_set_read_ahead(ssl, 1);
        SSL_CTX_set_default_read_buffer_len(ssl, READ_BUFFER);
    } else if (c->server) {
        SSL_CTX_set_options(ssl, SSL_OP_COOKIE_EXCHANGE);
        SSL_CTX_set_cookie_generate_cb(ssl, make_cookie);
        SSL_CTX_set_cookie_verify_cb(ssl, check_cookie);
    }
    int ask = c->verify ? SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT : SSL_VERIFY_NONE;
    SSL_CTX_set_verify(ssl, ask, NULL);
}

static const SSL_METHOD *method_of(const struct tls_options *o)
{
    if (o->datagram)
        return o->server ? DTLS_server_method() : DTLS_client_method();
    return o->server ? TLS_server_method() : TLS_client_method();
}

static int fill_context(struct tls_context *c, const struct tls_options *o, struct err *e)
{
    int rc = set_versions(c, o, e);
    if (rc == 0 && o->verify)
        rc = set_trust(c, o->ca, e);
    if (rc == 0 && o->cert)
        rc = tls_own_load(c->ssl, o->cert, o->key, e);
    else if (rc == 0 && o->server)
        rc = tls_own_make(c->ssl, e);
    return rc ? rc : apply_alpn(c, o->alpn, e);
}

struct tls_context *tls_context_new(const struct tls_options *o, struct err *e)
{
    ERR_clear_error();
    struct tls_context *c = mem_zero(sizeof *c);
    *c = (struct tls_context){.ssl = SSL_CTX_new(method_of(o)),
                              .stream = stream_method_new(),
                              .uses = 1,
                              .server = o->server,
                              .datagram = o->datagram,
                              .verify = o->verify};
    if (!c->ssl)
        (void)tls_own_fault(e, -ENOMEM, "TLS");
    else if (fill_context(c, o, e) == 0) {
        set_habits(c);
        return c;
    }
    tls_context_free(c);
    return NULL;
}

void tls_context_free(struct tls_context *c)
{
    if (!c || --c->uses)
        return;
    SSL_CTX_free(c->ssl);
    BIO_meth_free(c->stream);
    mem_free(c);
}

/* ---- a connection ---- */

static bool is_address(const char *name)
{
    struct in6_addr any;
    return inet_pton(AF_INET, name, &any) == 1 || inet_pton(AF_INET6, name, &any) == 1;
}

/* RFC 6066 3: SNI carries names of hosts, never addresses. */
static int set_name(struct tls *t, const char *name, struct err *e)
{
    X509_VERIFY_PARAM *checks = SSL_get0_param(t->ssl);
    bool ok = true;
    if (is_address(name))
        ok = !t->context->verify || X509_VERIFY_PARAM_set1_ip_asc(checks, name);
    else
        ok = SSL_set_tlsext_host_name(t->ssl, name) &&
             (!t->context->verify || X509_VERIFY_PARAM_set1_host(checks, name, 0));
    X509_VERIFY_PARAM_set_hostflags(checks, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    return ok ? 0 : tls_own_fault(e, -EINVAL, name);
}

static BIO *datagram_bio(struct tls *t)
{
    BIO *bio = BIO_new_dgram(t->fd, BIO_NOCLOSE);
    struct sockaddr_storage peer = {0};
    socklen_t len = sizeof peer;
    if (bio && getpeername(t->fd, (struct sockaddr *)&peer, &len) == 0)
        BIO_ctrl(bio, BIO_CTRL_DGRAM_SET_CONNECTED, 0, &peer);
    SSL_set_options(t->ssl, SSL_OP_NO_QUERY_MTU);
    SSL_set_mtu(t->ssl, DTLS_MTU);
    return bio;
}

static BIO *stream_bio(struct tls *t)
{
    BIO *bio = BIO_new(t->context->stream);
    if (bio) {
        BIO_set_data(bio, t);
        BIO_set_init(bio, 1);
    }
    return bio;
}

struct tls *tls_open(struct tls_context *c, int fd, const char *name, struct err *e)
{
    ERR_clear_error();
    struct tls *t = mem_zero(sizeof *t);
    t->fd = fd;
    t->context = c;
    c->uses++;
    rng_secret(t->cookie, sizeof t->cookie);
    t->ssl = SSL_new(c->ssl);
    BIO *bio = !t->ssl ? NULL : c->datagram ? datagram_bio(t) : stream_bio(t);
    if (!bio) {
        (void)tls_own_fault(e, -ENOMEM, "TLS");
        tls_close(t);
        return NULL;
    }
    SSL_set_bio(t->ssl, bio, bio);
    SSL_set_app_data(t->ssl, t);
    if (c->server)
        SSL_set_accept_state(t->ssl);
    else
        SSL_set_connect_state(t->ssl);
    if (name && set_name(t, name, e)) {
        tls_close(t);
        return NULL;
    }
    return t;
}

void tls_close(struct tls *t)
{
    if (!t)
        return;
    SSL_free(t->ssl);
    for (size_t i = 0; t->chain && i < CHAIN_MAX; i++)
        OPENSSL_free(t->chain[i].byte);
    mem_free(t->chain);
    mem_free(t->alpn);
    mem_free(t->out.byte);
    tls_context_free(t->context);
    mem_free(t);
}

/* ---- what a call came to ---- */

static enum tls_state tell_cut(struct err *e, int code)
{
    (void)err_set(e, code ? -code : -ECONNRESET, "%s",
                  code ? strerror(code) : "the connection was cut: no close_notify (RFC 8446 6.1)");
    return TLS_CUT;
}

static enum tls_state tell_failure(const struct tls *t, struct err *e)
{
    long verified = SSL_get_verify_result(t->ssl);
    unsigned long fault = ERR_peek_error();
    if (ERR_GET_REASON(fault) == SSL_R_UNEXPECTED_EOF_WHILE_READING)
        return tell_cut(e, 0);
    if (t->context->verify && verified != X509_V_OK)
        (void)err_set(e, -EKEYREJECTED, "certificate verification failed: %s",
                      X509_verify_cert_error_string(verified));
    else {
        const char *reason = ERR_reason_error_string(fault);
        (void)err_set(e, -EPROTO, "%s", reason ? reason : "TLS failure");
    }
    return TLS_FAILED;
}

/* `rc` is what an SSL_ call returned just now; errno and the error queue are still its own. */
static enum tls_state state_of(const struct tls *t, int rc, struct err *e)
{
    int code = errno;
    switch (SSL_get_error(t->ssl, rc)) {
    case SSL_ERROR_NONE:
        return TLS_DONE;
    case SSL_ERROR_WANT_READ:
        return TLS_WANT_READ;
    case SSL_ERROR_WANT_WRITE:
        return TLS_WANT_WRITE;
    case SSL_ERROR_ZERO_RETURN:
        return TLS_CLOSED;
    case SSL_ERROR_SYSCALL:
        return tell_cut(e, code);
    default:
        return tell_failure(t, e);
    }
}

static void begin_call(struct tls *t)
{
    ERR_clear_error();
    errno = 0;
    if (t->context->datagram)
        (void)DTLSv1_handle_timeout(t->ssl); /* sends its last flight anew when it is time */
}

/* A server without tickets has nothing to say at the end of the handshake, so that the ACK for it
 * would come late, and the client's first words, which wait for it (Nagle), 40 ms later still. */
enum tls_state tls_handshake(struct tls *t, struct err *e)
{
    int one = 1;
    begin_call(t);
    enum tls_state state = state_of(t, SSL_do_handshake(t->ssl), e);
    if (state == TLS_DONE && t->context->server && !t->context->datagram)
        (void)setsockopt(t->fd, IPPROTO_TCP, TCP_QUICKACK, &one, sizeof one);
    return state;
}

static enum tls_state keep_end(struct tls *t, enum tls_state state)
{
    t->drained = state == TLS_WANT_READ;
    if (state == TLS_CLOSED || state == TLS_CUT || state == TLS_FAILED) {
        t->ended = true;
        t->last = state;
    }
    return state;
}

/* A record holds 16 KiB at most, so a large room is filled by several: the caller's own system
 * call for each would cost more than the cipher. */
enum tls_state tls_read(struct tls *t, void *to, size_t room, size_t *got, struct err *e)
{
    *got = 0;
    enum tls_state state = TLS_DONE;
    while (!t->ended && *got < room && state == TLS_DONE) {
        size_t part = 0;
        begin_call(t);
        int rc = SSL_read_ex(t->ssl, (uint8_t *)to + *got, room - *got, &part);
        state = keep_end(t, rc > 0 ? TLS_DONE : state_of(t, rc, &t->last_error));
        *got += part;
        if (t->context->datagram)
            break; /* one message a call */
    }
    if (t->out.len && !t->taken)
        (void)send_out(t); /* an answer of the protocol itself */
    if (*got)
        return TLS_DONE;
    if (!t->ended)
        return state;
    *e = t->last_error;
    return t->last;
}

/* What is in `out` and cannot be sent is not told as sent: the caller, who comes back with the same
 * bytes when the descriptor is writable, is told then. */
static enum tls_state tell_taken(struct tls *t, size_t size, size_t *sent, struct err *e)
{
    if (!send_out(t))
        return errno == EAGAIN ? TLS_WANT_WRITE : tell_cut(e, errno);
    *sent = t->taken < size ? t->taken : size;
    t->taken -= *sent;
    return TLS_DONE;
}

enum tls_state tls_write(struct tls *t, const void *from, size_t size, size_t *sent, struct err *e)
{
    *sent = 0;
    if (t->taken)
        return tell_taken(t, size, sent, e);
    enum tls_state state = TLS_DONE;
    while (t->taken < size && state == TLS_DONE && t->out.len < OUTGOING_MAX) {
        size_t part = 0, left = size - t->taken;
        begin_call(t);
        int rc = SSL_write_ex(t->ssl, (const uint8_t *)from + t->taken,
                              left < RECORD_MAX ? left : RECORD_MAX, &part);
        state = rc > 0 ? TLS_DONE : state_of(t, rc, e);
        t->taken += part;
        if (t->context->datagram)
            break;
    }
    return t->taken ? tell_taken(t, size, sent, e) : state;
}

enum tls_state tls_shutdown(struct tls *t, struct err *e)
{
    if (!SSL_is_init_finished(t->ssl))
        return TLS_DONE; /* there is no connection yet that could be ended */
    begin_call(t);
    int rc = SSL_shutdown(t->ssl);
    if (rc < 0)
        return state_of(t, rc, e);
    if (!send_out(t)) /* 0: the peer's own is still to come */
        return errno == EAGAIN ? TLS_WANT_WRITE : tell_cut(e, errno);
    return TLS_DONE;
}

bool tls_pending(const struct tls *t)
{
    return t->ended || (!t->drained && SSL_has_pending(t->ssl));
}

uint64_t tls_wait_ns(const struct tls *t)
{
    struct timeval left;
    if (!t->context->datagram || !DTLSv1_get_timeout(t->ssl, &left))
        return UINT64_MAX;
    return (uint64_t)left.tv_sec * NS_PER_S + (uint64_t)left.tv_usec * NS_PER_US;
}

/* ---- what was agreed on ---- */

const char *tls_version(const struct tls *t)
{
    return SSL_is_init_finished(t->ssl) ? SSL_get_version(t->ssl) : NULL;
}

const char *tls_cipher(const struct tls *t)
{
    return SSL_is_init_finished(t->ssl) ? SSL_get_cipher_name(t->ssl) : NULL;
}

const char *tls_alpn(const struct tls *t)
{
    const unsigned char *name = NULL;
    unsigned len = 0;
    SSL_get0_alpn_selected(t->ssl, &name, &len);
    if (len == 0)
        return NULL;
    struct tls *keeper = tls_of(t->ssl); /* the text is given a NUL at the first question */
    if (!keeper->alpn) {
        keeper->alpn = mem_zero(len + 1);
        memcpy(keeper->alpn, name, len);
    }
    return keeper->alpn;
}

/* What OpenSSL calls the peer's chain holds his own certificate on a client, not on a server. */
static X509 *nth_cert(const struct tls *t, size_t n)
{
    if (n == 0)
        return SSL_get0_peer_certificate(t->ssl);
    STACK_OF(X509) *chain = SSL_get_peer_cert_chain(t->ssl);
    int at = (int)n - (t->context->server ? 1 : 0);
    return at < sk_X509_num(chain) ? sk_X509_value(chain, at) : NULL;
}

const uint8_t *tls_peer_cert(const struct tls *t, size_t n, size_t *size)
{
    struct tls *keeper = tls_of(t->ssl);
    X509 *cert = n < CHAIN_MAX ? nth_cert(t, n) : NULL;
    if (!cert)
        return NULL;
    if (!keeper->chain)
        keeper->chain = mem_zero(CHAIN_MAX * sizeof *keeper->chain);
    struct der *der = &keeper->chain[n];
    if (!der->byte)
        der->size = i2d_X509(cert, &der->byte);
    if (der->size <= 0)
        return NULL;
    *size = (size_t)der->size;
    return der->byte;
}

uint16_t tls_version_number(const struct tls *t)
{
    return SSL_is_init_finished(t->ssl) ? (uint16_t)SSL_version(t->ssl) : 0;
}

uint16_t tls_cipher_number(const struct tls *t)
{
    const SSL_CIPHER *cipher = SSL_get_current_cipher(t->ssl);
    return cipher ? SSL_CIPHER_get_protocol_id(cipher) : 0;
}

bool tls_renegotiates_safely(const struct tls *t)
{
    return SSL_get_secure_renegotiation_support(t->ssl) == 1;
}

const uint8_t *tls_session_id(const struct tls *t, size_t *size)
{
    unsigned len = 0;
    const SSL_SESSION *session = SSL_get_session(t->ssl);
    const uint8_t *id = session ? SSL_SESSION_get_id(session, &len) : NULL;
    *size = len;
    return len ? id : NULL;
}
