/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A tracker a datagram, found by its ends, protocol, identification and VLAN; pieces are kept as
 * they came, and bytes of pieces that lose to others are cut away, so that at the end all pieces
 * together have each byte once. */
#include "wire/packet/defrag.h"

#include <string.h>

#include "core/base/clock.h"
#include "core/base/hash.h"
#include "core/base/mem.h"
#include "wire/packet/checksum.h"
#include "wire/packet/layer/ip4.h"
#include "wire/packet/layer/ip6.h"
#include "wire/packet/layer/number.h"

enum {
    BUCKETS = 4096,
    DATAGRAM_MAX = 65535,
    PIECES_PER_TRACKER = 1024,
    HEAD_MAX = 512, /* IPv6 with extension headers before the fragment header */
};

struct piece {
    struct piece *next; /* by place; the earlier of two at the same place first */
    uint32_t at, end;   /* what it said */
    uint32_t from, to;  /* what is left of it, after those that win */
    uint8_t data[];
};

struct tracker {
    struct tracker *next; /* in its bucket */
    struct tracker *older, *newer;
    struct piece *piece;
    uint32_t hash, id, piece_count, bytes;
    uint32_t total; /* bytes of the whole, once the last piece is there; 0: not known */
    uint64_t first_ns, last_ns;
    uint8_t ip[2][16];
    uint8_t family, proto, policy;
    uint16_t vlan[PACKET_VLAN_MAX];
    bool is_done, has_first;
    uint16_t head_len;
    uint8_t head[HEAD_MAX]; /* of the first piece */
    uint16_t next_at;       /* IPv6: where the head names what follows the fragment header */
};

struct defrag {
    struct defrag_config config;
    struct tracker *bucket[BUCKETS];
    struct tracker *oldest, *newest;
    uint32_t tracker_count, piece_count;
    uint64_t bytes;
    uint8_t whole[HEAD_MAX + DATAGRAM_MAX];
};

struct defrag *defrag_new(const struct defrag_config *config)
{
    struct defrag *d = mem_zero(sizeof *d);
    d->config = *config;
    return d;
}

static void free_pieces(struct defrag *d, struct tracker *t)
{
    while (t->piece) {
        struct piece *p = t->piece;
        t->piece = p->next;
        d->piece_count--;
        d->bytes -= p->end - p->at;
        mem_free(p);
    }
    t->piece_count = 0;
}

static void unlink_age(struct defrag *d, struct tracker *t)
{
    if (t->older)
        t->older->newer = t->newer;
    else
        d->oldest = t->newer;
    if (t->newer)
        t->newer->older = t->older;
    else
        d->newest = t->older;
}

static void remove_tracker(struct defrag *d, struct tracker *t)
{
    struct tracker **link = &d->bucket[t->hash % BUCKETS];
    while (*link != t)
        link = &(*link)->next;
    *link = t->next;
    unlink_age(d, t);
    free_pieces(d, t);
    d->tracker_count--;
    mem_free(t);
}

void defrag_free(struct defrag *d)
{
    if (!d)
        return;
    while (d->oldest)
        remove_tracker(d, d->oldest);
    mem_free(d);
}

/* What a fragment says of itself. */
struct fragment {
    struct addr src, dst;
    uint32_t id, at;
    bool more;
    uint8_t proto;
    const uint8_t *data;
    uint32_t len;
    const uint8_t *head;
    uint16_t head_len, next_at;
};

static bool read_ip4(const struct packet *p, struct fragment *f)
{
    struct bytes_in in = packet_net(p);
    struct ip4_head h;
    f->head = in.pos;
    if (!ip4_decode(&in, &h))
        return false;
    f->id = h.id;
    f->at = h.fragment_at;
    f->more = h.more_fragments;
    f->proto = h.proto;
    f->head_len = h.head_len;
    return true;
}

/* The head without its fragment header, and where it says what follows. */
static bool read_ip6(const struct packet *p, struct fragment *f)
{
    struct bytes_in in = packet_net(p);
    struct ip6_head h;
    struct ip6_ext ext;
    const uint8_t *start = in.pos;
    f->head = start;
    if (!ip6_decode(&in, &h))
        return false;
    uint8_t next = h.next;
    uint16_t next_at = 6;
    while (ip6_is_ext(next)) {
        const uint8_t *here = in.pos;
        if (!ip6_ext_decode(&in, next, &ext))
            return false;
        if (next == IP_PROTO_FRAGMENT && (ext.more_fragments || ext.fragment_at)) {
            f->id = ext.id;
            f->at = ext.fragment_at;
            f->more = ext.more_fragments;
            f->proto = ext.next;
            f->head_len = (uint16_t)(here - start);
            f->next_at = next_at;
            return true;
        }
        next_at = (uint16_t)(here - start);
        next = ext.next;
    }
    return false;
}

