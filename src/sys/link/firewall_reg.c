/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sys/link/firewall_reg.h"

#include <linux/netfilter/nf_tables.h>

size_t firewall_reg_place(const struct firewall_attrs *a, uint16_t type)
{
    uint32_t number = firewall_attrs_u32(a, type, 0);
    if (number >= NFT_REG_1 && number <= NFT_REG_4)
        return (number - NFT_REG_1) * 16;
    if (number >= NFT_REG32_00 && number <= NFT_REG32_15)
        return (number - NFT_REG32_00) * 4;
    return FIREWALL_REG_NONE;
}

bool firewall_reg_fits(size_t place, size_t len)
{
    return len <= FIREWALL_REG_LEN && place + len <= FIREWALL_REG_LEN;
}

void firewall_reg_pad(struct firewall_run *r, size_t place, size_t len)
{
    static const uint8_t zeros[4] = {0};
    if (len % 4)
        firewall_value_put(&r->reg, place + len, zeros, 4 - len % 4);
}

void firewall_reg_set(struct firewall_run *r, size_t place, const void *data, size_t len)
{
    if (!firewall_reg_fits(place, len))
        return;
    firewall_value_put(&r->reg, place, data, len);
    firewall_reg_pad(r, place, len);
}

void firewall_reg_set_u32(struct firewall_run *r, size_t place, uint32_t value)
{
    firewall_reg_set(r, place, &value, sizeof value);
}

enum firewall_step firewall_reg_forget(struct firewall_run *r, size_t place, size_t len)
{
    if (firewall_reg_fits(place, len)) {
        firewall_value_forget(&r->reg, place, len);
        firewall_reg_pad(r, place, len);
    }
    return STEP_NEXT;
}
