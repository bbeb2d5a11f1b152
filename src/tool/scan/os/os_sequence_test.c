/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/scan/os/os_sequence.h"

#include <string.h>

#include "check.h"
#include "core/base/clock.h"

static const struct {
    uint16_t id[4];
    size_t count;
    bool may_be_random;
    const char *class; /* NULL: none */
} ids[] = {
    {{0, 0, 0}, 3, true, "Z"},
    {{7, 7, 7}, 3, true, "7"},
    {{1, 2, 4}, 3, true, "I"},
    {{65535, 0, 1}, 3, true, "I"},
    {{1, 10, 19}, 3, true, "I"},
    {{1, 11, 21}, 3, true, NULL}, /* too far for I, too near for RI */
    {{1, 1002, 2003}, 3, true, "RI"},
    {{0, 256, 512}, 3, true, "BI"},
    {{0, 5120, 10240}, 3, true, "BI"},
    {{0, 5376, 10752}, 3, true, NULL},
    {{0, 25600, 0}, 2, false, "RI"},
    {{1, 30001, 2}, 3, true, "RD"},
    {{1, 30001}, 2, false, "RI"}, /* of two, nobody can say that they are random */
};

static struct os_seen seen_of(const uint32_t isn[OS_SEQ_PROBES], const uint32_t *stamp)
{
    struct os_seen s = {0};
    for (size_t i = 0; i < OS_SEQ_PROBES; i++)
        s.seq[i] = (struct os_seq_answer){.heard = true,
                                          .isn = isn[i],
                                          .ip_id = (uint16_t)(100 + i),
                                          .has_timestamp = stamp != NULL,
                                          .timestamp = stamp ? stamp[i] : 0,
                                          .sent_ns = NS_PER_S + i * 100 * NS_PER_MS};
    return s;
}

static bool is(const struct os_seen *s, const char *name, const char *want)
{
    const char *got = os_print_get(&s->print, OS_SEQ, name);
    if (!want || !got)
        return want == got;
    return strcmp(got, want) == 0;
}

static int isn_test(void)
{
    int failed = 0;
    /* 64000 a step, evenly: 640,000 a second; 8 log2 of it is 154.3 */
    static const uint32_t even[] = {0, 64000, 128000, 192000, 256000, 320000};
    static const uint32_t same[] = {9, 9, 9, 9, 9, 9};
    static const uint32_t backwards[] = {4294960000U, 64, 1000, 0, 500, 100};
    struct os_seen s = seen_of(even, NULL);
    os_sequence_make(&s);
    CHECK(is(&s, "GCD", "FA00") && is(&s, "ISR", "9A") && is(&s, "SP", "0") && s.sp == 0);
    CHECK(is(&s, "TI", "I") && is(&s, "TS", "U") && is(&s, "CI", NULL) && is(&s, "II", NULL));
    s = seen_of(same, NULL);
    os_sequence_make(&s);
    CHECK(is(&s, "GCD", "0") && is(&s, "ISR", "0") && is(&s, "SP", "0"));
    s = seen_of(backwards, NULL); /* a step backwards counts by its size: 64 - 4294960000 is 7360 */
    os_sequence_make(&s);
    CHECK(is(&s, "GCD", "4") && s.sp > 0);
    s = seen_of(even, NULL);
    s.seq[0].heard = s.seq[2].heard = s.seq[4].heard = false; /* three are too few */
    os_sequence_make(&s);
    CHECK(is(&s, "SP", NULL) && is(&s, "GCD", NULL) && s.sp == -1 && is(&s, "TI", "I"));
    return failed;
}

static const struct {
    uint32_t first, step; /* of the time stamps */
    const char *ts;
} stamps[] = {
    {1000, 100, "A"},                                        /* 1,000 a second */
    {1000, 10, "7"},                                         /* 100 */
    {1000, 25, "8"},                                         /* 250 */
    {1000, 50, "9"},                                         /* 500 */
    {1000, 0, "1"},   {0, 10, "0"}, {4294967290U, 100, "A"}, /* around the end */
};

static int stamps_test(void)
{
    int failed = 0;
    static const uint32_t isn[OS_SEQ_PROBES] = {1, 2, 3, 4, 5, 6};
    for (size_t i = 0; i < ARRAY_LEN(stamps); i++) {
        uint32_t stamp[OS_SEQ_PROBES];
        for (uint32_t n = 0; n < OS_SEQ_PROBES; n++)
            stamp[n] = stamps[i].first + n * stamps[i].step;
        struct os_seen s = seen_of(isn, stamp);
        os_sequence_make(&s);
        CHECK_ROW(i, is(&s, "TS", stamps[i].ts));
    }
    return failed;
}

static int shared_test(void)
{
    int failed = 0;
    static const uint32_t isn[OS_SEQ_PROBES] = {1, 2, 3, 4, 5, 6};
    for (int apart = 0; apart < 2; apart++) {
        struct os_seen s = seen_of(isn, NULL);
        s.heard[OS_PROBE_IE1] = s.heard[OS_PROBE_IE2] = true;
        s.echo_id[0] = apart ? 9000 : 106; /* behind the last SYN-ACK's 105 */
        s.echo_id[1] = (uint16_t)(s.echo_id[0] + 1);
        os_sequence_make(&s);
        CHECK_ROW(apart, is(&s, "II", "I") && is(&s, "SS", apart ? "O" : "S"));
    }
    return failed;
}

int os_os_sequence_test(void)
{
    int failed = isn_test() + stamps_test() + shared_test();
    for (size_t i = 0; i < ARRAY_LEN(ids); i++) {
        char class[8] = "";
        bool some = os_sequence_ids(ids[i].id, ids[i].count, ids[i].may_be_random, class);
        CHECK_ROW(i, some == (ids[i].class != NULL));
        CHECK_ROW(i, !some || strcmp(class, ids[i].class) == 0);
    }
    return failed;
}
