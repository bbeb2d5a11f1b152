/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The door to PCRE2.  What this file adds to the library is a bound on the cost of a search: PCRE2
 * counts its steps anew at each place where a match may start, so that a pattern such as
 * "(?:a|b)+[cd]" stays under any limit and still takes a time that grows with the square of the
 * subject.  Not bounded so: patterns with \G or a verb, which cannot be searched for in parts, and
 * the loops of the interpreter over one character, which it does not count. */
#include "core/match/regex.h"

#include <errno.h>
#include <string.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "core/base/mem.h"

enum {
    /* Measured: a step takes about 2 ns in just-in-time code and 20 ns without.  A search takes at
     * most some seven times its limit (see find_slowly). */
    COST_JIT = 300000,
    COST_NO_JIT = 30000,
    COST_CHEAP_MIN = 32, /* each start may cost so much without being looked at by itself */
    CHUNK = 256,         /* starts that are tried together once a start was not cheap */
    JIT_STACK_FIRST = 32 << 10,
    JIT_STACK_MAX = 4 << 20, /* address space; what is not used is not taken */
    HEAP_MAX_KIB = 8 << 10,  /* what the interpreter may take for its frames */
};

struct regex {
    pcre2_code *code;
    uint32_t group_count;
    bool is_jit, is_utf;
    bool one_start; /* it matches where the search begins or not at all */
    bool may_split; /* the search may be cut into several */
};

struct regex_match {
    pcre2_match_data *data;
    pcre2_match_context *context;
    pcre2_jit_stack *stack;
    uint32_t cost_limit;
    unsigned group_count; /* groups of the last match that data has; 0: there is none */
};

/* One search: what stays the same while it is cut into parts. */
struct search {
    const struct regex *r;
    struct regex_match *m;
    const uint8_t *subject;
    size_t len;
    uint32_t cheap, budget; /* steps a start may take unseen; what the dear ones have left */
};

static const struct {
    unsigned flag;
    uint32_t option;
} flag_row[] = {
    {REGEX_CASELESS, PCRE2_CASELESS},
    {REGEX_DOTALL, PCRE2_DOTALL},
    {REGEX_MULTILINE, PCRE2_MULTILINE},
    {REGEX_EXTENDED, PCRE2_EXTENDED},
    {REGEX_ANCHORED, PCRE2_ANCHORED},
    {REGEX_UNGREEDY, PCRE2_UNGREEDY},
    {REGEX_DOLLAR_ENDONLY, PCRE2_DOLLAR_ENDONLY},
    {REGEX_UCP, PCRE2_UCP},
    {REGEX_ALT_CIRCUMFLEX, PCRE2_ALT_CIRCUMFLEX},
    {REGEX_UTF, PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | PCRE2_NEVER_BACKSLASH_C},
};

static uint32_t options_of(unsigned flags)
{
    /* "(*UTF)" in a pattern would make bytes that are no UTF-8 an error of each match */
    uint32_t options = PCRE2_USE_OFFSET_LIMIT | (flags & REGEX_UTF ? 0 : PCRE2_NEVER_UTF);
    for (size_t i = 0; i < ARRAY_COUNT(flag_row); i++)
        if (flags & flag_row[i].flag)
            options |= flag_row[i].option;
    return options;
}

static bool has_bytes(const char *pattern, size_t len, const char *bytes)
{
    return memmem(pattern, len, bytes, strlen(bytes)) != NULL;
}

/* Learn what the search has to know of the compiled pattern. */
static void describe(struct regex *r, const char *pattern, size_t len, unsigned flags)
{
    uint32_t options = 0;
    pcre2_pattern_info(r->code, PCRE2_INFO_ALLOPTIONS, &options);
    pcre2_pattern_info(r->code, PCRE2_INFO_CAPTURECOUNT, &r->group_count);
    r->is_jit = !(flags & REGEX_NO_JIT) && pcre2_jit_compile(r->code, PCRE2_JIT_COMPLETE) == 0;
    r->is_utf = flags & REGEX_UTF;
    r->one_start = options & PCRE2_ANCHORED;
    /* \G and verbs such as (*COMMIT) see where a search begins */
    r->may_split = !has_bytes(pattern, len, "\\G") && !has_bytes(pattern, len, "(*");
}

