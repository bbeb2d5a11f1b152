/* SPDX-License-Identifier: GPL-3.0-or-later */
/* NVD's interface of version 2.0: pages, and after the first time only what changed since. */
#include <errno.h>
#include <string.h>
#include <time.h>

#include "core/text/date.h"
#include "core/text/json_tree.h"
#include "core/text/url.h"
#include "sys/io/file.h"
#include "tool/advisory/fetch.h"

enum { PAGES_MAX = 4096, SPAN_MAX_DAYS = 119 }; /* NVD takes spans of 120 days */

static const uint64_t page_max = 256ULL << 20, pause_ns = 6 * NS_PER_S;

bool fetch_is_nvd(const char *url)
{
    return strstr(url, "/rest/json/cves/2.0") != NULL;
}

/* The part of the address that asks for changes only, as NVD wants its moments. */
static void add_span(struct str *out, const char *since, uint64_t now_ns)
{
    struct date from, to, oldest;
    if (!since || !date_parse(&from, NULL, since) ||
        !date_from_seconds(&to, (int64_t)(now_ns / NS_PER_S)) ||
        !date_from_seconds(&oldest, to.seconds - SPAN_MAX_DAYS * 86400L) ||
        from.seconds < oldest.seconds)
        return;
    str_addf(out, "&lastModStartDate=%s&lastModEndDate=%s", date_text(&from).text,
             date_text(&to).text);
}

struct page {
    uint64_t first, total, here;
};

static int read_counts(const struct str *text, struct page *p, const char *url, struct err *e)
{
    struct arena arena = {0};
    struct json_node *doc = json_tree_parse(str_text(text), text->len, &arena, NULL);
    const struct json_node *list = json_find(doc, "vulnerabilities");
    int rc = 0;
    if (!json_is(list, JSON_ARRAY)) {
        rc = err_set(e, -EBADMSG, "%s: the answer is no page of NVD's", url);
    } else {
        double total = json_number(json_find(doc, "totalResults"), 0);
        p->total = total > 0 && total < 1e9 ? (uint64_t)total : 0;
        p->here = list->count;
    }
    arena_done(&arena);
    return rc;
}

static int take_page(struct fetch *f, const char *base, const char *span, struct page *p,
                     struct err *e)
{
    struct str url = str_of(0), path = str_of(0), text = str_of(page_max);
    str_addf(&url, "%s%sstartIndex=%llu%s", base, strchr(base, '?') ? "&" : "?",
             (unsigned long long)p->first, span);
    int rc = fetch_text(f, str_text(&url), page_max, &text, e);
    rc = rc < 0 ? rc : read_counts(&text, p, str_text(&url), e);
    if (rc == 0 && p->here) {
        struct str folder = str_of(0);
        fetch_path(f, str_text(&url), &path);
        str_add_len(&folder, path.text, (size_t)(strrchr(path.text, '/') - path.text));
        rc = file_make_folders(str_text(&folder), 0755, e);
        rc = rc < 0 ? rc : file_replace(str_text(&path), text.text, text.len, 0644, e);
        rc = rc < 0 ? rc : fetch_take(f, str_text(&path), str_text(&url), e);
        str_done(&folder);
    }
    str_done(&url);
    str_done(&path);
    str_done(&text);
    return rc;
}

static void pause_between(const char *url)
{
    struct str host = str_of(0);
    struct timespec span = {.tv_sec = (time_t)(pause_ns / NS_PER_S)};
    if (url_host(url, &host) && strcmp(str_text(&host), "services.nvd.nist.gov") == 0)
        nanosleep(&span, NULL); /* as NVD asks of those without a key */
    str_done(&host);
}

int fetch_nvd(struct fetch *f, const char *url, struct err *e)
{
    struct advisory_fetch known = {0};
    struct str span = str_of(0);
    struct page p = {0};
    struct date began;
    uint64_t now = clock_wall_ns(f->clock);
    int rc = advisory_store_fetch(f->store, url, &known, e);
    if (rc < 0)
        return rc;
    add_span(&span, rc ? known.modified : NULL, now);
    rc = 0;
    for (int page = 0; rc == 0 && page < PAGES_MAX; page++) {
        if (page)
            pause_between(url);
        rc = take_page(f, url, str_text(&span), &p, e);
        p.first += p.here;
        if (p.here == 0 || p.first >= p.total)
            break;
    }
    str_done(&span);
    if (rc < 0 || !date_from_seconds(&began, (int64_t)(now / NS_PER_S)))
        return rc;
    struct date_text text = date_text(&began);
    return advisory_store_put_fetch(
        f->store, &(struct advisory_fetch){.url = url, .modified = text.text, .fetched_ns = now},
        e);
}
