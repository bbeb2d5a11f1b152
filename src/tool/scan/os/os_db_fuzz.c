/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as a file of known systems, and a print held against all of them. */
#include "tool/scan/os/os_match.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct os_db db;
    struct os_matches found;
    struct os_print p = {0};
    struct str text = str_of(0);
    str_add_len(&text, (const char *)data, size);
    os_print_set(&p, OS_SEQ, "SP", "%X", 255U);
    os_print_set(&p, OS_OPS, "O1", "M5B4ST11NW7");
    os_print_set(&p, OS_T1, "R", "Y");
    os_db_parse(&db, &text, "fuzz", NULL, NULL);
    os_match_find(&db, &p, 0, &found);
    os_db_done(&db);
    str_done(&text);
    return 0;
}
