/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The expressions of nftables, one function each, as the kernel's net/netfilter/nft_*.c defines
 * their meaning and linux/netfilter/nf_tables.h their attributes: the table of all, and those that
 * compute, compare, count and decide. */
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nf_tables_compat.h>
#include <string.h>

#include "sys/link/firewall_load.h"
#include "sys/link/firewall_reg.h"
#include "sys/link/firewall_run.h"
#include "sys/link/firewall_set.h"
#include "sys/link/netlink.h"

static struct bytes_in data_of(const struct firewall_attrs *a, uint16_t type)
{
    struct firewall_attrs inner;
    firewall_attrs_read(&inner, a->value[type]);
    return inner.value[NFTA_DATA_VALUE];
}

static enum firewall_step set_verdict(struct firewall_run *r, struct bytes_in data)
{
    struct firewall_attrs outer, verdict;
    firewall_attrs_read(&outer, data);
    firewall_attrs_read(&verdict, outer.value[NFTA_DATA_VERDICT]);
    r->target = firewall_attrs_text(&verdict, NFTA_VERDICT_CHAIN);
    switch ((int32_t)firewall_attrs_u32(&verdict, NFTA_VERDICT_CODE, (uint32_t)NF_QUEUE)) {
    case NFT_CONTINUE:
        return STEP_NEXT;
    case NFT_BREAK:
        return STEP_BREAK;
    case NFT_JUMP:
        r->verdict = VERDICT_JUMP;
        return STEP_NEXT;
    case NFT_GOTO:
        r->verdict = VERDICT_GOTO;
        return STEP_NEXT;
    case NFT_RETURN:
        r->verdict = VERDICT_RETURN;
        return STEP_NEXT;
    case NF_ACCEPT:
        r->verdict = VERDICT_ACCEPT;
        return STEP_NEXT;
    case NF_DROP:
        r->verdict = VERDICT_DROP;
        return STEP_NEXT;
    default:
        return firewall_give_up(r, "queue");
    }
}

static enum firewall_step run_immediate(struct firewall_run *r, const struct firewall_attrs *a)
{
    if (firewall_attrs_u32(a, NFTA_IMMEDIATE_DREG, 0) == NFT_REG_VERDICT)
        return set_verdict(r, a->value[NFTA_IMMEDIATE_DATA]);
    struct bytes_in data = data_of(a, NFTA_IMMEDIATE_DATA);
    firewall_reg_set(r, firewall_reg_place(a, NFTA_IMMEDIATE_DREG), data.pos, bytes_left(&data));
    return STEP_NEXT;
}

/* A constant of two bytes that an unknown source port may be compared with. */
static void hint_data(struct firewall_run *r, size_t place, const uint8_t *data, size_t len)
{
    if (!r->src_port_set && len == 2 && !firewall_value_is_known(&r->reg, place, len))
        firewall_hint(r, (uint16_t)(data[0] << 8 | data[1]));
}

static enum firewall_step run_cmp(struct firewall_run *r, const struct firewall_attrs *a)
{
    size_t place = firewall_reg_place(a, NFTA_CMP_SREG);
    struct bytes_in data = data_of(a, NFTA_CMP_DATA);
    size_t len = bytes_left(&data);
    enum truth t;
    if (!firewall_reg_fits(place, len))
        return firewall_doubt(r, "cmp");
    hint_data(r, place, data.pos, len);
    switch (firewall_attrs_u32(a, NFTA_CMP_OP, UINT32_MAX)) {
    case NFT_CMP_EQ:
        t = firewall_value_equal(&r->reg, place, data.pos, len);
        break;
    case NFT_CMP_NEQ:
        t = truth_not(firewall_value_equal(&r->reg, place, data.pos, len));
        break;
    case NFT_CMP_LT:
        t = firewall_value_less(&r->reg, place, data.pos, len);
        break;
    case NFT_CMP_LTE:
        t = truth_not(firewall_value_more(&r->reg, place, data.pos, len));
        break;
    case NFT_CMP_GT:
        t = firewall_value_more(&r->reg, place, data.pos, len);
        break;
    case NFT_CMP_GTE:
        t = truth_not(firewall_value_less(&r->reg, place, data.pos, len));
        break;
    default:
        t = TRUTH_UNKNOWN;
    }
    return firewall_step_of(r, t, r->doubt);
}

