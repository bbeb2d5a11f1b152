/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The mail of an SMTP transaction: its headers, its attachments as files, its URLs. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "core/base/mem.h"
#include "tool/ids/inspect/smtp_tx.h"
#include "wire/proto/mime_field.h"

enum {
    LINE_LONG = 998,   /* RFC 5322 2.1.1 */
    CODED_LONG = 76,   /* RFC 2045 6.7, 6.8 */
    NAME_LONG = 75,    /* of a header */
    VALUE_LONG = 2000, /* of a header */
    BOUNDARY_LONG = 254,
    TEXT_LINE_MAX = 8192,
};

static void tell(struct smtp_tx *tx, enum inspect_event event)
{
    inspect_event(tx->flow, &tx->head, event);
}

/* ---- URLs ---- */

static size_t url_len(const char *text, size_t len)
{
    size_t n = 0;
    while (n < len && !memchr(" \"'<>]\t\r\n", text[n], 9))
        n++;
    return n;
}

static void find_urls(struct smtp_tx *tx, const char *scheme, const char *text, size_t len)
{
    size_t head = strlen(scheme);
    bool with_scheme = tx->flow->thread->settings->smtp.log_url_scheme;
    for (size_t at = 0; at + head <= len;) {
        if (strncasecmp(text + at, scheme, head) != 0) {
            at++;
            continue;
        }
        size_t whole = url_len(text + at, len - at);
        if (tx->url_count < SMTP_URL_MAX && whole >= head) {
            size_t skip = with_scheme ? 0 : head;
            tx->url[tx->url_count] = str_of(0);
            str_add_len(&tx->url[tx->url_count++], text + at + skip, whole - skip);
        }
        at += whole > head ? whole : head;
    }
}

static void search_line(struct smtp_tx *tx)
{
    const struct inspect_settings *s = tx->flow->thread->settings;
    const char *text = str_text(&tx->line);
    if (!s->smtp.scheme_count)
        find_urls(tx, "http://", text, tx->line.len);
    for (uint8_t i = 0; i < s->smtp.scheme_count; i++)
        find_urls(tx, s->smtp.scheme[i], text, tx->line.len);
    str_cut(&tx->line, 0);
}

static void search_text(struct smtp_tx *tx, const char *data, size_t len)
{
    if (tx->flow->thread->settings->smtp.no_urls)
        return;
    while (len) {
        const char *lf = memchr(data, '\n', len);
        size_t piece = lf ? (size_t)(lf - data) + 1 : len;
        str_add_len(&tx->line, data, piece);
        if (lf || tx->line.len > TEXT_LINE_MAX)
            search_line(tx);
        data += piece;
        len -= piece;
    }
}

/* ---- what the parts say ---- */

static void keep_header(struct smtp_tx *tx, const char *name, const char *value)
{
    if (tx->header_count == SMTP_HEADER_MAX)
        return;
    if (!tx->header)
        tx->header = mem_zero(SMTP_HEADER_MAX * sizeof *tx->header);
    struct smtp_header *h = &tx->header[tx->header_count++];
    h->name = str_of(0);
    h->value = str_of(0);
    str_add(&h->name, name);
    str_add(&h->value, value);
}

static void on_header(void *ctx, const struct mime_part *part, const char *name, const char *value)
{
    struct smtp_tx *tx = ctx;
    struct str word = str_of(0);
    (void)part;
    if (!tx->main_ended)
        keep_header(tx, name, value);
    if (strlen(name) > NAME_LONG)
        tell(tx, INSPECT_EVENT_SMTP_MIME_LONG_HEADER_NAME);
    if (strlen(value) > VALUE_LONG)
        tell(tx, INSPECT_EVENT_SMTP_MIME_LONG_HEADER_VALUE);
    bool type = strcasecmp(name, "content-type") == 0;
    if (type && mime_param(value, "boundary", &word) && word.len > BOUNDARY_LONG)
        tell(tx, INSPECT_EVENT_SMTP_MIME_LONG_BOUNDARY);
    str_cut(&word, 0);
    if (!tx->part_name.len && (type || strcasecmp(name, "content-disposition") == 0) &&
        mime_param(value, type ? "name" : "filename", &word)) {
        if (word.len > SMTP_FILE_NAME_MAX) {
            tell(tx, INSPECT_EVENT_SMTP_MIME_LONG_FILENAME);
            str_cut(&word, SMTP_FILE_NAME_MAX);
        }
        str_add_len(&tx->part_name, str_text(&word), word.len);
    }
    str_done(&word);
}

