/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Options of TCP heads (RFC 9293 3.2, RFC 7323, RFC 2018) in forged packets. */
#include <string.h>

#include "core/base/attr.h"
#include "core/base/bytes.h"
#include "core/base/mem.h"
#include "tool/nasl/array.h"
#include "tool/nasl/builtin.h"
#include "tool/nasl/packet_field.h"
#include "tool/nasl/vm.h"

enum {
    DATA,
    TCP,
    OPTION = DATA,
    KIND_END = 0,
    KIND_NOP = 1,
    KIND_MSS = 2,
    KIND_SCALE = 3,
    KIND_SACK = 4,
    KIND_TIMES = 8,
    MSS_MIN = 536,
    SCALE_MAX = 14,
    OPTIONS_MAX = 40,
    PROTO_TCP = 6,
};

/* The packet and where its TCP head begins; 0: it has none. */
static size_t tcp_head(struct nasl_call *c, const uint8_t **out, size_t *out_len)
{
    const struct nasl_value *v = nasl_named(c, TCP);
    bool ip6 = strstr(c->builtin->name, "v6") != NULL;
    *out_len = nasl_arg_size(v);
    *out = nasl_is_text(v) ? (const uint8_t *)v->string->text : (const uint8_t *)"";
    size_t head = nasl_packet_transport(*out, *out_len, ip6);
    size_t offset = head && head + 20 <= *out_len ? (size_t)((*out)[head + 12] >> 4) * 4 : 0;
    if (offset < 20 || head + offset > *out_len) {
        nasl_complain(c, "tcp: is no whole packet");
        return 0;
    }
    return head;
}

struct options {
    struct bytes_out out;
    size_t room; /* as the peer rounds it up, option by option */
};

static void add_option(struct options *o, uint8_t kind, const uint8_t *value, size_t len)
{
    bytes_put_u8(&o->out, kind);
    bytes_put_u8(&o->out, (uint8_t)(len + 2));
    bytes_put(&o->out, value, len);
    size_t total = bytes_out_len(&o->out);
    if (total > o->room)
        o->room = (total / 4 + 1) * 4;
}

static void put32(uint8_t *to, int64_t value)
{
    for (int i = 0; i < 4; i++)
        to[i] = (uint8_t)(value >> (24 - 8 * i));
}

/* The option at argument i; returns how many arguments it took. */
static uint32_t read_option(struct nasl_call *c, struct options *o, uint32_t i)
{
    int64_t kind = nasl_arg_int(nasl_arg(c, i), -1), first = nasl_arg_int(nasl_arg(c, i + 1), -1);
    uint8_t value[8];
    switch (kind) {
    case KIND_MSS:
        value[0] = (uint8_t)(first >> 8);
        value[1] = (uint8_t)first;
        if (first >= MSS_MIN && first <= 65535)
            add_option(o, KIND_MSS, value, 2);
        else
            nasl_complain(c, "%lld is no maximum segment size", (long long)first);
        return 2;
    case KIND_SCALE:
        value[0] = (uint8_t)first;
        if (first >= 0 && first <= SCALE_MAX)
            add_option(o, KIND_SCALE, value, 1);
        else
            nasl_complain(c, "%lld is no window scale", (long long)first);
        return 2;
    case KIND_SACK:
        add_option(o, KIND_SACK, value, 0);
        return 1;
    case KIND_TIMES:
        put32(value, first);
        put32(value + 4, nasl_arg_int(nasl_arg(c, i + 2), -1));
        add_option(o, KIND_TIMES, value, 8);
        return 3;
    default:
        nasl_complain(c, "TCP option %lld cannot be inserted", (long long)kind);
        return 1;
    }
}

/* Filled up with NOPs, and an end of the list in any case. */
static size_t finish_options(struct options *o)
{
    if (bytes_out_len(&o->out) % 4 == 0)
        o->room += 4;
    while (bytes_out_len(&o->out) + 1 < o->room && !o->out.full)
        bytes_put_u8(&o->out, KIND_NOP);
    bytes_put_u8(&o->out, KIND_END);
    return bytes_out_len(&o->out);
}

