/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wire/proto/tls_hello.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/digest.h"

enum {
    EXT_SNI = 0,
    EXT_GROUPS = 10,
    EXT_POINTS = 11,
    EXT_SIGNATURES = 13,
    EXT_ALPN = 16,
    EXT_VERSIONS = 43,
    RANDOM_LEN = 32,
    JA4_COUNT_MAX = 99,
    JA4_HASH_LEN = 12,
};

bool tls_is_grease(uint16_t value)
{
    return (value & 0x0f0f) == 0x0a0a && value >> 8 == (value & 0xff);
}

static void add(struct tls_list *list, uint16_t value)
{
    if (list->count < TLS_LIST_MAX)
        list->value[list->count++] = value;
}

static void read_u16_list(struct bytes_in in, struct tls_list *list)
{
    while (bytes_left(&in) >= 2)
        add(list, bytes_u16be(&in));
}

static void read_sni(struct tls_hello *h, struct bytes_in in)
{
    if (h->has_sni)
        h->odd |= TLS_ODD_SNI_TWICE;
    bool first = !h->has_sni;
    h->has_sni = true;
    if (bytes_left(&in) == 0) /* a server says so that it used it */
        return;
    bytes_skip(&in, 2);
    uint8_t type = bytes_u8(&in);
    uint16_t len = bytes_u16be(&in);
    if (type != 0) {
        h->odd |= TLS_ODD_SNI_TYPE;
        return;
    }
    const uint8_t *name = bytes_take(&in, len);
    if (!name)
        h->odd |= TLS_ODD_SNI_LEN;
    else if (first)
        h->sni = (struct tls_text){name, len};
}

/* The best that a client offers; a draft's number is above the real ones, but less wanted. */
static void read_versions(struct tls_hello *h, struct bytes_in in)
{
    if (h->is_server) {
        h->selected = bytes_u16be(&in);
        return;
    }
    bytes_skip(&in, 1);
    while (bytes_left(&in) >= 2) {
        uint16_t v = bytes_u16be(&in);
        if (!tls_is_grease(v) && (v > h->selected || h->selected >> 8 == 0x7f) &&
            !(v >> 8 == 0x7f && h->selected))
            h->selected = v;
    }
}

static void read_extension(struct tls_hello *h, uint16_t type, struct bytes_in in)
{
    struct bytes_in list;
    add(&h->extension, type);
    switch (type) {
    case EXT_SNI:
        read_sni(h, in);
        break;
    case EXT_GROUPS:
        list = bytes_sub(&in, bytes_u16be(&in));
        read_u16_list(list, &h->group);
        break;
    case EXT_POINTS:
        list = bytes_sub(&in, bytes_u8(&in));
        while (bytes_left(&list))
            add(&h->point, bytes_u8(&list));
        break;
    case EXT_SIGNATURES:
        list = bytes_sub(&in, bytes_u16be(&in));
        read_u16_list(list, &h->signature);
        break;
    case EXT_ALPN:
        h->alpn = bytes_sub(&in, bytes_u16be(&in));
        break;
    case EXT_VERSIONS:
        read_versions(h, in);
        break;
    default:
        break;
    }
}

bool tls_hello_parse(struct tls_hello *out, bool is_server, const uint8_t *data, size_t len)
{
    struct bytes_in in = bytes_in_of(data, len), list;
    *out = (struct tls_hello){.is_server = is_server};
    out->version = bytes_u16be(&in);
    out->random = bytes_take(&in, RANDOM_LEN);
    /* drafts of TLS 1.3 up to 21 dropped the session from the server's hello */
    bool old_draft = is_server && out->version >> 8 == 0x7f && (out->version & 0xff) < 22;
    if (!old_draft) {
        out->session_len = bytes_u8(&in);
        out->session = bytes_take(&in, out->session_len);
        if (!out->session)
            out->session_len = 0;
    }
    if (is_server) {
        add(&out->cipher, bytes_u16be(&in));
        bytes_skip(&in, old_draft ? 0 : 1);
    } else {
        list = bytes_sub(&in, bytes_u16be(&in));
        read_u16_list(list, &out->cipher);
        bytes_skip(&in, bytes_u8(&in));
    }
    if (in.bad) {
        out->odd |= TLS_ODD_CUT;
        return false;
    }
    if (bytes_left(&in) < 2)
        return true;
    list = bytes_sub(&in, bytes_u16be(&in));
    while (bytes_left(&list)) {
        uint16_t type = bytes_u16be(&list);
        uint16_t ext_len = bytes_u16be(&list);
        struct bytes_in ext = bytes_sub(&list, ext_len);
        if (list.bad)
            break;
        read_extension(out, type, ext);
    }
    if (in.bad || list.bad)
        out->odd |= TLS_ODD_CUT;
    return !(out->odd & TLS_ODD_CUT);
}

bool tls_alpn_next(struct bytes_in *alpn, struct tls_text *out)
{
    if (bytes_left(alpn) == 0)
        return false;
    out->len = bytes_u8(alpn);
    out->data = bytes_take(alpn, out->len);
    return out->data != NULL;
}

/* ---- JA3 ---- */

static void add_dashed(struct str *out, const struct tls_list *list)
{
    bool first = true;
    for (uint16_t i = 0; i < list->count; i++) {
        if (tls_is_grease(list->value[i]))
            continue;
        if (!first)
            str_add_char(out, '-');
        str_add_u64(out, list->value[i]);
        first = false;
    }
}