static enum firewall_step run_range(struct firewall_run *r, const struct firewall_attrs *a)
{
    size_t place = firewall_reg_place(a, NFTA_RANGE_SREG);
    struct bytes_in from = data_of(a, NFTA_RANGE_FROM_DATA), to = data_of(a, NFTA_RANGE_TO_DATA);
    size_t len = bytes_left(&from);
    if (!firewall_reg_fits(place, len) || bytes_left(&to) != len)
        return firewall_doubt(r, "range");
    hint_data(r, place, from.pos, len);
    enum truth t = truth_and(truth_not(firewall_value_less(&r->reg, place, from.pos, len)),
                             truth_not(firewall_value_more(&r->reg, place, to.pos, len)));
    bool negated = firewall_attrs_u32(a, NFTA_RANGE_OP, 0) == NFT_RANGE_NEQ;
    return firewall_step_of(r, negated ? truth_not(t) : t, r->doubt);
}

static void shift(struct firewall_run *r, size_t from, size_t to, size_t len, uint32_t bits,
                  bool left)
{
    uint32_t word[FIREWALL_REG_LEN / 4], carry = 0;
    size_t count = len / 4;
    if (!firewall_value_is_known(&r->reg, from, len) || bits == 0 || bits > 31) {
        firewall_reg_forget(r, to, len);
        return;
    }
    memcpy(word, r->reg.bit + from, len);
    for (size_t i = 0; i < count; i++) { /* as nft_bitwise.c: words in the machine's order */
        size_t at = left ? count - 1 - i : i;
        uint32_t old = word[at];
        word[at] = (left ? old << bits : old >> bits) | carry;
        carry = left ? old >> (32 - bits) : old << (32 - bits);
    }
    firewall_value_put(&r->reg, to, word, len);
}

static enum firewall_step run_bitwise(struct firewall_run *r, const struct firewall_attrs *a)
{
    size_t from = firewall_reg_place(a, NFTA_BITWISE_SREG),
           to = firewall_reg_place(a, NFTA_BITWISE_DREG);
    size_t len = firewall_attrs_u32(a, NFTA_BITWISE_LEN, 0);
    uint32_t op = firewall_attrs_u32(a, NFTA_BITWISE_OP, NFT_BITWISE_BOOL);
    if (!firewall_reg_fits(from, len) || !firewall_reg_fits(to, len))
        return firewall_doubt(r, "bitwise");
    if (op == NFT_BITWISE_LSHIFT || op == NFT_BITWISE_RSHIFT) {
        struct bytes_in bits = data_of(a, NFTA_BITWISE_DATA);
        uint32_t count;
        bytes_copy(&bits, &count, sizeof count); /* in the machine's order */
        shift(r, from, to, (len + 3) / 4 * 4, count, op == NFT_BITWISE_LSHIFT);
        return STEP_NEXT;
    }
    struct bytes_in mask = data_of(a, NFTA_BITWISE_MASK), xor = data_of(a, NFTA_BITWISE_XOR);
    if (op != NFT_BITWISE_BOOL || bytes_left(&mask) != len || bytes_left(&xor) != len)
        return firewall_reg_forget(r, to, len);
    struct firewall_value *reg = &r->reg;
    firewall_value_move(reg, to, reg, from, len);
    for (size_t i = 0; i < len; i++) { /* where the mask is zero the result is known */
        reg->known[to + i] |= (uint8_t)~mask.pos[i];
        reg->bit[to + i] = (uint8_t)((reg->bit[to + i] & mask.pos[i]) ^ xor.pos[i]);
        reg->bit[to + i] &= reg->known[to + i];
    }
    firewall_reg_pad(r, to, len);
    return STEP_NEXT;
}

static enum firewall_step run_byteorder(struct firewall_run *r, const struct firewall_attrs *a)
{
    size_t from = firewall_reg_place(a, NFTA_BYTEORDER_SREG),
           to = firewall_reg_place(a, NFTA_BYTEORDER_DREG);
    size_t len = firewall_attrs_u32(a, NFTA_BYTEORDER_LEN, 0);
    size_t size = firewall_attrs_u32(a, NFTA_BYTEORDER_SIZE, 0);
    if (!firewall_reg_fits(from, len) || !firewall_reg_fits(to, len) ||
        (size != 2 && size != 4 && size != 8) || len % size)
        return firewall_doubt(r, "byteorder");
    struct firewall_value copy = r->reg;
    for (size_t i = 0; i < len; i++) {
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
        size_t source = i - i % size + (size - 1 - i % size);
#else
        size_t source = i;
#endif
        firewall_value_move(&r->reg, to + i, &copy, from + source, 1);
    }
    firewall_reg_pad(r, to, len);
    return STEP_NEXT;
}