int regex_compile(struct regex **out, const char *pattern, size_t len, unsigned flags,
                  struct err *e)
{
    int fault = 0;
    PCRE2_SIZE fault_at = 0;
    if (len > REGEX_PATTERN_MAX)
        return err_set(e, -EFBIG, "the pattern is over %d bytes", REGEX_PATTERN_MAX);
    struct regex r = {.code = pcre2_compile((PCRE2_SPTR)(len ? pattern : ""), len,
                                            options_of(flags), &fault, &fault_at, NULL)};
    if (!r.code) {
        char why[160];
        pcre2_get_error_message(fault, (PCRE2_UCHAR *)why, sizeof why);
        return err_set(e, fault == PCRE2_ERROR_PATTERN_TOO_LARGE ? -EFBIG : -EINVAL,
                       "byte %zu of the pattern: %s", fault_at, why);
    }
    describe(&r, pattern, len, flags);
    if (r.group_count > REGEX_GROUPS_MAX) {
        pcre2_code_free(r.code);
        return err_set(e, -EFBIG, "the pattern has over %d groups", REGEX_GROUPS_MAX);
    }
    *out = mem_zero(sizeof **out);
    **out = r;
    return 0;
}

void regex_free(struct regex *r)
{
    if (r)
        pcre2_code_free(r->code);
    mem_free(r);
}

unsigned regex_group_count(const struct regex *r)
{
    return r->group_count;
}

int regex_group_number(const struct regex *r, const char *name)
{
    int number = pcre2_substring_number_from_name(r->code, (PCRE2_SPTR)name);
    return number > 0 ? number : -1;
}

struct regex_match *regex_match_new(unsigned groups, uint32_t cost_limit)
{
    struct regex_match *m = mem_zero(sizeof *m);
    m->cost_limit = cost_limit;
    m->data = pcre2_match_data_create(groups + 1, NULL);
    m->context = pcre2_match_context_create(NULL);
    if (!m->data || !m->context)
        mem_exhausted(sizeof *m);
    /* without a stack of its own, just-in-time code makes do with 32 KiB of the thread's */
    m->stack = pcre2_jit_stack_create(JIT_STACK_FIRST, JIT_STACK_MAX, NULL);
    pcre2_jit_stack_assign(m->context, NULL, m->stack);
    pcre2_set_heap_limit(m->context, HEAP_MAX_KIB);
    return m;
}

void regex_match_free(struct regex_match *m)
{
    if (!m)
        return;
    pcre2_match_data_free(m->data);
    pcre2_match_context_free(m->context);
    pcre2_jit_stack_free(m->stack);
    mem_free(m);
}

/* Try the starts first..last, none of which may take more than `cost` steps.  Whatever is neither a
 * match nor none is a limit: of steps, of stack, of heap, of recursion. */
static enum regex_verdict try_starts(const struct search *s, size_t first, size_t last,
                                     uint32_t cost)
{
    pcre2_set_match_limit(s->m->context, cost);
    pcre2_set_offset_limit(s->m->context, last);
    /* The direct way into machine code leaves out checks of the arguments, which are ours, and of
     * UTF, which is not there. */
    int rc =
        s->r->is_jit && !s->r->is_utf
            ? pcre2_jit_match(s->r->code, s->subject, s->len, first, 0, s->m->data, s->m->context)
            : pcre2_match(s->r->code, s->subject, s->len, first, 0, s->m->data, s->m->context);
    /* in bytes that are no UTF-8, the interpreter takes the first good one for the beginning */
    bool elsewhere = rc >= 0 && s->r->one_start && pcre2_get_startchar(s->m->data) != first;
    if (rc == PCRE2_ERROR_NOMATCH || elsewhere)
        return REGEX_NO;
    return rc >= 0 ? REGEX_YES : REGEX_LIMIT;
}

