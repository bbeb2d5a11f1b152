/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Alerts as an Atom feed of our own (RFC 4287): a file with the newest hundred, newest first.  What
 * the file held before is kept by copying its entries, which we wrote ourselves. */
#include <errno.h>
#include <string.h>

#include "core/text/date.h"
#include "hub/notify/notify_channel.h"
#include "sys/io/file.h"

enum { ENTRIES_MAX = 100, FILE_MAX = 8 << 20 };

static void add_escaped(struct str *out, const char *text)
{
    for (; text && *text; text++) {
        unsigned char c = (unsigned char)*text;
        if (c == '&')
            str_add(out, "&amp;");
        else if (c == '<')
            str_add(out, "&lt;");
        else if (c == '>')
            str_add(out, "&gt;");
        else if (c == '"')
            str_add(out, "&quot;");
        else if (c >= ' ' || c == '\n' || c == '\t')
            str_add_char(out, *text);
    }
}

static void add_entry(struct str *out, const struct notify_alert *a, const char *key,
                      const char *now)
{
    str_addf(out, "<entry>\n<id>urn:picket:%s</id>\n<updated>%s</updated>\n<title>", key, now);
    add_escaped(out, a->id);
    str_add(out, ": ");
    add_escaped(out, a->title);
    str_add(out, "</title>\n");
    if (a->url) {
        str_add(out, "<link href=\"");
        add_escaped(out, a->url);
        str_add(out, "\"/>\n");
    }
    str_add(out, "<content type=\"text\">");
    add_escaped(out, a->text);
    str_add(out, "</content>\n</entry>\n");
}

static void add_old(struct str *out, const char *old, size_t room)
{
    const char *at = strstr(old, "<entry>\n");
    for (; at && room; room--) {
        const char *end = strstr(at, "</entry>\n");
        if (!end)
            return;
        end += strlen("</entry>\n");
        str_add_len(out, at, (size_t)(end - at));
        at = strstr(end, "<entry>\n");
    }
}

static int write_feed(const struct notify_batch *b, struct err *e)
{
    struct str old = str_of(FILE_MAX), feed = str_of(FILE_MAX);
    struct err ignored = {0};
    struct date now;
    struct date_text text = {""};
    if (date_from_seconds(&now, (int64_t)(b->wall_ns / NS_PER_S)))
        text = date_text(&now);
    if (file_read(b->to, &old, &ignored) < 0)
        str_reset(&old);
    str_addf(&feed,
             "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
             "<feed xmlns=\"http://www.w3.org/2005/Atom\">\n<title>picket: alerts</title>\n"
             "<id>urn:picket:alerts</id>\n<author><name>picket</name></author>\n"
             "<updated>%s</updated>\n",
             text.text);
    size_t fresh = b->count < ENTRIES_MAX ? b->count : ENTRIES_MAX;
    for (size_t i = 0; i < fresh; i++)
        if (!strstr(str_text(&old), b->key[b->count - 1 - i]))
            add_entry(&feed, &b->alert[b->count - 1 - i], b->key[b->count - 1 - i], text.text);
    add_old(&feed, str_text(&old), ENTRIES_MAX - fresh);
    str_add(&feed, "</feed>\n");
    int rc = file_replace(b->to, feed.text, feed.len, 0644, e);
    str_done(&old);
    str_done(&feed);
    return rc;
}

const struct notify_channel notify_atom = {.name = "atom", .together = true, .send = write_feed};
