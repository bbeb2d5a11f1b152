/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Is a mail with this text in a folder of an IMAP server?  (RFC 3501 6.4.4; a door to libcurl.) */
#pragma once

#include <stdbool.h>

#include "core/base/attr.h"
#include "core/base/err.h"

struct mail_box {
    const char *url; /* imaps://host/INBOX, imap://... */
    const char *user, *password;
    void *connection; /* kept between searches; set by mail_search */
};

/* `text` is of letters, digits and dashes.  0 and the answer, or a negative errno value. */
int mail_search(struct mail_box *box, const char *text, bool *found, struct err *e) MUST_CHECK;
void mail_box_done(struct mail_box *box); /* nothing when it was never used */
