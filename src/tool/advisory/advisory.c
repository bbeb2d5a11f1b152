/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/advisory/advisory.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/text/cvss.h"

enum { FIRST_CAPACITY = 4, CVE_TEXT_MAX = 32 };

struct advisory advisory_new(const char *source)
{
    return (struct advisory){.source = source, .epss = -1};
}

/* Room for one more; the old array stays in the arena until all of it dies. */
static void *grow(struct arena *arena, void *item, size_t count, size_t *capacity, size_t size)
{
    if (count < *capacity)
        return item;
    *capacity = *capacity ? *capacity * 2 : FIRST_CAPACITY;
    void *bigger = arena_array(arena, *capacity, size);
    if (count)
        memcpy(bigger, item, count * size);
    return bigger;
}

#define GROW(arena, list)                                                                          \
    ((list)->item =                                                                                \
         grow(arena, (list)->item, (list)->count, &(list)->capacity, sizeof *(list)->item))

static bool same(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

void advisory_add_word(struct arena *arena, struct advisory_words *list, const char *text)
{
    if (!text || !*text)
        return;
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->text[i], text) == 0)
            return;
    list->text = grow(arena, list->text, list->count, &list->capacity, sizeof *list->text);
    list->text[list->count++] = arena_text(arena, text);
}

void advisory_add_package(struct arena *arena, struct advisory *a, const char *ecosystem,
                          const char *name)
{
    if (!name || !*name)
        return;
    for (size_t i = 0; i < a->packages.count; i++)
        if (same(a->packages.item[i].ecosystem, ecosystem) &&
            strcmp(a->packages.item[i].name, name) == 0)
            return;
    GROW(arena, &a->packages);
    a->packages.item[a->packages.count++] =
        (struct advisory_package){arena_text(arena, ecosystem), arena_text(arena, name)};
}

void advisory_add_fix(struct arena *arena, struct advisory *a, const struct advisory_fix *fix)
{
    if (!fix->package || !fix->version)
        return;
    for (size_t i = 0; i < a->fixed.count; i++)
        if (same(a->fixed.item[i].suite, fix->suite) &&
            same(a->fixed.item[i].package, fix->package) &&
            same(a->fixed.item[i].version, fix->version))
            return;
    GROW(arena, &a->fixed);
    a->fixed.item[a->fixed.count++] =
        (struct advisory_fix){arena_text(arena, fix->suite), arena_text(arena, fix->package),
                              arena_text(arena, fix->version)};
}

void advisory_add_range(struct arena *arena, struct advisory *a, const struct advisory_range *range)
{
    GROW(arena, &a->ranges);
    a->ranges.item[a->ranges.count++] = (struct advisory_range){
        arena_text(arena, range->ecosystem),  arena_text(arena, range->name),
        arena_text(arena, range->introduced), arena_text(arena, range->fixed),
        arena_text(arena, range->last),       arena_text(arena, range->exactly)};
}

void advisory_add_score(struct arena *arena, struct advisory *a, const struct advisory_score *score)
{
    for (size_t i = 0; i < a->scores.count; i++)
        if (same(a->scores.item[i].vector, score->vector) &&
            a->scores.item[i].score == score->score)
            return;
    GROW(arena, &a->scores);
    a->scores.item[a->scores.count++] = (struct advisory_score){
        arena_text(arena, score->vector), score->score, arena_text(arena, score->source)};
}

/* ---- CVE numbers ---- */

static size_t digits(const char *text, size_t len)
{
    size_t n = 0;
    while (n < len && text[n] >= '0' && text[n] <= '9')
        n++;
    return n;
}

/* The length of the number that `text` begins with: CVE-YYYY-N{4,}; 0: there is none.  Before 2001
 * a number that was not yet accepted was called CAN. */
static size_t cve_length(const char *text, size_t len)
{
    static const size_t prefix = 4, year = 5, least = 4, most = 19;
    if (len < prefix + year + least)
        return 0;
    if (strncasecmp(text, "CVE-", prefix) != 0 && strncasecmp(text, "CAN-", prefix) != 0)
        return 0;
    if (digits(text + prefix, len - prefix) != year - 1 || text[prefix + year - 1] != '-')
        return 0;
    size_t n = digits(text + prefix + year, len - prefix - year);
    return n >= least && n <= most ? prefix + year + n : 0;
}

const char *advisory_cve_name(struct arena *arena, const char *text)
{
    size_t len = cve_length(text, strlen(text));
    return len && !text[len] ? arena_print(arena, "CVE-%s", text + 4) : NULL;
}

static bool is_word_byte(char c)
{
    return digits(&c, 1) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

void advisory_add_cves_in(struct arena *arena, struct advisory *a, const char *text, size_t len)
{
    char name[CVE_TEXT_MAX];
    for (size_t at = 0; at + 4 < len; at++) {
        if ((text[at] | 0x20) != 'c' || (at > 0 && is_word_byte(text[at - 1]))) /* "XCVE-..." */
            continue;
        size_t n = cve_length(text + at, len - at);
        if (n == 0 || n >= sizeof name)
            continue;
        memcpy(name, text + at, n);
        memcpy(name, "CVE", 3);
        name[n] = '\0';
        advisory_add_word(arena, &a->cves, name);
        at += n - 1;
    }
}

/* ---- severities ---- */

static const struct {
    const char *word, *severity;
} words[] = {
    {"critical", "critical"}, {"very high", "critical"}, {"emergency", "critical"},
    {"high", "high"},         {"important", "high"},     {"serious", "high"},
    {"medium", "medium"},     {"moderate", "medium"},    {"low", "low"},
    {"minor", "low"},         {"negligible", "low"},     {"minimal", "low"},
};

const char *advisory_severity_word(const char *word)
{
    for (size_t i = 0; word && i < ARRAY_COUNT(words); i++)
        if (strcasecmp(words[i].word, word) == 0)
            return words[i].severity;
    return NULL;
}

static int compare_texts(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void sort(struct advisory_words *list)
{
    if (list->count)
        qsort(list->text, list->count, sizeof *list->text, compare_texts);
}

void advisory_finish(struct advisory *a)
{
    sort(&a->cves);
    sort(&a->aliases);
    sort(&a->vu);
    double worst = -1;
    for (size_t i = 0; i < a->scores.count; i++)
        worst = a->scores.item[i].score > worst ? a->scores.item[i].score : worst;
    if (!a->severity && worst > 0)
        a->severity = cvss_severity(CVSS_31, worst);
}
