/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "check.h"
#include "core/base/hash.h"

int base_hash_test(void)
{
    int failed = 0;
    /* Key and messages of the paper's appendix A: key 00..0f, message 00..(n-1). */
    struct hash_key key = {{0x0706050403020100, 0x0f0e0d0c0b0a0908}};
    uint8_t message[15];
    for (size_t i = 0; i < sizeof message; i++)
        message[i] = (uint8_t)i;
    CHECK(hash_bytes(&key, message, 0) == 0x726fdb47dd0e0e31);
    CHECK(hash_bytes(&key, message, 15) == 0xa129ca6149be45e5);
    struct hash_key a = hash_key_secret(), b = hash_key_secret();
    CHECK(hash_bytes(&a, "x", 1) != hash_bytes(&b, "x", 1));
    return failed;
}
