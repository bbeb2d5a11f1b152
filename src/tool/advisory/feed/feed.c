/* SPDX-License-Identifier: GPL-3.0-or-later */
/* RSS, RDF, Atom and CDF, broken ones too. */
#include "tool/advisory/feed.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

#include "tool/advisory/feed_document.h"

static bool fits(const struct advisory_input *in)
{
    static const char *const roots[] = {"rss", "feed", "channel", "entry"};
    if (in->shape.kind != SHAPE_XML)
        return false;
    const char *colon = strchr(in->shape.root, ':');
    const char *name = colon ? colon + 1 : in->shape.root;
    for (size_t i = 0; i < ARRAY_COUNT(roots); i++)
        if (strcasecmp(roots[i], name) == 0)
            return true;
    return strcmp(name, "RDF") == 0;
}

static const char *header(const struct advisory_input *in, const char *name)
{
    size_t len = strlen(name);
    for (size_t i = 0; in->http_headers && i < in->http_headers->count; i++) {
        const char *line = in->http_headers->text[i];
        if (strncasecmp(line, name, len) == 0 && line[len] == ':')
            return line + len + 1 + strspn(line + len + 1, " \t");
    }
    return NULL;
}

/* Where nobody wants the feed itself, each entry is an advisory of its own. */
static int tell_entries(struct arena *arena, const struct feed_document *doc,
                        const struct advisory_sink *to, struct err *e)
{
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < doc->entries.count; i++) {
        const struct feed_item *item = &doc->entries.item[i];
        const struct feed_text *text =
            item->content.count ? &item->content.item[0] : &item->summary;
        struct advisory a = advisory_new("feed");
        a.id = item->id && *item->id ? item->id : item->link;
        if (!a.id || !*a.id)
            continue;
        a.title = item->title.value;
        a.url = item->link;
        a.date = item->published ? item->published : item->updated;
        a.modified = item->updated;
        a.publisher = doc->feed.title.value;
        a.text = text->value;
        if (a.title)
            advisory_add_cves_in(arena, &a, a.title, strlen(a.title));
        if (a.text)
            advisory_add_cves_in(arena, &a, a.text, strlen(a.text));
        rc = feed_tell(to, &a, e);
    }
    return rc;
}

static int read(const struct advisory_input *in, const struct advisory_sink *to, struct err *e)
{
    struct arena arena = {0};
    struct feed_document doc;
    struct feed_source from = {.text = in->text,
                               .len = in->len,
                               .url = in->base_url,
                               .content_type = header(in, "Content-Type"),
                               .content_location = header(in, "Content-Location"),
                               .content_language = header(in, "Content-Language")};
    int rc = 0;
    if (!feed_document_read(&arena, &from, &doc))
        rc = err_set(e, -EBADMSG, "%s", doc.fault);
    else if (to->feed)
        rc = to->feed(to->ctx, &doc, e);
    else
        rc = tell_entries(&arena, &doc, to, e);
    arena_done(&arena);
    return rc;
}

const struct advisory_feed advisory_feed_feed = {
    .name = "feed", .doc = "RSS, RDF, Atom and CDF", .fits = fits, .read = read};
