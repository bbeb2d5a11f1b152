/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A CSAF provider (CSAF 2.0, 7.1): its metadata, the ROLIE feeds or folders that it names, and each
 * document that is new, held against its checksum and its signature.  The provider's keys are taken
 * once, the first time, and pinned: a later signature by another key is refused. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "core/base/digest.h"
#include "core/text/csv.h"
#include "core/text/json_tree.h"
#include "core/text/url.h"
#include "sys/io/file.h"
#include "sys/io/pgp.h"
#include "tool/advisory/fetch.h"

static const uint64_t document_max = 64ULL << 20, side_max = 1ULL << 20;

struct provider {
    struct fetch *fetch;
    struct arena *arena;
    struct str keyring; /* "" : the provider has no key */
};

struct document {
    const char *url, *updated, *hash, *signature; /* addresses; hash and signature may be NULL */
};

bool fetch_is_csaf(const char *url)
{
    static const char end[] = "provider-metadata.json";
    size_t len = strlen(url);
    return len >= sizeof end - 1 && strcmp(url + len - (sizeof end - 1), end) == 0;
}

/* ---- one document ---- */

static int check_hash(struct provider *p, const struct document *d, const struct str *text,
                      struct err *e)
{
    struct str side = str_of(side_max), ours = str_of(0);
    uint8_t value[DIGEST_MAX];
    bool long_one = strstr(d->hash, "sha512") != NULL;
    enum digest_kind kind = long_one ? DIGEST_SHA512 : DIGEST_SHA256;
    int rc = fetch_text(p->fetch, d->hash, side_max, &side, e);
    digest_of(kind, text->text, text->len, value);
    digest_print(&ours, value, digest_size(kind));
    size_t len = strspn(str_text(&side), "0123456789abcdefABCDEF");
    if (rc == 0 && (len != ours.len || strncasecmp(str_text(&side), str_text(&ours), len) != 0))
        rc = err_set(e, -EBADMSG, "the checksum is another one");
    str_done(&side);
    str_done(&ours);
    return rc;
}

static int check_signature(struct provider *p, const struct document *d, const struct str *text,
                           struct err *e)
{
    struct str side = str_of(side_max);
    if (!d->signature)
        return err_set(e, -EKEYREJECTED, "the provider has a key, but this has no signature");
    int rc = fetch_text(p->fetch, d->signature, side_max, &side, e);
    rc = rc < 0 ? rc
                : pgp_verify(str_text(&p->keyring), text->text, text->len, side.text, side.len, e);
    str_done(&side);
    return rc;
}

static int keep_document(struct provider *p, const struct document *d, const struct str *text,
                         struct err *e)
{
    struct fetch *f = p->fetch;
    struct str path = str_of(0), folder = str_of(0);
    fetch_path(f, d->url, &path);
    str_add_len(&folder, path.text, (size_t)(strrchr(path.text, '/') - path.text));
    int rc = file_make_folders(str_text(&folder), 0755, e);
    rc = rc < 0 ? rc : file_replace(str_text(&path), text->text, text->len, 0644, e);
    rc = rc < 0 ? rc : fetch_take(f, str_text(&path), d->url, e);
    if (rc == 0)
        rc = advisory_store_put_fetch(
            f->store,
            &(struct advisory_fetch){
                .url = d->url, .modified = d->updated, .fetched_ns = clock_wall_ns(f->clock)},
            e);
    str_done(&path);
    str_done(&folder);
    return rc;
}

static int take_document(struct provider *p, const struct document *d, struct err *e)
{
    struct advisory_fetch known = {0};
    struct str text = str_of(document_max);
    struct err why = {0};
    int rc = advisory_store_fetch(p->fetch->store, d->url, &known, e);
    if (rc < 0)
        return rc;
    if (rc && known.modified && d->updated && strcmp(known.modified, d->updated) == 0) {
        p->fetch->counts.unchanged++;
        return 0;
    }
    rc = fetch_text(p->fetch, d->url, document_max, &text, &why);
    if (rc == 0 && d->hash)
        rc = check_hash(p, d, &text, &why);
    if (rc == 0 && p->keyring.len)
        rc = check_signature(p, d, &text, &why);
    if (rc < 0)
        fetch_refuse(p->fetch, d->url, why.text);
    rc = rc < 0 ? 0 : keep_document(p, d, &text, e);
    str_done(&text);
    return rc;
}

/* ---- lists of documents ---- */

static const char *whole(struct provider *p, const char *base, const char *reference)
{
    struct str url = str_of(0);
    url_resolve(base, reference, &url);
    const char *kept = arena_text(p->arena, str_text(&url));
    str_done(&url);
    return kept;
}

static bool may_ask(const char *url)
{
    return strncmp(url, "https://", 8) == 0 || strncmp(url, "http://", 7) == 0;
}

static struct document document_of(struct provider *p, const char *base,
                                   const struct json_node *entry)
{
    struct document d = {.updated = json_member(entry, "updated")};
    const char *src = json_member(json_find(entry, "content"), "src");
    JSON_EACH (link, json_find(entry, "link")) {
        const char *rel = json_member(link, "rel"), *href = json_member(link, "href");
        if (!rel || !href)
            continue;
        if (strcmp(rel, "self") == 0 && !src)
            src = href;
        else if (strcmp(rel, "hash") == 0 && (!d.hash || strstr(href, "sha512")))
            d.hash = whole(p, base, href);
        else if (strcmp(rel, "signature") == 0)
            d.signature = whole(p, base, href);
    }
    d.url = src ? whole(p, base, src) : NULL;
    return d;
}