static bool read_fragment(const struct packet *p, struct fragment *f)
{
    *f = (struct fragment){.src = packet_src(p), .dst = packet_dst(p)};
    if (!(p->net == PACKET_IP4 ? read_ip4(p, f) : read_ip6(p, f)))
        return false;
    struct bytes_in payload = packet_payload(p);
    f->data = payload.pos;
    f->len = (uint32_t)bytes_left(&payload);
    return f->head_len <= HEAD_MAX;
}

static uint32_t hash_of(const struct fragment *f, const uint16_t *vlan)
{
    static const struct hash_key key; /* trackers are few and have a cap: a secret gains nothing */
    uint8_t bytes[16 + 16 + 4 + 2];
    struct bytes_out out = bytes_out_of(bytes, sizeof bytes);
    bytes_put(&out, f->src.byte, 16);
    bytes_put(&out, f->dst.byte, 16);
    bytes_put_u32be(&out, f->id);
    bytes_put_u16be(&out, vlan[0]);
    return (uint32_t)hash_bytes(&key, bytes, bytes_out_len(&out));
}

static bool is_tracker_of(const struct tracker *t, const struct fragment *f, const uint16_t *vlan)
{
    return t->id == f->id && t->family == f->src.family &&
           (t->family == ADDR_IP6 || t->proto == f->proto) &&
           memcmp(t->ip[0], f->src.byte, 16) == 0 && memcmp(t->ip[1], f->dst.byte, 16) == 0 &&
           memcmp(t->vlan, vlan, sizeof t->vlan) == 0;
}

static void expire(struct defrag *d, uint64_t wall_ns)
{
    uint64_t span_ns = d->config.timeout_s * NS_PER_S;
    while (d->oldest && d->oldest->last_ns + span_ns < wall_ns)
        remove_tracker(d, d->oldest);
    while (d->oldest && (d->tracker_count >= d->config.tracker_max ||
                         d->piece_count >= d->config.piece_max || d->bytes >= d->config.bytes_max))
        remove_tracker(d, d->oldest);
}

static struct tracker *tracker_of(struct defrag *d, const struct fragment *f, const uint16_t *vlan,
                                  uint64_t wall_ns, enum defrag_policy policy)
{
    uint32_t hash = hash_of(f, vlan);
    struct tracker *t = d->bucket[hash % BUCKETS];
    while (t && !(t->hash == hash && is_tracker_of(t, f, vlan)))
        t = t->next;
    if (t && t->is_done) { /* another datagram that has the same number */
        remove_tracker(d, t);
        t = NULL;
    }
    if (t) {
        unlink_age(d, t);
    } else {
        t = mem_zero(sizeof *t);
        t->hash = hash;
        t->id = f->id;
        t->proto = f->proto;
        t->family = f->src.family;
        t->policy = (uint8_t)policy;
        t->first_ns = wall_ns;
        memcpy(t->ip[0], f->src.byte, 16);
        memcpy(t->ip[1], f->dst.byte, 16);
        memcpy(t->vlan, vlan, sizeof t->vlan);
        t->next = d->bucket[hash % BUCKETS];
        d->bucket[hash % BUCKETS] = t;
        d->tracker_count++;
    }
    t->last_ns = wall_ns;
    t->older = d->newest;
    t->newer = NULL;
    if (d->newest)
        d->newest->newer = t;
    else
        d->oldest = t;
    d->newest = t;
    return t;
}

static bool later_wins(enum defrag_policy policy, const struct piece *later,
                       const struct piece *earlier)
{
    switch (policy) {
    case DEFRAG_FIRST:
        return false;
    case DEFRAG_LAST:
        return true;
    case DEFRAG_BSD:
        return later->at < earlier->at;
    case DEFRAG_BSD_RIGHT:
        return later->at >= earlier->at;
    case DEFRAG_LINUX:
        return later->at <= earlier->at;
    case DEFRAG_WINDOWS:
        return later->at < earlier->at && later->end > earlier->end;
    default: /* DEFRAG_SOLARIS */
        return later->at < earlier->at && later->end >= earlier->end;
    }
}

/* Cut away of `loser` what `winner` covers; a winner in its middle costs it its right part, which
 * becomes a piece of its own. */
static void cut(struct defrag *d, struct tracker *t, struct piece *loser,
                const struct piece *winner)
{
    uint32_t from = winner->at > loser->from ? winner->at : loser->from;
    uint32_t to = winner->end < loser->to ? winner->end : loser->to;
    if (from >= to)
        return;
    if (from > loser->from && to < loser->to) {
        uint32_t len = loser->to - to;
        struct piece *right = mem_resize(NULL, 1, sizeof *right + len);
        *right = (struct piece){
            .next = loser->next, .at = to, .end = loser->to, .from = to, .to = loser->to};
        memcpy(right->data, loser->data + (to - loser->at), len);
        loser->next = right;
        t->piece_count++;
        d->piece_count++;
        d->bytes += len;
        loser->to = from;
    } else if (from == loser->from) {
        loser->from = to;
    } else {
        loser->to = from;
    }
}

