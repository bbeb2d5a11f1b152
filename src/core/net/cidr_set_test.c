/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "check.h"
#include "core/base/rng.h"
#include "core/base/str.h"
#include "core/net/cidr_set.h"

static struct addr of(const char *text)
{
    struct addr a = {0};
    struct err e = {0};
    return addr_parse(&a, text, &e) == 0 ? a : (struct addr){0};
}

/* "a/8 b-c ..." */
static struct cidr_set set_of(const char *text)
{
    struct cidr_set set = {0};
    char word[200];
    for (size_t len; *(text += strspn(text, " ")); text += len) {
        len = strcspn(text, " ");
        memcpy(word, text, len);
        word[len] = '\0';
        char *dash = strchr(word, '-');
        struct cidr c;
        struct err e = {0};
        if (dash) {
            *dash = '\0';
            struct addr first = of(word), last = of(dash + 1);
            cidr_set_add_range(&set, &first, &last);
        } else if (cidr_parse(&c, word, &e) == 0) {
            cidr_set_add(&set, &c);
        }
    }
    cidr_set_seal(&set);
    return set;
}

static const char *text_of(const struct cidr_set *set, struct str *out)
{
    char text[ADDR_TEXT_MAX];
    str_reset(out);
    for (size_t i = 0; i < set->count; i++) {
        str_add(out, i ? " " : "");
        str_add(out, addr_format(&set->range[i].first, text));
        if (addr_compare(&set->range[i].first, &set->range[i].last) != 0) {
            str_add_char(out, '-');
            str_add(out, addr_format(&set->range[i].last, text));
        }
    }
    return str_text(out);
}