void tls_ja3_text(const struct tls_hello *h, struct str *out)
{
    str_add_u64(out, h->version);
    str_add_char(out, ',');
    add_dashed(out, &h->cipher);
    str_add_char(out, ',');
    add_dashed(out, &h->extension);
    if (h->is_server)
        return;
    str_add_char(out, ',');
    add_dashed(out, &h->group);
    str_add_char(out, ',');
    add_dashed(out, &h->point);
}

/* ---- JA4 ---- */

static const char *ja4_version(uint16_t version)
{
    switch (version) {
    case 0x0304:
        return "13";
    case 0x0303:
        return "12";
    case 0x0302:
        return "11";
    case 0x0301:
        return "10";
    case 0x0300:
        return "s3";
    case 0x0200:
    case 0x0002:
        return "s2";
    case 0xfeff:
        return "d1";
    case 0xfefd:
        return "d2";
    case 0xfefc:
        return "d3";
    default:
        return "00";
    }
}

static unsigned count_real(const struct tls_list *list)
{
    unsigned count = 0;
    for (uint16_t i = 0; i < list->count; i++)
        count += !tls_is_grease(list->value[i]);
    return count < JA4_COUNT_MAX ? count : JA4_COUNT_MAX;
}

static int by_value(const void *a, const void *b)
{
    return *(const uint16_t *)a - *(const uint16_t *)b;
}

static void add_hex_list(struct str *out, const struct tls_list *list)
{
    bool first = true;
    for (uint16_t i = 0; i < list->count; i++) {
        if (tls_is_grease(list->value[i]))
            continue;
        str_addf(out, "%s%04x", first ? "" : ",", list->value[i]);
        first = false;
    }
}

static void put_hash(const struct str *text, char out[JA4_HASH_LEN + 1])
{
    uint8_t sum[DIGEST_MAX];
    if (text->len == 0) {
        memcpy(out, "000000000000", JA4_HASH_LEN + 1);
        return;
    }
    digest_of(DIGEST_SHA256, text->text, text->len, sum);
    for (int i = 0; i < JA4_HASH_LEN / 2; i++)
        snprintf(out + 2 * i, 3, "%02x", sum[i]);
}

static void put_alpn(const struct tls_hello *h, char out[3])
{
    static const char hex[] = "0123456789abcdef";
    struct bytes_in list = h->alpn;
    struct tls_text name;
    memcpy(out, "00", 3);
    if (!tls_alpn_next(&list, &name) || name.len == 0)
        return;
    uint8_t first = name.data[0], last = name.data[name.len - 1];
    bool plain =
        ((first >= '0' && first <= '9') || ((first | 0x20) >= 'a' && (first | 0x20) <= 'z')) &&
        ((last >= '0' && last <= '9') || ((last | 0x20) >= 'a' && (last | 0x20) <= 'z'));
    out[0] = plain ? (char)first : hex[first >> 4];
    out[1] = plain ? (char)last : hex[last & 0xf];
}

void tls_ja4(const struct tls_hello *h, bool is_quic, char out[TLS_JA4_LEN + 1])
{
    struct tls_list cipher = h->cipher, extension = {.count = 0};
    char alpn[3], first[JA4_HASH_LEN + 1], second[JA4_HASH_LEN + 1];
    struct str text = str_of(0);
    for (uint16_t i = 0; i < h->extension.count; i++)
        if (h->extension.value[i] != EXT_SNI && h->extension.value[i] != EXT_ALPN)
            add(&extension, h->extension.value[i]);
    qsort(cipher.value, cipher.count, sizeof cipher.value[0], by_value);
    qsort(extension.value, extension.count, sizeof extension.value[0], by_value);
    add_hex_list(&text, &cipher);
    put_hash(&text, first);
    str_reset(&text);
    add_hex_list(&text, &extension);
    if (h->signature.count) {
        str_add_char(&text, '_');
        add_hex_list(&text, &h->signature);
    }
    put_hash(&text, second);
    str_done(&text);
    put_alpn(h, alpn);
    snprintf(out, TLS_JA4_LEN + 1, "%c%s%c%02u%02u%s_%s_%s", is_quic ? 'q' : 't',
             ja4_version(h->selected ? h->selected : h->version), h->has_sni ? 'd' : 'i',
             count_real(&h->cipher), count_real(&h->extension), alpn, first, second);
}

const char *tls_version_name(uint16_t version, char room[24])
{
    switch (version) {
    case 0:
        return "UNDETERMINED";
    case 0x0002:
    case 0x0200:
        return "SSLv2";
    case 0x0300:
        return "SSLv3";
    case 0x0301:
        return "TLSv1";
    case 0x0302:
        return "TLS 1.1";
    case 0x0303:
        return "TLS 1.2";
    case 0x0304:
        return "TLS 1.3";
    case 0xfb1a:
        return "TLS 1.3 draft-fb";
    default:
        break;
    }
    if (version >> 8 == 0x7f && (version & 0xff) >= 16)
        snprintf(room, 24, "TLS 1.3 draft-%u", version % 256u);
    else if (version >> 8 == 0x7f)
        return "TLS 1.3 draft-<16";
    else
        snprintf(room, 24, "0x%04x", version);
    return room;
}
