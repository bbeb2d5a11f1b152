/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <string.h>

#include "check.h"
#include "core/net/mac.h"

static const struct {
    const char *text, *canonical; /* canonical NULL: refused */
} row[] = {
    {"02:ab:Cd:00:ff:09", "02:AB:CD:00:FF:09"},
    {"02-ab-cd-00-ff-09", "02:AB:CD:00:FF:09"},
    {"02:ab-cd:00:ff:09", NULL}, /* one separator throughout */
    {"02:ab:cd:00:ff:0", NULL},
    {"02:ab:cd:00:ff:099", NULL},
    {"02:ab:cd:00:ff:09:", NULL},
    {"2:ab:cd:00:ff:09", NULL},
    {"02:ab:cd:00:ff:0g", NULL},
    {"02.ab.cd.00.ff.09", NULL},
    {"02ab.cd00.ff09", NULL},
    {"02 ab cd 00 ff 09", NULL},
    {"", NULL},
    {"0", NULL},
    {"02", NULL},
};

int net_mac_test(void)
{
    int failed = 0;
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        struct mac m = {{1}};
        struct err e = {0};
        char to[MAC_TEXT_MAX];
        int rc = mac_parse(&m, row[i].text, &e);
        CHECK_ROW(i, rc == (row[i].canonical ? 0 : -EINVAL));
        if (rc == 0)
            CHECK_ROW(i, strcmp(mac_format(&m, to), row[i].canonical) == 0);
        else
            CHECK_ROW(i, m.byte[0] == 1 && e.text[0]);
    }
    struct mac zero = {{0}}, last = {{0, 0, 0, 0, 0, 1}};
    CHECK(mac_is_zero(&zero) && !mac_is_zero(&last));
    return failed;
}
