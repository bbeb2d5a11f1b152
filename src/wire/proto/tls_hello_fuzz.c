/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The first byte chooses whose hello the rest is; fingerprints are made of whatever was read. */
#include <assert.h>
#include <string.h>

#include "wire/proto/tls_hello.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    struct tls_hello h;
    struct tls_text name;
    struct str text = str_of(1 << 16);
    char ja4[TLS_JA4_LEN + 1], room[24];
    (void)tls_hello_parse(&h, data[0] & 1, data + 1, size - 1);
    assert(h.cipher.count <= TLS_LIST_MAX && h.extension.count <= TLS_LIST_MAX);
    assert(h.session_len == 0 || (h.session && h.session + h.session_len <= data + size));
    assert(!h.has_sni || !h.sni.data || h.sni.data + h.sni.len <= data + size);
    struct bytes_in alpn = h.alpn;
    while (tls_alpn_next(&alpn, &name))
        assert(name.data + name.len <= data + size);
    tls_ja3_text(&h, &text);
    tls_ja4(&h, data[0] & 2, ja4);
    assert(strlen(ja4) <= TLS_JA4_LEN);
    (void)tls_version_name(h.version, room);
    (void)tls_version_name(h.selected, room);
    str_done(&text);
    return 0;
}
