/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/nc/dump.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check.h"
#include "sys/io/file.h"

static int test_forms(void)
{
    static const struct {
        enum nc_dump form;
        enum dump_way way;
        uint64_t offset;
        const char *data, *text;
    } row[] = {
        {NC_DUMP_BOTH_WAYS, DUMP_SENT, 0, "hello\n",
         "> 00000000 68 65 6c 6c 6f 0a                               # hello.\n"},
        {NC_DUMP_BOTH_WAYS, DUMP_RECEIVED, 16, "0123456789abcdefX",
         "< 00000010 30 31 32 33 34 35 36 37 38 39 61 62 63 64 65 66 # 0123456789abcdef\n"
         "< 00000020 58                                              # X\n"},
        {NC_DUMP_PLAIN, DUMP_SENT, 0, "\x7f\x1b~",
         "[0000]   7f 1b 7e                                          ..~\n\n"},
    };
    int failed = 0;
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        struct str s = str_of(0);
        dump_format(&s, row[i].form, row[i].way, row[i].offset, (const uint8_t *)row[i].data,
                    strlen(row[i].data));
        CHECK_ROW(i, strcmp(str_text(&s), row[i].text) == 0);
        str_done(&s);
    }
    return failed;
}

static int test_file(void)
{
    int failed = 0;
    struct err e = {0};
    struct dump d;
    struct nc_dump_file raw = {"dump", NC_DUMP_RAW}, none = {NULL, NC_DUMP_NONE};
    for (int append = 0; append < 2; append++) {
        CHECK(dump_open(&d, &raw, append, &e) == 0);
        dump_write(&d, DUMP_SENT, "out", 3);
        dump_write(&d, DUMP_RECEIVED, "in", 2);
        dump_close(&d);
        struct str s = str_of(100);
        CHECK(file_read("dump", &s, &e) == 0);
        CHECK(strcmp(str_text(&s), append ? "outinoutin" : "outin") == 0);
        str_done(&s);
    }
    CHECK(dump_open(&d, &none, false, &e) == 0);
    dump_write(&d, DUMP_SENT, "x", 1);
    dump_close(&d);
    struct nc_dump_file full = {"/dev/full", NC_DUMP_BOTH_WAYS}, bad = {"no/dump", NC_DUMP_RAW};
    CHECK(dump_open(&d, &full, false, &e) == 0);
    dump_write(&d, DUMP_SENT, "x", 1);
    CHECK(d.failure == -ENOSPC);
    dump_close(&d);
    CHECK(dump_open(&d, &bad, false, &e) == -ENOENT && strstr(e.text, "no/dump"));
    CHECK(unlink("dump") == 0);
    return failed;
}

int nc_dump_test(void)
{
    int failed = 0;
    char folder[] = "/tmp/picket-dump-XXXXXX";
    CHECK(mkdtemp(folder) && chdir(folder) == 0);
    failed += test_forms() + test_file();
    CHECK(rmdir(folder) == 0);
    return failed;
}