static bool is_dirty(const struct firewall_run *r, const struct firewall_set *s)
{
    for (size_t i = 0; i < r->dirty_count; i++)
        if (r->dirty[i] == s)
            return true;
    return r->dirty_count == FIREWALL_DIRTY_MAX;
}

static void hint_set(struct firewall_run *r, const struct firewall_set *s, size_t place)
{
    for (size_t i = 0; i < s->element_count; i++)
        if (s->element[i].key)
            hint_data(r, place, s->element[i].key, s->key_len);
}

static enum firewall_step take_data(struct firewall_run *r, const struct firewall_attrs *a,
                                    const struct firewall_element *x)
{
    if (firewall_attrs_u32(a, NFTA_LOOKUP_DREG, 0) == NFT_REG_VERDICT)
        return set_verdict(r, x->data);
    struct firewall_attrs inner;
    firewall_attrs_read(&inner, x->data);
    struct bytes_in data = inner.value[NFTA_DATA_VALUE];
    firewall_reg_set(r, firewall_reg_place(a, NFTA_LOOKUP_DREG), data.pos, bytes_left(&data));
    return STEP_NEXT;
}

static enum firewall_step run_lookup(struct firewall_run *r, const struct firewall_attrs *a)
{
    const struct firewall_set *s = firewall_rules_set(r->rules, r->base->family, r->base->table,
                                                      firewall_attrs_text(a, NFTA_LOOKUP_SET));
    size_t place = firewall_reg_place(a, NFTA_LOOKUP_SREG);
    bool is_map = firewall_attrs_has(a, NFTA_LOOKUP_DREG);
    const struct firewall_element *x = NULL;
    enum truth found = TRUTH_UNKNOWN;
    if (s && firewall_reg_fits(place, s->key_len) && !is_dirty(r, s)) {
        hint_set(r, s, place);
        found = firewall_set_find(s, &r->reg, place, &x);
    }
    if (found == TRUTH_UNKNOWN && is_map) {
        if (firewall_attrs_u32(a, NFTA_LOOKUP_DREG, 0) == NFT_REG_VERDICT)
            return firewall_give_up(r, r->doubt ? r->doubt : "a map");
        return firewall_reg_forget(r, firewall_reg_place(a, NFTA_LOOKUP_DREG), 16),
               firewall_doubt(r, "a map");
    }
    if (firewall_attrs_u32(a, NFTA_LOOKUP_FLAGS, 0) & NFT_LOOKUP_F_INV)
        found = truth_not(found);
    if (found == TRUTH_YES && is_map)
        return take_data(r, a, x);
    return firewall_step_of(r, found, s && !is_dirty(r, s) && r->doubt ? r->doubt : "a set");
}

/* Expressions that count: a new stranger is under every limit. */
static enum firewall_step under_limit(const struct firewall_attrs *a, uint16_t flags,
                                      uint32_t inverted)
{
    return firewall_attrs_u32(a, flags, 0) & inverted ? STEP_BREAK : STEP_NEXT;
}

static enum firewall_step run_limit(struct firewall_run *r, const struct firewall_attrs *a)
{
    (void)r;
    return under_limit(a, NFTA_LIMIT_FLAGS, NFT_LIMIT_F_INV);
}

static enum firewall_step run_connlimit(struct firewall_run *r, const struct firewall_attrs *a)
{
    if (firewall_attrs_u32(a, NFTA_CONNLIMIT_COUNT, 0) == 0)
        return firewall_doubt(r, "connlimit"); /* even the first is one */
    return under_limit(a, NFTA_CONNLIMIT_FLAGS, NFT_CONNLIMIT_F_INV);
}

