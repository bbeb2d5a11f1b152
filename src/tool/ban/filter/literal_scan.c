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

enum { WIDTH = 32, PRINT = 4, GROUPS = 8 };

struct entry {
    const char *text; /* lower case */
    size_t len, at;   /* where its four bytes stand */
    uint32_t print;   /* these, with the bit set that tells letters' case */
    size_t index;
};

struct literal_scan {
    /* Groups that a nibble may belong to; twice, as the instruction looks up in halves. */
    _Alignas(WIDTH) uint8_t low[PRINT][WIDTH], high[PRINT][WIDTH];
    struct entry *entry;
    size_t first[GROUPS + 1]; /* entries of a group */
    char *texts;
    void *memory; /* of all this, which is aligned in it */
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
        /* words that stand in most lines, whatever they say */
        if (memcmp(text + i, "from", PRINT) == 0 || memcmp(text + i, "user", PRINT) == 0 ||
            memcmp(text + i, "port", PRINT) == 0)
            sum += 100;
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
    for (int half = 0; half < WIDTH; half += WIDTH / 2) {
        s->low[place][half + (byte & 15)] |= group;
        s->high[place][half + (byte >> 4)] |= group;
    }
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

static struct literal_scan *aligned_zero(void)
{
    char *memory = mem_zero(sizeof(struct literal_scan) + WIDTH);
    struct literal_scan *s = (void *)(memory + WIDTH - (uintptr_t)memory % WIDTH);
    s->memory = memory;
    return s;
}

struct literal_scan *literal_scan_new(const char *const *text, size_t count)
{
    if (!CAN_SCAN || count == 0 || count > LITERAL_SCAN_MAX)
        return NULL;
#if CAN_SCAN
    if (!__builtin_cpu_supports("avx2"))
        return NULL;
#endif
    size_t bytes = 0;
    for (size_t i = 0; i < count; i++) {
        size_t len = strlen(text[i]);
        if (len < LITERAL_SCAN_LEN_MIN)
            return NULL;
        bytes += len + 1;
    }
    struct literal_scan *s = aligned_zero();
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
    mem_free(s->memory);
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

/* For each of WIDTH places from `at` on: the groups that may begin there. */
__attribute__((target("avx2"))) static __m256i groups_of(const struct literal_scan *s,
                                                         const char *at)
{
    const __m256i nibble = _mm256_set1_epi8(15);
    __m256i all = _mm256_set1_epi8(-1);
    for (int place = 0; place < PRINT; place++) {
        __m256i text = _mm256_loadu_si256((const void *)(at + place));
        __m256i low = _mm256_shuffle_epi8(_mm256_load_si256((const void *)s->low[place]),
                                          _mm256_and_si256(text, nibble));
        __m256i high = _mm256_shuffle_epi8(_mm256_load_si256((const void *)s->high[place]),
                                           _mm256_and_si256(_mm256_srli_epi16(text, 4), nibble));
        all = _mm256_and_si256(all, _mm256_and_si256(low, high));
    }
    return all;
}

struct scanning {
    const struct literal_scan *s;
    const char *line;
    size_t len;
    literal_scan_fn *hit;
    void *ctx;
};

__attribute__((target("avx2"))) static void scan_block(const struct scanning *n, size_t at,
                                                       const char *from)
{
    __m256i found = groups_of(n->s, from);
    uint32_t places =
        ~(uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(found, _mm256_setzero_si256()));
    if (!places)
        return;
    _Alignas(WIDTH) uint8_t groups[WIDTH];
    _mm256_store_si256((void *)groups, found);
    for (; places; places &= places - 1) {
        unsigned i = (unsigned)__builtin_ctz(places);
        check(n->s, n->line, n->len, at + i, groups[i], n->hit, n->ctx);
    }
}

void literal_scan(const struct literal_scan *s, const char *line, size_t len, literal_scan_fn *hit,
                  void *ctx)
{
    struct scanning n = {s, line, len, hit, ctx};
    size_t at = 0;
    for (; at + WIDTH + PRINT <= len; at += WIDTH)
        scan_block(&n, at, line + at);
    if (at + PRINT > len)
        return;
    char tail[2 * WIDTH] = {0}; /* not beyond the line's end */
    memcpy(tail, line + at, len - at);
    scan_block(&n, at, tail);
}

#else

void literal_scan(const struct literal_scan *s, const char *line, size_t len, literal_scan_fn *hit,
                  void *ctx)
{
    (void)s, (void)line, (void)len, (void)hit, (void)ctx;
}

#endif
