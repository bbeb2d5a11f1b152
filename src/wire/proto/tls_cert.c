/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wire/proto/tls_cert.h"

#include <string.h>

#include "core/base/bytes.h"
#include "core/base/clock.h"
#include "core/net/addr.h"

enum { /* DER tags (X.690) */
       TAG_INTEGER = 0x02,
       TAG_BIT_STRING = 0x03,
       TAG_OCTET_STRING = 0x04,
       TAG_OID = 0x06,
       TAG_UTC_TIME = 0x17,
       TAG_GENERAL_TIME = 0x18,
       TAG_BMP_STRING = 0x1e,
       TAG_SEQUENCE = 0x30,
       TAG_SET = 0x31,
       TAG_VERSION = 0xa0,
       TAG_EXTENSIONS = 0xa3,
};

/* One element: its tag and a reader of its inside. */
static bool der_next(struct bytes_in *in, uint8_t *out_tag, struct bytes_in *out)
{
    *out_tag = bytes_u8(in);
    size_t len = bytes_u8(in);
    if (len & 0x80) {
        unsigned count = len & 0x7f;
        len = 0;
        if (count == 0 || count > 4)
            in->bad = true;
        for (unsigned i = 0; i < count && !in->bad; i++)
            len = len << 8 | bytes_u8(in);
    }
    *out = bytes_sub(in, len);
    return !in->bad;
}

static bool der_take(struct bytes_in *in, uint8_t tag, struct bytes_in *out)
{
    uint8_t found;
    return der_next(in, &found, out) && found == tag;
}

static const struct {
    const char *oid, *name;
} attribute[] = {
    {"2.5.4.3", "CN"},
    {"2.5.4.4", "Surname"},
    {"2.5.4.5", "SerialNumber"},
    {"2.5.4.6", "C"},
    {"2.5.4.7", "L"},
    {"2.5.4.8", "ST"},
    {"2.5.4.9", "Street"},
    {"2.5.4.10", "O"},
    {"2.5.4.11", "OU"},
    {"2.5.4.12", "Title"},
    {"2.5.4.13", "Description"},
    {"2.5.4.15", "BusinessCategory"},
    {"2.5.4.17", "PostalCode"},
    {"2.5.4.41", "Name"},
    {"2.5.4.42", "GivenName"},
    {"2.5.4.43", "Initials"},
    {"2.5.4.44", "GenerationQualifier"},
    {"2.5.4.46", "DNQualifier"},
    {"0.9.2342.19200300.100.1.1", "UID"},
    {"0.9.2342.19200300.100.1.25", "DC"},
    {"1.2.840.113549.1.9.1", "Email"},
    {"1.3.6.1.4.1.311.60.2.1.1", "jurisdictionLocality"},
    {"1.3.6.1.4.1.311.60.2.1.2", "jurisdictionStateOrProvince"},
    {"1.3.6.1.4.1.311.60.2.1.3", "jurisdictionCountry"},
};

static void oid_text(struct bytes_in in, struct str *out)
{
    bool first = true;
    while (bytes_left(&in)) {
        uint64_t part = 0;
        uint8_t byte;
        do {
            byte = bytes_u8(&in);
            part = part << 7 | (byte & 0x7f);
        } while (byte & 0x80 && bytes_left(&in));
        if (first) {
            uint64_t top = part < 80 ? part / 40 : 2;
            str_addf(out, "%llu.%llu", (unsigned long long)top,
                     (unsigned long long)(part - top * 40));
            first = false;
        } else {
            str_addf(out, ".%llu", (unsigned long long)part);
        }
    }
}

static void add_attribute(struct str *out, struct bytes_in oid, uint8_t tag, struct bytes_in value)
{
    struct str number = str_of(256);
    const char *name;
    oid_text(oid, &number);
    name = str_text(&number);
    for (size_t i = 0; i < sizeof attribute / sizeof attribute[0]; i++)
        if (strcmp(attribute[i].oid, name) == 0)
            name = attribute[i].name;
    str_add(out, name);
    str_add_char(out, '=');
    str_done(&number);
    if (tag != TAG_BMP_STRING) {
        str_add_len(out, value.pos, bytes_left(&value));
        return;
    }
    while (bytes_left(&value) >= 2) { /* two bytes a letter; only Latin ones are shown as such */
        uint16_t code = bytes_u16be(&value);
        str_add_char(out, code < 0x80 ? (char)code : '?');
    }
}

/* Name ::= SEQUENCE OF SET OF SEQUENCE { type, value } */
static bool read_name(struct bytes_in in, struct str *out)
{
    while (bytes_left(&in)) {
        struct bytes_in set;
        if (!der_take(&in, TAG_SET, &set))
            return false;
        bool first_of_set = true;
        while (bytes_left(&set)) {
            struct bytes_in pair, oid, value;
            uint8_t tag;
            if (!der_take(&set, TAG_SEQUENCE, &pair) || !der_take(&pair, TAG_OID, &oid) ||
                !der_next(&pair, &tag, &value))
                return false;
            if (out->len)
                str_add(out, first_of_set ? ", " : " + ");
            first_of_set = false;
            add_attribute(out, oid, tag, value);
        }
    }
    return true;
}

static int two_digits(struct bytes_in *in)
{
    uint8_t a = bytes_u8(in);
    uint8_t b = bytes_u8(in);
    return a >= '0' && a <= '9' && b >= '0' && b <= '9' ? (a - '0') * 10 + b - '0' : -1;
}

