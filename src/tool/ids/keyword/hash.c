/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Contents that a rule does not show: Snort 2's protected_content, Snort 3's md5, sha256, sha512.
 */
#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "core/base/digest.h"
#include "tool/ids/keyword/content.h"
#include "tool/ids/keyword/keyword.h"

struct hash_step {
    struct rule_step step;
    uint8_t kind; /* enum digest_kind */
    uint8_t value[DIGEST_MAX];
    uint32_t len; /* bytes hashed */
    int32_t offset;
};

static bool hash_holds(const struct rule_step *s, struct payload *p)
{
    const struct hash_step *h = (const struct hash_step *)s;
    int64_t at = h->offset + (s->relative ? (int64_t)p->cursor : 0);
    uint8_t value[DIGEST_MAX];
    if (at < 0 || at + h->len > p->len)
        return false;
    digest_of((enum digest_kind)h->kind, p->data + at, h->len, value);
    if (memcmp(value, h->value, digest_size((enum digest_kind)h->kind)) != 0)
        return false;
    p->cursor = (uint32_t)at + h->len;
    return true;
}

static const struct step_kind hash_kind = {.name = "hash", .holds = hash_holds, .moves = true};

static int read_digest(struct hash_step *h, const char *text, struct err *e)
{
    size_t size = digest_size((enum digest_kind)h->kind);
    if (strlen(text) != 2 * size)
        return err_set(e, -EINVAL, "a %s digest has %zu hex digits",
                       digest_name((enum digest_kind)h->kind), 2 * size);
    for (size_t i = 0; i < 2 * size; i++) {
        int c = tolower((unsigned char)text[i]);
        if (!isxdigit(c))
            return err_set(e, -EINVAL, "\"%c\" is no hex digit", text[i]);
        h->value[i / 2] = (uint8_t)(h->value[i / 2] << 4 | (c <= '9' ? c - '0' : c - 'a' + 10));
    }
    return 0;
}

static int read_word(struct hash_step *h, char *word, struct err *e)
{
    char *arg = word + strcspn(word, " ");
    int64_t number;
    if (*arg) {
        *arg = '\0';
        arg = word_trim(arg + 1);
    }
    if (strcmp(word, "relative") == 0)
        h->step.relative = true;
    else if (strcmp(word, "length") == 0 && word_to_i64(arg, &number) && number > 0 &&
             number <= UINT16_MAX)
        h->len = (uint32_t)number;
    else if (strcmp(word, "offset") == 0 && word_to_i64(arg, &number) && number >= -65535 &&
             number <= 65535)
        h->offset = (int32_t)number;
    else
        return err_set(e, -EINVAL, "\"%s %s\" is none of length N, offset N, relative", word, arg);
    return 0;
}

/* md5:[!]"HEX",length N[,offset N][,relative] */
static int parse_hash(struct rule_parser *p, const struct ids_keyword *k, char *value,
                      struct err *e)
{
    struct hash_step *h = parser_take(p, sizeof *h);
    char *rest = value, *text = word_next(&rest, ',');
    h->step.kind = &hash_kind;
    h->kind = (uint8_t)(uintptr_t)k->detail;
    if (*text == '!') {
        h->step.negated = true;
        text = word_trim(text + 1);
    }
    text = word_unquote(text);
    if (!text)
        return err_set(e, -EINVAL, "not \"in quotes\"");
    if (read_digest(h, text, e) < 0)
        return e->code;
    for (char *word; (word = word_next(&rest, ','));)
        if (read_word(h, word, e) < 0)
            return e->code;
    if (h->len == 0)
        return err_set(e, -EINVAL, "it wants a length");
    parser_add_step(p, parser_list(p), &h->step);
    return 0;
}

/* protected_content:"HEX"; hash:md5|sha256|sha512; length:N; offset:N: the kind comes later. */
static int parse_protected(struct rule_parser *p, const struct ids_keyword *k, char *value,
                           struct err *e)
{
    struct hash_step *h = parser_take(p, sizeof *h);
    (void)k;
    h->step.kind = &hash_kind;
    if (*value == '!') {
        h->step.negated = true;
        value = word_trim(value + 1);
    }
    char *text = word_unquote(value);
    if (!text)
        return err_set(e, -EINVAL, "not \"in quotes\"");
    size_t len = strlen(text);
    h->kind = len == 32 ? DIGEST_MD5 : len == 64 ? DIGEST_SHA256 : DIGEST_SHA512;
    if (read_digest(h, text, e) < 0)
        return e->code;
    p->hashed = &h->step;
    p->step = NULL;
    parser_add_step(p, parser_list(p), &h->step);
    return 0;
}

static int parse_hash_kind(struct rule_parser *p, const struct ids_keyword *k, char *value,
                           struct err *e)
{
    struct hash_step *h = (struct hash_step *)p->hashed;
    (void)k;
    if (!h)
        return err_set(e, -EINVAL, "no protected_content stands before it");
    return digest_from_name(value) == h->kind
               ? 0
               : err_set(e, -EINVAL, "the digest before it is none of %s", value);
}

static int parse_length(struct rule_parser *p, const struct ids_keyword *k, char *value,
                        struct err *e)
{
    struct hash_step *h = (struct hash_step *)p->hashed;
    uint64_t number;
    (void)k;
    if (!h)
        return err_set(e, -EINVAL, "no protected_content stands before it");
    if (!word_to_u64(value, &number) || number == 0 || number > UINT16_MAX)
        return err_set(e, -EINVAL, "\"%s\" is no length", value);
    h->len = (uint32_t)number;
    return 0;
}

int hash_set_offset(struct rule_step *step, int32_t offset, bool relative)
{
    struct hash_step *h = (struct hash_step *)step;
    h->offset = offset;
    h->step.relative = relative;
    return 0;
}

#define KIND(k) ((const void *)(uintptr_t)(k))

static const struct ids_keyword keyword[] = {
    {"md5", RULE_SNORT3, KEYWORD_NEEDS_VALUE, parse_hash, KIND(DIGEST_MD5),
     "md5:[!]\"HEX\",length N[,offset N,relative]; bytes with that digest"},
    {"sha256", RULE_SNORT3, KEYWORD_NEEDS_VALUE, parse_hash, KIND(DIGEST_SHA256),
     "sha256:[!]\"HEX\",length N[,offset N,relative]; bytes with that digest"},
    {"sha512", RULE_SNORT3, KEYWORD_NEEDS_VALUE, parse_hash, KIND(DIGEST_SHA512),
     "sha512:[!]\"HEX\",length N[,offset N,relative]; bytes with that digest"},
    {"protected_content", RULE_SNORT2, KEYWORD_NEEDS_VALUE, parse_protected, NULL,
     "protected_content:[!]\"HEX\"; bytes with that digest"},
    {"hash", RULE_SNORT2, KEYWORD_NEEDS_VALUE, parse_hash_kind, NULL,
     "hash:md5|sha256|sha512; kind of the protected content"},
    {"length", RULE_SNORT2, KEYWORD_NEEDS_VALUE, parse_length, NULL,
     "length:N; bytes of the protected content"},
};

const struct ids_keyword_family ids_keyword_hash = {"hash", "contents a rule does not show",
                                                    keyword, ARRAY_COUNT(keyword)};
