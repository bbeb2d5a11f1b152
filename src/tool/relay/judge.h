/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the replies mean: of one test, and of all of them. */
#pragma once

#include "tool/relay/relay.h"

/* The outcome that a deciding reply stands for; 2xx after the message is RELAY_ACCEPTED. */
enum relay_outcome judge_reply(int code);

/* Is `to`, read as a mail server reads it, an address of its own: without a domain, or of one of
 * its names? */
bool judge_is_own(const char *to, const char *domain, const char *server_name,
                  const struct addr *server);

enum relay_verdict judge_all(const struct relay_result *result, size_t count);

enum relay_software judge_software(const char *banner);
