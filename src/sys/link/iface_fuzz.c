/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Addresses as users type them, with the name of an interface behind '%'. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "core/base/mem.h"
#include "sys/link/iface.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct iface item[] = {{.index = 1, .name = "lo"}, {.index = 7, .name = "eth0.5"}};
    struct iface_list l = {item, sizeof item / sizeof item[0]};
    struct err e = {0};
    struct addr a = {0};
    char *text = mem_zero(size + 1), back[ADDR_TEXT_MAX];
    memcpy(text, data, size);
    if (iface_addr_parse(&a, text, &l, &e) == 0) {
        struct addr again;
        assert(a.family == ADDR_IP4 || a.family == ADDR_IP6);
        assert(addr_parse(&again, addr_format(&a, back), &e) == 0 && addr_equal(&a, &again));
    } else {
        assert(e.code < 0 && e.text[0]);
    }
    mem_free(text);
    return 0;
}
