/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/scan_shape.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "core/base/rng.h"
#include "sys/io/resolver.h"

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)tolower((unsigned char)c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* "AB" at *pos; -1: no two digits there. */
static int read_pair(const char **pos)
{
    int high = hex_digit((*pos)[0]), low = high < 0 ? -1 : hex_digit((*pos)[1]);
    if (low < 0)
        return -1;
    *pos += 2;
    return high << 4 | low;
}

/* ---- --data, --data-string, --data-length ---- */

/* 0xAABB, AABB or \xAA\xBB */
static int read_data(const char *text, struct scan_setup *s, struct err *e)
{
    uint8_t *byte = arena_take(&s->arena, strlen(text) / 2 + 1);
    size_t len = 0;
    const char *pos = strncmp(text, "0x", 2) == 0 || strncmp(text, "0X", 2) == 0 ? text + 2 : text;
    while (*pos) {
        if (strncmp(pos, "\\x", 2) == 0)
            pos += 2;
        int value = read_pair(&pos);
        if (value < 0)
            return err_set(e, -EINVAL, "--data: \"%s\" is no pair of hex digits", pos);
        byte[len++] = (uint8_t)value;
    }
    s->options.shape.data = byte;
    s->options.shape.data_len = len;
    return 0;
}

static int make_data(const struct scan_cli *cli, struct scan_setup *s, struct err *e)
{
    struct frame_shape *shape = &s->options.shape;
    struct rng rng = rng_of(s->options.seed ^ 2);
    if ((cli->data != NULL) + (cli->data_string != NULL) + (cli->data_length >= 0) > 1)
        return err_set(e, -EINVAL, "--data, --data-string and --data-length exclude each other");
    if (cli->data && read_data(cli->data, s, e) < 0)
        return e->code;
    if (cli->data_string) {
        shape->data = (const uint8_t *)cli->data_string;
        shape->data_len = strlen(cli->data_string);
    }
    if (cli->data_length > 0) {
        uint8_t *byte = arena_take(&s->arena, (size_t)cli->data_length);
        for (int64_t i = 0; i < cli->data_length; i++)
            byte[i] = (uint8_t)rng_below(&rng, 256);
        shape->data = byte;
        shape->data_len = (size_t)cli->data_length;
    }
    if (shape->data_len > FRAME_DATA_MAX)
        return err_set(e, -EINVAL, "more than %d bytes of data do not fit a frame", FRAME_DATA_MAX);
    return 0;
}

/* ---- --ip-options ---- */

static int put_option(struct frame_shape *shape, const uint8_t *byte, size_t len, struct err *e)
{
    if (len + shape->option_len > IP4_OPTION_LEN_MAX)
        return err_set(e, -EINVAL, "--ip-options: over %d bytes", IP4_OPTION_LEN_MAX);
    memcpy(shape->option + shape->option_len, byte, len);
    shape->option_len = (uint8_t)(shape->option_len + len);
    return 0;
}

/* Record route, or time stamps (RFC 791 3.1): an empty table as large as fits. */
static int put_table(struct frame_shape *shape, char letter, struct err *e)
{
    enum { ROUTE_LEN = 39, STAMP_LEN = 40, POINTER_ROUTE = 4, POINTER_STAMP = 5, WITH_ADDR = 1 };
    uint8_t route[ROUTE_LEN] = {IP4_OPTION_RECORD_ROUTE, ROUTE_LEN, POINTER_ROUTE};
    uint8_t stamp[STAMP_LEN] = {IP4_OPTION_TIMESTAMP, STAMP_LEN, POINTER_STAMP,
                                letter == 'U' ? WITH_ADDR : 0};
    return letter == 'R' ? put_option(shape, route, sizeof route, e)
                         : put_option(shape, stamp, sizeof stamp, e);
}

/* "S 10.0.0.1 10.0.0.2": strict or loose source route. */
static int put_route(struct frame_shape *shape, char letter, const char *list, struct err *e)
{
    enum { HOPS_MAX = 9, HEAD = 3 };
    uint8_t byte[HEAD + 4 * HOPS_MAX] = {letter == 'S' ? IP4_OPTION_STRICT_ROUTE
                                                       : IP4_OPTION_LOOSE_ROUTE};
    size_t len = HEAD;
    for (const char *pos = list + strspn(list, " ,"); *pos; pos += strspn(pos, " ,")) {
        char text[ADDR_TEXT_MAX];
        struct addr hop;
        size_t word = strcspn(pos, " ,");
        if (word >= sizeof text || len + 4 > sizeof byte)
            return err_set(e, -EINVAL, "--ip-options: more than %d hops, or no address: %s",
                           HOPS_MAX, pos);
        memcpy(text, pos, word);
        text[word] = '\0';
        if (addr_parse(&hop, text, e) < 0)
            return err_wrap(e, "--ip-options");
        if (hop.family != ADDR_IP4)
            return err_set(e, -EINVAL, "--ip-options: %s is no IPv4 address", text);
        memcpy(byte + len, hop.byte, 4);
        len += 4;
        pos += word;
    }
    if (len == HEAD)
        return err_set(e, -EINVAL, "--ip-options: a route without hops");
    byte[1] = (uint8_t)len;
    byte[2] = HEAD + 1; /* the pointer counts from one */
    return put_option(shape, byte, len, e);
}

/* \x01\x07*36: bytes, each of which may be repeated */
static int put_bytes(struct frame_shape *shape, const char *text, struct err *e)
{
    for (const char *pos = text; *pos;) {
        uint8_t byte[IP4_OPTION_LEN_MAX];
        int value = strncmp(pos, "\\x", 2) == 0 ? (pos += 2, read_pair(&pos)) : -1;
        size_t times = 1;
        if (value < 0)
            return err_set(e, -EINVAL,
                           "--ip-options: \"%s\" is neither R, T, U, S, L nor \\xHH[*COUNT]", pos);
        if (*pos == '*') {
            for (times = 0, pos++; isdigit((unsigned char)*pos) && times <= IP4_OPTION_LEN_MAX;
                 pos++)
                times = times * 10 + (size_t)(*pos - '0');
            if (times == 0 || times > IP4_OPTION_LEN_MAX)
                return err_set(e, -EINVAL, "--ip-options: over %d bytes", IP4_OPTION_LEN_MAX);
        }
        memset(byte, value, times);
        if (put_option(shape, byte, times, e) < 0)
            return e->code;
    }
    return 0;
}

static int make_options(const struct scan_cli *cli, struct frame_shape *shape, struct err *e)
{
    const char *text = cli->ip_options;
    if (!text)
        return 0;
    if (strchr("RTU", text[0]) && text[0] && !text[1])
        return put_table(shape, text[0], e);
    if ((text[0] == 'S' || text[0] == 'L') && (text[1] == ' ' || text[1] == ','))
        return put_route(shape, text[0], text + 1, e);
    return put_bytes(shape, text, e);
}

/* ---- -D ---- */

struct decoys {
    struct addr addr[FRAME_DECOYS_MAX];
    size_t count, self;
    bool has_self;
};

/* An address that could be somebody's on the Internet. */
static struct addr random_addr(struct rng *rng)
{
    for (;;) {
        struct addr a = addr_ip4((uint32_t)rng_u64(rng));
        uint8_t first = a.byte[0];
        bool reserved = first == 0 || first == 10 || first == 127 || first >= 224 ||
                        (first == 100 && a.byte[1] >> 6 == 1) ||
                        (first == 169 && a.byte[1] == 254) ||
                        (first == 172 && a.byte[1] >> 4 == 1) || (first == 192 && a.byte[1] == 168);
        if (!reserved)
            return a;
    }
}

static int add_decoy(struct decoys *d, const struct addr *a, struct err *e)
{
    if (d->count == FRAME_DECOYS_MAX)
        return err_set(e, -EINVAL, "-D: more than %d decoys", FRAME_DECOYS_MAX);
    d->addr[d->count++] = *a;
    return 0;
}

static int add_random(struct decoys *d, const char *word, struct rng *rng, struct err *e)
{
    int64_t count = 1;
    if (word[3] && (word[3] != ':' ||
                    option_read_int(word + 4, 1, FRAME_DECOYS_MAX, &count, &(struct err){0}) < 0))
        return err_set(e, -EINVAL, "-D: \"%s\" is not RND:1 to RND:%d", word, FRAME_DECOYS_MAX);
    for (int64_t i = 0; i < count; i++) {
        struct addr a = random_addr(rng);
        if (add_decoy(d, &a, e) < 0)
            return e->code;
    }
    return 0;
}

static int add_word(struct decoys *d, const char *word, uint8_t family, struct rng *rng,
                    struct err *e)
{
    struct addr a;
    size_t count = 0;
    if (strcasecmp(word, "ME") == 0) {
        if (d->has_self)
            return err_set(e, -EINVAL, "-D: ME stands there twice");
        d->has_self = true;
        d->self = d->count;
        return 0;
    }
    if (strncasecmp(word, "RND", 3) == 0)
        return add_random(d, word, rng, e);
    if (addr_parse(&a, word, &(struct err){0}) < 0 &&
        (resolver_lookup(word, family, &a, 1, &count, e) < 0 || count == 0))
        return err_set(e, -EINVAL, "-D: \"%s\" is neither an address nor a name", word);
    return add_decoy(d, &a, e);
}

static int make_decoys(const struct scan_cli *cli, struct scan_setup *s, struct err *e)
{
    struct rng rng = rng_of(s->options.seed ^ 3);
    struct decoys d = {0};
    char word[256];
    for (const char *pos = cli->decoys; pos && *pos;) {
        size_t len = strcspn(pos, ",");
        if (len == 0 || len >= sizeof word)
            return err_set(e, -EINVAL, "-D: an empty or endless element: %s", pos);
        memcpy(word, pos, len);
        word[len] = '\0';
        if (add_word(&d, word, s->options.family, &rng, e) < 0)
            return e->code;
        pos += len + (pos[len] == ',');
    }
    if (!d.has_self)
        d.self = rng_below(&rng, (uint32_t)d.count + 1);
    s->options.shape.decoy = (const struct addr *)(const void *)arena_copy(
        &s->arena, (const char *)d.addr, d.count * sizeof d.addr[0]);
    s->options.shape.decoy_count = d.count;
    s->options.shape.decoy_self = d.self;
    return 0;
}

/* ---- --spoof-mac ---- */

/* "0": random; a whole MAC or the beginning of one, the rest of which is made up. */
static int make_mac(const struct scan_cli *cli, struct scan_setup *s, struct err *e)
{
    struct rng rng = rng_of(s->options.seed ^ 4);
    struct mac *mac = &s->options.shape.mac;
    size_t given = 0;
    const char *pos = cli->spoof_mac;
    if (!pos)
        return 0;
    s->options.shape.spoofs_mac = true;
    for (size_t i = 0; i < sizeof mac->byte; i++)
        mac->byte[i] = (uint8_t)rng_below(&rng, 256);
    if (strcmp(pos, "0") == 0) {
        mac->byte[0] = (uint8_t)((mac->byte[0] & ~1U) | 2U); /* one station, locally given */
        return 0;
    }
    for (; *pos && given < sizeof mac->byte; given++) {
        pos += given && strchr(":-. ", *pos);
        int value = read_pair(&pos);
        if (value < 0)
            break;
        mac->byte[given] = (uint8_t)value;
    }
    if (*pos || given < 3)
        return err_set(e, -EINVAL, "--spoof-mac: \"%s\" is no MAC, nor three bytes of one",
                       cli->spoof_mac);
    return 0;
}

/* ---- together ---- */

static int make_pieces(const struct scan_cli *cli, struct frame_shape *shape, struct err *e)
{
    if (cli->fragments && cli->mtu > 0)
        return err_set(e, -EINVAL, "-f and --mtu exclude each other");
    if (cli->mtu > 0 && cli->mtu % FRAME_PIECE_LEN)
        return err_set(e, -EINVAL, "--mtu: %lld is no multiple of %d", (long long)cli->mtu,
                       FRAME_PIECE_LEN);
    shape->piece_len = (uint16_t)(cli->mtu > 0 ? cli->mtu : cli->fragments * FRAME_PIECE_LEN);
    return 0;
}

/* With connect() scans the kernel makes the packets. */
static int check_use(const struct scan_cli *cli, const struct scan_options *o, struct err *e)
{
    const struct {
        bool given;
        const char *name;
    } row[] = {
        {cli->fragments > 0, "-f"},
        {cli->mtu > 0, "--mtu"},
        {cli->decoys != NULL, "-D"},
        {cli->data != NULL, "--data"},
        {cli->data_string != NULL, "--data-string"},
        {cli->data_length > 0, "--data-length"},
        {cli->ip_options != NULL, "--ip-options"},
        {cli->ttl >= 0, "--ttl"},
        {cli->spoof_mac != NULL, "--spoof-mac"},
        {cli->bad_sum, "--badsum"},
        {cli->adler32, "--adler32"},
    };
    for (size_t i = 0; i < ARRAY_COUNT(row) && !o->frames; i++)
        if (row[i].given)
            return err_set(e, -EPERM, "%s needs root privilege or CAP_NET_RAW", row[i].name);
    return 0;
}

int scan_shape_make(const struct scan_cli *cli, struct scan_setup *s, struct err *e)
{
    struct frame_shape *shape = &s->options.shape;
    if (check_use(cli, &s->options, e) < 0 || make_pieces(cli, shape, e) < 0 ||
        make_data(cli, s, e) < 0 || make_options(cli, shape, e) < 0 || make_decoys(cli, s, e) < 0 ||
        make_mac(cli, s, e) < 0 || payload_set_open(&s->payloads, cli->data_folder, e) < 0)
        return e->code;
    shape->payloads = &s->payloads;
    shape->ttl = (uint8_t)(cli->ttl > 0 ? cli->ttl : 0);
    shape->bad_sum = cli->bad_sum;
    shape->adler32 = cli->adler32;
    return 0;
}
