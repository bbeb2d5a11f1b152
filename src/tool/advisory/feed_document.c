/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One walk over the tree of the document: what an element means depends on its name, its namespace
 * only where a name means two things, because feeds of the wild use any namespace or none.  The
 * file is long because it holds each element of six formats once. */
#include "tool/advisory/feed_document.h"

#include <string.h>
#include <strings.h>

#include "core/base/attr.h"
#include "core/text/base64.h"
#include "core/text/charset.h"
#include "core/text/date.h"
#include "core/text/html_clean.h"
#include "core/text/url.h"
#include "core/text/xml_reader.h"
#include "core/text/xml_tree.h"
#include "tool/advisory/feed_charset.h"

struct scope {
    const char *base, *language;
};

struct reading {
    struct arena *arena;
    struct feed_document *doc;
    bool atom, atom03;
};

static void *grow(struct arena *arena, void *item, size_t count, size_t *capacity, size_t size)
{
    if (count < *capacity)
        return item;
    *capacity = *capacity ? *capacity * 2 : 4;
    void *bigger = arena_array(arena, *capacity, size);
    if (count)
        memcpy(bigger, item, count * size);
    return bigger;
}

#define ADD(arena, list, thing)                                                                    \
    do {                                                                                           \
        (list)->item =                                                                             \
            grow(arena, (list)->item, (list)->count, &(list)->capacity, sizeof *(list)->item);     \
        (list)->item[(list)->count++] = (thing);                                                   \
    } while (0)

/* ---- texts ---- */

static const char *trimmed(struct arena *arena, const char *text, size_t len)
{
    while (len && strchr(" \t\r\n", *text) && *text)
        text++, len--;
    while (len && strchr(" \t\r\n", text[len - 1]) && text[len - 1])
        len--;
    return arena_copy(arena, text, len);
}

static const char *plain_text(struct arena *arena, const struct xml_node *n)
{
    struct str text = str_of(0);
    xml_node_text(n, &text);
    const char *copy = trimmed(arena, str_text(&text), text.len);
    str_done(&text);
    return copy;
}

static bool has_elements(const struct xml_node *n)
{
    for (const struct xml_node *c = n->first; c; c = c->next)
        if (c->name)
            return true;
    return false;
}

static const char *resolved(struct arena *arena, const char *base, const char *reference)
{
    struct str whole = str_of(0);
    url_resolve(base, reference, &whole);
    const char *copy = arena_text(arena, str_text(&whole));
    str_done(&whole);
    return copy;
}

static struct scope scope_of(struct arena *arena, const struct scope *outer,
                             const struct xml_node *n)
{
    struct scope s = *outer;
    const char *base = xml_node_xml_attr(n, "base"), *language = xml_node_xml_attr(n, "lang");
    if (base)
        s.base = resolved(arena, outer->base, base);
    if (language) { /* RFC 5646 writes '-', many write '_' */
        char *copy = arena_text(arena, language);
        for (char *c = copy; *c; c++)
            *c = *c == '_' ? '-' : *c;
        s.language = *copy ? copy : NULL;
    }
    return s;
}

/* The media type of a text construct, whatever its dialect calls it. */
static const char *media_type(const struct reading *r, const char *type, const char *otherwise)
{
    if (!type || !*type)
        return otherwise;
    if (strcasecmp(type, "text") == 0 || strcasecmp(type, "plain") == 0)
        return "text/plain";
    if (strcasecmp(type, "html") == 0)
        return "text/html";
    if (strcasecmp(type, "xhtml") == 0)
        return "application/xhtml+xml";
    (void)r;
    return type;
}

static bool is_html(const char *type)
{
    return strcmp(type, "text/html") == 0 || strcmp(type, "application/xhtml+xml") == 0;
}

static bool is_text(const char *type)
{
    size_t len = strlen(type);
    return strncmp(type, "text/", 5) == 0 || (len > 4 && strcmp(type + len - 4, "+xml") == 0) ||
           (len > 4 && strcmp(type + len - 4, "/xml") == 0);
}

