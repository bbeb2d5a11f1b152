/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <assert.h>
#include <string.h>

#include "core/base/mem.h"
#include "tool/trap/ignore_list.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void count(void *ctx, const char *path, unsigned line, const char *why)
{
    (void)path, (void)why;
    assert(line > 0);
    ++*(size_t *)ctx;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct cidr_set set = {0};
    size_t refused = 0;
    char *text = mem_zero(size + 1);
    memcpy(text, data, size);
    struct ignore_reader r = {.path = "fuzz", .warn = count, .ctx = &refused};
    ignore_list_read(&set, text, r);
    struct addr a = addr_ip4(0xc0000207);
    (void)cidr_set_has(&set, &a);
    cidr_set_done(&set);
    mem_free(text);
    return 0;
}
