/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/scan/ident_reply.h"

#include <string.h>
#include <strings.h>

#include "core/base/bytes.h"

/* What stands up to the next colon, or the end of the line, without blanks around. */
static bool next_field(struct bytes_in *in, bool last, struct bytes_in *out)
{
    size_t len = bytes_left(in);
    const uint8_t *stop = last || len == 0 ? NULL : memchr(in->pos, ':', len);
    if (!last && !stop)
        return false;
    *out = bytes_sub(in, stop ? (size_t)(stop - in->pos) : len);
    bytes_skip(in, stop != NULL);
    while (out->pos < out->end && (*out->pos == ' ' || *out->pos == '\t'))
        out->pos++;
    while (out->end > out->pos && (out->end[-1] == ' ' || out->end[-1] == '\t'))
        out->end--;
    return bytes_left(out) > 0;
}

bool ident_reply_owner(const char *reply, size_t len, char out[IDENT_OWNER_MAX])
{
    const char *end = len ? memchr(reply, '\n', len) : NULL;
    size_t line = end ? (size_t)(end - reply) : len;
    line -= line && reply[line - 1] == '\r';
    struct bytes_in in = bytes_in_of(reply, line), ports, kind, system, owner;
    if (!next_field(&in, false, &ports) || !next_field(&in, false, &kind) ||
        bytes_left(&kind) != 6 || strncasecmp((const char *)kind.pos, "USERID", 6) != 0 ||
        !next_field(&in, false, &system) || !next_field(&in, true, &owner) ||
        bytes_left(&owner) >= IDENT_OWNER_MAX)
        return false;
    memcpy(out, owner.pos, bytes_left(&owner));
    out[bytes_left(&owner)] = '\0';
    return strlen(out) == bytes_left(&owner);
}
