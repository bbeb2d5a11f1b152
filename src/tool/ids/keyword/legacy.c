/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Checks of single protocols that work on the raw payload: ONC RPC calls, ASN.1's known overflows,
 * FTP bounces, CVS entries, BER elements. */
#include <errno.h>
#include <string.h>
#include <strings.h>

#include "core/base/bytes.h"
#include "tool/ids/keyword/keyword.h"
#include "tool/ids/look/look.h"

/* rpc:PROGRAM[,VERSION|*[,PROCEDURE|*]] (RFC 5531) */
struct rpc_step {
    struct rule_step step;
    uint32_t program, version, procedure;
    bool has_version, has_procedure, over_tcp;
};

static bool rpc_holds(const struct rule_step *s, struct payload *p)
{
    const struct rpc_step *r = (const struct rpc_step *)s;
    struct bytes_in in = bytes_in_of(p->data, p->len);
    if (p->look->packet->proto == 6) /* the record mark stands in front */
        bytes_skip(&in, 4);
    bytes_skip(&in, 4);
    uint32_t type = bytes_u32be(&in), rpc_version = bytes_u32be(&in), program = bytes_u32be(&in);
    uint32_t version = bytes_u32be(&in), procedure = bytes_u32be(&in);
    return !in.bad && type == 0 && rpc_version == 2 && program == r->program &&
           (!r->has_version || version == r->version) &&
           (!r->has_procedure || procedure == r->procedure);
}

static const struct step_kind rpc_kind = {.name = "rpc", .holds = rpc_holds};

static int read_rpc(const char *word, uint32_t *out, bool *has, struct err *e)
{
    uint64_t number;
    *has = word && strcmp(word, "*") != 0;
    if (!*has)
        return 0;
    if (!word_to_u64(word, &number) || number > UINT32_MAX)
        return err_set(e, -EINVAL, "\"%s\" is no number", word);
    *out = (uint32_t)number;
    return 0;
}

static int parse_rpc(struct rule_parser *p, const struct ids_keyword *k, char *value, struct err *e)
{
    struct rpc_step *r = parser_take(p, sizeof *r);
    char *rest = value, *program = word_next(&rest, ','), *version = word_next(&rest, ',');
    char *procedure = word_next(&rest, ',');
    bool has;
    (void)k;
    r->step.kind = &rpc_kind;
    if (read_rpc(program, &r->program, &has, e) < 0 ||
        read_rpc(version, &r->version, &r->has_version, e) < 0 ||
        read_rpc(procedure, &r->procedure, &r->has_procedure, e) < 0)
        return e->code;
    if (!has)
        return err_set(e, -EINVAL, "the program is a number");
    parser_add_step(p, parser_list(p), &r->step);
    return 0;
}

/* asn1:[double_overflow][,bitstring_overflow][,oversize_length N][,absolute_offset|relative_offset
 * N] Looks for elements (X.690) whose lengths no honest sender writes. */
struct asn1_step {
    struct rule_step step;
    bool double_overflow, bitstring_overflow, has_oversize;
    uint32_t oversize;
    int32_t offset;
};

enum { ASN1_FRAMES_MAX = 256, ASN1_DOUBLE_MAX = 256 };

struct element {
    uint32_t tag;
    bool constructed;
    uint64_t len;
};

static bool read_element(struct bytes_in *in, struct element *out)
{
    uint8_t first = bytes_u8(in);
    out->constructed = first & 0x20;
    out->tag = first & 0x1f;
    if (out->tag == 0x1f) {
        out->tag = 0;
        for (int i = 0; i < 5; i++) {
            uint8_t more = bytes_u8(in);
            out->tag = out->tag << 7 | (more & 0x7f);
            if (!(more & 0x80))
                break;
        }
    }
    uint8_t length = bytes_u8(in);
    out->len = length;
    if (length & 0x80) {
        out->len = 0;
        for (int i = length & 0x7f; i > 0 && i <= 8; i--)
            out->len = out->len << 8 | bytes_u8(in);
    }
    return !in->bad;
}

static bool element_is_bad(const struct asn1_step *a, const struct element *el,
                           const struct bytes_in *in)
{
    if (a->has_oversize && el->len > a->oversize)
        return true;
    if (a->bitstring_overflow && el->tag == 3 && !el->constructed && bytes_left(in) > 0 &&
        el->len > 0 && *in->pos > (el->len - 1) * 8)
        return true; /* more unused bits than there are */
    return a->double_overflow && el->tag == 9 && !el->constructed && el->len > ASN1_DOUBLE_MAX;
}

