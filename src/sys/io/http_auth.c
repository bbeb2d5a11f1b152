/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sys/io/http_auth.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/base/rng.h"
#include "core/text/base64.h"

enum { NONCE_BYTES = 16, HASH_TEXT_MAX = 2 * DIGEST_MAX + 1, COUNT_TEXT = 9 };

/* ---- parameters: NAME=token or NAME="quoted \"text\"", split by commas (RFC 9110 11.2) ---- */

static const char *skip_blank(const char *at)
{
    return at + strspn(at, " \t,");
}

/* Cut one off.  false at the end, and where the text is no parameter. */
static bool next_parameter(const char **at, char name[HTTP_AUTH_TEXT_MAX],
                           char value[HTTP_AUTH_TEXT_MAX])
{
    const char *in = skip_blank(*at);
    size_t name_len = strcspn(in, "= \t,\""), len = 0;
    if (name_len == 0 || name_len >= HTTP_AUTH_TEXT_MAX || in[name_len] != '=')
        return false;
    snprintf(name, HTTP_AUTH_TEXT_MAX, "%.*s", (int)name_len, in);
    in += name_len + 1;
    bool quoted = *in == '"';
    for (in += quoted; *in && (quoted ? *in != '"' : !strchr(", \t", *in)); in++) {
        if (quoted && *in == '\\' && in[1])
            in++;
        if (len + 1 >= HTTP_AUTH_TEXT_MAX)
            return false;
        value[len++] = *in;
    }
    value[len] = '\0';
    *at = in + (quoted && *in == '"');
    return true;
}

static bool takes_scheme(const char **at, const char *scheme)
{
    size_t len = strlen(scheme);
    const char *in = skip_blank(*at);
    if (strncasecmp(in, scheme, len) != 0 || (in[len] && in[len] != ' ' && in[len] != '\t'))
        return false;
    *at = in + len;
    return true;
}

static bool has_word(const char *list, const char *word)
{
    size_t len = strlen(word);
    for (const char *in = skip_blank(list); *in; in = skip_blank(in + strcspn(in, " \t,")))
        if (strcspn(in, " \t,") == len && strncasecmp(in, word, len) == 0)
            return true;
    return false;
}

/* ---- the client ---- */

static bool read_kind(struct http_challenge *c, const char *value)
{
    int kind = digest_from_name(value);
    c->names_kind = true;
    c->kind = kind == DIGEST_SHA256 ? DIGEST_SHA256 : DIGEST_MD5;
    return kind == DIGEST_SHA256 || kind == DIGEST_MD5;
}

static bool read_digest(struct http_challenge *c, const char *at)
{
    char name[HTTP_AUTH_TEXT_MAX], value[HTTP_AUTH_TEXT_MAX];
    bool known = true, qop_given = false;
    while (next_parameter(&at, name, value)) {
        char *to = strcasecmp(name, "realm") == 0    ? c->realm
                   : strcasecmp(name, "nonce") == 0  ? c->nonce
                   : strcasecmp(name, "opaque") == 0 ? c->opaque
                                                     : NULL;
        if (to)
            snprintf(to, HTTP_AUTH_TEXT_MAX, "%s", value);
        else if (strcasecmp(name, "algorithm") == 0)
            known = read_kind(c, value);
        else if (strcasecmp(name, "qop") == 0) {
            qop_given = true;
            c->has_qop = has_word(value, "auth");
        }
    }
    return known && c->nonce[0] && (!qop_given || c->has_qop);
}

void http_challenge_read(struct http_challenge *c, const char *value)
{
    struct http_challenge one = {.kind = DIGEST_MD5, .digest = true, .basic = c->basic};
    if (takes_scheme(&value, "Basic")) {
        c->basic = true;
        return;
    }
    if (!takes_scheme(&value, "Digest") || !read_digest(&one, value))
        return;
    if (!c->digest || one.kind > c->kind) /* the stronger of two */
        *c = one;
}

static void hash_text(enum digest_kind kind, const struct str *in, char out[HASH_TEXT_MAX])
{
    uint8_t value[DIGEST_MAX];
    struct str hex = str_of(HASH_TEXT_MAX - 1);
    digest_of(kind, str_text(in), in->len, value);
    digest_print(&hex, value, digest_size(kind));
    snprintf(out, HASH_TEXT_MAX, "%s", str_text(&hex));
    str_done(&hex);
}

struct digest_words {
    const char *uri, *realm, *nonce, *cnonce, *count; /* count NULL: without qop (RFC 2069) */
};

/* RFC 7616 3.4.1 */
static void response_of(enum digest_kind kind, const struct http_login *l,
                        const struct digest_words *w, char out[HASH_TEXT_MAX])
{
    char ha1[HASH_TEXT_MAX], ha2[HASH_TEXT_MAX];
    struct str in = str_of(0);
    str_addf(&in, "%s:%s:%s", l->user, w->realm, l->password);
    hash_text(kind, &in, ha1);
    str_reset(&in);
    str_addf(&in, "%s:%s", l->method, w->uri);
    hash_text(kind, &in, ha2);
    str_reset(&in);
    if (w->count)
        str_addf(&in, "%s:%s:%s:%s:auth:%s", ha1, w->nonce, w->count, w->cnonce, ha2);
    else
        str_addf(&in, "%s:%s:%s", ha1, w->nonce, ha2);
    hash_text(kind, &in, out);
    str_done(&in);
}

static void add_quoted(struct str *out, const char *name, const char *value)
{
    str_addf(out, "%s=\"", name);
    for (; *value; value++) {
        if (*value == '"' || *value == '\\')
            str_add_char(out, '\\');
        str_add_char(out, *value);
    }
    str_add(out, "\"");
}