static void on_begin(void *ctx, const struct mime_part *part)
{
    struct smtp_tx *tx = ctx;
    if (!tx->main_ended) {
        tx->main_ended = true;
        tx->main_count = tx->header_count;
    }
    tx->in_file = tx->in_text = false;
    tx->line_end_len = 0;
    if (part->kind == MIME_LEAF && tx->part_name.len && tx->file_count < SMTP_FILE_MAX) {
        struct inspect_file_new how = {.name = str_text(&tx->part_name),
                                       .name_len = tx->part_name.len};
        struct inspect_file *file = inspect_file_open(tx->flow, &tx->head, FLOW_TO_SERVER, &how);
        tx->file[tx->file_count++] = file;
        tx->in_file = file != NULL;
        struct str *name = &tx->attachment[tx->attachment_count++];
        *name = str_of(0);
        str_add_len(name, str_text(&tx->part_name), tx->part_name.len);
    }
    tx->in_text = part->kind == MIME_LEAF &&
                  (tx->in_file || !*part->type || strncmp(part->type, "text/", 5) == 0);
    str_cut(&tx->part_name, 0);
}

static void add_to_file(struct smtp_tx *tx, const char *data, size_t len, bool plain)
{
    struct inspect_file *file = tx->file[tx->file_count - 1];
    if (tx->line_end_len && len)
        inspect_file_add(file, tx->line_end, tx->line_end_len);
    if (len)
        tx->line_end_len = 0;
    if (plain && len && data[len - 1] == '\n') {
        tx->line_end_len = len > 1 && data[len - 2] == '\r' ? 2 : 1;
        len -= tx->line_end_len;
        memcpy(tx->line_end, data + len, tx->line_end_len);
    }
    inspect_file_add(file, data, len);
}

static void on_body(void *ctx, const struct mime_part *part, const char *data, size_t len)
{
    struct smtp_tx *tx = ctx;
    if (tx->in_file)
        add_to_file(tx, data, len, part->coding == MIME_PLAIN);
    if (tx->in_text)
        search_text(tx, data, len);
}

static void on_raw(void *ctx, const struct mime_part *part, const char *line, size_t len)
{
    struct smtp_tx *tx = ctx;
    while (len && (line[len - 1] == '\n' || line[len - 1] == '\r'))
        len--;
    if (len > CODED_LONG && (tx->in_file || tx->in_text) &&
        (part->coding == MIME_BASE64 || part->coding == MIME_QUOTED_PRINTABLE))
        tell(tx, INSPECT_EVENT_SMTP_MIME_LONG_ENC_LINE);
}

static void on_end(void *ctx, const struct mime_part *part)
{
    struct smtp_tx *tx = ctx;
    if (part->kind != MIME_LEAF)
        return;
    if (tx->in_file)
        inspect_file_close(tx->file[tx->file_count - 1], FILE_CLOSED);
    if (tx->line.len)
        search_line(tx);
    tx->in_file = tx->in_text = false;
    inspect_raw_trigger(tx->flow, FLOW_TO_SERVER);
}

/* ---- the whole ---- */

