/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JSON out (RFC 8259): a writer that escapes, puts the commas, and cannot be made to write a broken
 * document by what the values hold.  Bytes that are no UTF-8 become U+FFFD. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/str.h"

enum { JSON_DEPTH_MAX = 62 };

struct json_out {
    struct str *out;
    uint64_t has_member; /* one bit a level: does the next member need a comma? */
    uint64_t is_object;  /* one bit a level */
    uint8_t depth;
};

struct json_out json_out_of(struct str *out);

/* Containers; in an object give `key`, in an array (and at the top) NULL.  Depth is asserted. */
void json_object(struct json_out *j, const char *key);
void json_array(struct json_out *j, const char *key);
void json_end(struct json_out *j); /* closes the innermost */

/* Members, with `key` as above. */
void json_text(struct json_out *j, const char *key, const char *value); /* NULL value: null */
void json_text_len(struct json_out *j, const char *key, const char *value, size_t len);
void json_u64(struct json_out *j, const char *key, uint64_t value);
void json_i64(struct json_out *j, const char *key, int64_t value);
void json_double(struct json_out *j, const char *key, double value,
                 int decimals); /* NaN and infinities: null */
void json_bool(struct json_out *j, const char *key, bool value);
void json_null(struct json_out *j, const char *key);
void json_raw(struct json_out *j, const char *key,
              const char *json); /* our own ready-made JSON text */

/* The members of a ready-made object "{...}" go in among those of the open object. */
void json_members(struct json_out *j, const char *object);
