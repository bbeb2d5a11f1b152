/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wire/proto/http1.h"

#include <string.h>

#include "check.h"
#include "core/base/str.h"

enum { TX_MAX = 4 };

struct seen {
    struct http1_tx tx[TX_MAX];
    size_t count;
};

static struct http1_tx *begin(void *ctx)
{
    struct seen *s = ctx;
    return s->count < TX_MAX ? &s->tx[s->count++] : NULL;
}

static void ignore_step(void *ctx, struct http1_tx *tx, enum http1_side side)
{
    (void)ctx, (void)tx, (void)side;
}

static void ignore_body(void *ctx, struct http1_tx *tx, enum http1_side side, const void *data,
                        size_t len)
{
    (void)ctx, (void)tx, (void)side, (void)data, (void)len;
}

static void ignore_event(void *ctx, struct http1_tx *tx, enum http1_side side,
                         enum http1_event event)
{
    (void)ctx, (void)tx, (void)side, (void)event;
}

static void ignore_end(void *ctx, struct http1_tx *tx)
{
    (void)ctx, (void)tx;
}

static const struct http1_handler handler = {begin, ignore_step, ignore_body, ignore_event,
                                             ignore_end};

/* "Name=value;" of each field, "." behind a whole request. */
static void print(const struct seen *s, struct str *out)
{
    for (size_t i = 0; i < s->count; i++) {
        const struct http1_message *m = &s->tx[i].request;
        for (size_t k = 0; k < m->field_count; k++) {
            str_add_len(out, m->field[k].name.data, m->field[k].name.len);
            str_add_char(out, '=');
            str_add_len(out, m->field[k].value.data, m->field[k].value.len);
            str_add_char(out, ';');
        }
        str_add(out, m->step == HTTP1_COMPLETE ? "." : "?");
    }
}

/* The requests of a client that sends `text` in two parts and closes. */
static bool reads_as(const char *text, size_t cut, const char *want)
{
    static const struct http1_settings settings = {.decode_layer_max = 2};
    struct seen seen = {.count = 0};
    struct http1 *h = http1_new(&settings, &handler, &seen);
    struct str out = str_of(1 << 12);
    size_t used = 0, rest;
    if (cut)
        (void)http1_take(h, HTTP1_REQUEST, text, cut, false, &used);
    (void)http1_take(h, HTTP1_REQUEST, text + used, strlen(text) - used, true, &rest);
    print(&seen, &out);
    bool same = strcmp(str_text(&out), want) == 0;
    http1_free(h);
    for (size_t i = 0; i < seen.count; i++)
        http1_tx_done(&seen.tx[i]);
    str_done(&out);
    return same;
}

int proto_http1_test(void)
{
    static const struct {
        const char *text, *want;
    } rows[] = {
        {"GET / HTTP/1.1\r\nHost: a\r\nX: b\r\n\r\n", "Host=a;X=b;."},
        {"GET / HTTP/1.1\nHost: a\n\nGET /b HTTP/1.1\r\nHost: c\r\n\r\n", "Host=a;.Host=c;."},
        {"GET / HTTP/1.1\r\nHost: a\r\nX: b\r\n c\r\n\r\n", "Host=a;X=b c;."},
        {"GET / HTTP/1.1\r\nHost: a\r\nX: b\rc\r\n\r\n", "Host=a;X=b\rc;."},
        {"GET / HTTP/1.1\r\nHost: a\r\nX: b\r", "Host=a;X=b;."}, /* ends between CR and LF */
        {"GET / HTTP/1.1\r\nHost: a\r\nX\rb\r", "Host=a;=X\rb;."},
    };
    int failed = 0;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) /* where the bytes were cut changes nothing */
        for (size_t cut = 0; cut < strlen(rows[i].text); cut++)
            CHECK_ROW(i * 100 + cut, reads_as(rows[i].text, cut, rows[i].want));
    return failed;
}
