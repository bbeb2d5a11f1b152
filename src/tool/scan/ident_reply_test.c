/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/scan/ident_reply.h"

#include <stdio.h>
#include <string.h>

#include "check.h"

static const struct {
    const char *reply, *owner; /* NULL: names none */
} row[] = {
    {"22, 40000 : USERID : UNIX : root\r\n", "root"},
    {"22,40000:userid:OTHER:a:b\n", "a:b"},
    {"22, 40000 : USERID : UNIX , US-ASCII :  Joe User \r\nmore", "Joe User"},
    {"22, 40000 : USERID : UNIX : root", "root"}, /* no end of line */
    {"22, 40000 : ERROR : NO-USER\r\n", NULL},
    {"22, 40000 : USERID : UNIX :\r\n", NULL},
    {"22, 40000 : USERID : UNIX\r\n", NULL},
    {": : :", NULL},
    {"", NULL},
    {"\r\n", NULL},
};

int scan_ident_reply_test(void)
{
    int failed = 0;
    char owner[IDENT_OWNER_MAX], large[IDENT_REPLY_MAX];
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        bool named = ident_reply_owner(row[i].reply, strlen(row[i].reply), owner);
        CHECK_ROW(i, named == (row[i].owner != NULL));
        CHECK_ROW(i, !named || strcmp(owner, row[i].owner) == 0);
    }
    for (int over = 0; over < 2; over++) {
        int at = snprintf(large, sizeof large, "1,2:USERID:UNIX:");
        memset(large + at, 'x', 512);
        CHECK_ROW(over, ident_reply_owner(large, (size_t)(at + IDENT_OWNER_MAX - 1 + over),
                                          owner) == !over);
    }
    static const char nul[] = "1,2:USERID:UNIX:a\0b";
    CHECK(!ident_reply_owner(nul, sizeof nul - 1, owner));
    return failed;
}
