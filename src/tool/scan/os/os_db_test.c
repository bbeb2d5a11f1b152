/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/scan/os/os_db.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "check.h"

/* An invented system; the form is nmap-os-db's. */
static const char good[] = "# remark\n"
                           "MatchPoints\n"
                           "SEQ(SP=25%GCD=75)\n"
                           "T1(R=100%DF=20)\n"
                           "\n"
                           "# remark\n"
                           "Fingerprint Example Router 1.0\n"
                           "Class Example | RouterOS | 1.X | router\n"
                           "CPE cpe:/o:example:routeros:1 auto\n"
                           "CPE cpe:/h:example:router\n"
                           "Class Example | embedded || router\n"
                           "SEQ(SP=0-5%GCD=1)\n"
                           "T1(R=Y%DF=N)\n"
                           "\n"
                           "Fingerprint Another\n"
                           "Class Other | Other || phone\n"
                           "T1(R=N)\n";

static const struct {
    const char *text;
    unsigned line;
    const char *why;
} bad[] = {
    {"MatchPoints\nSEQ(SP=x)\n", 2, "NAME=NUMBER"},
    {"MatchPoints\nSEQ(XX=1)\n", 2, "NAME=NUMBER"},
    {"MatchPoints\nXXX(SP=1)\n", 2, "no test"},
    {"Fingerprint\n", 1, "without a name"},
    {"Fingerprint a\nClass a | b\n", 2, "VENDOR"},
    {"Fingerprint a\nCPE cpe:/o:a:b\n", 2, "without a class"},
    {"Fingerprint a\nSEQ(SP=1\n", 2, "no test"},
    {"SEQ(SP=1)\n", 1, "without a fingerprint"},
    {"Fingerprint a\n\nSEQ(SP=1)\n", 3, "without a fingerprint"},
};

struct told {
    unsigned line, count;
    char why[128];
};

static void on_fault(void *ctx, const char *file, unsigned line, const char *why)
{
    struct told *t = ctx;
    (void)file;
    t->line = line;
    t->count++;
    snprintf(t->why, sizeof t->why, "%s", why);
}

static void parse(struct os_db *db, const char *text, struct told *t)
{
    struct str s = str_of(0);
    *t = (struct told){0};
    str_add(&s, text);
    os_db_parse(db, &s, "f", on_fault, t);
    str_done(&s);
}

int os_os_db_test(void)
{
    int failed = 0;
    struct os_db db;
    struct told told;
    struct err e = {0};
    parse(&db, good, &told);
    CHECK(told.count == 0 && db.count == 2 && db.class_count == 3 && db.cpe_count == 2);
    CHECK(db.test_lines == 3 && db.point_lines == 2 && db.points[OS_SEQ][1] == 75);
    CHECK(strcmp(db.entry[0].name, "Example Router 1.0") == 0 && db.entry[0].line == 7);
    CHECK(db.entry[0].class_count == 2 && db.class[0].cpe_count == 2 && !db.class[1].generation);
    CHECK(strcmp(db.class[0].cpe[0], "cpe:/o:example:routeros:1") == 0);
    CHECK(strcmp(db.class[0].type, "router") == 0 && strcmp(db.class[0].generation, "1.X") == 0);
    CHECK(strncmp(str_text(&db.text) + db.entry[0].test[OS_SEQ], "SP=0-5%", 7) == 0);
    CHECK(db.entry[1].test[OS_SEQ] == 0 && db.entry[1].first_class == 2);
    os_db_done(&db);
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        parse(&db, bad[i].text, &told);
        CHECK_ROW(i, told.count == 1 && told.line == bad[i].line && strstr(told.why, bad[i].why));
        os_db_done(&db);
    }
    CHECK(os_db_open(&db, "/nonexistent", NULL, NULL, &e) == -ENOENT);
    return failed;
}