/* Read a file of the mirror as JSON.  NULL: it was refused. */
static const struct json_node *read_json(struct provider *p, const char *url, struct fetched *file)
{
    struct str text = str_of(document_max), cause = str_of(0);
    struct err why = {0};
    const struct json_node *doc = NULL;
    if (fetch_file(p->fetch, url, file, &why) < 0) {
        fetch_refuse(p->fetch, url, why.text);
        return NULL;
    }
    if (file_read(str_text(&file->path), &text, &why) < 0)
        str_add(&cause, why.text);
    else
        doc = json_tree_parse(text.text, text.len, p->arena, &cause);
    if (!doc) {
        fetch_refuse(p->fetch, url, str_text(&cause));
        fetched_drop(file);
    }
    str_done(&text);
    str_done(&cause);
    return doc;
}

static int take_rolie(struct provider *p, const char *url, struct err *e)
{
    struct fetched file;
    const struct json_node *doc = read_json(p, url, &file);
    int rc = 0;
    if (!doc)
        return 0;
    JSON_EACH (entry, json_at(doc, "feed", "entry", NULL)) {
        struct document d = document_of(p, url, entry);
        if (rc == 0 && d.url && may_ask(d.url))
            rc = take_document(p, &d, e);
    }
    if (rc == 0)
        return fetch_file_done(p->fetch, url, &file, e);
    fetched_drop(&file);
    return rc;
}

/* changes.csv: "2024/a.json","2024-01-02T10:00:00Z". */
static int take_folder(struct provider *p, const char *folder, struct err *e)
{
    struct str text = str_of(document_max), base = str_of(0);
    struct err why = {0};
    str_addf(&base, "%s%s", folder, folder[strlen(folder) - 1] == '/' ? "" : "/");
    const char *list = arena_print(p->arena, "%schanges.csv", str_text(&base));
    int rc = fetch_text(p->fetch, list, document_max, &text, &why);
    if (rc < 0)
        fetch_refuse(p->fetch, list, why.text);
    rc = 0;
    struct csv rows = csv_of(str_text(&text), text.len);
    while (rc == 0 && csv_next(&rows)) {
        if (rows.count < 2)
            continue;
        const char *url = whole(p, str_text(&base), csv_field(&rows, 0));
        struct document d = {.url = url,
                             .updated = arena_text(p->arena, csv_field(&rows, 1)),
                             .hash = arena_print(p->arena, "%s.sha256", url),
                             .signature = arena_print(p->arena, "%s.asc", url)};
        if (may_ask(url))
            rc = take_document(p, &d, e);
    }
    csv_done(&rows);
    str_done(&text);
    str_done(&base);
    return rc;
}

/* ---- the provider ---- */

/* Its keys go into one file beside its documents, the first time. */
static int pin_keys(struct provider *p, const char *base, const struct json_node *doc,
                    struct err *e)
{
    struct fetch *f = p->fetch;
    struct str key = str_of(side_max);
    int rc = 0;
    if (f->keyring) {
        str_add(&p->keyring, f->keyring);
        return 0;
    }
    const struct json_node *keys = json_find(doc, "public_openpgp_keys");
    fetch_path(f, base, &p->keyring);
    str_add(&p->keyring, ".keys.gpg");
    bool pinned = access(str_text(&p->keyring), R_OK) == 0;
    if (!pinned && !json_first(keys)) {
        str_reset(&p->keyring);
        return 0;
    }
    JSON_EACH (n, keys) {
        const char *url = json_member(n, "url");
        if (pinned || rc < 0 || !url || !may_ask(url))
            continue;
        struct str one = str_of(side_max);
        rc = fetch_text(f, url, side_max, &one, e);
        str_add_len(&key, one.text, one.len);
        str_done(&one);
    }
    if (rc == 0 && !pinned)
        rc = pgp_write_keyring(str_text(&p->keyring), key.text, key.len, e);
    str_done(&key);
    return rc;
}

static int take_lists(struct provider *p, const char *url, const struct json_node *doc,
                      struct err *e)
{
    int rc = 0;
    JSON_EACH (n, json_find(doc, "distributions")) {
        const char *folder = json_member(n, "directory_url");
        bool has_feeds = false;
        JSON_EACH (feed, json_at(n, "rolie", "feeds", NULL)) {
            const char *at = json_member(feed, "url");
            has_feeds = true;
            if (rc == 0 && at && may_ask(at))
                rc = take_rolie(p, whole(p, url, at), e);
        }
        if (rc == 0 && !has_feeds && folder && may_ask(folder))
            rc = take_folder(p, folder, e);
    }
    return rc;
}

int fetch_csaf(struct fetch *f, const char *url, struct err *e)
{
    struct arena arena = {0};
    struct provider p = {.fetch = f, .arena = &arena, .keyring = str_of(0)};
    struct fetched file;
    uint64_t refused = f->counts.refused;
    const struct json_node *doc = read_json(&p, url, &file);
    int rc = doc ? 0 : err_set(e, -EBADMSG, "%s: no provider's metadata", url);
    if (doc) {
        rc = pin_keys(&p, url, doc, e);
        rc = rc < 0 ? rc : take_lists(&p, url, doc, e);
        if (rc == 0 && f->counts.refused == refused)
            rc = fetch_file_done(f, url, &file, e);
        else
            fetched_drop(&file);
    }
    str_done(&p.keyring);
    arena_done(&arena);
    return rc;
}
