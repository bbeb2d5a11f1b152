/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an ident server says (RFC 1413): "22, 40000 : USERID : UNIX : root". */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum { IDENT_REPLY_MAX = 1024, IDENT_OWNER_MAX = 513 }; /* RFC 1413 4: up to 512 octets */

/* The user, without blanks around; false: it names none. */
bool ident_reply_owner(const char *reply, size_t len, char out[IDENT_OWNER_MAX]);
