/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A mail as a source of advisories: what it says of itself, its plain text, and the advisories that
 * are written in it. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "tool/advisory/advisory.h"

enum mail_signed { MAIL_UNSIGNED, MAIL_SIGNED_INLINE, MAIL_SIGNED_MIME };

/* What a list manager answered to a request of ours. */
struct mail_subscription {
    const char *list; /* NULL: this is no such answer */
    const char *address, *pin;
    const char *state; /* "subscribed", "confirm", "unsubscribed", "refused" */
    const char *token; /* to confirm with */
};

struct advisory_mail {
    const char *message_id, *subject, *date, *list, *reply_to, *charset;
    struct advisory_words from, to, attachments, references;
    size_t leaf_parts;
    const char *text; /* the plain part, UTF-8; "" when there is none; it may hold NULs */
    size_t text_len;
    enum mail_signed is_signed;
    struct advisory_words cves; /* of the text, outside the signature block */
    struct {
        struct advisory *item;
        size_t count, capacity;
    } advisories;
    struct mail_subscription subscription;
};

/* Read one mail.  All of it lives in `arena`.  false: it has no headers. */
bool mail_read(struct arena *arena, const char *data, size_t len, struct advisory_mail *out);

void mail_add_advisory(struct arena *arena, struct advisory_mail *mail, const struct advisory *a);

const char *mail_signed_name(enum mail_signed s); /* "none", "inline", "pgp-mime" */

void mail_to_json(const struct advisory_mail *mail, struct str *out);

/* The text that a signature covers: armour lines and dash escapes off (RFC 4880, 7); a text that is
 * not signed stays as it is. */
const char *mail_signed_text(struct arena *arena, const char *text, bool *out_signed);