static const struct xml_node *only_child(const struct xml_node *n)
{
    const struct xml_node *found = NULL;
    for (const struct xml_node *c = n->first; c; c = c->next) {
        if (!c->name && strspn(c->text, " \t\r\n") == c->len)
            continue;
        if (found || !c->name)
            return NULL;
        found = c;
    }
    return found;
}

/* RFC 4287 3.1.1.3: the div is not part of the content; Atom 0.3 knew no such rule. */
static void add_markup(const struct reading *r, const struct xml_node *n, struct str *out)
{
    const struct xml_node *child = only_child(n);
    bool wrapped = child && strcmp(child->name, "div") == 0 && r->atom && !r->atom03;
    xml_node_markup(wrapped ? child : n, out);
}

static void add_raw(const struct reading *r, const struct xml_node *n, const char *type,
                    const char *mode, struct str *out)
{
    struct str text = str_of(0);
    bool base64 = mode && strcasecmp(mode, "base64") == 0;
    if (!r->atom03 && !mode && r->atom && !is_text(type))
        base64 = !has_elements(n); /* RFC 4287 4.1.3.3: what is no text is in base64 */
    const struct xml_node *child = only_child(n);
    if (child && strcmp(child->name, "div") == 0 && !has_elements(child) &&
        strcmp(type, "text/html") == 0)
        n = child; /* escaped HTML inside an XHTML div: some wrap both ways */
    if (has_elements(n) || (r->atom && strcmp(type, "application/xhtml+xml") == 0)) {
        add_markup(r, n, out);
        return;
    }
    xml_node_text(n, &text);
    if (base64) {
        struct str bytes = str_of(0);
        base64_decode(str_text(&text), text.len, &bytes);
        (void)charset_to_utf8("utf-8", str_text(&bytes), bytes.len, out);
        str_done(&bytes);
    } else {
        str_add_len(out, str_text(&text), text.len);
    }
    str_done(&text);
}

/* What a base64 text holds is told by its looks where its type is that of the packing. */
static struct feed_text take_text(struct reading *r, const struct xml_node *n,
                                  const struct scope *outer, const char *otherwise)
{
    struct scope s = scope_of(r->arena, outer, n);
    const char *type = media_type(r, xml_node_attr(n, "type"), otherwise);
    struct str raw = str_of(0), clean = str_of(0);
    add_raw(r, n, type, xml_node_attr(n, "mode"), &raw);
    if (has_elements(n) && !is_html(type))
        type = "application/xhtml+xml";
    const char *value = trimmed(r->arena, str_text(&raw), raw.len);
    bool guess = !r->atom && strcmp(type, "text/plain") == 0;
    if (guess && html_is_likely(value, strlen(value)))
        type = "text/html";
    if (is_html(type)) {
        html_clean(value, strlen(value), s.base, &clean);
        value = trimmed(r->arena, str_text(&clean), clean.len);
    }
    str_done(&raw);
    str_done(&clean);
    return (struct feed_text){value, arena_text(r->arena, type), s.language, s.base};
}

/* ---- small things ---- */

static const char *take_date(struct arena *arena, const struct xml_node *n)
{
    const char *text = plain_text(arena, n);
    struct date date;
    if (!date_parse_loose(&date, text))
        return text;
    return arena_text(arena, date_text(&date).text);
}

/* "me@example.com (Example editor)", "Example editor <me@example.com>", "Example editor". */
static struct feed_person split_person(struct arena *arena, const char *text)
{
    struct feed_person p = {0};
    const char *at = strchr(text, '@');
    if (!at) {
        p.name = *text ? text : NULL;
        return p;
    }
    static const char ends[] = " \t\r\n()<>,;:\"'";
    const char *from = at, *to = at;
    while (from > text && !strchr(ends, from[-1]))
        from--;
    while (*to && !strchr(ends, *to))
        to++;
    p.email = arena_copy(arena, from, (size_t)(to - from));
    struct str name = str_of(0);
    str_add_len(&name, text, (size_t)(from - text));
    str_add(&name, to);
    size_t n = 0;
    for (size_t i = 0; i < name.len; i++)
        if (!strchr("()<>\"", name.text[i]))
            name.text[n++] = name.text[i];
    p.name = trimmed(arena, str_text(&name), n);
    if (strncasecmp(p.name, "mailto:", 7) == 0)
        p.name += 7;
    p.name = *p.name ? p.name : NULL;
    str_done(&name);
    return p;
}

