/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wire/proto/snmp_ber.h"

void snmp_ber_put_head(struct bytes_out *out, uint8_t tag, size_t len)
{
    bytes_put_u8(out, tag);
    if (len < 0x80) {
        bytes_put_u8(out, (uint8_t)len);
    } else if (len < 0x100) {
        bytes_put_u8(out, 0x81);
        bytes_put_u8(out, (uint8_t)len);
    } else {
        bytes_put_u8(out, 0x82);
        bytes_put_u16be(out, (uint16_t)len);
    }
}

void snmp_ber_put_value(struct bytes_out *out, uint8_t tag, const void *data, size_t len)
{
    snmp_ber_put_head(out, tag, len);
    bytes_put(out, data, len);
}

void snmp_ber_put_wrapped(struct bytes_out *out, uint8_t tag, const struct bytes_out *inside)
{
    out->full = out->full || inside->full;
    snmp_ber_put_value(out, tag, inside->start, bytes_out_len(inside));
}

void snmp_ber_put_integer(struct bytes_out *out, int32_t value)
{
    uint8_t byte[4];
    int from = 0;
    for (int i = 0; i < 4; i++)
        byte[i] = (uint8_t)((uint32_t)value >> (24 - 8 * i));
    while (from < 3 && ((byte[from] == 0 && byte[from + 1] < 0x80) ||
                        (byte[from] == 0xff && byte[from + 1] >= 0x80)))
        from++;
    snmp_ber_put_value(out, BER_INTEGER, byte + from, (size_t)(4 - from));
}

/* The inside of the next value when it has the tag; bad otherwise. */
struct bytes_in snmp_ber_take_tag(struct bytes_in *in, uint8_t *out_tag)
{
    *out_tag = bytes_u8(in);
    size_t len = bytes_u8(in);
    if (len >= 0x80) {
        size_t count = len & 0x7f;
        len = 0;
        if (count < 1 || count > 3)
            in->bad = true;
        for (size_t i = 0; i < count && !in->bad; i++)
            len = len << 8 | bytes_u8(in);
    }
    return bytes_sub(in, in->bad ? 0 : len);
}

struct bytes_in snmp_ber_take(struct bytes_in *in, uint8_t tag)
{
    uint8_t found;
    struct bytes_in inside = snmp_ber_take_tag(in, &found);
    if (found != tag)
        in->bad = inside.bad = true;
    return inside;
}

int64_t snmp_ber_integer_of(const uint8_t *p, size_t len)
{
    int64_t value = len && p[0] & 0x80 ? -1 : 0;
    for (size_t i = 0; i < len && i < 8; i++)
        value = (int64_t)((uint64_t)value << 8 | p[i]);
    return value;
}

int32_t snmp_ber_take_integer(struct bytes_in *in)
{
    struct bytes_in inside = snmp_ber_take(in, BER_INTEGER);
    size_t len = bytes_left(&inside);
    if (len > 5)
        in->bad = true;
    return in->bad ? 0 : (int32_t)snmp_ber_integer_of(inside.pos, len);
}