static void answer_digest(struct str *out, const struct http_challenge *c,
                          const struct http_login *l)
{
    uint8_t chance[NONCE_BYTES];
    char response[HASH_TEXT_MAX];
    struct str cnonce = str_of(0);
    rng_secret(chance, sizeof chance);
    digest_print(&cnonce, chance, sizeof chance);
    struct digest_words w = {l->uri, c->realm, c->nonce, str_text(&cnonce),
                             c->has_qop ? "00000001" : NULL};
    response_of(c->kind, l, &w, response);
    add_quoted(out, "Digest username", l->user);
    add_quoted(out, ", realm", c->realm);
    add_quoted(out, ", nonce", c->nonce);
    add_quoted(out, ", uri", l->uri);
    if (c->names_kind)
        str_addf(out, ", algorithm=%s", c->kind == DIGEST_SHA256 ? "SHA-256" : "MD5");
    if (c->has_qop)
        str_addf(out, ", qop=auth, nc=%s, cnonce=\"%s\"", w.count, w.cnonce);
    add_quoted(out, ", response", response);
    if (c->opaque[0])
        add_quoted(out, ", opaque", c->opaque);
    str_done(&cnonce);
}

bool http_auth_answer(struct str *out, const struct http_challenge *c, const struct http_login *l)
{
    if (c->digest) {
        answer_digest(out, c, l);
        return true;
    }
    if (!c->basic)
        return false;
    struct str pair = str_of(0);
    str_addf(&pair, "%s:%s", l->user, l->password);
    str_add(out, "Basic ");
    base64_encode(str_text(&pair), pair.len, out);
    str_done(&pair);
    return true;
}

/* ---- the server ---- */

void http_auth_ask(struct str *out, const char *line_name, const char *realm, const char *nonce)
{
    str_addf(out, "%s: Basic realm=\"%s\"\r\n", line_name, realm);
    str_addf(out, "%s: Digest realm=\"%s\", nonce=\"%s\", qop=\"auth\", algorithm=MD5\r\n",
             line_name, realm, nonce);
}

/* Takes the same time whatever the first difference is; the length is no secret. */
static bool is_same(const char *a, size_t a_len, const char *b)
{
    unsigned char difference = a_len != strlen(b);
    for (size_t i = 0; i < a_len && b[i]; i++)
        difference |= (unsigned char)(a[i] ^ b[i]);
    return difference == 0;
}

static bool check_basic(const char *at, const struct http_login *l)
{
    struct str given = str_of(0), wanted = str_of(0);
    at = skip_blank(at);
    bool ok = base64_decode_strict(at, strcspn(at, " \t"), &given) == 0;
    str_addf(&wanted, "%s:%s", l->user, l->password);
    ok = ok && is_same(str_text(&given), given.len, str_text(&wanted));
    str_done(&given);
    str_done(&wanted);
    return ok;
}

struct digest_claim {
    char user[HTTP_AUTH_TEXT_MAX], realm[HTTP_AUTH_TEXT_MAX], nonce[HTTP_AUTH_TEXT_MAX],
        uri[HTTP_AUTH_TEXT_MAX], response[HTTP_AUTH_TEXT_MAX], cnonce[HTTP_AUTH_TEXT_MAX],
        count[HTTP_AUTH_TEXT_MAX], qop[HTTP_AUTH_TEXT_MAX];
};

static void read_claim(struct digest_claim *c, const char *at)
{
    char name[HTTP_AUTH_TEXT_MAX], value[HTTP_AUTH_TEXT_MAX];
    const struct {
        const char *name;
        char *to;
    } field[] = {
        {"username", c->user},     {"realm", c->realm},   {"nonce", c->nonce}, {"uri", c->uri},
        {"response", c->response}, {"cnonce", c->cnonce}, {"nc", c->count},    {"qop", c->qop}};
    while (next_parameter(&at, name, value))
        for (size_t i = 0; i < ARRAY_COUNT(field); i++)
            if (strcasecmp(name, field[i].name) == 0)
                snprintf(field[i].to, HTTP_AUTH_TEXT_MAX, "%s", value);
}

bool http_auth_nonce(const char *value, char nonce[HTTP_AUTH_TEXT_MAX])
{
    struct digest_claim c = {0};
    if (!takes_scheme(&value, "Digest"))
        return false;
    read_claim(&c, value);
    snprintf(nonce, HTTP_AUTH_TEXT_MAX, "%s", c.nonce);
    return c.nonce[0] != '\0';
}

static bool check_digest(const char *at, const struct http_login *l, const char *nonce,
                         uint32_t *count)
{
    struct digest_claim c = {0};
    char wanted[HASH_TEXT_MAX];
    read_claim(&c, at);
    char *end;
    unsigned long said = strtoul(c.count, &end, 16);
    /* asked for http://host/path of a proxy, some clients name the path alone */
    bool same_uri = strcmp(c.uri, l->uri) == 0 || (l->path && strcmp(c.uri, l->path) == 0);
    if (strcmp(c.nonce, nonce) != 0 || strcmp(c.user, l->user) != 0 || !same_uri ||
        strcasecmp(c.qop, "auth") != 0 || strlen(c.count) != COUNT_TEXT - 1 || *end ||
        said <= *count)
        return false;
    struct digest_words w = {c.uri, c.realm, c.nonce, c.cnonce, c.count};
    response_of(DIGEST_MD5, l, &w, wanted);
    if (!is_same(c.response, strlen(c.response), wanted))
        return false;
    *count = (uint32_t)said;
    return true;
}

bool http_auth_check(const char *value, const struct http_login *l, const char *nonce,
                     uint32_t *count)
{
    if (takes_scheme(&value, "Basic"))
        return check_basic(value, l);
    return takes_scheme(&value, "Digest") && check_digest(value, l, nonce, count);
}