static struct nasl_value do_insert_tcp_options(struct nasl_call *c)
{
    bool ip6 = strstr(c->builtin->name, "v6") != NULL;
    const uint8_t *from;
    size_t len, head = tcp_head(c, &from, &len);
    uint8_t bytes[64];
    struct options o = {bytes_out_of(bytes, sizeof bytes), 4};
    if (!head)
        return nasl_undef();
    for (uint32_t i = 0; i < c->count;)
        i += read_option(c, &o, i);
    size_t added = finish_options(&o), offset = (size_t)(from[head + 12] >> 4) * 4;
    if (o.out.full || offset + added > 20 + OPTIONS_MAX) {
        nasl_complain(c, "more options than a head can have");
        return nasl_undef();
    }
    const struct nasl_value *data = nasl_named(c, DATA);
    const uint8_t *rest = from + head + offset;
    size_t rest_len = len - head - offset;
    if (nasl_arg_size(data)) {
        rest = (const uint8_t *)data->string->text;
        rest_len = data->string->len;
    }
    size_t size = head + offset + added + rest_len;
    uint8_t *p = mem_zero(size);
    memcpy(p, from, head + offset);
    memcpy(p + head + offset, bytes, added);
    memcpy(p + head + offset + added, rest, rest_len);
    nasl_head_set(NASL_HEAD_TCP, p + head, "th_off", (uint32_t)((offset + added) / 4));
    nasl_packet_set_length(p, size, ip6);
    nasl_packet_sum_transport(p, size, head, PROTO_TCP, 16, ip6);
    struct nasl_value v = nasl_data(c, p, size);
    mem_free(p);
    return v;
}

struct found {
    uint16_t mss;
    uint8_t scale;
    bool sack;
    uint32_t time, echo;
};

/* Up to the first option that is not known, as the peer does. */
static struct found read_options(const uint8_t *at, size_t len)
{
    struct found f = {0};
    struct bytes_in in = bytes_in_of(at, len);
    while (bytes_left(&in) && !in.bad) {
        uint8_t kind = bytes_u8(&in);
        if (kind == KIND_END)
            break;
        if (kind == KIND_NOP)
            continue;
        uint8_t size = bytes_u8(&in);
        struct bytes_in value = bytes_sub(&in, size >= 2 ? size - 2u : 0);
        if (in.bad || size < 2)
            break;
        if (kind == KIND_MSS) {
            f.mss = bytes_u16be(&value);
        } else if (kind == KIND_SCALE) {
            f.scale = bytes_u8(&value);
        } else if (kind == KIND_SACK) {
            f.sack = true;
        } else if (kind == KIND_TIMES) {
            f.time = bytes_u32be(&value);
            f.echo = bytes_u32be(&value);
        } else if (kind != 5) {
            break;
        }
    }
    return f;
}

static struct nasl_value do_get_tcp_option(struct nasl_call *c)
{
    const uint8_t *p;
    size_t len, head = tcp_head(c, &p, &len);
    size_t offset = head ? (size_t)(p[head + 12] >> 4) * 4 : 0;
    if (offset <= 20)
        return nasl_undef();
    struct found f = read_options(p + head + 20, offset - 20);
    struct nasl_value times;
    switch (nasl_arg_int(nasl_named(c, OPTION), -1)) {
    case KIND_MSS:
        return nasl_int(f.mss);
    case KIND_SCALE:
        return nasl_int(f.scale);
    case KIND_SACK:
        return nasl_int(f.sack);
    case KIND_TIMES:
        times = nasl_array_new(nasl_call_heap(c));
        if (times.type == NASL_ARRAY) {
            (void)nasl_array_put_named(&times, "timestamp", nasl_int(f.time));
            (void)nasl_array_put_named(&times, "echo_timestamp", nasl_int(f.echo));
        }
        return times;
    default:
        nasl_complain(c, "option: is none that can be read");
        return nasl_undef();
    }
}

static const struct nasl_builtin rows[] = {
    {"get_tcp_option", do_get_tcp_option, {"option", "tcp"}, 0},
    {"get_tcp_v6_option", do_get_tcp_option, {"option", "tcp"}, 0},
    {"insert_tcp_options", do_insert_tcp_options, {"data", "tcp"}, 0},
    {"insert_tcp_v6_options", do_insert_tcp_options, {"data", "tcp"}, 0},
};

const struct nasl_family nasl_family_tcp_option = {"tcp_option", rows, ARRAY_COUNT(rows)};
