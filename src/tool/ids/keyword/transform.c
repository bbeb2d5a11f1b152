/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/ids/keyword/transform.h"

#include <errno.h>
#include <string.h>

#include "core/base/digest.h"
#include "core/base/inflate.h"
#include "core/match/regex.h"
#include "tool/ids/look/base64.h"
#include "tool/ids/keyword/keyword.h"

static bool is_space(uint8_t c)
{
    return c == ' ' || (c >= 9 && c <= 13);
}

static uint8_t lower(uint8_t c)
{
    return c >= 'A' && c <= 'Z' ? (uint8_t)(c + 32) : c;
}

#define RUN(name)                                                                                  \
    static bool run_##name(const void *state, const uint8_t *data, size_t len, uint8_t *out,       \
                           size_t size, size_t *out_len, struct step_scratch *scratch)
#define UNUSED ((void)state, (void)size, (void)scratch)

RUN(dotprefix)
{
    UNUSED;
    out[0] = '.';
    memcpy(out + 1, data, len);
    *out_len = len + 1;
    return true;
}

RUN(to_lowercase)
{
    UNUSED;
    for (size_t i = 0; i < len; i++)
        out[i] = lower(data[i]);
    *out_len = len;
    return true;
}

RUN(to_uppercase)
{
    UNUSED;
    for (size_t i = 0; i < len; i++)
        out[i] = data[i] >= 'a' && data[i] <= 'z' ? (uint8_t)(data[i] - 32) : data[i];
    *out_len = len;
    return true;
}

/* Names of fields only: from the beginning of each line to its colon. */
RUN(header_lowercase)
{
    bool in_name = true;
    UNUSED;
    for (size_t i = 0; i < len; i++) {
        if (data[i] == ':')
            in_name = false;
        else if (data[i] == '\n')
            in_name = true;
        out[i] = in_name ? lower(data[i]) : data[i];
    }
    *out_len = len;
    return true;
}

RUN(strip_whitespace)
{
    size_t made = 0;
    UNUSED;
    for (size_t i = 0; i < len; i++)
        if (!is_space(data[i]))
            out[made++] = data[i];
    *out_len = made;
    return true;
}

RUN(compress_whitespace)
{
    size_t made = 0;
    UNUSED;
    for (size_t i = 0; i < len; i++)
        if (!is_space(data[i]) || i == 0 || !is_space(data[i - 1]))
            out[made++] = data[i];
    *out_len = made;
    return true;
}

/* HTTP/2's ":method" and its like. */
RUN(strip_pseudo)
{
    size_t made = 0;
    UNUSED;
    for (size_t at = 0; at < len;) {
        const uint8_t *newline = memchr(data + at, '\n', len - at);
        size_t line = newline ? (size_t)(newline - data) + 1 - at : len - at;
        if (data[at] != ':') {
            memcpy(out + made, data + at, line);
            made += line;
        }
        at += line;
    }
    *out_len = made;
    return true;
}

static bool digest(enum digest_kind kind, const uint8_t *data, size_t len, uint8_t *out,
                   size_t *out_len)
{
    uint8_t value[DIGEST_MAX];
    digest_of(kind, data, len, value);
    *out_len = digest_size(kind);
    memcpy(out, value, *out_len);
    return true;
}

RUN(to_md5)
{
    UNUSED;
    return digest(DIGEST_MD5, data, len, out, out_len);
}

RUN(to_sha1)
{
    UNUSED;
    return digest(DIGEST_SHA1, data, len, out, out_len);
}

RUN(to_sha256)
{
    UNUSED;
    return digest(DIGEST_SHA256, data, len, out, out_len);
}

static int hex(uint8_t c)
{
    return c >= '0' && c <= '9'                 ? c - '0'
           : lower(c) >= 'a' && lower(c) <= 'f' ? lower(c) - 'a' + 10
                                                : -1;
}

RUN(url_decode)
{
    size_t made = 0;
    UNUSED;
    for (size_t i = 0; i < len; i++) {
        if (data[i] == '+') {
            out[made++] = ' ';
        } else if (data[i] == '%' && i + 2 < len && hex(data[i + 1]) >= 0 &&
                   hex(data[i + 2]) >= 0) {
            out[made++] = (uint8_t)(hex(data[i + 1]) << 4 | hex(data[i + 2]));
            i += 2;
        } else {
            out[made++] = data[i];
        }
    }
    *out_len = made;
    return true;
}

struct xor_key {
    size_t len;
    uint8_t byte[256];
};

RUN(xor)
{
    const struct xor_key *key = state;
    UNUSED;
    for (size_t i = 0; i < len; i++)
        out[i] = data[i] ^ key->byte[i % key->len];
    *out_len = len;
    return true;
}

/* The first group of the pattern is what comes out; without a match, the whole. */
RUN(pcrexform)
{
    size_t from = 0, to = len;
    (void)size;
    if (regex_find(state, scratch->regex, data, len, 0) == REGEX_YES &&
        !regex_group(scratch->regex, 1, &from, &to)) {
        from = 0;
        to = len;
    }
    memcpy(out, data + from, to - from);
    *out_len = to - from;
    return true;
}

