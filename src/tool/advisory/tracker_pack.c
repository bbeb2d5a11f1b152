/* SPDX-License-Identifier: GPL-3.0-or-later */
/* "#CVE <tab> scope <tab> description", then for each suite "suite <tab> status <tab> fixed <tab>
 * urgency <tab> reason <tab> nodsa". */
#include "tool/advisory/tracker_pack.h"

#include <string.h>

static const char status_letter[] = {
    [TRACKER_OPEN] = 'o', [TRACKER_RESOLVED] = 'r', [TRACKER_UNDETERMINED] = 'u'};

/* Tabs and line ends, which only a description can hold, become blanks. */
static void add_field(struct str *out, struct json_span s)
{
    size_t at = out->len;
    str_add_len(out, s.text, s.len);
    for (; at < out->len; at++)
        if (out->text[at] == '\t' || out->text[at] == '\n')
            out->text[at] = ' ';
}

void tracker_pack(const struct tracker_entry *entry, struct str *out)
{
    str_add_char(out, '#');
    add_field(out, entry->cve);
    str_add_char(out, '\t');
    add_field(out, entry->scope);
    str_add_char(out, '\t');
    add_field(out, entry->description);
    for (size_t i = 0; i < entry->release_count; i++) {
        const struct tracker_release *r = &entry->release[i];
        str_add_char(out, '\n');
        add_field(out, r->suite);
        str_add_char(out, '\t');
        str_add_char(out, status_letter[r->status]);
        str_add_char(out, '\t');
        add_field(out, r->fixed);
        str_add_char(out, '\t');
        add_field(out, r->urgency);
        str_add_char(out, '\t');
        add_field(out, r->nodsa_reason);
        str_add_char(out, '\t');
        str_add_char(out, r->nodsa ? 'n' : '-');
    }
    str_add_char(out, '\n');
}

static struct json_span next_field(const char **at, const char *end)
{
    const char *tab = *at < end ? memchr(*at, '\t', (size_t)(end - *at)) : NULL;
    struct json_span s = {*at, (size_t)((tab ? tab : end) - *at)};
    *at = tab ? tab + 1 : end;
    return s;
}

static void unpack_head(struct tracker_entry *entry, const char *at, const char *end)
{
    entry->release_count = 0;
    entry->cve = next_field(&at, end);
    entry->scope = next_field(&at, end);
    entry->description = next_field(&at, end);
}

static void unpack_release(struct tracker_entry *entry, const char *at, const char *end)
{
    if (entry->release_count == TRACKER_RELEASES_MAX)
        return;
    struct tracker_release *r = &entry->release[entry->release_count++];
    r->suite = next_field(&at, end);
    struct json_span status = next_field(&at, end);
    char letter = status.len ? *status.text : 'o';
    r->status = letter == 'r'   ? TRACKER_RESOLVED
                : letter == 'u' ? TRACKER_UNDETERMINED
                                : TRACKER_OPEN;
    r->fixed = next_field(&at, end);
    r->urgency = next_field(&at, end);
    r->nodsa_reason = next_field(&at, end);
    r->nodsa = json_span_is(next_field(&at, end), "n");
}

int tracker_unpack(struct json_span source, const char *data, size_t len,
                   const struct tracker_events *events, struct err *e)
{
    struct tracker_entry entry = {.source = source};
    const char *end = data + len;
    int rc = 0;
    for (const char *at = data, *stop; rc == 0 && at < end; at = stop + 1) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        stop = newline ? newline : end;
        if (*at != '#') {
            unpack_release(&entry, at, stop);
            continue;
        }
        if (entry.cve.len)
            rc = events->entry(events->ctx, &entry, e);
        unpack_head(&entry, at + 1, stop);
    }
    return rc == 0 && entry.cve.len ? events->entry(events->ctx, &entry, e) : rc;
}
