/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/outlet/scan_words.h"

#include <string.h>

#include "check.h"

int outlet_scan_words_test(void);

static int check_latency(void)
{
    int failed = 0;
    static const struct {
        uint64_t us;
        const char *text;
    } row[] = {
        {6, "0.0000060"}, {10, "0.000010"}, {82, "0.000082"},   {100, "0.00010"},
        {179, "0.00018"}, {1234, "0.0012"}, {99999, "0.10"},    {1200000, "1.2"},
        {0, "0.0"},       {12500000, "12"}, {100000000, "100"},
    };
    struct str out = str_of(0);
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        str_reset(&out);
        scan_words_latency(&out, row[i].us);
        CHECK_ROW(i, strcmp(out.text, row[i].text) == 0);
    }
    str_done(&out);
    return failed;
}

static int check_clean(void)
{
    int failed = 0;
    static const struct {
        const char *text, *clean;
    } row[] = {
        {"plain / \"<&>\"", "plain / \"<&>\""},
        {"\x1b[2J\x07\x7f\r\n", "\\x1B[2J\\x07\\x7F\\x0D\\x0A"},
        {"a\tb", "a\tb"},
        {"caf\xc3\xa9", "caf\xc3\xa9"},
        {"\xc2\x9b"
         "31m",
         "\\xC2\\x9B31m"},          /* C1: CSI in one character */
        {"\xff\xc3", "\\xFF\\xC3"}, /* no UTF-8 */
        {"\xe2\x80\xae"
         "txt",
         "\\xE2\\x80\\xAEtxt"},              /* right-to-left override */
        {"\xe2\x81\xa6", "\\xE2\\x81\\xA6"}, /* isolate */
        {"\xe2\x80\x8f", "\xe2\x80\x8f"},    /* a mark may stay */
        {"", ""},
    };
    struct str out = str_of(0);
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        str_reset(&out);
        scan_words_clean(&out, row[i].text);
        CHECK_ROW(i, strcmp(str_text(&out), row[i].clean) == 0);
    }
    str_done(&out);
    return failed;
}

static int check_date(void)
{
    int failed = 0;
    struct str out = str_of(0);
    scan_words_date(&out, UINT64_C(1793700123) * 1000000000);
    CHECK(strcmp(out.text, "Tue Nov  3 10:02:03 2026") == 0); /* a day of one digit is padded */
    str_done(&out);
    return failed;
}

static int check_services(void)
{
    int failed = 0;
    const struct scan_head head = {.version_scan = true}, plain = {0};
    static const struct {
        struct scan_port port;
        const char *probed, *plain;
    } row[] = {
        {{.state = SCAN_OPEN, .service = {.name = "http", .confidence = 3}}, "http?", "http"},
        {{.state = SCAN_OPEN, .service = {.name = "http", .confidence = 10}}, "http", "http"},
        {{.state = SCAN_CLOSED, .service = {.name = "http", .confidence = 3}}, "http", "http"},
        {{.state = SCAN_OPEN, .service = {.name = "unknown", .confidence = 3}},
         "unknown",
         "unknown"},
        {{.state = SCAN_OPEN}, "unknown", "unknown"},
        {{.state = SCAN_OPEN, .service = {.name = "http", .ssl = true, .confidence = 5}},
         "ssl/http?",
         "ssl/http"},
        {{.state = SCAN_OPEN, .service = {.ssl = true}}, "ssl/unknown", "ssl/unknown"},
    };
    struct str out = str_of(0);
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        str_reset(&out);
        scan_words_service(&out, &head, &row[i].port);
        CHECK_ROW(i, strcmp(out.text, row[i].probed) == 0);
        str_reset(&out);
        scan_words_service(&out, &plain, &row[i].port);
        CHECK_ROW(i, strcmp(out.text, row[i].plain) == 0);
    }
    str_done(&out);
    return failed;
}