struct from_base64 {
    uint32_t offset, bytes;
    enum base64_mode mode;
};

RUN(from_base64)
{
    const struct from_base64 *b = state;
    (void)scratch;
    if (b->offset >= len)
        return false;
    size_t take = len - b->offset;
    if (b->bytes && b->bytes < take)
        take = b->bytes;
    *out_len = look_base64_decode(data + b->offset, take, out, (uint32_t)size, b->mode);
    return *out_len > 0;
}

/* The registered name: the public suffix with one label in front.  Without the list of suffixes the
 * last two labels stand for it, three where the last but one is short as in "co.uk". */
static size_t suffix_at(const uint8_t *data, size_t len, unsigned labels)
{
    size_t at = len;
    unsigned dots = 0;
    while (at > 0) {
        if (data[at - 1] == '.' && ++dots == labels)
            break;
        at--;
    }
    return at;
}

static unsigned suffix_labels(const uint8_t *data, size_t len)
{
    size_t last = suffix_at(data, len, 1), second = suffix_at(data, len, 2);
    return last > 0 && len - last == 2 && last - 1 - second <= 3 && second > 0 ? 2 : 1;
}

RUN(domain)
{
    UNUSED;
    size_t at = suffix_at(data, len, suffix_labels(data, len) + 1);
    if (!memchr(data, '.', len))
        return false;
    memcpy(out, data + at, len - at);
    *out_len = len - at;
    return true;
}

RUN(tld)
{
    UNUSED;
    size_t at = suffix_at(data, len, suffix_labels(data, len));
    if (!memchr(data, '.', len))
        return false;
    memcpy(out, data + at, len - at);
    *out_len = len - at;
    return true;
}

struct unpack {
    uint32_t max;
    enum inflate_kind kind;
};

RUN(unpack)
{
    const struct unpack *u = state;
    struct str text = str_of(u->max < size ? u->max : size);
    (void)scratch;
    inflate_all(u->kind, data, len, 0, &text);
    memcpy(out, str_text(&text), text.len);
    *out_len = text.len;
    str_done(&text);
    return *out_len > 0;
}

#define KIND(name, word) static const struct transform_kind kind_##name = {word, run_##name}
KIND(dotprefix, "dotprefix");
KIND(to_lowercase, "to_lowercase");
KIND(to_uppercase, "to_uppercase");
KIND(header_lowercase, "header_lowercase");
KIND(strip_whitespace, "strip_whitespace");
KIND(compress_whitespace, "compress_whitespace");
KIND(strip_pseudo, "strip_pseudo_headers");
KIND(to_md5, "to_md5");
KIND(to_sha1, "to_sha1");
KIND(to_sha256, "to_sha256");
KIND(url_decode, "url_decode");
KIND(xor, "xor");
KIND(pcrexform, "pcrexform");
KIND(from_base64, "from_base64");
KIND(domain, "domain");
KIND(tld, "tld");
KIND(unpack, "gunzip");

bool transform_same(const struct rule_list *a, const struct rule_list *b)
{
    if (a->transform_count != b->transform_count)
        return false;
    for (uint8_t i = 0; i < a->transform_count; i++)
        if (a->transform[i].kind != b->transform[i].kind ||
            a->transform[i].state != b->transform[i].state)
            return false;
    return true;
}

static int add(struct rule_parser *p, const struct transform_kind *kind, const void *state,
               struct err *e)
{
    if (!p->in_sticky || !p->list)
        return err_set(e, -EINVAL, "no buffer is chosen before it");
    if (p->list->step_count > 0) { /* what follows looks into the same buffer once more */
        p->list = parser_new_list(p, p->list->sticky, p->list->detail);
        p->step = NULL;
    }
    if (p->transform_count == RULE_TRANSFORM_MAX)
        return err_set(e, -EINVAL, "more than %d transforms", RULE_TRANSFORM_MAX);
    p->transform[p->transform_count++] = (struct rule_transform){kind, state};
    return 0;
}

static int parse_plain(struct rule_parser *p, const struct ids_keyword *k, char *value,
                       struct err *e)
{
    (void)value;
    return add(p, k->detail, NULL, e);
}

static int parse_xor(struct rule_parser *p, const struct ids_keyword *k, char *value, struct err *e)
{
    struct xor_key *key = parser_take(p, sizeof *key);
    char *text = word_unquote(value);
    text = text ? text : value;
    size_t len = strlen(text);
    if (len == 0 || len % 2 || len / 2 > sizeof key->byte)
        return err_set(e, -EINVAL, "the key is 1 to %zu bytes in hex", sizeof key->byte);
    for (size_t i = 0; i < len; i += 2) {
        int high = hex((uint8_t)text[i]), low = hex((uint8_t)text[i + 1]);
        if (high < 0 || low < 0)
            return err_set(e, -EINVAL, "\"%s\" is no hex", text);
        key->byte[key->len++] = (uint8_t)(high << 4 | low);
    }
    return add(p, k->detail, key, e);
}

