/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/ban/filter/pattern_literal.h"

#include <string.h>

enum { USEFUL_LEN = 4 };

static size_t shortest(const struct literal_set *s)
{
    size_t least = s->count ? SIZE_MAX : 0;
    for (unsigned i = 0; i < s->count; i++) {
        size_t len = strlen(s->text[i]);
        least = len < least ? len : least;
    }
    return least;
}

/* Longer is rarer, and few are better than many. */
static size_t worth(const struct literal_set *s)
{
    size_t least = shortest(s);
    return least < USEFUL_LEN ? 0 : least * 16 - (s->count < 16 ? s->count : 15);
}

static void offer(struct literal_part *p, const struct literal_set *s)
{
    if (worth(s) > worth(&p->best))
        p->best = *s;
}

struct literal_part *literal_empty(struct arena *a)
{
    struct literal_part *p = arena_take(a, sizeof *p);
    p->exact = (struct literal_set){{""}, 1};
    p->is_whole = true;
    return p;
}

struct literal_part *literal_unknown(struct arena *a)
{
    return arena_take(a, sizeof(struct literal_part));
}

struct literal_part *literal_text(struct arena *a, const char *bytes, size_t len)
{
    struct literal_part *p = arena_take(a, sizeof *p);
    if (memchr(bytes, '\0', len))
        return p;
    p->exact = (struct literal_set){{arena_copy(a, bytes, len)}, 1};
    p->is_whole = true;
    return p;
}

struct literal_part *literal_choice(struct arena *a, const uint32_t *code, unsigned count)
{
    struct literal_part *p = arena_take(a, sizeof *p);
    for (unsigned i = 0; i < count; i++) {
        char c = (char)code[i];
        if (code[i] == 0 || code[i] >= 0x80 || count > LITERAL_SET_MAX)
            return literal_unknown(a);
        p->exact.text[p->exact.count++] = arena_copy(a, &c, 1);
    }
    p->is_whole = p->exact.count;
    return p;
}

struct literal_part *literal_join(struct arena *arena, struct literal_part *a,
                                  const struct literal_part *b)
{
    if (!a)
        a = literal_empty(arena);
    offer(a, &b->best);
    unsigned count = a->exact.count * b->exact.count;
    if (a->exact.count && b->exact.count && b->is_whole && count <= LITERAL_SET_MAX) {
        struct literal_set joined = {.count = 0};
        size_t longest = 0;
        for (unsigned i = 0; i < a->exact.count; i++)
            for (unsigned k = 0; k < b->exact.count; k++) {
                const char *text = arena_print(arena, "%s%s", a->exact.text[i], b->exact.text[k]);
                longest = strlen(text) > longest ? strlen(text) : longest;
                joined.text[joined.count++] = text;
            }
        a->exact = joined;
        if (longest <= LITERAL_BYTES_MAX)
            return a;
        offer(a, &a->exact);
        a->exact.count = 0;
        a->is_whole = false;
        return a;
    }
    /* the run ends here; the next one begins with what comes */
    offer(a, &a->exact);
    offer(a, &b->exact);
    a->exact = b->exact;
    a->is_whole = false;
    return a;
}

struct literal_part *literal_either(struct arena *arena, struct literal_part *a,
                                    const struct literal_part *b)
{
    struct literal_part *p = literal_unknown(arena);
    if (a->is_whole && b->is_whole && a->exact.count + b->exact.count <= LITERAL_SET_MAX) {
        p->is_whole = true;
        p->exact = a->exact;
        for (unsigned i = 0; i < b->exact.count; i++)
            p->exact.text[p->exact.count++] = b->exact.text[i];
    }
    struct literal_part left = *a, right = *b;
    offer(&left, &a->exact);
    offer(&right, &b->exact);
    if (left.best.count && right.best.count &&
        left.best.count + right.best.count <= LITERAL_SET_MAX) {
        p->best = left.best;
        for (unsigned i = 0; i < right.best.count; i++)
            p->best.text[p->best.count++] = right.best.text[i];
    }
    return p;
}

struct literal_part *literal_repeat(struct arena *arena, struct literal_part *a, unsigned least,
                                    unsigned most)
{
    if (least == 1 && most == 1)
        return a;
    if (least >= 1) { /* once at least; then it may go on */
        offer(a, &a->exact);
        a->exact.count = 0;
        a->is_whole = false;
        return a;
    }
    if (most == 1 && a->is_whole && a->exact.count < LITERAL_SET_MAX) {
        a->exact.text[a->exact.count++] = "";
        a->best.count = 0;
        return a;
    }
    return literal_unknown(arena);
}

const struct literal_set *literal_end(struct literal_part *whole)
{
    offer(whole, &whole->exact);
    return &whole->best;
}
