/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The Haskell Package Versioning Policy: numbers, compared as lists. */
#include <string.h>

#include "core/text/version.h"

static int compare(const char *a, const char *b)
{
    for (;;) {
        size_t a_len = strcspn(a, "."), b_len = strcspn(b, ".");
        int order = version_compare_digits(a, a_len, b, b_len);
        if (order)
            return order;
        if (!a[a_len] || !b[b_len])
            return (a[a_len] != 0) - (b[b_len] != 0);
        a += a_len + 1;
        b += b_len + 1;
    }
}

const struct version_scheme version_scheme_hackage = {
    .name = "hackage", .doc = "Hackage: Haskell PVP", .compare = compare};
