/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <assert.h>

#include "wire/proto/tls_cert.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct tls_cert x;
    struct str name = str_of(1 << 16);
    enum tls_cert_fault fault = tls_cert_parse(&x, data, size);
    assert(fault <= TLS_CERT_BAD_EXTENSIONS);
    assert(!x.serial || x.serial + x.serial_len <= data + size);
    for (size_t at = 0, before = 0; tls_cert_next_san(&x, &at, &name); before = at)
        assert(at > before && at <= x.san_len);
    str_done(&name);
    tls_cert_done(&x);
    return 0;
}