static struct feed_person take_person(struct reading *r, const struct xml_node *n,
                                      const struct scope *outer)
{
    if (!has_elements(n))
        return split_person(r->arena, plain_text(r->arena, n));
    struct scope s = scope_of(r->arena, outer, n);
    struct feed_person p = {0};
    for (const struct xml_node *c = n->first; c; c = c->next) {
        if (!c->name)
            continue;
        if (strcasecmp(c->name, "name") == 0)
            p.name = plain_text(r->arena, c);
        else if (strcasecmp(c->name, "email") == 0)
            p.email = plain_text(r->arena, c);
        else if (strcasecmp(c->name, "url") == 0 || strcasecmp(c->name, "uri") == 0 ||
                 strcasecmp(c->name, "homepage") == 0)
            p.href = resolved(r->arena, s.base, plain_text(r->arena, c));
        else if (strcasecmp(c->name, "Person") == 0) /* FOAF in RDF */
            return take_person(r, c, &s);
    }
    return p;
}

static void add_link(struct reading *r, struct feed_item *i, const struct feed_link *link)
{
    if (strcmp(link->rel, "enclosure") == 0)
        ADD(r->arena, &i->enclosures, *link);
    ADD(r->arena, &i->links, *link);
    bool html = !link->type || is_html(link->type);
    if (strcmp(link->rel, "alternate") == 0 && html && !i->link)
        i->link = link->href;
}

static void take_link(struct reading *r, struct feed_item *i, const struct xml_node *n,
                      const struct scope *outer)
{
    struct scope s = scope_of(r->arena, outer, n);
    const char *href = xml_node_attr(n, "href");
    struct feed_link link = {.rel = xml_node_attr(n, "rel"),
                             .type = xml_node_attr(n, "type"),
                             .title = xml_node_attr(n, "title"),
                             .length = xml_node_attr(n, "length")};
    if (href) {
        link.rel = link.rel && *link.rel ? link.rel : "alternate";
        if (!link.type && strcmp(link.rel, "self") == 0)
            link.type = "application/atom+xml";
        else if (!link.type && strcmp(link.rel, "alternate") == 0)
            link.type = "text/html";
        link.href = resolved(r->arena, s.base, trimmed(r->arena, href, strlen(href)));
        add_link(r, i, &link);
        return;
    }
    const char *text = plain_text(r->arena, n);
    if (!*text)
        return;
    link = (struct feed_link){.rel = "alternate", .type = "text/html"};
    link.href = resolved(r->arena, s.base, text);
    add_link(r, i, &link);
}

static void take_enclosure(struct reading *r, struct feed_item *i, const struct xml_node *n,
                           const struct scope *s)
{
    const char *url = xml_node_attr(n, "url");
    struct feed_link link = {
        .rel = "enclosure", .type = xml_node_attr(n, "type"), .length = xml_node_attr(n, "length")};
    if (!url)
        url = xml_node_attr(n, "href");
    if (!url)
        return;
    link.href = resolved(r->arena, s->base, url);
    add_link(r, i, &link);
}

static void add_tag(struct reading *r, struct feed_item *i, const char *term, const char *scheme,
                    const char *label)
{
    if ((!term || !*term) && !scheme && !label)
        return;
    struct feed_tag tag = {term, scheme, label};
    ADD(r->arena, &i->tags, tag);
}

static void take_category(struct reading *r, struct feed_item *i, const struct xml_node *n)
{
    const char *term = xml_node_attr(n, "term"), *scheme = xml_node_attr(n, "scheme");
    if (!term)
        term = plain_text(r->arena, n);
    add_tag(r, i, term, scheme ? scheme : xml_node_attr(n, "domain"), xml_node_attr(n, "label"));
}

static void take_tags(struct reading *r, struct feed_item *i, const struct xml_node *n)
{
    const char *text = plain_text(r->arena, n);
    for (const char *at = text; *at;) {
        size_t len = strcspn(at, ",");
        add_tag(r, i, trimmed(r->arena, at, len), NULL, NULL);
        at += len + (at[len] == ',');
    }
}

