/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Moments as text.  In: RFC 3339 and its W3C cut-downs ("2003-12", "2003-12-31T10:14Z"), RFC 5322
 * with the old zones and comments, asctime(3), and what people write ("29 Mar 2023", "March 29,
 * 2023").  Out: UTC.  A moment without a zone is taken as UTC. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct date {
    int64_t seconds; /* since 1970-01-01T00:00:00Z; earlier ones are negative */
};

struct date_text {
    char text[32]; /* "2003-12-31T10:14:55Z" */
};

/* RFC 3339 5.6 to the letter, "2003-12-31T10:14:55.1+01:00"; `out_ns` (may be NULL) is the
 * fraction.  A leap second counts as the second before. */
bool date_parse(struct date *out, uint32_t *out_ns, const char *text);

bool date_parse_loose(struct date *out, const char *text); /* any of the forms above */
bool date_from_seconds(struct date *out, int64_t seconds); /* false: no year of four digits */
struct date_text date_text(const struct date *d);

/* "Wed, 31 Dec 2003 10:14:55 +0000": RFC 5322, for mails we write. */
struct date_text date_mail_text(const struct date *d);
