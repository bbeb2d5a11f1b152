/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/scan/os/os_match.h"

#include <math.h>
#include <string.h>

#include "check.h"

static const struct {
    const char *value, *expr;
    bool fits;
} row[] = {
    {"5", "5", true},
    {"5", "6", false},
    {"", "", true},
    {"", "A", false},
    {"A", "", false},
    {"M5B4", "|M5B4", true}, /* an empty alternative */
    {"", "|M5B4", true},
    {"40", "3B-45", true},
    {"3B", "3B-45", true},
    {"45", "3B-45", true},
    {"46", "3B-45", false},
    {"3A", "3B-45", false},
    {"RD", "3B-45", false},
    {"6", ">5", true},
    {"5", ">5", false},
    {"9", "<A", true},
    {"A", "<A", false},
    {"O", "<A", false},
    {"Z", "I|RD|Z", true},
    {"C8", "C0-C4|C6-CA", true},
    {"C5", "C0-C4|C6-CA", false},
    {"100000000", "<FF", false}, /* over 32 bits */
    {"S+", "S+|O", true},
    {"M5B4ST11NW7", "M[>500]ST11NW[0-9]", true},
    {"M400ST11NW7", "M[>500]ST11NW[0-9]", false},
    {"M5B4ST11NWA", "M[>500]ST11NW[0-9]", false},
    {"M5B4NW7", "M[5B4|578]NW7|W0", true},
    {"W0", "M[5B4|578]NW7|W0", true},
    {"M5B4", "M[5B4", false}, /* not closed */
};

static const char text[] =
    "MatchPoints\n"
    "SEQ(SP=25%GCD=75%TI=100)\n"
    "T1(R=100%DF=20%T=15%TG=15)\n"
    "\n"
    "Fingerprint all\nClass a | b || c\nSEQ(SP=0-5%GCD=1%TI=I)\nT1(R=Y%DF=N%T=3B-45%TG=40)\n\n"
    "Fingerprint most\nClass a | b || c\nSEQ(SP=6%GCD=1%TI=I)\nT1(R=Y%DF=N%T=3B-45%TG=40)\n\n"
    "Fingerprint none\nClass a | b || c\nSEQ(SP=6%GCD=2%TI=Z)\nT1(R=N)\n\n"
    "Fingerprint same\nClass a | b || c\nSEQ(SP=0-5%GCD=1%TI=I)\nT1(R=Y%DF=N%T=3B-45%TG=40)\n";

static int find_test(void)
{
    int failed = 0;
    struct os_db db;
    struct os_matches found;
    struct os_print p = {0};
    struct str s = str_of(0);
    str_add(&s, text);
    os_db_parse(&db, &s, "f", NULL, NULL);
    os_print_set(&p, OS_SEQ, "SP", "3");
    os_print_set(&p, OS_SEQ, "GCD", "1");
    os_print_set(&p, OS_SEQ, "TI", "I");
    os_print_set(&p, OS_T1, "R", "Y");
    os_print_set(&p, OS_T1, "DF", "N");
    os_print_set(&p, OS_T1, "T", "40");
    os_match_find(&db, &p, 0.85, &found);
    CHECK(found.perfect == 2 && found.count == 3);
    CHECK(strcmp(found.match[0].entry->name, "all") == 0); /* of equals the first of the file */
    CHECK(strcmp(found.match[1].entry->name, "same") == 0);
    CHECK(strcmp(found.match[2].entry->name, "most") == 0);
    /* by hand: all weigh 25 + 75 + 100 + 100 + 20 + 15, TG is not in the print; SP does not fit */
    CHECK(fabs(found.match[2].accuracy - 310.0 / 335) < 1e-9);
    CHECK(os_match_accuracy(&db, &db.entry[2], &p) == 0);
    os_match_find(&db, &p, 0, &found);
    CHECK(found.count == 4 && strcmp(found.match[3].entry->name, "none") == 0);
    os_db_done(&db);
    return failed;
}

/* More fit than are kept: the best stay, in order. */
static int many_test(void)
{
    int failed = 0;
    struct os_db db;
    struct os_matches found;
    struct os_print p = {0};
    struct str s = str_of(0);
    str_add(&s, "MatchPoints\nSEQ(SP=10%GCD=90)\n");
    for (int i = 0; i < OS_MATCHES_MAX; i++)
        str_addf(&s, "\nFingerprint worse %d\nSEQ(SP=2%%GCD=1)\n", i);
    str_add(&s, "\nFingerprint best\nSEQ(SP=1%GCD=1)\n");
    os_db_parse(&db, &s, "f", NULL, NULL);
    os_print_set(&p, OS_SEQ, "SP", "1");
    os_print_set(&p, OS_SEQ, "GCD", "1");
    os_match_find(&db, &p, 0.85, &found);
    CHECK(found.count == OS_MATCHES_MAX && found.perfect == 1);
    CHECK(strcmp(found.match[0].entry->name, "best") == 0);
    CHECK(strcmp(found.match[1].entry->name, "worse 0") == 0);
    CHECK(strcmp(found.match[OS_MATCHES_MAX - 1].entry->name, "worse 34") == 0);
    os_db_done(&db);
    return failed;
}

int os_os_match_test(void)
{
    int failed = find_test() + many_test();
    for (size_t i = 0; i < ARRAY_LEN(row); i++)
        CHECK_ROW(i, os_match_fits(row[i].value, row[i].expr, strlen(row[i].expr)) == row[i].fits);
    return failed;
}