/* ---- one item ---- */

enum element {
    NONE,
    TITLE,
    SUBTITLE,
    SUMMARY,
    INFO,
    RIGHTS,
    CONTENT,
    CONTENT_HTML,
    CONTENT_XHTML,
    ID,
    GUID,
    LINK,
    AUTHOR,
    CONTRIBUTOR,
    PUBLISHED,
    UPDATED,
    CREATED,
    LANGUAGE,
    GENERATOR,
    CATEGORY,
    TAGS,
    ENCLOSURE,
    SOURCE,
    ABSTRACT,
};

static const struct {
    const char *name;
    enum element element;
} names[] = {
    {"title", TITLE},
    {"subtitle", SUBTITLE},
    {"tagline", SUBTITLE},
    {"description", SUMMARY},
    {"summary", SUMMARY},
    {"abstract", ABSTRACT},
    {"info", INFO},
    {"rights", RIGHTS},
    {"copyright", RIGHTS},
    {"content", CONTENT},
    {"encoded", CONTENT_HTML},
    {"fullitem", CONTENT_HTML},
    {"body", CONTENT_XHTML},
    {"id", ID},
    {"guid", GUID},
    {"link", LINK},
    {"author", AUTHOR},
    {"creator", AUTHOR},
    {"managingeditor", AUTHOR},
    {"contributor", CONTRIBUTOR},
    {"pubdate", PUBLISHED},
    {"published", PUBLISHED},
    {"issued", PUBLISHED},
    {"updated", UPDATED},
    {"modified", UPDATED},
    {"date", UPDATED},
    {"lastbuilddate", UPDATED},
    {"lastmod", UPDATED},
    {"created", CREATED},
    {"language", LANGUAGE},
    {"generator", GENERATOR},
    {"category", CATEGORY},
    {"subject", CATEGORY},
    {"tags", TAGS},
    {"enclosure", ENCLOSURE},
    {"source", SOURCE},
};

static bool is_foreign(const struct xml_node *n)
{
    /* these use the names of feeds for other things */
    static const char *const uris[] = {"http://www.itunes.com/", "http://search.yahoo.com/mrss",
                                       "http://www.w3.org/2000/svg", "http://xmlns.com/foaf"};
    for (size_t i = 0; n->uri && i < ARRAY_COUNT(uris); i++)
        if (strncasecmp(n->uri, uris[i], strlen(uris[i])) == 0)
            return true;
    return false;
}

static enum element element_of(const struct xml_node *n)
{
    for (size_t i = 0; i < ARRAY_COUNT(names) && !is_foreign(n); i++)
        if (strcasecmp(names[i].name, n->name) == 0)
            return names[i].element;
    return NONE;
}

static void take_item(struct reading *r, struct feed_item *i, const struct xml_node *n,
                      const struct scope *outer, bool is_entry);

static void set_text(struct feed_text *to, struct feed_text value)
{
    if (!to->value || !*to->value)
        *to = value;
}

static void take_author(struct reading *r, struct feed_item *i, const struct xml_node *n,
                        const struct scope *s)
{
    struct feed_person p = take_person(r, n, s);
    if (!i->author.name)
        i->author.name = p.name;
    if (!i->author.email)
        i->author.email = p.email;
    if (!i->author.href)
        i->author.href = p.href;
}

/* In RSS the entry's <source url> names where the item came from; Atom's holds a whole head. */
static void take_source(struct reading *r, struct feed_item *i, const struct xml_node *n,
                        const struct scope *s)
{
    i->source = arena_take(r->arena, sizeof *i->source);
    if (has_elements(n)) {
        take_item(r, i->source, n, s, false);
        return;
    }
    const char *url = xml_node_attr(n, "url");
    i->source->title.value = plain_text(r->arena, n);
    i->source->link = url ? resolved(r->arena, s->base, url) : NULL;
}