static bool asn1_holds(const struct rule_step *s, struct payload *p)
{
    const struct asn1_step *a = (const struct asn1_step *)s;
    int64_t at = a->offset + (s->relative ? (int64_t)p->cursor : 0);
    if (at < 0 || at >= p->len)
        return false;
    struct bytes_in in = bytes_in_of(p->data + at, p->len - (size_t)at);
    struct element el;
    for (int i = 0; i < ASN1_FRAMES_MAX && bytes_left(&in) > 0 && read_element(&in, &el); i++) {
        if (element_is_bad(a, &el, &in))
            return true;
        if (!el.constructed)
            bytes_skip(&in, el.len > bytes_left(&in) ? bytes_left(&in) : (size_t)el.len);
    }
    return false;
}

static const struct step_kind asn1_kind = {.name = "asn1", .holds = asn1_holds};

static int parse_asn1(struct rule_parser *p, const struct ids_keyword *k, char *value,
                      struct err *e)
{
    struct asn1_step *a = parser_take(p, sizeof *a);
    (void)k;
    a->step.kind = &asn1_kind;
    for (char *word; (word = word_next(&value, ','));) {
        char *arg = word + strcspn(word, " ");
        int64_t number = 0;
        bool has = *arg;
        if (has) {
            *arg = '\0';
            has = word_to_i64(word_trim(arg + 1), &number) && number >= INT32_MIN / 2 &&
                  number <= INT32_MAX / 2;
        }
        if (strcmp(word, "double_overflow") == 0)
            a->double_overflow = true;
        else if (strcmp(word, "bitstring_overflow") == 0)
            a->bitstring_overflow = true;
        else if (strcmp(word, "print") == 0)
            continue;
        else if (strcmp(word, "oversize_length") == 0 && has && number >= 0) {
            a->has_oversize = true;
            a->oversize = (uint32_t)number;
        } else if (strcmp(word, "relative_offset") == 0 && has) {
            a->step.relative = true;
            a->offset = (int32_t)number;
        } else if (strcmp(word, "absolute_offset") == 0 && has) {
            a->offset = (int32_t)number;
        } else {
            return err_set(e, -EINVAL, "unknown word \"%s\"", word);
        }
    }
    parser_add_step(p, parser_list(p), &a->step);
    return 0;
}

/* ftpbounce: a PORT command that names another host than the one that sends it (RFC 2577 3). */
static bool read_port_command(struct payload *p, uint32_t from, uint8_t out[4])
{
    uint32_t at = from, value = 0, part = 0, digits = 0;
    while (at < p->len && p->data[at] == ' ')
        at++;
    for (; at < p->len && part < 4; at++) {
        uint8_t c = p->data[at];
        if (c >= '0' && c <= '9') {
            value = value * 10 + (c - '0');
            if (++digits > 3 || value > 255)
                return false;
        } else if (c == ',' && digits) {
            out[part++] = (uint8_t)value;
            value = digits = 0;
        } else {
            return false;
        }
    }
    return part == 4;
}

static bool bounce_holds(const struct rule_step *s, struct payload *p)
{
    static const char command[] = "PORT";
    uint8_t ip[4];
    uint32_t from = p->cursor;
    (void)s;
    if (p->cursor == 0) { /* no content placed the cursor: the command is looked for */
        if (p->len < 5 || strncasecmp((const char *)p->data, command, 4) != 0)
            return false;
        from = 4;
    }
    const struct addr *src = &p->look->packet->src;
    return src->family == ADDR_IP4 && read_port_command(p, from, ip) &&
           memcmp(ip, src->byte, 4) != 0;
}

static const struct step_kind bounce_kind = {.name = "ftpbounce", .holds = bounce_holds};

/* cvs:invalid-entry: "Entry " without the slashes it must have (CVE-2004-0396). */
static bool cvs_holds(const struct rule_step *s, struct payload *p)
{
    (void)s;
    for (uint32_t at = 0; at < p->len;) {
        const uint8_t *newline = memchr(p->data + at, '\n', p->len - at);
        uint32_t end = newline ? (uint32_t)(newline - p->data) : p->len, slashes = 0;
        if (end - at > 6 && memcmp(p->data + at, "Entry ", 6) == 0) {
            for (uint32_t i = at; i < end; i++)
                slashes += p->data[i] == '/';
            if (p->data[at + 6] != '/' || slashes != 5)
                return true;
        }
        at = end + 1;
    }
    return false;
}