static enum firewall_step run_quota(struct firewall_run *r, const struct firewall_attrs *a)
{
    (void)r;
    bool over =
        firewall_attrs_u64(a, NFTA_QUOTA_CONSUMED, 0) >= firewall_attrs_u64(a, NFTA_QUOTA_BYTES, 0);
    bool inverted = firewall_attrs_u32(a, NFTA_QUOTA_FLAGS, 0) & NFT_QUOTA_F_INV;
    return over != inverted ? STEP_BREAK : STEP_NEXT;
}

/* Expressions that hang on the element a packet adds (meters): met for the first time. */
static enum firewall_step run_nested(struct firewall_run *r, struct bytes_in expr)
{
    struct firewall_attrs outer;
    struct firewall_expr x;
    firewall_attrs_read(&outer, expr);
    x.name = firewall_attrs_text(&outer, NFTA_EXPR_NAME);
    firewall_attrs_read(&x.attr, outer.value[NFTA_EXPR_DATA]);
    return firewall_expr_run(r, &x);
}

static enum firewall_step run_dynset(struct firewall_run *r, const struct firewall_attrs *a)
{
    const struct firewall_set *s = firewall_rules_set(r->rules, r->base->family, r->base->table,
                                                      firewall_attrs_text(a, NFTA_DYNSET_SET_NAME));
    enum firewall_step step = STEP_NEXT;
    if (s && r->dirty_count < FIREWALL_DIRTY_MAX)
        r->dirty[r->dirty_count++] = s;
    if (firewall_attrs_has(a, NFTA_DYNSET_EXPR))
        step = run_nested(r, a->value[NFTA_DYNSET_EXPR]);
    uint16_t type;
    struct bytes_in list = a->value[NFTA_DYNSET_EXPRESSIONS], value;
    while (step == STEP_NEXT && netlink_next(&list, &type, &value))
        step = run_nested(r, value);
    if (step == STEP_NEXT && firewall_attrs_u32(a, NFTA_DYNSET_FLAGS, 0) & NFT_DYNSET_F_INV)
        step = STEP_BREAK;
    return step;
}

static enum firewall_step run_objref(struct firewall_run *r, const struct firewall_attrs *a)
{
    switch (firewall_attrs_u32(a, NFTA_OBJREF_IMM_TYPE, NFT_OBJECT_UNSPEC)) {
    case NFT_OBJECT_COUNTER:
    case NFT_OBJECT_CT_HELPER:
    case NFT_OBJECT_CT_TIMEOUT:
    case NFT_OBJECT_CT_EXPECT:
    case NFT_OBJECT_SECMARK:
        return STEP_NEXT;
    case NFT_OBJECT_SYNPROXY:
        return firewall_give_up(r, "synproxy");
    default: /* limits and quotas, which may be inverted in the object */
        return firewall_doubt(r, "a named object");
    }
}

static enum firewall_step redirect_to(struct firewall_run *r, size_t addr, size_t port)
{
    enum truth same = TRUTH_YES;
    uint8_t port_be[2] = {(uint8_t)(r->dst_port >> 8), (uint8_t)r->dst_port};
    if (addr != FIREWALL_REG_NONE)
        same = firewall_value_equal(&r->reg, addr, r->dst.byte, addr_bits(&r->dst) / 8);
    if (port != FIREWALL_REG_NONE)
        same = truth_and(same, firewall_value_equal(&r->reg, port, port_be, sizeof port_be));
    if (same == TRUTH_UNKNOWN)
        return firewall_give_up(r, "nat");
    r->verdict = same == TRUTH_YES ? VERDICT_ACCEPT : VERDICT_REDIRECT;
    return STEP_NEXT;
}

static enum firewall_step run_nat(struct firewall_run *r, const struct firewall_attrs *a)
{
    if (firewall_attrs_u32(a, NFTA_NAT_TYPE, NFT_NAT_SNAT) == NFT_NAT_SNAT) {
        r->verdict = VERDICT_ACCEPT; /* another source, the same destination */
        return STEP_NEXT;
    }
    return redirect_to(r, firewall_reg_place(a, NFTA_NAT_REG_ADDR_MIN),
                       firewall_reg_place(a, NFTA_NAT_REG_PROTO_MIN));
}

static enum firewall_step run_redir(struct firewall_run *r, const struct firewall_attrs *a)
{
    return redirect_to(r, FIREWALL_REG_NONE, firewall_reg_place(a, NFTA_REDIR_REG_PROTO_MIN));
}