/* A start that is not cheap may take what the others have left of the budget.  What it took is not
 * told, so it is tried with more and more; the tries that failed are paid for. */
static enum regex_verdict try_dear_start(struct search *s, size_t at)
{
    uint32_t cost = s->cheap;
    while (s->budget > cost) {
        s->budget -= cost;
        cost = cost > s->budget / 4 ? s->budget : cost * 4;
        enum regex_verdict verdict = try_starts(s, at, at, cost);
        if (verdict != REGEX_LIMIT)
            return verdict;
    }
    return REGEX_LIMIT;
}

/* The last start of those from `at` on that are tried together.  The bytes inside a code point are
 * no starts, and PCRE2 takes none of them for the beginning of a search. */
static size_t chunk_end(const struct search *s, size_t at, size_t count)
{
    size_t last = s->len - at < count ? s->len : at + count - 1;
    while (s->r->is_utf && last + 1 < s->len && (s->subject[last + 1] & 0xc0) == 0x80)
        last++;
    return last;
}

static enum regex_verdict try_one_by_one(struct search *s, size_t first, size_t last)
{
    for (size_t at = first, end; at <= last; at = end + 1) {
        end = chunk_end(s, at, 1);
        enum regex_verdict verdict = try_starts(s, at, end, s->cheap);
        if (verdict == REGEX_LIMIT)
            verdict = try_dear_start(s, at);
        if (verdict != REGEX_NO)
            return verdict;
    }
    return REGEX_NO;
}

/* Some start is not cheap.  All starts are tried once more, a chunk at a time, and those of a chunk
 * that has a dear one each by itself.  So a cheap start is tried three times at most, and the dear
 * ones share the budget: in all no more than some seven times the limit. */
static enum regex_verdict find_slowly(struct search *s, size_t from)
{
    for (size_t at = from, end; at <= s->len; at = end + 1) {
        end = chunk_end(s, at, CHUNK);
        enum regex_verdict verdict = try_starts(s, at, end, s->cheap);
        if (verdict == REGEX_LIMIT)
            verdict = try_one_by_one(s, at, end);
        if (verdict != REGEX_NO)
            return verdict;
    }
    return REGEX_NO;
}

enum regex_verdict regex_find(const struct regex *r, struct regex_match *m, const void *subject,
                              size_t len, size_t from)
{
    m->group_count = 0;
    if (from > len)
        return REGEX_NO;
    uint32_t budget = m->cost_limit ? m->cost_limit : r->is_jit ? COST_JIT : COST_NO_JIT;
    size_t share = budget / (len - from + 1);
    struct search s = {
        .r = r,
        .m = m,
        .subject = len ? subject : (const uint8_t *)"",
        .len = len,
        .cheap = share > COST_CHEAP_MIN ? (uint32_t)share : COST_CHEAP_MIN,
        .budget = budget,
    };
    bool whole = r->one_start || !r->may_split;
    enum regex_verdict verdict = try_starts(&s, from, len, whole ? budget : s.cheap);
    if (verdict == REGEX_LIMIT && !whole)
        verdict = find_slowly(&s, from);
    if (verdict == REGEX_YES) {
        uint32_t room = pcre2_get_ovector_count(m->data);
        m->group_count = r->group_count + 1 < room ? r->group_count + 1 : room;
    }
    return verdict;
}

bool regex_group(const struct regex_match *m, unsigned n, size_t *out_from, size_t *out_to)
{
    const PCRE2_SIZE *at = pcre2_get_ovector_pointer(m->data);
    if (n >= m->group_count || at[2 * n] == PCRE2_UNSET)
        return false;
    *out_from = at[2 * n];
    *out_to = at[2 * n + 1];
    return true;
}