static const struct step_kind cvs_kind = {.name = "cvs", .holds = cvs_holds};

static int parse_plain(struct rule_parser *p, const struct ids_keyword *k, char *value,
                       struct err *e)
{
    struct rule_step *s = parser_take(p, sizeof *s);
    s->kind = k->detail;
    if (value && strcmp(value, "invalid-entry") != 0)
        return err_set(e, -EINVAL, "\"%s\" is not \"invalid-entry\"", value);
    s->relative = s->kind == &bounce_kind;
    parser_add_step(p, parser_list(p), s);
    return 0;
}

/* ber_data:TYPE moves to the contents of the element at the cursor, ber_skip:TYPE[,optional] behind
 * it (X.690 8.1). */
struct ber_step {
    struct rule_step step;
    uint8_t type;
    bool optional;
};

static bool ber_at(const struct ber_step *b, const struct payload *p, uint32_t *out_data,
                   uint32_t *out_end)
{
    if (p->cursor >= p->len || p->data[p->cursor] != b->type)
        return false;
    struct bytes_in in = bytes_in_of(p->data + p->cursor, p->len - p->cursor);
    struct element el;
    if (!read_element(&in, &el))
        return false;
    *out_data = (uint32_t)(in.pos - p->data);
    *out_end = el.len > bytes_left(&in) ? p->len + 1 : *out_data + (uint32_t)el.len;
    return true;
}

static bool ber_data_holds(const struct rule_step *s, struct payload *p)
{
    uint32_t data, end;
    if (!ber_at((const struct ber_step *)s, p, &data, &end))
        return false;
    p->cursor = data;
    return true;
}

static bool ber_skip_holds(const struct rule_step *s, struct payload *p)
{
    const struct ber_step *b = (const struct ber_step *)s;
    uint32_t data, end;
    if (!ber_at(b, p, &data, &end))
        return b->optional;
    if (end > p->len)
        return false;
    p->cursor = end;
    return true;
}

static const struct step_kind ber_data_kind = {
    .name = "ber_data", .holds = ber_data_holds, .moves = true};
static const struct step_kind ber_skip_kind = {
    .name = "ber_skip", .holds = ber_skip_holds, .moves = true};

static int parse_ber(struct rule_parser *p, const struct ids_keyword *k, char *value, struct err *e)
{
    struct ber_step *b = parser_take(p, sizeof *b);
    char *rest = value, *type = word_next(&rest, ','), *word = word_next(&rest, ',');
    uint64_t number;
    if (!word_to_u64(type, &number) || number > UINT8_MAX)
        return err_set(e, -EINVAL, "\"%s\" is no type", type);
    if (word && strcmp(word, "optional") != 0)
        return err_set(e, -EINVAL, "unknown word \"%s\"", word);
    b->step.kind = k->detail;
    b->step.relative = true;
    b->type = (uint8_t)number;
    b->optional = word != NULL;
    parser_add_step(p, parser_list(p), &b->step);
    return 0;
}

static const struct ids_keyword keyword[] = {
    {"rpc", RULE_ANY_DIALECT, KEYWORD_NEEDS_VALUE, parse_rpc, NULL,
     "rpc:PROGRAM[,VERSION|*[,PROCEDURE|*]]; an ONC RPC call"},
    {"asn1", RULE_ANY_DIALECT, KEYWORD_NEEDS_VALUE, parse_asn1, NULL,
     "asn1:double_overflow|bitstring_overflow|oversize_length N[,relative_offset N]"},
    {"ftpbounce", RULE_ANY_DIALECT, KEYWORD_NO_VALUE, parse_plain, &bounce_kind,
     "ftpbounce; PORT for another host"},
    {"cvs", RULE_SNORT2 | RULE_SNORT3, KEYWORD_NEEDS_VALUE, parse_plain, &cvs_kind,
     "cvs:invalid-entry; a malformed Entry"},
    {"ber_data", RULE_SNORT3, KEYWORD_NEEDS_VALUE, parse_ber, &ber_data_kind,
     "ber_data:TYPE; to the contents of the element here"},
    {"ber_skip", RULE_SNORT3, KEYWORD_NEEDS_VALUE, parse_ber, &ber_skip_kind,
     "ber_skip:TYPE[,optional]; behind the element here"},
};

const struct ids_keyword_family ids_keyword_legacy = {
    "legacy", "checks of single protocols on raw payload", keyword, ARRAY_COUNT(keyword)};