void smtp_mail_begin(struct inspect_flow *f, struct smtp_tx *tx)
{
    const struct inspect_settings *s = f->thread->settings;
    tx->flow = f;
    if (s->smtp.raw_extraction) {
        struct inspect_file_new how = {.name = "rawmsg", .name_len = 6};
        tx->file[tx->file_count++] = inspect_file_open(f, &tx->head, FLOW_TO_SERVER, &how);
        return;
    }
    if (s->smtp.no_mime)
        return;
    tx->events = (struct mime_events){.ctx = tx,
                                      .header = on_header,
                                      .begin = on_begin,
                                      .body = on_body,
                                      .raw = on_raw,
                                      .end = on_end};
    mime_open(&tx->mime, &tx->events);
    tx->is_open = tx->has_mail = true;
    tx->part_name = tx->line = str_of(0);
}

void smtp_mail_feed(struct inspect_flow *f, struct smtp_tx *tx, const uint8_t *data, size_t len,
                    bool ends)
{
    tx->flow = f;
    if (!tx->is_open) {
        if (f->thread->settings->smtp.raw_extraction && tx->file_count)
            inspect_file_add(tx->file[0], data, len);
        return;
    }
    const struct inspect_settings *s = f->thread->settings;
    bool wants = s->mime_body_md5 || s->smtp.log_body_md5 || f->thread->want & INSPECT_BODY_MD5;
    if (tx->main_ended && wants) {
        if (!tx->body)
            tx->body = digest_begin(DIGEST_MD5);
        digest_feed(tx->body, data, len);
    }
    tx->line_len += (uint32_t)len;
    mime_feed(&tx->mime, data, len);
    if (!ends)
        return;
    uint32_t end = len > 1 && data[len - 2] == '\r' ? 2 : 1;
    if (tx->line_len > LINE_LONG + end)
        tell(tx, INSPECT_EVENT_SMTP_MIME_LONG_LINE);
    tx->line_len = 0;
}

void smtp_mail_end(struct inspect_flow *f, struct smtp_tx *tx, bool whole)
{
    static const char hex[] = "0123456789abcdef";
    uint8_t sum[DIGEST_MAX];
    tx->flow = f;
    if (tx->is_open)
        mime_close(&tx->mime);
    else if (tx->file_count && tx->file[0])
        inspect_file_close(tx->file[0], whole ? FILE_CLOSED : FILE_TRUNCATED);
    tx->is_open = false;
    if (!tx->body)
        return;
    digest_end(tx->body, sum);
    tx->body = NULL;
    memcpy(tx->body_md5, sum, 16);
    for (int i = 0; i < 16; i++) {
        tx->body_md5_text[2 * i] = hex[sum[i] >> 4];
        tx->body_md5_text[2 * i + 1] = hex[sum[i] & 0xf];
    }
    tx->has_body_md5 = true;
}

void smtp_mail_free(struct smtp_tx *tx)
{
    if (tx->is_open) {
        tx->events = (struct mime_events){0};
        mime_close(&tx->mime);
    }
    digest_drop(tx->body);
    for (uint32_t i = 0; i < tx->header_count; i++) {
        str_done(&tx->header[i].name);
        str_done(&tx->header[i].value);
    }
    mem_free(tx->header);
    for (uint32_t i = 0; i < tx->file_count; i++)
        if (tx->file[i])
            inspect_file_free(tx->file[i]);
    for (uint32_t i = 0; i < tx->attachment_count; i++)
        str_done(&tx->attachment[i]);
    for (uint32_t i = 0; i < tx->url_count; i++)
        str_done(&tx->url[i]);
    str_done(&tx->part_name);
    str_done(&tx->line);
}

const struct str *smtp_mail_header(const struct smtp_tx *tx, const char *name, unsigned skip)
{
    uint32_t count = tx->main_ended ? tx->main_count : tx->header_count;
    for (uint32_t i = 0; i < count; i++)
        if (strcasecmp(str_text(&tx->header[i].name), name) == 0 && skip-- == 0)
            return &tx->header[i].value;
    return NULL;
}
