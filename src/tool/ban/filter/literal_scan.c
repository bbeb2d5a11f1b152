/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/ban/filter/literal_scan.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"

#if defined(__x86_64__)
#include <immintrin.h>
#define CAN_SCAN 1
#else
#define CAN_SCAN 0
#endif

enum { WIDTH = 16, PRINT = 4, GROUPS = 8 };

struct entry {
    const char *text; /* lower case */
    size_t len, at;   /* where its four bytes stand */
    uint32_t print;   /* these, with the bit set that tells letters' case */
    size_t index;
};

struct literal_scan {
    uint8_t low[PRINT][WIDTH], high[PRINT][WIDTH]; /* groups that a nibble may belong to */
    struct entry *entry;
    size_t first[GROUPS + 1]; /* entries of a group */
    char *texts;
};

/* How common a byte is in logs: the rarest four of a literal are looked for. */
static unsigned commonness(char c)
{
    static const char order[] = "etaoinsrlhdcumpfgy"; /* the commonest first */
    const char *at = c ? strchr(order, c) : NULL;
    if (c == ' ')
        return 40;
    if (isdigit((unsigned char)c))
        return 25;
    return at ? 20 - (unsigned)(at - order) : 2;
}

static uint32_t print_of(const char *at)
{
    uint32_t print;
    memcpy(&print, at, sizeof print);
    return print | 0x20202020;
}

static size_t rarest(const char *text, size_t len)
{
    size_t best = 0;
    unsigned least = ~0U;
    for (size_t i = 0; i + PRINT <= len; i++) {
        unsigned sum = 0;
        for (size_t k = i; k < i + PRINT; k++)
            sum += commonness(text[k]);
        if (sum < least) {
            least = sum;
            best = i;
        }
    }
    return best;
}

static int compare(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    return strncmp(x->text + x->at, y->text + y->at, PRINT);
}

static void add_byte(struct literal_scan *s, int place, uint8_t byte, uint8_t group)
{
    s->low[place][byte & 15] |= group;
    s->high[place][byte >> 4] |= group;
}

/* Alike ones share a group: then fewer places pass that are none. */
static void fill(struct literal_scan *s, size_t count)
{
    qsort(s->entry, count, sizeof *s->entry, compare);
    for (unsigned g = 0; g < GROUPS; g++) {
        s->first[g] = count * g / GROUPS;
        s->first[g + 1] = count * (g + 1) / GROUPS;
        for (size_t i = s->first[g]; i < s->first[g + 1]; i++)
            for (int place = 0; place < PRINT; place++) {
                char c = s->entry[i].text[s->entry[i].at + (size_t)place];
                add_byte(s, place, (uint8_t)c, (uint8_t)(1u << g));
                add_byte(s, place, (uint8_t)toupper((unsigned char)c), (uint8_t)(1u << g));
            }
    }
}

struct literal_scan *literal_scan_new(const char *const *text, size_t count)
{
    if (!CAN_SCAN || count == 0 || count > LITERAL_SCAN_MAX)
        return NULL;
#if CAN_SCAN
    if (!__builtin_cpu_supports("ssse3"))
        return NULL;
#endif
    size_t bytes = 0;
    for (size_t i = 0; i < count; i++) {
        size_t len = strlen(text[i]);
        if (len < LITERAL_SCAN_LEN_MIN)
            return NULL;
        bytes += len + 1;
    }
    struct literal_scan *s = mem_zero(sizeof *s);
    s->entry = mem_zero(count * sizeof *s->entry);
    char *to = s->texts = mem_zero(bytes);
    for (size_t i = 0; i < count; i++) {
        size_t len = strlen(text[i]);
        for (size_t k = 0; k < len; k++)
            to[k] = (char)tolower((unsigned char)text[i][k]);
        size_t at = rarest(to, len);
        s->entry[i] = (struct entry){to, len, at, print_of(to + at), i};
        to += len + 1;
    }
    fill(s, count);
    return s;
}

void literal_scan_free(struct literal_scan *s)
{
    if (!s)
        return;
    mem_free(s->entry);
    mem_free(s->texts);
    mem_free(s);
}

#if CAN_SCAN

static bool is_there(const struct entry *e, const char *line, size_t len, size_t at)
{
    if (at < e->at || len - (at - e->at) < e->len)
        return false;
    const char *text = line + (at - e->at);
    for (size_t i = 0; i < e->len; i++) {
        char c = text[i];
        if ((c >= 'A' && c <= 'Z' ? c | 0x20 : c) != e->text[i])
            return false;
    }
    return true;
}

static void check(const struct literal_scan *s, const char *line, size_t len, size_t at,
                  unsigned groups, literal_scan_fn *hit, void *ctx)
{
    uint32_t print = at + PRINT <= len ? print_of(line + at) : 0;
    for (; groups; groups &= groups - 1) {
        unsigned g = (unsigned)__builtin_ctz(groups);
        for (size_t i = s->first[g]; i < s->first[g + 1]; i++)
            if (s->entry[i].print == print && is_there(&s->entry[i], line, len, at))
                hit(ctx, s->entry[i].index);
    }
}

__attribute__((target("ssse3"))) static __m128i groups_of(const struct literal_scan *s,
                                                          const char *at)
{
    const __m128i nibble = _mm_set1_epi8(15);
    __m128i all = _mm_set1_epi8(-1);
    for (int place = 0; place < PRINT; place++) {
        __m128i text = _mm_loadu_si128((const void *)(at + place));
        __m128i low = _mm_shuffle_epi8(_mm_loadu_si128((const void *)s->low[place]),
                                       _mm_and_si128(text, nibble));
        __m128i high = _mm_shuffle_epi8(_mm_loadu_si128((const void *)s->high[place]),
                                        _mm_and_si128(_mm_srli_epi16(text, 4), nibble));
        all = _mm_and_si128(all, _mm_and_si128(low, high));
    }
    return all;
}

__attribute__((target("ssse3"))) void literal_scan(const struct literal_scan *s, const char *line,
                                                   size_t len, literal_scan_fn *hit, void *ctx)
{
    uint8_t groups[WIDTH];
    char tail[2 * WIDTH + PRINT];
    for (size_t at = 0; at + PRINT <= len; at += WIDTH) {
        const char *from = line + at;
        if (at + WIDTH + PRINT > len) { /* not beyond the line's end */
            memset(tail, 0, sizeof tail);
            memcpy(tail, from, len - at);
            from = tail;
        }
        __m128i found = groups_of(s, from);
        unsigned places =
            0xffff & ~(unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(found, _mm_setzero_si128()));
        if (!places)
            continue;
        _mm_storeu_si128((void *)groups, found);
        for (; places; places &= places - 1) {
            unsigned i = (unsigned)__builtin_ctz(places);
            check(s, line, len, at + i, groups[i], hit, ctx);
        }
    }
}

#else

void literal_scan(const struct literal_scan *s, const char *line, size_t len, literal_scan_fn *hit,
                  void *ctx)
{
    (void)s, (void)line, (void)len, (void)hit, (void)ctx;
}

#endif
