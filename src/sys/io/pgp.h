/* SPDX-License-Identifier: GPL-3.0-or-later */
/* OpenPGP signatures, checked by gpgv(1): a program whose only trade is that, with no key ring of a
 * user's and no network. */
#pragma once

#include <stddef.h>

#include "core/base/attr.h"
#include "core/base/err.h"

/* Does the detached signature (armoured or not) fit `data`, by a key of the file `keyring`?  0, or
 * -EKEYREJECTED (no, or a key that is not there), -ENOENT (no gpgv), -EIO. */
int pgp_verify(const char *keyring, const void *data, size_t len, const void *signature,
               size_t signature_len, struct err *e) MUST_CHECK;

/* A text signed inline ("-----BEGIN PGP SIGNED MESSAGE-----"). */
int pgp_verify_inline(const char *keyring, const void *text, size_t len, struct err *e) MUST_CHECK;

/* Make a key ring for gpgv of a public key as it is published, armoured or not. */
int pgp_write_keyring(const char *path, const void *key, size_t len, struct err *e) MUST_CHECK;