static void take_guid(struct reading *r, struct feed_item *i, const struct xml_node *n,
                      const struct scope *s)
{
    const char *permanent = xml_node_attr(n, "isPermaLink");
    if (!permanent)
        permanent = xml_node_attr(n, "ispermalink");
    i->id = plain_text(r->arena, n);
    i->id_is_link = !permanent || strcasecmp(permanent, "false") != 0;
    if (i->id_is_link && *i->id)
        i->id = resolved(r->arena, s->base, i->id);
}

static const char *content_default(const struct reading *r, enum element e)
{
    return e == CONTENT_XHTML              ? "application/xhtml+xml"
           : e == CONTENT_HTML || !r->atom ? "text/html"
                                           : "text/plain";
}

static void take_content(struct reading *r, struct feed_item *i, const struct xml_node *n,
                         const struct scope *s, enum element e)
{
    const char *src = xml_node_attr(n, "src");
    if (src && !n->first) {
        struct feed_link link = {.rel = "enclosure",
                                 .type = xml_node_attr(n, "type"),
                                 .href = resolved(r->arena, s->base, src)};
        add_link(r, i, &link);
        return;
    }
    struct feed_text text = take_text(r, n, s, content_default(r, e));
    ADD(r->arena, &i->content, text);
}

static void take_summary(struct reading *r, struct feed_item *i, const struct xml_node *n,
                         const struct scope *s, bool is_entry)
{
    struct feed_text text = take_text(r, n, s, r->atom ? "text/plain" : "text/html");
    if (!is_entry)
        set_text(&i->subtitle, text);
    else if (i->summary.value && *i->summary.value) /* both a description and a summary */
        ADD(r->arena, &i->content, text);
    else
        set_text(&i->summary, text);
}

static void take_texts(struct reading *r, struct feed_item *i, const struct xml_node *n,
                       const struct scope *s, enum element e)
{
    static const char plain[] = "text/plain";
    if (e == TITLE)
        set_text(&i->title, take_text(r, n, s, plain));
    else if (e == SUBTITLE)
        set_text(&i->subtitle, take_text(r, n, s, plain));
    else if (e == INFO)
        set_text(&i->info, take_text(r, n, s, plain));
    else if (e == RIGHTS)
        set_text(&i->rights, take_text(r, n, s, plain));
    else if (e == LANGUAGE)
        i->language = plain_text(r->arena, n);
    else if (e == GENERATOR)
        i->generator = plain_text(r->arena, n);
    else if (e == ID)
        i->id = resolved(r->arena, s->base, plain_text(r->arena, n));
}

static void take_element(struct reading *r, struct feed_item *i, const struct xml_node *n,
                         const struct scope *s, bool is_entry)
{
    enum element e = element_of(n);
    switch (e) {
    case NONE:
        return;
    case ABSTRACT:
    case SUMMARY:
        take_summary(r, i, n, s, is_entry);
        return;
    case CONTENT:
    case CONTENT_HTML:
    case CONTENT_XHTML:
        take_content(r, i, n, s, e);
        return;
    case GUID:
        take_guid(r, i, n, s);
        return;
    case LINK:
        take_link(r, i, n, s);
        return;
    case AUTHOR:
        take_author(r, i, n, s);
        return;
    case CONTRIBUTOR:
        ADD(r->arena, &i->contributors, take_person(r, n, s));
        return;
    case PUBLISHED:
    case CREATED:
        if (!i->published || e == PUBLISHED)
            i->published = take_date(r->arena, n);
        return;
    case UPDATED:
        i->updated = take_date(r->arena, n);
        return;
    case CATEGORY:
        take_category(r, i, n);
        return;
    case TAGS:
        take_tags(r, i, n);
        return;
    case ENCLOSURE:
        take_enclosure(r, i, n, s);
        return;
    case SOURCE:
        take_source(r, i, n, s);
        return;
    default:
        take_texts(r, i, n, s, e);
        return;
    }
}

static bool is_entry_name(const char *name)
{
    return strcasecmp(name, "item") == 0 || strcasecmp(name, "entry") == 0 ||
           strcasecmp(name, "product") == 0;
}

