/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/ban/filter/line_prefilter.h"

#include <string.h>
#include <strings.h>

#include "core/base/log.h"
#include "core/base/mem.h"

static void add(struct prefilter_mask *m, size_t rule)
{
    m->word[rule / 64] |= UINT64_C(1) << (rule % 64);
}

/* Each literal once, with the rules that it speaks for. */
static size_t collect(struct line_prefilter *p, const struct rule *rule, size_t count,
                      struct multi_literal *literal)
{
    size_t used = 0;
    for (size_t r = 0; r < count; r++) {
        const struct literal_set *needed = &rule[r].pattern.needed;
        if (!needed->count)
            add(&p->always, r);
        for (unsigned i = 0; i < needed->count; i++) {
            size_t k = 0;
            while (k < used && strcasecmp(literal[k].bytes, needed->text[i]) != 0)
                k++;
            if (k == used)
                literal[used++] = (struct multi_literal){.bytes = needed->text[i],
                                                         .len = strlen(needed->text[i]),
                                                         .caseless = true,
                                                         .id = (uint32_t)k};
            add(&p->of_literal[k], r);
        }
    }
    return used;
}

void line_prefilter_make(struct line_prefilter *p, const struct rule *rule, size_t count)
{
    struct err e = {0};
    line_prefilter_done(p);
    p->is_made = true;
    p->words = (count + 63) / 64;
    struct multi_literal *literal = mem_zero((count + 1) * LITERAL_SET_MAX * sizeof *literal);
    p->of_literal = mem_zero((count + 1) * LITERAL_SET_MAX * sizeof *p->of_literal);
    size_t used = collect(p, rule, count, literal);
    const char **text = mem_zero((used + 1) * sizeof *text);
    for (size_t i = 0; i < used; i++)
        text[i] = literal[i].bytes;
    p->fast = literal_scan_new(text, used);
    mem_free(text);
    if (used && !p->fast && multi_compile(&p->multi, literal, used, MULTI_ANY, &e) < 0) {
        log_at(LOG_LEVEL_WARN, "prefilter: %s", e.text);
        for (size_t r = 0; r < count; r++)
            add(&p->always, r);
    }
    if (p->multi)
        p->scratch = multi_scratch_new(p->multi);
    mem_free(literal);
}

void line_prefilter_done(struct line_prefilter *p)
{
    literal_scan_free(p->fast);
    multi_scratch_free(p->scratch);
    multi_free(p->multi);
    mem_free(p->of_literal);
    *p = (struct line_prefilter){0};
}

struct scan {
    const struct line_prefilter *p;
    struct prefilter_mask *out;
};

static bool on_hit(void *ctx, uint32_t id, size_t end)
{
    struct scan *s = ctx;
    (void)end;
    for (size_t i = 0; i < s->p->words; i++)
        s->out->word[i] |= s->p->of_literal[id].word[i];
    return true;
}

static void on_fast_hit(void *ctx, size_t index)
{
    (void)on_hit(ctx, (uint32_t)index, 0);
}

bool line_prefilter_scan(struct line_prefilter *p, const char *line, size_t len,
                         struct prefilter_mask *out)
{
    struct scan s = {p, out};
    uint64_t any = 0;
    for (size_t i = 0; i < p->words; i++)
        out->word[i] = p->always.word[i];
    if (p->fast)
        literal_scan(p->fast, line, len, on_fast_hit, &s);
    else if (p->multi)
        multi_scan(p->multi, p->scratch, line, len, on_hit, &s);
    for (size_t i = 0; i < p->words; i++)
        any |= out->word[i];
    return any;
}
