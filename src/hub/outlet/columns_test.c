/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/outlet/columns.h"

#include <string.h>

#include "check.h"

int outlet_columns_test(void);

int outlet_columns_test(void)
{
    int failed = 0;
    static const struct {
        const char *cell[3];
        size_t count;
        const char *line;
    } row[] = {
        {{"PORT", "STATE", "VERSION"}, 3, "PORT  STATE   VERSION\n"},
        {{"22/t", "open", ""}, 3, "22/t  open\n"}, /* nothing trails */
        {{"", "", ""}, 3, "\n"},                   /* an empty row is an empty line */
        {{"", "x", ""}, 3, "      x\n"},           /* a gap is kept */
        {{"caf\xc3\xa9", "a", "b"}, 3, "caf\xc3\xa9  a       b\n"}, /* characters, not bytes */
        {{"wider than measured", "b", ""}, 3, "wider than measuredb\n"},
        {{NULL}, 0, "\n"},
    };
    struct columns c = {0};
    columns_measure(&c, 0, "12345");
    columns_measure(&c, 0, "1");
    columns_measure(&c, 1, "1234567");
    struct str out = str_of(0);
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        str_reset(&out);
        columns_put(&c, row[i].cell, row[i].count, &out);
        CHECK_ROW(i, strcmp(str_text(&out), row[i].line) == 0);
    }
    CHECK(columns_width("") == 0 && columns_width("\xe2\x82\xac") == 1);
    str_done(&out);
    return failed;
}
