/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A feed as JSON, as `picket advisory import --format feed --json` prints it. */
#include <string.h>

#include "core/text/html_clean.h"
#include "core/text/json.h"
#include "tool/advisory/feed_document.h"

static void put(struct json_out *j, const char *key, const char *value)
{
    if (value)
        json_text(j, key, value);
}

static void put_link(struct json_out *j, const struct feed_link *l)
{
    json_object(j, NULL);
    put(j, "rel", l->rel);
    put(j, "href", l->href);
    put(j, "type", l->type);
    put(j, "title", l->title);
    put(j, "length", l->length);
    json_end(j);
}

static void put_enclosure(struct json_out *j, const struct feed_link *l)
{
    json_object(j, NULL);
    put(j, "href", l->href);
    put(j, "length", l->length);
    put(j, "type", l->type);
    json_end(j);
}

static void put_person(struct json_out *j, const char *key, const struct feed_person *p)
{
    json_object(j, key);
    put(j, "name", p->name);
    put(j, "email", p->email);
    put(j, "href", p->href);
    json_end(j);
}

/* "Name (me@example.com)", "Name", or "me@example.com". */
static void put_author(struct json_out *j, const struct feed_person *p)
{
    struct str text = str_of(0);
    if (p->name && p->email)
        str_addf(&text, "%s (%s)", p->name, p->email);
    else
        str_add(&text, p->name ? p->name : p->email ? p->email : "");
    if (text.len) {
        json_text(j, "author", text.text);
        put_person(j, "author_detail", p);
    }
    str_done(&text);
}

static void put_content(struct json_out *j, const struct feed_text *c)
{
    json_object(j, NULL);
    put(j, "type", c->type);
    put(j, "language", c->language);
    put(j, "base", c->base);
    put(j, "value", c->value);
    json_end(j);
}

static bool is_html(const struct feed_text *t)
{
    return t->type &&
           (strcmp(t->type, "text/html") == 0 || strcmp(t->type, "application/xhtml+xml") == 0);
}

static void add_html(struct str *out, const struct feed_text *t)
{
    if (!t->value)
        return;
    if (is_html(t)) {
        html_clean(t->value, strlen(t->value), t->base, out);
        return;
    }
    for (const char *c = t->value; *c; c++) /* plain text: no markup in it is meant */
        if (*c == '<')
            str_add(out, "&lt;");
        else if (*c == '&')
            str_add(out, "&amp;");
        else
            str_add_char(out, *c);
}

/* What the console may show of it: the fullest text there is. */
static void put_html(struct json_out *j, const struct feed_item *i)
{
    struct str html = str_of(0);
    if (i->content.count)
        add_html(&html, &i->content.item[0]);
    else
        add_html(&html, i->summary.value    ? &i->summary
                        : i->subtitle.value ? &i->subtitle
                        : i->info.value     ? &i->info
                                            : &i->title);
    json_text(j, "html", str_text(&html));
    str_done(&html);
}

static void put_lists(struct json_out *j, const struct feed_item *i)
{
    json_array(j, "links");
    for (size_t n = 0; n < i->links.count; n++)
        put_link(j, &i->links.item[n]);
    json_end(j);
    json_array(j, "enclosures");
    for (size_t n = 0; n < i->enclosures.count; n++)
        put_enclosure(j, &i->enclosures.item[n]);
    json_end(j);
    json_array(j, "contributors");
    for (size_t n = 0; n < i->contributors.count; n++)
        put_person(j, NULL, &i->contributors.item[n]);
    json_end(j);
    json_array(j, "tags");
    for (size_t n = 0; n < i->tags.count; n++) {
        json_object(j, NULL);
        put(j, "term", i->tags.item[n].term);
        put(j, "scheme", i->tags.item[n].scheme);
        put(j, "label", i->tags.item[n].label);
        json_end(j);
    }
    json_end(j);
    json_array(j, "content");
    for (size_t n = 0; n < i->content.count; n++)
        put_content(j, &i->content.item[n]);
    json_end(j);
}

static void put_item(struct json_out *j, const char *key, const struct feed_item *i)
{
    json_object(j, key);
    put(j, "id", i->id);
    put(j, "title", i->title.value);
    put(j, "link", i->link);
    put(j, "subtitle", i->subtitle.value);
    put(j, "summary", i->summary.value);
    put(j, "info", i->info.value);
    put(j, "rights", i->rights.value);
    put(j, "language", i->language);
    put(j, "generator", i->generator);
    put(j, "published", i->published);
    put(j, "updated", i->updated);
    put_author(j, &i->author);
    put_lists(j, i);
    put_html(j, i);
    if (i->source)
        put_item(j, "source", i->source);
    json_end(j);
}

void feed_document_to_json(const struct feed_document *doc, struct str *out)
{
    struct json_out j = json_out_of(out);
    json_object(&j, NULL);
    json_bool(&j, "bozo", doc->bozo);
    put(&j, "fault", doc->fault);
    put_item(&j, "feed", &doc->feed);
    json_array(&j, "entries");
    for (size_t i = 0; i < doc->entries.count; i++)
        put_item(&j, NULL, &doc->entries.item[i]);
    json_end(&j);
    json_end(&j);
}
