/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is read is written and read again to the same; the C library reads the same language. */
#include <arpa/inet.h>
#include <assert.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/net/addr.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_addr(const char *text, size_t len)
{
    struct addr a, again;
    struct err e = {0};
    char to[ADDR_TEXT_MAX];
    uint8_t want[16];
    bool is_good = addr_parse_len(&a, text, len, &e) == 0;
    if (is_good) {
        assert(addr_parse(&again, addr_format(&a, to), &e) == 0 && addr_equal(&a, &again));
        assert(strlen(to) < ADDR_TEXT_MAX);
    }
    if (strlen(text) != len || strchr(text, '%'))
        return;
    int family = strchr(text, ':') ? AF_INET6 : AF_INET;
    assert(is_good == (inet_pton(family, text, want) == 1));
    assert(!is_good || memcmp(want, a.byte, addr_bits(&a) / 8) == 0);
}

static void check_cidr(const char *text)
{
    struct cidr c, again;
    struct err e = {0};
    char to[CIDR_TEXT_MAX];
    if (cidr_parse(&c, text, &e) != 0)
        return;
    assert(cidr_parse(&again, cidr_format(&c, to), &e) == 0);
    assert(addr_equal(&c.base, &again.base) && c.prefix_len == again.prefix_len);
    struct addr last = cidr_last(&c);
    assert(cidr_contains(&c, &last) && addr_compare(&c.base, &last) <= 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = mem_zero(size + 1);
    if (size)
        memcpy(text, data, size);
    check_addr(text, size);
    check_cidr(text);
    mem_free(text);
    return 0;
}
