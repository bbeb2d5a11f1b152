/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "check.h"
#include "core/match/regex.h"
#include "tool/scan/service/gram.h"

/* What the key must say of a subject: `may` false only where the pattern cannot match. */
static const struct {
    const char *pattern, *subject;
    bool may;
    uint8_t grams; /* at least */
} row[] = {
    {"^220 ProFTPD", "220 ProFTPD 1.3", true, 3},
    {"^220 ProFTPD", "220 vsFTPd", false, 3},
    {"^SSH-([\\d.]+)-OpenSSH_", "SSH-2.0-OpenSSH_9", true, 4},
    {"^SSH-([\\d.]+)-OpenSSH_", "SSH-2.0-dropbear", false, 4},
    {"Server: NGINX", "server: nginx", true, 3}, /* case is not looked at */
    {"abc|def", "def", true, 0},                 /* an alternative at the top */
    {"(abc|def)ghi", "defghi", true, 1},
    {"abcd?xyz", "abcxyz", true, 1},
    {"abc*xyz", "abxyz", true, 1},
    {"abc+xyz", "abccxyz", true, 2},
    {"abcd{0,2}xyz", "abcxyz", true, 1},
    {"abc{2|def", "def", true, 0}, /* an open brace bounds nothing, either */
    {"a{b}c", "a{b}c", true, 1},   /* a brace that bounds nothing */
    {"\\x41\\x42\\x43", "abc", true, 1},
    {"\\0\\0\\x0a", "xyz", false, 1},
    {"[abc]def[^]]ghi", "adefxghi", true, 2},
    {"[a[:]def|", "x", true, 0}, /* no named class: the bracket ends it */
    {"[[:alpha:]]def", "ydef", true, 1},
    {"(?i)abc", "ABC", true, 1},
    {"(?x)a b c d", "abcd", true, 0},
    {"\\Qa.b.c\\E", "a.b.c", true, 0},
    {"ab", "", true, 0},
    {"", "", true, 0},
    {"a\\", "a", true, 0},
    {"[", "a", true, 0},
    {"((((", "a", true, 0},
    {"abc\\1def", "abcdef", true, 2},
};

int service_gram_test(void)
{
    int failed = 0;
    static struct gram_set set;
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        struct gram_key key = gram_key_of(row[i].pattern, strlen(row[i].pattern));
        gram_set_clear(&set);
        gram_set_add(&set, row[i].subject, strlen(row[i].subject));
        CHECK_ROW(i, gram_set_may_match(&set, &key) == row[i].may);
        CHECK_ROW(i, key.count >= row[i].grams);
    }
    char longer[200];
    memset(longer, 'a', sizeof longer);
    struct gram_key key = gram_key_of(longer, sizeof longer);
    CHECK(key.count <= GRAM_KEY_MAX);
    gram_set_add(&set, longer, sizeof longer);
    CHECK(gram_set_may_match(&set, &key));
    return failed;
}