/* CDF gives an item's address as an attribute. */
static void take_attributes(struct reading *r, struct feed_item *i, const struct xml_node *n,
                            const struct scope *s)
{
    for (size_t k = 0; k < n->attr_count; k++) {
        const struct xml_tree_attr *a = &n->attr[k];
        if (strcasecmp(a->name, "href") == 0 && !a->prefix) {
            struct feed_link link = {.rel = "alternate",
                                     .type = "text/html",
                                     .href = resolved(r->arena, s->base, a->value)};
            add_link(r, i, &link);
        } else if (strcasecmp(a->name, "lastmod") == 0) {
            struct date date;
            if (date_parse_loose(&date, a->value))
                i->updated = arena_text(r->arena, date_text(&date).text);
        }
    }
}

static void take_entry(struct reading *r, const struct xml_node *n, const struct scope *s)
{
    struct feed_item item = {0};
    take_item(r, &item, n, s, true);
    ADD(r->arena, &r->doc->entries, item);
}

static bool is_container(const char *name)
{
    return strcasecmp(name, "channel") == 0 || strcasecmp(name, "items") == 0;
}

static void take_item(struct reading *r, struct feed_item *i, const struct xml_node *n,
                      const struct scope *outer, bool is_entry)
{
    struct scope s = scope_of(r->arena, outer, n);
    take_attributes(r, i, n, &s);
    for (const struct xml_node *c = n->first; c; c = c->next) {
        if (!c->name)
            continue;
        if (!is_entry && is_entry_name(c->name))
            take_entry(r, c, &s);
        else if (!is_entry && is_container(c->name) && i == &r->doc->feed)
            take_item(r, i, c, &s, false);
        else
            take_element(r, i, c, &s, is_entry);
    }
    if (!i->link && i->id_is_link)
        i->link = i->id;
    if (!i->language && !is_entry)
        i->language = s.language;
}

/* ---- the document ---- */

static bool is_feed_root(const char *name)
{
    static const char *const roots[] = {"rss", "RDF", "feed", "channel", "entry"};
    for (size_t i = 0; i < ARRAY_COUNT(roots); i++)
        if (strcasecmp(roots[i], name) == 0)
            return true;
    return false;
}

static void note_dialect(struct reading *r, const struct xml_node *root)
{
    const char *version = xml_node_attr(root, "version");
    r->atom = strcasecmp(root->name, "feed") == 0 || strcasecmp(root->name, "entry") == 0;
    r->atom03 = r->atom && ((version && strncmp(version, "0.", 2) == 0) ||
                            (root->uri && strstr(root->uri, "purl.org/atom")));
}

static const struct xml_node *parse(struct reading *r, const struct feed_source *from)
{
    struct str utf8 = str_of(0), ready = str_of(0), fault = str_of(0);
    bool sure, well;
    feed_charset_read(from->text, from->len, from->content_type, &utf8, &sure);
    size_t blanks = strspn(str_text(&utf8), " \t\r\n");
    (void)xml_prepare(str_text(&utf8) + blanks, utf8.len - blanks, &ready);
    const struct xml_node *root =
        xml_tree_read(str_text(&ready), ready.len, r->arena, &well, &fault);
    r->doc->bozo = !sure || !well;
    if (r->doc->bozo)
        r->doc->fault =
            fault.len ? arena_text(r->arena, fault.text) : "the character set is not what was said";
    str_done(&utf8);
    str_done(&ready);
    str_done(&fault);
    return root;
}

bool feed_document_read(struct arena *arena, const struct feed_source *from,
                        struct feed_document *out)
{
    struct reading r = {.arena = arena, .doc = out};
    struct scope s = {.base = from->url, .language = from->content_language};
    *out = (struct feed_document){0};
    if (from->content_location)
        s.base = resolved(arena, from->url, from->content_location);
    const struct xml_node *root = parse(&r, from);
    if (!root) {
        out->fault = out->fault ? out->fault : "no element in it";
        return false;
    }
    if (!is_feed_root(root->name)) {
        out->fault = arena_print(arena, "no feed: its root is <%s>", root->name);
        return false;
    }
    note_dialect(&r, root);
    if (strcasecmp(root->name, "entry") == 0)
        take_entry(&r, root, &s);
    else
        take_item(&r, &out->feed, root, &s, false);
    return true;
}
