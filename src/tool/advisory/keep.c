/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/advisory/keep.h"

#include <string.h>

#include "core/base/mem.h"
#include "tool/advisory/mail.h"
#include "tool/advisory/tracker_pack.h"

int keep_begin(struct keep *k, struct advisory_store *store, const struct clock *clock,
               struct err *e)
{
    *k = (struct keep){.store = store, .clock = clock};
    return advisory_store_begin(store, e);
}

static int keep_exploited(struct keep *k, const struct advisory *a, struct err *e)
{
    struct advisory_exploited x = {.cve = a->id,
                                   .kev_added = a->kev.added,
                                   .kev_due = a->kev.due,
                                   .ransomware = a->kev.ransomware,
                                   .epss = a->epss};
    return advisory_store_put_exploited(k->store, &x, e);
}

static int put_row(struct keep *k, const struct advisory *a, bool *news, struct err *e)
{
    struct arena arena = {0};
    struct advisory_words names = {0};
    struct advisory_row row = {.id = a->id,
                               .source = a->source,
                               .date = a->date,
                               .modified = a->modified,
                               .severity = a->severity,
                               .title = a->title};
    for (size_t i = 0; i < a->cves.count; i++)
        advisory_add_word(&arena, &names, a->cves.text[i]);
    for (size_t i = 0; i < a->aliases.count; i++)
        advisory_add_word(&arena, &names, a->aliases.text[i]);
    struct advisory_affects *affects = arena_array(&arena, a->packages.count + 1, sizeof *affects);
    for (size_t i = 0; i < a->packages.count; i++)
        affects[i] =
            (struct advisory_affects){a->packages.item[i].ecosystem, a->packages.item[i].name};
    str_reset(&k->text);
    advisory_to_json(a, &k->text);
    row.json = str_text(&k->text);
    row.name = names.text;
    row.name_count = names.count;
    row.affects = affects;
    row.affects_count = a->packages.count;
    int rc = advisory_store_put(k->store, &row, clock_wall_ns(k->clock), news, e);
    arena_done(&arena);
    return rc;
}

static int take_advisory(void *ctx, const struct advisory *a, struct err *e)
{
    struct keep *k = ctx;
    bool news = false;
    if (!a->id)
        return 0;
    k->taken++;
    bool exploited = a->epss >= 0 || a->kev.added;
    int rc = exploited ? keep_exploited(k, a, e) : 0;
    if (rc < 0 || (a->epss >= 0 && !a->kev.added)) /* a quarter of a million bare numbers */
        return rc;
    rc = put_row(k, a, &news, e);
    if (rc < 0 || !news)
        return rc;
    k->news++;
    return k->on_news ? k->on_news(k->on_news_ctx, a, e) : 0;
}

static int take_mail(void *ctx, const struct advisory_mail *mail, struct err *e)
{
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < mail->advisories.count; i++)
        rc = take_advisory(ctx, &mail->advisories.item[i], e);
    return rc;
}

/* ---- the tracker ---- */

static int flush_source(struct keep *k, struct err *e)
{
    if (!k->source)
        return 0;
    int rc = advisory_store_put_tracker(k->store, k->source, k->source_len, str_text(&k->packed),
                                        k->packed.len, e);
    mem_free(k->source);
    k->source = NULL;
    str_reset(&k->packed);
    return rc;
}

/* Entries come source by source. */
static int take_tracker(void *ctx, const struct tracker_entry *entry, struct err *e)
{
    struct keep *k = ctx;
    int rc = 0;
    if (!k->has_tracker) {
        k->has_tracker = true;
        rc = advisory_store_clear_tracker(k->store, e);
    }
    bool same = k->source && k->source_len == entry->source.len &&
                memcmp(k->source, entry->source.text, entry->source.len) == 0;
    if (rc == 0 && !same) {
        rc = flush_source(k, e);
        k->source_len = entry->source.len;
        k->source = mem_zero(k->source_len + 1);
        memcpy(k->source, entry->source.text, entry->source.len);
    }
    tracker_pack(entry, &k->packed);
    k->taken++;
    return rc;
}

struct advisory_sink keep_sink(struct keep *k)
{
    return (struct advisory_sink){
        .ctx = k, .advisory = take_advisory, .mail = take_mail, .tracker = take_tracker};
}

int keep_done(struct keep *k, int rc, struct err *e)
{
    rc = rc < 0 ? rc : flush_source(k, e);
    rc = rc < 0 ? rc : advisory_store_commit(k->store, e);
    if (rc < 0)
        advisory_store_rollback(k->store);
    mem_free(k->source);
    str_done(&k->text);
    str_done(&k->packed);
    return rc;
}
