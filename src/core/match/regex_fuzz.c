/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Flags, the pattern's length, the pattern, the subject.  With and without just-in-time code the
 * answers are the same, where neither gave up, and where PCRE2 itself has one: what "\z" finds
 * before bytes that are no UTF-8 is not the same in both. */
#include <assert.h>

#include "core/base/bytes.h"
#include "core/match/regex.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct answer {
    enum regex_verdict verdict;
    size_t from, to;
};

static struct answer find(const char *pattern, size_t pattern_len, unsigned flags,
                          const struct bytes_in *subject)
{
    struct answer a = {REGEX_LIMIT, 0, 0};
    struct regex *r = NULL;
    struct err e = {0};
    if (regex_compile(&r, pattern, pattern_len, flags, &e) != 0) {
        assert(e.text[0]);
        return a;
    }
    struct regex_match *m = regex_match_new(regex_group_count(r), 2000);
    size_t len = bytes_left(subject);
    a.verdict = regex_find(r, m, subject->pos, len, 0);
    for (unsigned n = 0; n <= regex_group_count(r) + 1; n++) {
        size_t from = 0, to = 0;
        bool took_part = regex_group(m, n, &from, &to);
        assert(!took_part || (a.verdict == REGEX_YES && from <= to && to <= len));
        assert(n > 0 || took_part == (a.verdict == REGEX_YES));
        if (n == 0 && took_part) {
            a.from = from;
            a.to = to;
        }
    }
    regex_match_free(m);
    regex_free(r);
    return a;
}

static bool is_ascii(struct bytes_in in)
{
    uint8_t all = 0;
    while (bytes_left(&in) > 0)
        all |= bytes_u8(&in);
    return all < 0x80;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes_in in = bytes_in_of(data, size);
    unsigned flags = bytes_u8(&in);
    size_t want = bytes_u8(&in);
    size_t len = want < bytes_left(&in) ? want : bytes_left(&in);
    const char *pattern = (const char *)bytes_take(&in, len);
    if (in.bad || size > 2048)
        return 0;
    struct answer fast = find(pattern, len, flags, &in);
    struct answer slow = find(pattern, len, flags | REGEX_NO_JIT, &in);
    if (flags & REGEX_UTF && !is_ascii(in))
        return 0;
    if (fast.verdict != REGEX_LIMIT && slow.verdict != REGEX_LIMIT)
        assert(fast.verdict == slow.verdict && fast.from == slow.from && fast.to == slow.to);
    return 0;
}
