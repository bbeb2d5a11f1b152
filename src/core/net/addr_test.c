/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

#include "check.h"
#include "core/base/rng.h"
#include "core/net/addr.h"

/* What is read, and how it is written again (RFC 5952). */
static const struct {
    const char *text, *canonical; /* canonical NULL: refused */
} text_row[] = {
    {"0.0.0.0", "0.0.0.0"},
    {"255.255.255.255", "255.255.255.255"},
    {"192.0.2.7", "192.0.2.7"},
    {"", NULL},
    {"1", NULL},
    {"1.2.3", NULL},
    {"1.2.3.", NULL},
    {"1.2.3.4.", NULL},
    {"1.2.3.4.5", NULL},
    {".1.2.3", NULL},
    {"1..2.3", NULL},
    {"256.1.1.1", NULL},
    {"1.1.1.99999999999999999999", NULL},
    {"01.2.3.4", NULL},
    {"00.0.0.0", NULL},
    {"1.2.3.0x4", NULL},
    {"1.2.3.4 ", NULL},
    {" 1.2.3.4", NULL},
    {"+1.2.3.4", NULL},
    {"1.2.3.4%1", NULL},
    {"::", "::"},
    {"::1", "::1"},
    {"1::", "1::"},
    {"0:0:0:0:0:0:0:0", "::"},
    {"2001:DB8::A", "2001:db8::a"},                   /* 4.3: lower case */
    {"2001:0db8::0001", "2001:db8::1"},               /* 4.1: no leading zeros */
    {"2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"}, /* 4.2.2: one group is no run */
    {"2001:db8::1:1:1:1:1", "2001:db8:0:1:1:1:1:1"},  /* the same, shortened on the way in */
    {"2001:0:0:1:0:0:0:1", "2001:0:0:1::1"},          /* 4.2.3: the longest run */
    {"2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"},    /* 4.2.3: the first of equals */
    {"0:0:1:2:3:4:5:6", "::1:2:3:4:5:6"},             /* a run at the start */
    {"1:2:3:4:5:6:0:0", "1:2:3:4:5:6::"},             /* and at the end */
    {"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
    {"::ffff:192.0.2.1", "::ffff:192.0.2.1"}, /* 5: known to hold IPv4 */
    {"::ffff:c000:201", "::ffff:192.0.2.1"},
    {"::192.0.2.1", "::c000:201"}, /* the compatible form is history (RFC 4291 2.5.5.1) */
    {"64:ff9b::192.0.2.33", "64:ff9b::c000:221"},
    {"1:2:3:4:5:6:192.0.2.1", "1:2:3:4:5:6:c000:201"},
    {"1:2:3:4:5:6:7:192.0.2.1", NULL}, /* too long by one group */
    {"::1.2.3.4:5", NULL},             /* IPv4 only at the end */
    {"::1.2.3", NULL},
    {"::01.2.3.4", NULL},
    {":", NULL},
    {":::", NULL},
    {":1", NULL},
    {"1:", NULL},
    {"1::2:", NULL},
    {"1::2::3", NULL},
    {"1:2:3:4:5:6:7", NULL},
    {"1:2:3:4:5:6:7:8:9", NULL},
    {"1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"},
    {"1:2:3:4:5:6:7:8::", NULL}, /* "::" is one group at least */
    {"::1:2:3:4:5:6:7:8", NULL},
    {"12345::", NULL},
    {"g::", NULL},
    {"[::1]", NULL},
    {"::1/64", NULL},
    {"fe80::1%2", "fe80::1%2"},
    {"fe80::1%4294967295", "fe80::1%4294967295"},
    {"fe80::1%4294967296", NULL}, /* one above the last interface */
    {"fe80::1%", NULL},
    {"fe80::1%eth0", NULL},
    {"fe80::1%02", NULL},
    {"fe80::1%2%3", NULL},
    {"ff02::1%3", "ff02::1%3"},
    {"ff0e::1%3", NULL}, /* global multicast has no scope */
    {"2001:db8::1%3", NULL},
};

static int check_text(void)
{
    int failed = 0;
    for (size_t i = 0; i < ARRAY_LEN(text_row); i++) {
        struct addr a = {.family = 99}, again;
        struct err e = {0};
        char to[ADDR_TEXT_MAX];
        int rc = addr_parse(&a, text_row[i].text, &e);
        if (!text_row[i].canonical) {
            CHECK_ROW(i, rc == -EINVAL && e.code == -EINVAL && e.text[0]);
            CHECK_ROW(i, a.family == 99); /* an output is written only on success */
            continue;
        }
        CHECK_ROW(i, rc == 0 && strcmp(addr_format(&a, to), text_row[i].canonical) == 0);
        CHECK_ROW(i, addr_parse(&again, to, &e) == 0 && addr_equal(&a, &again));
    }
    struct addr part, none = {0};
    struct err e = {0};
    char to[ADDR_TEXT_MAX] = "x";
    CHECK(addr_parse_len(&part, "10.0.0.17", 8, &e) == 0 && addr_ip4_value(&part) == 0x0a000001);
    CHECK(addr_parse_len(&part, "10.0.0.1", 0, &e) == -EINVAL);
    CHECK(strcmp(addr_format(&none, to), "") == 0);
    CHECK(addr_parse(&part, "1.2.3", &e) != 0 && strstr(e.text, "\"1.2.3\""));
    return failed;
}

/* The C library reads the same language, scopes apart: hold both together on texts that are nearly
 * right. */
static int check_oracle(void)
{
    static const char letter[] = "::::.012f9";
    static const char *const start[] = {"1.2.3.4",   "::",     "1:2:3:4:5:6:7:8",
                                        "::1.2.3.4", "a::b:c", "1:2:3:4:5:6:1.2.3.4"};
    int failed = 0, good = 0;
    struct rng r = rng_of(7);
    for (long i = 0; i < 60000; i++) {
        char text[64];
        strncpy(text, start[rng_below(&r, ARRAY_LEN(start))], sizeof text - 1);
        text[sizeof text - 1] = '\0';
        for (unsigned n = rng_below(&r, 4); n > 0; n--)
            text[rng_below(&r, (uint32_t)strlen(text))] = letter[rng_below(&r, sizeof letter - 1)];
        bool six = strchr(text, ':') != NULL;
        uint8_t want[16] = {0};
        bool want_good = inet_pton(six ? AF_INET6 : AF_INET, text, want) == 1;
        struct addr a;
        struct err e = {0};
        bool is_good = addr_parse(&a, text, &e) == 0;
        CHECK_ROW(i, is_good == want_good);
        CHECK_ROW(i, !is_good || !want_good || memcmp(a.byte, want, six ? 16 : 4) == 0);
        good += is_good;
    }
    CHECK(good > 5000 && good < 55000); /* both answers were tried */
    return failed;
}

static const struct {
    const char *text;
    bool (*is)(const struct addr *);
    bool want;
} kind_row[] = {
    {"0.0.0.0", addr_is_unspecified, true},
    {"0.0.0.1", addr_is_unspecified, false},
    {"::", addr_is_unspecified, true},
    {"::1", addr_is_unspecified, false},
    {"126.255.255.255", addr_is_loopback, false},
    {"127.0.0.0", addr_is_loopback, true},
    {"127.255.255.255", addr_is_loopback, true},
    {"128.0.0.0", addr_is_loopback, false},
    {"::1", addr_is_loopback, true},
    {"::2", addr_is_loopback, false},
    {"::ffff:127.9.9.9", addr_is_loopback, true},
    {"::ffff:128.0.0.1", addr_is_loopback, false},
    {"169.254.0.0", addr_is_link_local, true},
    {"169.255.0.0", addr_is_link_local, false},
    {"fe7f::", addr_is_link_local, false},
    {"fe80::", addr_is_link_local, true},
    {"febf:ffff::", addr_is_link_local, true},
    {"fec0::", addr_is_link_local, false},
    {"223.255.255.255", addr_is_multicast, false},
    {"224.0.0.0", addr_is_multicast, true},
    {"239.255.255.255", addr_is_multicast, true},
    {"240.0.0.0", addr_is_multicast, false},
    {"ff00::", addr_is_multicast, true},
    {"feff::", addr_is_multicast, false},
    {"10.0.0.0", addr_is_private, true},
    {"11.0.0.0", addr_is_private, false},
    {"172.15.255.255", addr_is_private, false},
    {"172.16.0.0", addr_is_private, true},
    {"172.31.255.255", addr_is_private, true},
    {"172.32.0.0", addr_is_private, false},
    {"192.168.255.255", addr_is_private, true},
    {"192.169.0.0", addr_is_private, false},
    {"100.63.255.255", addr_is_private, false},
    {"100.64.0.0", addr_is_private, true},
    {"100.127.255.255", addr_is_private, true},
    {"100.128.0.0", addr_is_private, false},
    {"fbff::", addr_is_private, false},
    {"fc00::", addr_is_private, true},
    {"fdff::", addr_is_private, true},
    {"fe00::", addr_is_private, false},
};

static int check_kinds(void)
{
    int failed = 0;
    for (size_t i = 0; i < ARRAY_LEN(kind_row); i++) {
        struct addr a = {0};
        struct err e = {0};
        CHECK_ROW(i, addr_parse(&a, kind_row[i].text, &e) == 0);
        CHECK_ROW(i, kind_row[i].is(&a) == kind_row[i].want);
    }
    struct addr none = {0};
    CHECK(!addr_is_unspecified(&none) && addr_bits(&none) == 0);
    return failed;
}

static struct addr of(const char *text)
{
    struct addr a = {0};
    struct err e = {0};
    return addr_parse(&a, text, &e) == 0 ? a : (struct addr){0};
}

static const struct {
    const char *low, *high;
} order_row[] = {
    {"255.255.255.255", "::"}, {"1.2.3.4", "1.2.3.5"},     {"9.0.0.0", "10.0.0.0"},
    {"::1", "::1:0"},          {"fe80::1%1", "fe80::1%2"}, {"fe80::1%9", "fe80::2%1"},
};

static int check_order(void)
{
    int failed = 0;
    for (size_t i = 0; i < ARRAY_LEN(order_row); i++) {
        struct addr low = of(order_row[i].low), high = of(order_row[i].high);
        CHECK_ROW(i, addr_compare(&low, &high) < 0 && addr_compare(&high, &low) > 0);
        CHECK_ROW(i, addr_compare(&low, &low) == 0 && !addr_equal(&low, &high));
    }
    struct addr a = of("10.0.0.255"), b = of("10.0.1.0");
    CHECK(addr_next(&a) && addr_equal(&a, &b));
    a = of("::ffff:ffff"), b = of("::1:0:0");
    CHECK(addr_next(&a) && addr_equal(&a, &b));
    a = of("255.255.255.255"), b = of("0.0.0.0");
    CHECK(!addr_next(&a) && addr_equal(&a, &b));
    a = of("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"), b = of("::");
    CHECK(!addr_next(&a) && addr_equal(&a, &b));
    a = (struct addr){0};
    CHECK(!addr_next(&a));
    a = of("::ffff:1.2.3.4"), b = of("1.2.3.4");
    struct addr inner = addr_unmap(&a), same = addr_unmap(&b);
    CHECK(addr_equal(&inner, &b) && addr_equal(&same, &b) && addr_ip4_value(&inner) == 0x01020304);
    a = addr_ip4(0x01020304);
    CHECK(addr_equal(&a, &b));
    return failed;
}

static const struct {
    const char *text, *canonical, *last; /* canonical NULL: refused */
} cidr_row[] = {
    {"10.1.2.3/8", "10.0.0.0/8", "10.255.255.255"},
    {"10.1.2.3", "10.1.2.3/32", "10.1.2.3"},
    {"10.1.2.3/0", "0.0.0.0/0", "255.255.255.255"},
    {"10.1.2.3/31", "10.1.2.2/31", "10.1.2.3"},
    {"10.1.255.3/19", "10.1.224.0/19", "10.1.255.255"},
    {"2001:db8::1/33", "2001:db8::/33", "2001:db8:7fff:ffff:ffff:ffff:ffff:ffff"},
    {"::1", "::1/128", "::1"},
    {"::1/0", "::/0", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
    {"fe80::1%3/64", "fe80::%3/64", "fe80::ffff:ffff:ffff:ffff%3"},
    {"fe80::1%3/0", "::/0", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"}, /* no link is left */
    {"10.0.0.0/33", NULL, NULL},                                        /* one above */
    {"::/129", NULL, NULL},
    {"10.0.0.0/", NULL, NULL},
    {"10.0.0.0/08", NULL, NULL},
    {"10.0.0.0/8/8", NULL, NULL},
    {"10.0.0.0/-1", NULL, NULL},
    {"10.0.0.0/255.0.0.0", NULL, NULL},
    {"/8", NULL, NULL},
    {"", NULL, NULL},
};

static int check_cidr(void)
{
    int failed = 0;
    for (size_t i = 0; i < ARRAY_LEN(cidr_row); i++) {
        struct cidr c;
        struct err e = {0};
        char to[CIDR_TEXT_MAX], last_text[ADDR_TEXT_MAX];
        int rc = cidr_parse(&c, cidr_row[i].text, &e);
        CHECK_ROW(i, rc == (cidr_row[i].canonical ? 0 : -EINVAL));
        if (rc != 0)
            continue;
        struct addr last = cidr_last(&c), behind = last;
        CHECK_ROW(i, strcmp(cidr_format(&c, to), cidr_row[i].canonical) == 0);
        CHECK_ROW(i, strcmp(addr_format(&last, last_text), cidr_row[i].last) == 0);
        CHECK_ROW(i, cidr_contains(&c, &c.base) && cidr_contains(&c, &last));
        CHECK_ROW(i, !addr_next(&behind) || !cidr_contains(&c, &behind));
    }
    struct addr four = of("10.0.0.1"), six = of("::1");
    struct cidr all4 = cidr_of(&four, 0), all6 = cidr_of(&six, 0), one = cidr_of(&four, 200);
    CHECK(!cidr_contains(&all4, &six) && !cidr_contains(&all6, &four));
    CHECK(one.prefix_len == 32 && addr_equal(&one.base, &four));
    return failed;
}

int net_addr_test(void)
{
    return check_text() + check_oracle() + check_kinds() + check_order() + check_cidr();
}
