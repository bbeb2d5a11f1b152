/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/digest.h"

#include <string.h>

#include "check.h"

/* The digests of "abc" (RFC 1321 appendix A.5, FIPS 180-4's examples). */
static const struct {
    const char *name;
    enum digest_kind kind;
    size_t size;
    const char *abc;
} rows[] = {
    {"md5", DIGEST_MD5, 16, "900150983cd24fb0d6963f7d28e17f72"},
    {"SHA1", DIGEST_SHA1, 20, "a9993e364706816aba3e25717850c26c9cd0d89d"},
    {"sha-256", DIGEST_SHA256, 32,
     "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
    {"sha384", DIGEST_SHA384, 48,
     "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c82"
     "5"
     "a7"},
    {"SHA-512", DIGEST_SHA512, 64,
     "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3fee"
     "b"
     "bd454d4423643ce80e2a9ac94fa54ca49f"},
};

int base_digest_test(void)
{
    int failed = 0;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint8_t whole[DIGEST_MAX], pieces[DIGEST_MAX];
        digest_of(rows[i].kind, "abc", 3, whole);
        struct digest *d = digest_begin(rows[i].kind);
        digest_feed(d, "a", 1);
        digest_feed(d, "", 0);
        digest_feed(d, "bc", 2);
        digest_end(d, pieces);
        struct str hex = str_of(0);
        digest_print(&hex, whole, digest_size(rows[i].kind));
        CHECK_ROW(i, digest_size(rows[i].kind) == rows[i].size);
        CHECK_ROW(i, strcmp(str_text(&hex), rows[i].abc) == 0);
        CHECK_ROW(i, memcmp(whole, pieces, rows[i].size) == 0);
        CHECK_ROW(i, digest_from_name(rows[i].name) == (int)rows[i].kind);
        str_done(&hex);
    }
    CHECK(digest_from_name("sha3") == -1);
    digest_drop(digest_begin(DIGEST_MD5));
    digest_drop(NULL);
    return failed;
}
