/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "check.h"
#include "tool/scan/service/template.h"

static const struct {
    const char *text, *expanded; /* NULL: refused */
    bool cpe;
} row[] = {
    {"OpenSSH", "OpenSSH", false},
    {"v$1", "v9_2p1", false},
    {"$3", "", false}, /* took no part */
    {"$P(2)", "ab", false},
    {"$SUBST(1,\"_\",\".\")", "9.2p1", false},
    {"$SUBST(1, \"_\", \"\\n\")", "9\n2p1", false},
    {"$I(4,\">\")", "258", false},
    {"$I(4,\"<\")", "513", false},
    {"a:b:$5:$1", "a:b:my_%3athing:9_2p1", true},
    {"$I(1,\"=\")", NULL, false},
    {"$I(3,\">\")", NULL, false},
    {"$I(6,\">\")", NULL, false}, /* nine bytes */
    {"$SUBST(1,\"_\")", NULL, false},
    {"$SUBST(1,\"\",\"x\")", NULL, false},
    {"$P(1", NULL, false},
    {"$0", NULL, false},
    {"$", NULL, false},
    {"$X(1)", NULL, false},
    {"", "", false},
};

int service_template_test(void)
{
    int failed = 0;
    struct template_groups groups = {0};
    static const char *const group[] = {NULL,
                                        "9_2p1",
                                        "a\x01"
                                        "b\xff",
                                        NULL,
                                        "\x01\x02",
                                        "My :Thing",
                                        "123456789"};
    for (size_t i = 1; i < ARRAY_LEN(group); i++) {
        groups.group[i].at = (const uint8_t *)group[i];
        groups.group[i].len = group[i] ? strlen(group[i]) : 0;
    }
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        struct str out = str_of(64);
        bool ok = template_expand(row[i].text, &groups, row[i].cpe, &out);
        CHECK_ROW(i, ok == (row[i].expanded != NULL));
        CHECK_ROW(i, !ok || strcmp(str_text(&out), row[i].expanded) == 0);
        str_done(&out);
    }
    struct str tight = str_of(4);
    CHECK(!template_expand("$1", &groups, false, &tight)); /* one byte too long */
    str_done(&tight);
    return failed;
}
