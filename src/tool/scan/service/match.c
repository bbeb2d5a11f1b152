/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/scan/service/match.h"

#include "core/base/mem.h"
#include "core/match/regex.h"
#include "tool/scan/service/template.h"

/* Backtracking that one line may cost: what nmap allows. */
enum { MATCH_COST = 100000 };

struct service_matcher {
    struct probe_db *db;
    struct regex_match *regex;
    struct gram_set grams; /* of the answer in hand */
};

struct service_matcher *service_matcher_new(struct probe_db *db)
{
    struct service_matcher *m = mem_zero(sizeof *m);
    m->db = db;
    m->regex = regex_match_new(REGEX_GROUPS_MAX, MATCH_COST);
    return m;
}

void service_matcher_free(struct service_matcher *m)
{
    if (!m)
        return;
    regex_match_free(m->regex);
    mem_free(m);
}

/* False: the pattern is broken. */
static bool compile(const struct service_matcher *m, struct probe_match *line)
{
    struct err e = {0};
    if (line->regex || line->broken)
        return !line->broken;
    unsigned flags = (line->caseless ? REGEX_CASELESS : 0U) | (line->dotall ? REGEX_DOTALL : 0U);
    if (regex_compile(&line->regex, line->pattern, line->pattern_len, flags, &e) == 0)
        return true;
    line->broken = true;
    m->db->faults++;
    if (m->db->fault)
        m->db->fault(m->db->fault_ctx, line->file, line->line, e.text);
    return false;
}

size_t service_matcher_check(struct service_matcher *m)
{
    size_t broken = 0;
    for (size_t i = 0; i < m->db->count; i++) {
        const struct service_probe *p = m->db->probe[i];
        for (size_t k = 0; k < p->match_count; k++) {
            broken += !compile(m, &p->match[k]);
            regex_free(p->match[k].regex);
            p->match[k].regex = NULL;
        }
    }
    return broken;
}

static void take_groups(const struct service_matcher *m, const uint8_t *data,
                        struct template_groups *out)
{
    *out = (struct template_groups){0};
    for (unsigned i = 0; i <= TEMPLATE_GROUP_MAX; i++) {
        size_t from, to;
        if (regex_group(m->regex, i, &from, &to)) {
            out->group[i].at = data + from;
            out->group[i].len = to - from;
        }
    }
}

/* The text without what a group that matched little leaves at its end; NULL: nothing is left. */
static const char *finish(struct str *text, struct arena *arena)
{
    while (text->len && (text->text[text->len - 1] == ' ' || text->text[text->len - 1] == ',' ||
                         text->text[text->len - 1] == '\t'))
        str_cut(text, text->len - 1);
    return text->len ? arena_copy(arena, text->text, text->len) : NULL;
}

static void fill_cpe(const struct probe_match *line, const struct template_groups *groups,
                     struct arena *arena, struct str *text, struct service_hit *out)
{
    const char **cpe = arena_array(arena, line->cpe_count, sizeof *cpe);
    for (size_t i = 0; i < line->cpe_count; i++) {
        str_reset(text);
        str_add(text, "cpe:/");
        if (template_expand(line->cpe[i], groups, true, text))
            cpe[out->cpe_count++] = arena_copy(arena, text->text, text->len);
    }
    out->cpe = cpe;
}

static void fill(const struct service_matcher *m, const struct probe_match *line,
                 const uint8_t *data, struct arena *arena, struct service_hit *out)
{
    struct template_groups groups;
    struct str text = str_of(TEMPLATE_TEXT_MAX);
    take_groups(m, data, &groups);
    *out = (struct service_hit){
        .service = line->service, .soft = line->soft, .ssl = line->ssl, .line = line->line};
    for (size_t i = 0; i < PROBE_FIELD_COUNT; i++) {
        str_reset(&text);
        if (line->field[i] && template_expand(line->field[i], &groups, false, &text))
            out->field[i] = finish(&text, arena);
    }
    if (line->cpe_count)
        fill_cpe(line, &groups, arena, &text, out);
    str_done(&text);
}

/* The first match line of the probe, or its first softmatch line where `out` holds none yet. */
static bool match_lines(struct service_matcher *m, const struct service_probe *probe,
                        const uint8_t *data, size_t len, struct arena *arena,
                        struct service_hit *out)
{
    for (size_t i = 0; i < probe->match_count; i++) {
        struct probe_match *line = &probe->match[i];
        if ((line->soft && out->service) || !gram_set_may_match(&m->grams, &line->key) ||
            !compile(m, line) || regex_find(line->regex, m->regex, data, len, 0) != REGEX_YES)
            continue;
        fill(m, line, data, arena, out);
        if (!line->soft)
            return true;
    }
    return false;
}

bool service_match(struct service_matcher *m, const struct service_probe *probe, const void *data,
                   size_t len, struct arena *arena, struct service_hit *out)
{
    struct service_hit hit = {0};
    gram_set_clear(&m->grams);
    gram_set_add(&m->grams, data, len);
    for (size_t i = 0; probe->fallback[i]; i++)
        if (match_lines(m, probe->fallback[i], data, len, arena, &hit))
            break;
    if (hit.service)
        *out = hit;
    return hit.service != NULL;
}