static const struct {
    const char *in, *minus, *out; /* minus NULL: only sealed */
} row[] = {
    {"", NULL, ""},
    {"10.0.0.1", NULL, "10.0.0.1"},
    {"10.0.0.1 10.0.0.1", NULL, "10.0.0.1"},
    {"10.0.0.2 10.0.0.1", NULL, "10.0.0.1-10.0.0.2"}, /* they touch */
    {"10.0.0.3 10.0.0.1", NULL, "10.0.0.1 10.0.0.3"},
    {"10.0.0.0/8 10.1.0.0/16", NULL, "10.0.0.0-10.255.255.255"}, /* one inside the other */
    {"10.0.0.0-10.0.0.9 10.0.0.5-10.0.0.20", NULL, "10.0.0.0-10.0.0.20"},
    {"::1 127.0.0.1", NULL, "127.0.0.1 ::1"},
    {"255.255.255.255 ::", NULL, "255.255.255.255 ::"}, /* families do not touch */
    {"0.0.0.0/0 128.0.0.0/1", NULL, "0.0.0.0-255.255.255.255"},
    {"::/0 ff::1", NULL, "::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
    {"fe80::2%3 fe80::1%2", NULL, "fe80::1%2-fe80::2%2"}, /* the scope of the first */
    {"", "10.0.0.0/8", ""},
    {"10.0.0.0/24", "", "10.0.0.0-10.0.0.255"},
    {"10.0.0.0/24", "10.0.0.0/8", ""},
    {"10.0.0.0/24", "10.0.0.0/24", ""},
    {"10.0.0.0/24", "10.0.0.0", "10.0.0.1-10.0.0.255"},
    {"10.0.0.0/24", "10.0.0.255", "10.0.0.0-10.0.0.254"},
    {"10.0.0.0/24", "10.0.0.1 10.0.0.3", "10.0.0.0 10.0.0.2 10.0.0.4-10.0.0.255"},
    {"10.0.0.0/24 10.0.2.0/24", "10.0.0.128-10.0.2.127",
     "10.0.0.0-10.0.0.127 10.0.2.128-10.0.2.255"},
    {"10.0.0.1 10.0.0.3 10.0.0.5", "10.0.0.2-10.0.0.4", "10.0.0.1 10.0.0.5"},
    {"0.0.0.0/0", "0.0.0.0 255.255.255.255", "0.0.0.1-255.255.255.254"},
    {"10.0.0.0/8 ::/0", "0.0.0.0/0 ::1:0-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "::-::ffff"},
    {"fe80::1%2-fe80::4%2", "fe80::2", "fe80::1%2 fe80::3%2-fe80::4%2"},
};

static int check_rows(void)
{
    int failed = 0;
    struct str text = str_of(0);
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        struct cidr_set set = set_of(row[i].in);
        struct cidr_set minus = set_of(row[i].minus ? row[i].minus : "");
        if (row[i].minus)
            cidr_set_subtract(&set, &minus);
        CHECK_ROW(i, strcmp(text_of(&set, &text), row[i].out) == 0 && set.sealed);
        cidr_set_done(&set);
        cidr_set_done(&minus);
    }
    str_done(&text);
    return failed;
}

static const struct {
    const char *addr, *found; /* the range's first address; NULL: none */
    bool has;
} find_row[] = {
    {"10.0.0.0", "10.0.0.1", false}, {"10.0.0.1", "10.0.0.1", true},
    {"10.0.0.9", "10.0.0.1", true},  {"10.0.0.10", "20.0.0.0", false},
    {"20.0.0.0", "20.0.0.0", true},  {"20.0.0.1", "fe80::1%4", false},
    {"::", "fe80::1%4", false},      {"fe80::1%9", "fe80::1%4", true},
    {"fe80::2", NULL, false},
};

static int check_find(void)
{
    int failed = 0;
    struct cidr_set set = set_of("20.0.0.0 10.0.0.1-10.0.0.9 fe80::1%4"), empty = {0};
    for (size_t i = 0; i < ARRAY_LEN(find_row); i++) {
        struct addr a = of(find_row[i].addr),
                    first = of(find_row[i].found ? find_row[i].found : "");
        const struct addr_range *r = cidr_set_find(&set, &a);
        CHECK_ROW(i, (r != NULL) == (find_row[i].found != NULL));
        CHECK_ROW(i, !r || addr_equal(&r->first, &first));
        CHECK_ROW(i, cidr_set_has(&set, &a) == find_row[i].has);
        CHECK_ROW(i, !cidr_set_has(&empty, &a) && !cidr_set_find(&empty, &a));
    }
    cidr_set_done(&set);
    return failed;
}

enum { SPACE = 512 };

static void add_random(struct rng *r, struct cidr_set *set, bool in[2][SPACE])
{
    for (unsigned n = rng_below(r, 12); n > 0; n--) {
        unsigned six = rng_below(r, 2), from = rng_below(r, SPACE), to = from + rng_below(r, 40);
        to = to < SPACE ? to : SPACE - 1;
        uint8_t byte[2][16] = {{[14] = (uint8_t)(from >> 8), [15] = (uint8_t)from},
                               {[14] = (uint8_t)(to >> 8), [15] = (uint8_t)to}};
        struct addr first = six ? addr_ip6(byte[0]) : addr_ip4(from);
        struct addr last = six ? addr_ip6(byte[1]) : addr_ip4(to);
        cidr_set_add_range(set, &first, &last);
        for (unsigned i = from; i <= to; i++)
            in[six][i] = true;
    }
    cidr_set_seal(set);
}

/* Union and difference against one flag an address, in a small corner of both families. */
static int check_against_flags(void)
{
    int failed = 0;
    struct rng r = rng_of(11);
    for (int round = 0; round < 300; round++) {
        bool in[2][SPACE] = {{false}}, out[2][SPACE] = {{false}};
        struct cidr_set set = {0}, minus = {0};
        add_random(&r, &set, in);
        add_random(&r, &minus, out);
        cidr_set_subtract(&set, &minus);
        int wrong = 0;
        for (unsigned i = 0; i < SPACE; i++) {
            uint8_t byte[16] = {[14] = (uint8_t)(i >> 8), [15] = (uint8_t)i};
            struct addr four = addr_ip4(i), six = addr_ip6(byte);
            wrong += cidr_set_has(&set, &four) != (in[0][i] && !out[0][i]);
            wrong += cidr_set_has(&set, &six) != (in[1][i] && !out[1][i]);
        }
        for (size_t i = 1; i < set.count; i++) { /* neither touch nor overlap */
            struct addr behind = set.range[i - 1].last;
            wrong += addr_next(&behind) && addr_compare(&behind, &set.range[i].first) >= 0;
        }
        CHECK_ROW(round, wrong == 0);
        cidr_set_done(&set);
        cidr_set_done(&minus);
    }
    return failed;
}

int net_cidr_set_test(void)
{
    int failed = check_rows() + check_find() + check_against_flags();
    struct cidr_set set = set_of("10.0.0.0/8");
    cidr_set_subtract(&set, &set); /* a set without itself */
    CHECK(set.count == 0 && set.sealed);
    cidr_set_done(&set);
    for (uint32_t i = 0; i < 200000; i++) { /* quadratic work would be felt here */
        struct addr a = addr_ip4(i * 2654435761u);
        cidr_set_add_range(&set, &a, &a);
    }
    cidr_set_seal(&set);
    struct addr some = addr_ip4(77777u * 2654435761u);
    CHECK(cidr_set_has(&set, &some) && set.count > 190000);
    cidr_set_done(&set);
    return failed;
}