static bool add_piece(struct defrag *d, struct tracker *t, const struct fragment *f)
{
    struct piece *fresh = mem_resize(NULL, 1, sizeof *fresh + f->len);
    uint32_t end = f->at + f->len;
    bool overlaps = false;
    *fresh = (struct piece){.at = f->at, .end = end, .from = f->at, .to = end};
    memcpy(fresh->data, f->data, f->len);
    d->bytes += f->len;
    d->piece_count++;
    t->piece_count++;
    for (struct piece *p = t->piece; p; p = p->next) {
        if (p->from >= p->to || p->to <= fresh->at || p->from >= fresh->end)
            continue;
        overlaps = true;
        if (later_wins((enum defrag_policy)t->policy, fresh, p))
            cut(d, t, p, fresh);
    }
    /* where earlier ones stay, the fresh one gives way; it is put down in parts */
    struct piece **link = &t->piece;
    for (; *link; link = &(*link)->next)
        ;
    *link = fresh;
    for (struct piece *p = t->piece; p != fresh; p = p->next)
        for (struct piece *q = fresh; q && p->from < p->to; q = q->next)
            if (q != p) {
                struct piece covered = {.at = p->from, .end = p->to};
                cut(d, t, q, &covered);
            }
    return overlaps;
}

static bool is_whole(const struct tracker *t)
{
    uint32_t have = 0;
    if (!t->total || !t->has_first)
        return false;
    for (const struct piece *p = t->piece; p; p = p->next) {
        uint32_t to = p->to < t->total ? p->to : t->total;
        if (to > p->from)
            have += to - p->from;
    }
    return have == t->total;
}

static struct bytes_in put_together(struct defrag *d, const struct tracker *t)
{
    uint8_t *out = d->whole;
    memcpy(out, t->head, t->head_len);
    for (const struct piece *p = t->piece; p; p = p->next) {
        uint32_t to = p->to < t->total ? p->to : t->total;
        if (to > p->from)
            memcpy(out + t->head_len + p->from, p->data + (p->from - p->at), to - p->from);
    }
    struct bytes_out patch = bytes_out_of(out, sizeof d->whole);
    (void)bytes_room(&patch, t->head_len);
    if (t->family == ADDR_IP4) {
        bytes_patch_u16be(&patch, 2, (uint16_t)(t->head_len + t->total));
        bytes_patch_u16be(&patch, 6, 0);
        bytes_patch_u16be(&patch, 10, 0);
        bytes_patch_u16be(&patch, 10, checksum_of(out, t->head_len));
    } else {
        bytes_patch_u16be(&patch, 4, (uint16_t)(t->head_len - IP6_HEAD_LEN + t->total));
        out[t->next_at] = t->proto;
    }
    return bytes_in_of(out, t->head_len + t->total);
}

static bool is_acceptable(const struct fragment *f, struct event_list *events, bool v4)
{
    if (f->at + f->len > DATAGRAM_MAX) {
        event_list_add(events, v4 ? EVENT_IPV4_FRAG_PKT_TOO_LARGE : EVENT_IPV6_FRAG_PKT_TOO_LARGE);
        return false;
    }
    if (!v4 && f->more && f->len % 8) /* RFC 8200 4.5 */
        return false;
    return f->len > 0;
}

bool defrag_take(struct defrag *d, const struct packet *p, enum defrag_policy policy,
                 const uint16_t *vlan, uint64_t wall_ns, struct event_list *events,
                 struct bytes_in *out_datagram)
{
    struct fragment f;
    bool v4 = p->net == PACKET_IP4;
    if (!read_fragment(p, &f) || !is_acceptable(&f, events, v4))
        return false;
    expire(d, wall_ns);
    struct tracker *t = tracker_of(d, &f, vlan, wall_ns, policy);
    if (t->piece_count >= PIECES_PER_TRACKER) {
        event_list_add(events, v4 ? EVENT_IPV4_FRAG_IGNORED : EVENT_IPV6_FRAG_IGNORED);
        return false;
    }
    if (f.at == 0 && !t->has_first) {
        t->has_first = true;
        t->proto = f.proto;
        t->head_len = f.head_len;
        t->next_at = f.next_at;
        memcpy(t->head, f.head, f.head_len);
    }
    if (!f.more && !t->total)
        t->total = f.at + f.len;
    if (add_piece(d, t, &f))
        event_list_add(events, v4 ? EVENT_IPV4_FRAG_OVERLAP : EVENT_IPV6_FRAG_OVERLAP);
    if (!is_whole(t))
        return false;
    *out_datagram = put_together(d, t);
    t->is_done = true;
    free_pieces(d, t);
    return true;
}
