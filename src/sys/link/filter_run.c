/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sys/link/filter_run.h"

#include "core/base/bytes.h"

struct machine {
    const uint8_t *frame;
    size_t len;
    uint8_t packet_type;
    uint32_t a, x, memory[BPF_MEMWORDS];
    bool stop; /* a load out of bounds or a fault: nothing passes */
};

static uint32_t fault(struct machine *m)
{
    m->stop = true;
    return 0;
}

static uint32_t fetch(struct machine *m, unsigned size, uint64_t offset)
{
    if (size == BPF_B && offset == (uint32_t)(SKF_AD_OFF + SKF_AD_PKTTYPE))
        return m->packet_type;
    struct bytes_in in = bytes_in_of(m->frame, m->len);
    bytes_skip(&in, offset);
    uint32_t value = 0;
    if (size == BPF_W)
        value = bytes_u32be(&in);
    else if (size == BPF_H)
        value = bytes_u16be(&in);
    else if (size == BPF_B)
        value = bytes_u8(&in);
    else
        m->stop = true;
    m->stop |= in.bad;
    return value;
}

static uint32_t value_of_load(struct machine *m, const struct sock_filter *i)
{
    switch (BPF_MODE(i->code)) {
    case BPF_IMM:
        return i->k;
    case BPF_ABS:
        return fetch(m, BPF_SIZE(i->code), i->k);
    case BPF_IND:
        return fetch(m, BPF_SIZE(i->code), (uint64_t)m->x + i->k);
    case BPF_LEN:
        return (uint32_t)m->len;
    case BPF_MEM:
        return i->k < BPF_MEMWORDS ? m->memory[i->k] : fault(m);
    case BPF_MSH:
        return (fetch(m, BPF_B, i->k) & 0xf) * 4;
    default:
        return fault(m);
    }
}

static uint32_t calculate(struct machine *m, const struct sock_filter *i)
{
    uint32_t value = BPF_SRC(i->code) == BPF_X ? m->x : i->k;
    switch (BPF_OP(i->code)) {
    case BPF_ADD:
        return m->a + value;
    case BPF_SUB:
        return m->a - value;
    case BPF_MUL:
        return m->a * value;
    case BPF_DIV:
        return value ? m->a / value : fault(m);
    case BPF_MOD:
        return value ? m->a % value : fault(m);
    case BPF_OR:
        return m->a | value;
    case BPF_AND:
        return m->a & value;
    case BPF_XOR:
        return m->a ^ value;
    case BPF_LSH:
        return value < 32 ? m->a << value : fault(m);
    case BPF_RSH:
        return value < 32 ? m->a >> value : fault(m);
    case BPF_NEG:
        return 0 - m->a;
    default:
        return fault(m);
    }
}

/* Instructions to skip. */
static uint32_t jump(struct machine *m, const struct sock_filter *i)
{
    uint32_t value = BPF_SRC(i->code) == BPF_X ? m->x : i->k;
    switch (BPF_OP(i->code)) {
    case BPF_JA:
        return i->k;
    case BPF_JEQ:
        return m->a == value ? i->jt : i->jf;
    case BPF_JGT:
        return m->a > value ? i->jt : i->jf;
    case BPF_JGE:
        return m->a >= value ? i->jt : i->jf;
    case BPF_JSET:
        return m->a & value ? i->jt : i->jf;
    default:
        return fault(m);
    }
}

static void store(struct machine *m, uint32_t at, uint32_t value)
{
    if (at < BPF_MEMWORDS)
        m->memory[at] = value;
    else
        m->stop = true;
}

static uint32_t result_of(struct machine *m, const struct sock_filter *i)
{
    switch (BPF_RVAL(i->code)) {
    case BPF_K:
        return i->k;
    case BPF_A:
        return m->a;
    default:
        return fault(m);
    }
}

uint32_t filter_run(const struct filter *f, const void *frame, size_t len, uint8_t packet_type)
{
    struct machine m = {.frame = frame, .len = len, .packet_type = packet_type};
    for (uint64_t at = 0; at < f->count && !m.stop; at++) { /* jumps go forward: it ends */
        const struct sock_filter *i = &f->code[at];
        switch (BPF_CLASS(i->code)) {
        case BPF_LD:
            m.a = value_of_load(&m, i);
            break;
        case BPF_LDX:
            m.x = value_of_load(&m, i);
            break;
        case BPF_ST:
            store(&m, i->k, m.a);
            break;
        case BPF_STX:
            store(&m, i->k, m.x);
            break;
        case BPF_ALU:
            m.a = calculate(&m, i);
            break;
        case BPF_JMP:
            at += jump(&m, i);
            break;
        case BPF_RET: {
            uint32_t keep = result_of(&m, i);
            return m.stop ? 0 : keep;
        }
        default: /* BPF_MISC */
            if (BPF_MISCOP(i->code) == BPF_TAX)
                m.x = m.a;
            else
                m.a = m.x;
        }
    }
    return 0;
}
