/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/hash.h"

#include <string.h>

#include "core/base/rng.h"

struct hash_key hash_key_secret(void)
{
    struct hash_key key;
    rng_secret(&key, sizeof key);
    return key;
}

struct sip {
    uint64_t v0, v1, v2, v3;
};

static uint64_t rotate_left(uint64_t x, int bits)
{
    return x << bits | x >> (64 - bits);
}

static void sip_round(struct sip *s)
{
    s->v0 += s->v1;
    s->v1 = rotate_left(s->v1, 13) ^ s->v0;
    s->v0 = rotate_left(s->v0, 32);
    s->v2 += s->v3;
    s->v3 = rotate_left(s->v3, 16) ^ s->v2;
    s->v0 += s->v3;
    s->v3 = rotate_left(s->v3, 21) ^ s->v0;
    s->v2 += s->v1;
    s->v1 = rotate_left(s->v1, 17) ^ s->v2;
    s->v2 = rotate_left(s->v2, 32);
}

static void sip_word(struct sip *s, uint64_t word)
{
    s->v3 ^= word;
    sip_round(s);
    sip_round(s);
    s->v0 ^= word;
}

uint64_t hash_bytes(const struct hash_key *key, const void *data, size_t len)
{
    /* the four constants are the paper's: "somepseudorandomlygeneratedbytes" */
    struct sip s = {
        key->word[0] ^ 0x736f6d6570736575,
        key->word[1] ^ 0x646f72616e646f6d,
        key->word[0] ^ 0x6c7967656e657261,
        key->word[1] ^ 0x7465646279746573,
    };
    const uint8_t *p = data;
    size_t left = len;
    for (; left >= 8; left -= 8, p += 8) {
        uint64_t word;
        memcpy(&word, p, 8);
        sip_word(&s, word);
    }
    uint64_t last = (uint64_t)len << 56;
    for (size_t i = 0; i < left; i++)
        last |= (uint64_t)p[i] << (8 * i);
    sip_word(&s, last);
    s.v2 ^= 0xff;
    for (int i = 0; i < 4; i++)
        sip_round(&s);
    return s.v0 ^ s.v1 ^ s.v2 ^ s.v3;
}
