/* SPDX-License-Identifier: GPL-3.0-or-later */
/* base64_decode reads from the payload, base64_data goes on in what came out of it.  Both are steps
 * of one list: the way back to the bytes around is lost when the list ends. */
#include <errno.h>
#include <string.h>

#include "tool/ids/look/base64.h"
#include "tool/ids/keyword/keyword.h"

struct decode_step {
    struct rule_step step;
    uint64_t bytes;
    uint32_t offset;
};

static bool decode_holds(const struct rule_step *s, struct payload *p)
{
    const struct decode_step *d = (const struct decode_step *)s;
    uint64_t at = (uint64_t)d->offset + (s->relative ? p->cursor : 0);
    if (at >= p->len)
        return false;
    size_t len = p->len - (size_t)at;
    if (d->bytes && d->bytes < len)
        len = (size_t)d->bytes;
    struct step_scratch *t = p->scratch;
    t->decoded_len = look_base64_decode(p->data + at, len, t->decoded, STEP_SCRATCH_MAX, BASE64_FOLDED);
    return t->decoded_len > 0;
}

static bool data_holds(const struct rule_step *s, struct payload *p)
{
    (void)s;
    if (p->scratch->decoded_len == 0)
        return false;
    p->data = p->scratch->decoded;
    p->len = p->scratch->decoded_len;
    p->cursor = 0;
    p->at = 0;
    p->whole = true;
    return true;
}

static const struct step_kind decode_kind = {.name = "base64_decode", .holds = decode_holds};
static const struct step_kind data_kind = {
    .name = "base64_data", .holds = data_holds, .moves = true};

/* [bytes N][,offset N][,relative] */
static int parse_decode(struct rule_parser *p, const struct ids_keyword *k, char *value,
                        struct err *e)
{
    struct decode_step *d = parser_take(p, sizeof *d);
    uint64_t number;
    (void)k;
    d->step.kind = &decode_kind;
    for (char *word; (word = word_next(&value, ','));) {
        if (strcmp(word, "relative") == 0) {
            d->step.relative = true;
        } else if (strncmp(word, "bytes ", 6) == 0 && word_to_u64(word_trim(word + 6), &number) &&
                   number > 0 && number <= STEP_SCRATCH_MAX) {
            d->bytes = number;
        } else if (strncmp(word, "offset ", 7) == 0 && word_to_u64(word_trim(word + 7), &number) &&
                   number <= UINT16_MAX) {
            d->offset = (uint32_t)number;
        } else {
            return err_set(e, -EINVAL, "\"%s\" is none of bytes N, offset N, relative", word);
        }
    }
    struct rule_list *list = parser_list(p);
    parser_add_step(p, list, &d->step);
    p->base64_list = list;
    p->step = NULL;
    return 0;
}

static int parse_data(struct rule_parser *p, const struct ids_keyword *k, char *value,
                      struct err *e)
{
    (void)k;
    (void)value;
    if (!p->base64_list)
        return err_set(e, -EINVAL, "no base64_decode stands before it");
    struct rule_step *s = parser_take(p, sizeof *s);
    s->kind = &data_kind;
    parser_add_step(p, p->base64_list, s);
    p->list = p->base64_list;
    p->in_sticky = true;
    p->step = NULL;
    return 0;
}

static const struct ids_keyword keyword[] = {
    {"base64_decode", RULE_ANY_DIALECT, KEYWORD_MAY_HAVE_VALUE, parse_decode, NULL,
     "base64_decode[:bytes N,offset N,relative]; decode from here"},
    {"base64_data", RULE_ANY_DIALECT, KEYWORD_NO_VALUE, parse_data, NULL,
     "base64_data; look into what base64_decode made"},
};

const struct ids_keyword_family ids_keyword_base64 = {"base64", "Base64 inside of buffers", keyword,
                                                      ARRAY_COUNT(keyword)};
