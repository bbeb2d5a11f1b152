/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/digest.h"

#include <openssl/evp.h>
#include <string.h>
#include <strings.h>

#include "core/base/mem.h"

static const struct {
    const char *name, *dashed;
    size_t size;
    const EVP_MD *(*algorithm)(void);
} kinds[] = {
    [DIGEST_MD5] = {"md5", "md5", 16, EVP_md5},
    [DIGEST_SHA1] = {"sha1", "sha-1", 20, EVP_sha1},
    [DIGEST_SHA256] = {"sha256", "sha-256", 32, EVP_sha256},
    [DIGEST_SHA384] = {"sha384", "sha-384", 48, EVP_sha384},
    [DIGEST_SHA512] = {"sha512", "sha-512", 64, EVP_sha512},
};

size_t digest_size(enum digest_kind kind)
{
    return kinds[kind].size;
}

const char *digest_name(enum digest_kind kind)
{
    return kinds[kind].name;
}

int digest_from_name(const char *name)
{
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (strcasecmp(name, kinds[i].name) == 0 || strcasecmp(name, kinds[i].dashed) == 0) {
            return (int)i;
        }
    }
    return -1;
}

/* OpenSSL fails here only for want of memory or of the algorithm, and both end the program. */
static void must(int done)
{
    if (done != 1) {
        mem_exhausted(0);
    }
}

void digest_of(enum digest_kind kind, const void *data, size_t size, uint8_t out[DIGEST_MAX])
{
    must(EVP_Digest(data, size, out, NULL, kinds[kind].algorithm(), NULL));
}

struct digest {
    EVP_MD_CTX *context;
};

struct digest *digest_begin(enum digest_kind kind)
{
    struct digest *d = mem_zero(sizeof *d);
    d->context = EVP_MD_CTX_new();
    must(d->context && EVP_DigestInit_ex(d->context, kinds[kind].algorithm(), NULL) == 1);
    return d;
}

void digest_feed(struct digest *d, const void *data, size_t size)
{
    must(EVP_DigestUpdate(d->context, data, size));
}

void digest_end(struct digest *d, uint8_t out[DIGEST_MAX])
{
    if (d) {
        must(EVP_DigestFinal_ex(d->context, out, NULL));
        digest_drop(d);
    }
}

void digest_drop(struct digest *d)
{
    if (d) {
        EVP_MD_CTX_free(d->context);
        mem_free(d);
    }
}

void digest_print(struct str *to, const uint8_t *value, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        str_addf(to, "%02x", value[i]);
    }
}