static enum firewall_step run_notrack(struct firewall_run *r, const struct firewall_attrs *a)
{
    (void)a;
    if (r->tracking == TRACKING_NONE)
        r->tracking = r->maybe ? TRACKING_UNKNOWN : TRACKING_OFF;
    return STEP_NEXT;
}

static enum firewall_step run_reject(struct firewall_run *r, const struct firewall_attrs *a)
{
    (void)a;
    r->verdict = VERDICT_REJECT;
    return STEP_NEXT;
}

static enum firewall_step run_away(struct firewall_run *r, const struct firewall_attrs *a)
{
    (void)a;
    r->verdict = VERDICT_REDIRECT;
    return STEP_NEXT;
}

static enum firewall_step run_nothing(struct firewall_run *r, const struct firewall_attrs *a)
{
    (void)r, (void)a;
    return STEP_NEXT;
}

static enum firewall_step run_queue(struct firewall_run *r, const struct firewall_attrs *a)
{
    (void)a;
    return firewall_give_up(r, "queue");
}

/* Sorted by name; attributes above `known` are younger than this table. */
static const struct expression {
    const char *name;
    uint16_t known;
    enum firewall_step (*run)(struct firewall_run *r, const struct firewall_attrs *a);
} expression[] = {
    {"bitwise", NFTA_BITWISE_DATA, run_bitwise},
    {"byteorder", NFTA_BYTEORDER_SIZE, run_byteorder},
    {"cmp", NFTA_CMP_DATA, run_cmp},
    {"connlimit", NFTA_CONNLIMIT_FLAGS, run_connlimit},
    {"counter", UINT16_MAX, run_nothing},
    {"ct", NFTA_CT_SREG, firewall_load_ct},
    {"dup", UINT16_MAX, run_nothing},
    {"dynset", NFTA_DYNSET_EXPRESSIONS, run_dynset},
    {"exthdr", NFTA_EXTHDR_SREG, firewall_load_exthdr},
    {"fib", NFTA_FIB_FLAGS, firewall_load_fib},
    {"flow_offload", UINT16_MAX, run_nothing},
    {"fwd", UINT16_MAX, run_away},
    {"hash", UINT16_MAX, firewall_load_unknown},
    {"immediate", NFTA_IMMEDIATE_DATA, run_immediate},
    {"last", UINT16_MAX, run_nothing},
    {"limit", NFTA_LIMIT_PAD, run_limit},
    {"log", UINT16_MAX, run_nothing},
    {"lookup", NFTA_LOOKUP_FLAGS, run_lookup},
    {"match", NFTA_MATCH_INFO, firewall_compat_match},
    {"meta", NFTA_META_SREG, firewall_load_meta},
    {"nat", NFTA_NAT_FLAGS, run_nat},
    {"notrack", UINT16_MAX, run_notrack},
    {"numgen", UINT16_MAX, firewall_load_unknown},
    {"objref", NFTA_OBJREF_SET_ID, run_objref},
    {"osf", UINT16_MAX, firewall_load_unknown},
    {"payload", NFTA_PAYLOAD_CSUM_FLAGS, firewall_load_payload},
    {"queue", UINT16_MAX, run_queue},
    {"quota", NFTA_QUOTA_CONSUMED, run_quota},
    {"range", NFTA_RANGE_TO_DATA, run_range},
    {"redir", NFTA_REDIR_FLAGS, run_redir},
    {"reject", UINT16_MAX, run_reject},
    {"rt", UINT16_MAX, firewall_load_unknown},
    {"socket", UINT16_MAX, firewall_load_unknown},
    {"target", NFTA_TARGET_INFO, firewall_compat_target},
    {"xfrm", UINT16_MAX, firewall_load_unknown},
};

enum firewall_step firewall_expr_run(struct firewall_run *r, const struct firewall_expr *x)
{
    for (size_t i = 0; i < sizeof expression / sizeof expression[0]; i++)
        if (strcmp(expression[i].name, x->name) == 0)
            return x->attr.highest <= expression[i].known ? expression[i].run(r, &x->attr)
                                                          : firewall_give_up(r, x->name);
    /* tproxy, synproxy and whatever comes */
    return firewall_give_up(r, x->name);
}
