/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The server's answers in the words of fail2ban-client. */
#pragma once

#include "core/base/str.h"
#include "tool/ban/conf/ban_value.h"

/* `words` is what was asked. */
void beautify(const struct ban_list *words, const struct ban_value *answer, struct str *out);
