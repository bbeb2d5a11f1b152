/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The first byte picks the protocol, the rest is what the proxy answers. */
#include "sys/io/proxy_client.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct proxy_target target = {.host = "host.test", .port = 25, .user = "u", .password = "p"};
    struct proxy_client p;
    struct err e = {0};
    if (size == 0)
        return 0;
    enum proxy_kind kind = data[0] % 3 == 0   ? PROXY_HTTP
                           : data[0] % 3 == 1 ? PROXY_SOCKS4A
                                              : PROXY_SOCKS5;
    enum proxy_state state = proxy_client_begin(&p, kind, &target, &e) ? PROXY_REFUSED : PROXY_MORE;
    for (size_t at = 1; at < size && (state == PROXY_MORE || state == PROXY_AGAIN);) {
        size_t used = 0, part = data[at] % 7 + 1U;
        part = part < size - at ? part : size - at;
        if (state == PROXY_AGAIN)
            proxy_client_again(&p);
        state = proxy_client_feed(&p, data + at, part, &used, &e);
        at += used;
        if (used == 0)
            break;
    }
    proxy_client_done(&p);
    return 0;
}