static int parse_pcrexform(struct rule_parser *p, const struct ids_keyword *k, char *value,
                           struct err *e)
{
    char *text = word_unquote(value);
    struct regex *regex;
    if (rule_set_regex(p->set, text ? text : value, 0, &regex, e) < 0)
        return e->code;
    if (regex_group_count(regex) != 1)
        return err_set(e, -EINVAL, "the pattern has one group");
    return add(p, k->detail, regex, e);
}

static int parse_from_base64(struct rule_parser *p, const struct ids_keyword *k, char *value,
                             struct err *e)
{
    struct from_base64 *b = parser_take(p, sizeof *b);
    b->mode = BASE64_BLANKS;
    for (char *word; value && (word = word_next(&value, ','));) {
        char *arg = word + strcspn(word, " ");
        uint64_t number;
        if (*arg) {
            *arg = '\0';
            arg = word_trim(arg + 1);
        }
        if (strcmp(word, "mode") == 0 && strcmp(arg, "rfc4648") == 0)
            b->mode = BASE64_BLANKS;
        else if (strcmp(word, "mode") == 0 && strcmp(arg, "rfc2045") == 0)
            b->mode = BASE64_SKIP_ALL;
        else if (strcmp(word, "mode") == 0 && strcmp(arg, "strict") == 0)
            b->mode = BASE64_STRICT;
        else if (strcmp(word, "offset") == 0 && word_to_u64(arg, &number) && number <= UINT16_MAX)
            b->offset = (uint32_t)number;
        else if (strcmp(word, "bytes") == 0 && word_to_u64(arg, &number) && number > 0 &&
                 number <= UINT16_MAX)
            b->bytes = (uint32_t)number;
        else
            return err_set(e, -EINVAL, "\"%s %s\" is none of bytes N, offset N, mode M", word, arg);
    }
    return add(p, k->detail, b, e);
}

/* gunzip and zlib_deflate [:max-size N] */
static int parse_unpack(struct rule_parser *p, const struct ids_keyword *k, char *value,
                        struct err *e)
{
    struct unpack *u = parser_take(p, sizeof *u);
    uint64_t number = 1024;
    if (value &&
        (strncmp(value, "max-size", 8) != 0 || !word_to_u64(word_trim(value + 8), &number) ||
         number == 0 || number > UINT32_MAX))
        return err_set(e, -EINVAL, "\"%s\" is not max-size N", value);
    u->max = (uint32_t)number;
    u->kind = k->name[0] == 'g' ? INFLATE_GZIP : INFLATE_ZLIB;
    return add(p, k->detail, u, e);
}

#define S RULE_SURICATA
#define PLAIN(word, kind, doc)                                                                     \
    {                                                                                              \
        word, S, KEYWORD_NO_VALUE, parse_plain, &kind, word "; " doc                               \
    }

static const struct ids_keyword keyword[] = {
    PLAIN("dotprefix", kind_dotprefix, "a dot in front"),
    PLAIN("to_lowercase", kind_to_lowercase, "letters in lower case"),
    PLAIN("to_uppercase", kind_to_uppercase, "letters in upper case"),
    PLAIN("header_lowercase", kind_header_lowercase, "names of fields in lower case"),
    PLAIN("strip_whitespace", kind_strip_whitespace, "without blanks"),
    PLAIN("compress_whitespace", kind_compress_whitespace, "one blank for each run of them"),
    PLAIN("strip_pseudo_headers", kind_strip_pseudo, "without HTTP/2's pseudo fields"),
    PLAIN("to_md5", kind_to_md5, "MD5, 16 bytes"),
    PLAIN("to_sha1", kind_to_sha1, "SHA-1, 20 bytes"),
    PLAIN("to_sha256", kind_to_sha256, "SHA-256, 32 bytes"),
    PLAIN("url_decode", kind_url_decode, "%41 and + decoded"),
    PLAIN("domain", kind_domain, "the registered domain of a host's name"),
    PLAIN("tld", kind_tld, "the public suffix of a host's name"),
    {"gunzip", S, KEYWORD_MAY_HAVE_VALUE, parse_unpack, &kind_unpack,
     "gunzip[:max-size N]; what gzip packed"},
    {"zlib_deflate", S, KEYWORD_MAY_HAVE_VALUE, parse_unpack, &kind_unpack,
     "zlib_deflate[:max-size N]; what zlib packed"},
    {"xor", S, KEYWORD_NEEDS_VALUE, parse_xor, &kind_xor, "xor:\"HEX\"; with a key"},
    {"pcrexform", S, KEYWORD_NEEDS_VALUE, parse_pcrexform, &kind_pcrexform,
     "pcrexform:\"PATTERN\"; the pattern's group"},
    {"from_base64", S, KEYWORD_MAY_HAVE_VALUE, parse_from_base64, &kind_from_base64,
     "from_base64[:bytes N,offset N,mode rfc4648|rfc2045|strict]; decoded"},
};

const struct ids_keyword_family ids_keyword_transform = {"transform", "buffers made into others",
                                                         keyword, ARRAY_COUNT(keyword)};
