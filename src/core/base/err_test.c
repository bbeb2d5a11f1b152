/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <string.h>

#include "check.h"
#include "core/base/err.h"

int base_err_test(void)
{
    int failed = 0;
    struct err e = {0};
    CHECK(err_set(&e, -ENOENT, "open: %s", "gone") == -ENOENT);
    CHECK(err_wrap(&e, "rules %s", "a.rules") == -ENOENT);
    CHECK(strcmp(e.text, "rules a.rules: open: gone") == 0);
    char longer[2 * ERR_TEXT_MAX];
    memset(longer, 'x', sizeof longer);
    longer[sizeof longer - 1] = '\0';
    CHECK(err_wrap(&e, "%s", longer) == -ENOENT); /* what is too long is cut, not lost */
    CHECK(strlen(e.text) == ERR_TEXT_MAX - 1);
    return failed;
}
