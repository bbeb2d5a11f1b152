/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as a file of advisories: seen by what is in them, and read by every reader in turn,
 * with all that they find written as JSON.  Through here go feeds, mails, JSON of all sources, CSV,
 * dates, scores, markup and packed bytes; then the same as a lock file. */
#include <stdint.h>

#include "core/text/html_clean.h"
#include "core/base/mem.h"
#include "tool/advisory/feed_document.h"
#include "tool/advisory/import.h"
#include "tool/advisory/inventory.h"
#include "tool/advisory/mail.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int take_advisory(void *ctx, const struct advisory *a, struct err *e)
{
    (void)e;
    str_reset(ctx);
    advisory_to_json(a, ctx);
    return 0;
}

static int take_mail(void *ctx, const struct advisory_mail *mail, struct err *e)
{
    (void)e;
    str_reset(ctx);
    mail_to_json(mail, ctx);
    return 0;
}

static int take_feed(void *ctx, const struct feed_document *doc, struct err *e)
{
    (void)e;
    str_reset(ctx);
    feed_document_to_json(doc, ctx);
    return 0;
}

static void read_as(const char *format, const char *text, size_t len, struct str *out)
{
    struct advisory_input in = {.name = "fuzz", .text = text, .len = len};
    struct advisory_sink sink = {
        .ctx = out, .advisory = take_advisory, .mail = take_mail, .feed = take_feed};
    struct import_counts counts = {0};
    struct err e = {0};
    if (import_bytes(&in, format, &sink, &counts, &e) < 0)
        str_reset(out);
}

static void read_inventories(const char *text, size_t len)
{
    struct arena arena = {0};
    struct inventory list = {0};
    struct err e = {0};
    int rc = 0;
    for (const struct inventory_form *f = inventory_json_forms; f->pattern; f++)
        rc += f->read(&arena, text, len, "fuzz", &list, &e);
    for (const struct inventory_form *f = inventory_text_forms; f->pattern; f++)
        rc += f->read(&arena, text, len, "fuzz", &list, &e);
    arena_done(&arena);
    (void)rc;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 65536)
        return 0;
    struct str out = str_of(4 << 20);
    struct arena arena = {0};
    char *text = arena_copy(&arena, data, size);
    read_as(NULL, text, size, &out);
    for (size_t i = 0; advisory_feeds[i]; i++)
        read_as(advisory_feeds[i]->name, text, size, &out);
    read_inventories(text, size);
    str_done(&out);
    arena_done(&arena);
    return 0;
}