static int check_versions(void)
{
    int failed = 0;
    static const struct {
        struct scan_service service;
        const char *text;
    } row[] = {
        {{0}, ""},
        {{.product = "P"}, "P"},
        {{.version = "1"}, "1"},
        {{.extra_info = "x"}, "(x)"},
        {{.product = "P", .version = "1", .extra_info = "x\n"}, "P 1 (x\\x0A)"},
    };
    struct str out = str_of(0);
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        str_reset(&out);
        scan_words_version(&out, &row[i].service);
        CHECK_ROW(i, strcmp(str_text(&out), row[i].text) == 0);
    }
    str_done(&out);
    return failed;
}

static int check_totals(void)
{
    int failed = 0;
    static const struct {
        size_t total, up;
        const char *text;
    } row[] = {
        {0, 0, "0 IP addresses (0 hosts up) scanned in 1.26 seconds"},
        {1, 1, "1 IP address (1 host up) scanned in 1.26 seconds"},
        {2, 1, "2 IP addresses (1 host up) scanned in 1.26 seconds"},
        {2, 2, "2 IP addresses (2 hosts up) scanned in 1.26 seconds"},
    };
    struct str out = str_of(0);
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        const struct scan_tail tail = {
            .hosts_total = row[i].total, .hosts_up = row[i].up, .elapsed_s = 1.257};
        str_reset(&out);
        scan_words_totals(&out, &tail);
        CHECK_ROW(i, strcmp(out.text, row[i].text) == 0);
    }
    str_done(&out);
    return failed;
}

static int check_shown(void)
{
    int failed = 0;
    static const struct scan_port open = {.state = SCAN_OPEN}, closed = {.state = SCAN_CLOSED},
                                  maybe = {.state = SCAN_OPEN_FILTERED};
    static const struct {
        struct scan_head head;
        struct scan_host host;
        bool shown;
    } row[] = {
        {{0}, {.state = SCAN_HOST_UP}, true},
        {{0}, {.state = SCAN_HOST_DOWN}, false},
        {{.verbosity = 1}, {.state = SCAN_HOST_DOWN}, true},
        {{.verbosity = 1, .open_only = true}, {.state = SCAN_HOST_DOWN}, false},
        {{.debugging = 1, .open_only = true}, {.state = SCAN_HOST_DOWN}, true},
        {{0}, {.listed_only = true}, true},
        {{.open_only = true}, {.state = SCAN_HOST_UP}, true}, /* -sn --open */
        {{.open_only = true}, {.state = SCAN_HOST_UP, .ports_scanned = true}, false},
        {{.open_only = true},
         {.state = SCAN_HOST_UP, .ports_scanned = true, .port = &open, .port_count = 1},
         true},
        {{.open_only = true},
         {.state = SCAN_HOST_UP, .ports_scanned = true, .port = &maybe, .port_count = 1},
         true},
        {{.open_only = true},
         {.state = SCAN_HOST_UP, .ports_scanned = true, .port = &closed, .port_count = 1},
         false},
        {{.open_only = true},
         {.state = SCAN_HOST_UP, .ports_scanned = true, .timed_out = true},
         true},
    };
    for (size_t i = 0; i < ARRAY_LEN(row); i++)
        CHECK_ROW(i, scan_words_shows_host(&row[i].head, &row[i].host) == row[i].shown);
    return failed;
}

static int check_trace_proto(void)
{
    int failed = 0;
    static const struct {
        struct scan_trace trace;
        const char *text;
    } row[] = {
        {{.proto = SCAN_TCP, .port = 80}, "tcp"},     {{.proto = SCAN_SCTP, .port = 80}, "sctp"},
        {{.proto = SCAN_IP, .port = 1}, "icmp"},      {{.proto = SCAN_IP, .port = 58}, "ipv6-icmp"},
        {{.proto = SCAN_IP, .port = 65535}, "65535"},
    };
    char room[SCAN_WORDS_PROTO_MAX];
    for (size_t i = 0; i < ARRAY_LEN(row); i++)
        CHECK_ROW(i, strcmp(scan_words_trace_proto(&row[i].trace, room), row[i].text) == 0);
    return failed;
}

int outlet_scan_words_test(void)
{
    return check_latency() + check_clean() + check_date() + check_services() + check_versions() +
           check_totals() + check_shown() + check_trace_proto();
}