/* "YYMMDDHHMMSSZ" or "YYYYMMDDHHMMSSZ" */
static bool read_time(struct bytes_in *in, int64_t *out_s)
{
    struct bytes_in text;
    uint8_t tag;
    if (!der_next(in, &tag, &text) || (tag != TAG_UTC_TIME && tag != TAG_GENERAL_TIME))
        return false;
    int year = two_digits(&text);
    if (tag == TAG_GENERAL_TIME)
        year = year * 100 + two_digits(&text);
    else
        year += year < 50 ? 2000 : 1900;
    int part[5];
    for (int i = 0; i < 4; i++)
        part[i] = two_digits(&text);
    part[4] = bytes_left(&text) >= 2 ? two_digits(&text) : 0;
    if (text.bad || year < 0 || part[0] < 1 || part[0] > 12 || part[1] < 1 || part[1] > 31 ||
        part[2] < 0 || part[2] > 23 || part[3] < 0 || part[3] > 59 || part[4] < 0 || part[4] > 60)
        return false;
    int64_t days = clock_days_from_civil(year, (unsigned)part[0], (unsigned)part[1]);
    *out_s = days * 86400 + part[2] * 3600 + part[3] * 60 + part[4];
    return true;
}

static bool read_extensions(struct bytes_in in, struct tls_cert *out)
{
    static const uint8_t san_oid[] = {0x55, 0x1d, 0x11};
    struct bytes_in list;
    if (!der_take(&in, TAG_SEQUENCE, &list))
        return false;
    while (bytes_left(&list)) {
        struct bytes_in one, oid, value, names;
        uint8_t tag;
        if (!der_take(&list, TAG_SEQUENCE, &one) || !der_take(&one, TAG_OID, &oid) ||
            !der_next(&one, &tag, &value))
            return false;
        if (tag != TAG_OCTET_STRING && !der_take(&one, TAG_OCTET_STRING, &value))
            return false;
        if (bytes_left(&oid) == sizeof san_oid && memcmp(oid.pos, san_oid, sizeof san_oid) == 0 &&
            der_take(&value, TAG_SEQUENCE, &names)) {
            out->san = names.pos;
            out->san_len = bytes_left(&names);
        }
    }
    return true;
}

enum tls_cert_fault tls_cert_parse(struct tls_cert *out, const uint8_t *der, size_t len)
{
    struct bytes_in in = bytes_in_of(der, len), whole, body, part;
    uint8_t tag;
    *out = (struct tls_cert){.issuer = str_of(8192), .subject = str_of(8192)};
    if (!der_take(&in, TAG_SEQUENCE, &whole) || !der_take(&whole, TAG_SEQUENCE, &body))
        return TLS_CERT_BAD_DER;
    if (!der_next(&body, &tag, &part))
        return TLS_CERT_BAD_VERSION;
    if (tag == TAG_VERSION && !der_next(&body, &tag, &part))
        return TLS_CERT_BAD_SERIAL;
    if (tag != TAG_INTEGER)
        return TLS_CERT_BAD_SERIAL;
    out->serial = part.pos;
    out->serial_len = bytes_left(&part);
    if (!der_take(&body, TAG_SEQUENCE, &part))
        return TLS_CERT_BAD_ALGORITHM;
    if (!der_take(&body, TAG_SEQUENCE, &part) || !read_name(part, &out->issuer))
        return TLS_CERT_BAD_ISSUER;
    if (!der_take(&body, TAG_SEQUENCE, &part))
        return TLS_CERT_BAD_VALIDITY;
    if (!read_time(&part, &out->not_before_s) || !read_time(&part, &out->not_after_s))
        return TLS_CERT_BAD_DATE;
    out->has_dates = true;
    if (!der_take(&body, TAG_SEQUENCE, &part) || !read_name(part, &out->subject))
        return TLS_CERT_BAD_SUBJECT;
    while (bytes_left(&body)) {
        if (!der_next(&body, &tag, &part))
            return TLS_CERT_BAD_DER;
        if (tag == TAG_EXTENSIONS && !read_extensions(part, out))
            return TLS_CERT_BAD_EXTENSIONS;
    }
    return TLS_CERT_GOOD;
}

void tls_cert_done(struct tls_cert *x)
{
    str_done(&x->issuer);
    str_done(&x->subject);
}

bool tls_cert_next_san(const struct tls_cert *x, size_t *at, struct str *out)
{
    while (*at < x->san_len) {
        struct bytes_in in = bytes_in_of(x->san + *at, x->san_len - *at), value;
        uint8_t tag;
        if (!der_next(&in, &tag, &value))
            return false;
        *at = (size_t)(in.pos - x->san);
        size_t len = bytes_left(&value);
        if (tag == 0x81 || tag == 0x82 || tag == 0x86) { /* mail, DNS, URI */
            str_add_len(out, value.pos, len);
            return true;
        }
        if (tag == 0x87 && (len == 4 || len == 16)) {
            struct addr a = {.family = len == 4 ? ADDR_IP4 : ADDR_IP6};
            char text[ADDR_TEXT_MAX];
            memcpy(a.byte, value.pos, len);
            str_add(out, addr_format(&a, text));
            return true;
        }
    }
    return false;
}
