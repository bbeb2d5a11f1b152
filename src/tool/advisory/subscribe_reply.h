/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What list managers answer: acknowledgments with address and PIN, requests to confirm, farewells.
 * The text is a stranger's: it is only believed where a request of ours is pending (subscribe.h).
 */
#pragma once

#include "tool/advisory/mail.h"

/* Fill in mail->subscription if the text is such an answer. */
void subscribe_reply_read(struct arena *arena, struct advisory_mail *mail);
