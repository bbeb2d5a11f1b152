/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How many bytes a second are looked through for many literals (each engine), and how many lines a
 * second for one regular expression?  The text is made up of words that share beginnings with the
 * literals, so that the automaton does not idle in its first state. */
#include <string.h>

#include "bench/clock.h"
#include "core/base/attr.h"
#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/match/multi.h"
#include "core/match/regex.h"

enum { LITERALS = 2000, LITERAL_LEN = 8, TEXT_LEN = 1 << 20, LINE_LEN = 100 };

static bool count_hit(void *ctx, uint32_t id, size_t end)
{
    (void)id;
    (void)end;
    ++*(uint64_t *)ctx;
    return true;
}

/* Letters of a small alphabet: beginnings meet often, whole literals seldom. */
static void fill(struct rng *r, char *to, size_t len)
{
    for (size_t i = 0; i < len; i++)
        to[i] = (char)('a' + rng_below(r, 12));
}

static int measure_multi(const char *name, enum multi_engine engine, const char *literals,
                         const char *text)
{
    struct err e = {0};
    struct multi_literal list[LITERALS];
    for (uint32_t i = 0; i < LITERALS; i++)
        list[i] = (struct multi_literal){literals + i * LITERAL_LEN, LITERAL_LEN, i % 2, i};
    struct multi *m;
    if (multi_compile(&m, list, LITERALS, engine, &e) != 0) {
        fprintf(stderr, "%s: %s\n", name, e.text);
        return engine == MULTI_HYPERSCAN ? 0 : 1; /* not built in: no row */
    }
    struct multi_scratch *scratch = multi_scratch_new(m);
    uint64_t start_ns = clock_mono_ns(&clock_system), now_ns = start_ns, hits = 0, bytes = 0;
    while (now_ns - start_ns < bench_run_ns) {
        multi_scan(m, scratch, text, TEXT_LEN, count_hit, &hits);
        bytes += TEXT_LEN;
        now_ns = clock_mono_ns(&clock_system);
    }
    bench_print(name, (double)bytes, now_ns - start_ns, "bytes/s");
    multi_scratch_free(scratch);
    multi_free(m);
    return hits == 0; /* nothing found in a million bytes: something is wrong */
}

static int measure_regex(const char *text)
{
    static const char pattern[] = "(?:ab|cd)[e-h]{2,5}(\\w+)l$";
    struct err e = {0};
    struct regex *r;
    if (regex_compile(&r, pattern, sizeof pattern - 1, 0, &e) != 0) {
        fprintf(stderr, "regex: %s\n", e.text);
        return 1;
    }
    struct regex_match *m = regex_match_new(regex_group_count(r), 0);
    uint64_t start_ns = clock_mono_ns(&clock_system), now_ns = start_ns, lines = 0, hits = 0;
    while (now_ns - start_ns < bench_run_ns) {
        for (size_t at = 0; at + LINE_LEN <= TEXT_LEN; at += LINE_LEN, lines++)
            hits += regex_find(r, m, text + at, LINE_LEN, 0) == REGEX_YES;
        now_ns = clock_mono_ns(&clock_system);
    }
    bench_print("match one regular expression", (double)lines, now_ns - start_ns, "lines/s");
    regex_match_free(m);
    regex_free(r);
    return hits == 0;
}

int main(void)
{
    struct rng r = rng_of(1);
    char *literals = mem_zero((size_t)LITERALS * LITERAL_LEN), *text = mem_zero(TEXT_LEN);
    fill(&r, literals, (size_t)LITERALS * LITERAL_LEN);
    fill(&r, text, TEXT_LEN);
    int failed = measure_multi("match 2,000 literals, automaton", MULTI_AUTOMATON, literals, text);
    failed |= measure_multi("match 2,000 literals, Hyperscan", MULTI_HYPERSCAN, literals, text);
    failed |= measure_regex(text);
    mem_free(text);
    mem_free(literals);
    return failed;
}
