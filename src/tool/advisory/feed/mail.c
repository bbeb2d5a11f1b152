/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One mail, or an mbox of many in any of its four dialects: mboxo and mboxrd part messages at
 * "From " lines and quote them inside (">From "); mboxcl and mboxcl2 tell each body's length. */
#include "tool/advisory/mail.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/base/mem.h"
#include "tool/advisory/feed.h"

static const char *const first_headers[] = {
    "From:",          "Return-Path:",
    "Received:",      "Delivered-To:",
    "Message-ID:",    "Date:",
    "Subject:",       "To:",
    "MIME-Version:",  "X-",
    "Reply-To:",      "DKIM-Signature:",
    "Sender:",        "List-",
    "Content-Type:",  "Envelope-to:",
    "ARC-",           "Authentication-Results:",
    "Delivery-date:",
};

static bool is_mbox(const char *text, size_t len)
{
    return len > 5 && memcmp(text, "From ", 5) == 0;
}

static bool fits(const struct advisory_input *in)
{
    if (in->shape.kind != SHAPE_TEXT)
        return false;
    if (is_mbox(in->text, in->len))
        return true;
    for (size_t i = 0; i < ARRAY_COUNT(first_headers); i++)
        if (in->len > strlen(first_headers[i]) &&
            strncasecmp(in->text, first_headers[i], strlen(first_headers[i])) == 0)
            return true;
    return false;
}

static int tell(const char *data, size_t len, const struct advisory_sink *to, struct err *e)
{
    struct arena arena = {0};
    struct advisory_mail mail;
    int rc = mail_read(&arena, data, len, &mail)
                 ? 0
                 : err_set(e, -EBADMSG, "no mail: neither headers nor text");
    if (rc == 0 && to->mail)
        rc = to->mail(to->ctx, &mail, e);
    for (size_t i = 0; rc == 0 && !to->mail && to->advisory && i < mail.advisories.count; i++)
        rc = to->advisory(to->ctx, &mail.advisories.item[i], e);
    arena_done(&arena);
    return rc;
}

/* ---- mbox ---- */

static const char *line_end(const char *at, const char *end)
{
    const char *newline = memchr(at, '\n', (size_t)(end - at));
    return newline ? newline + 1 : end;
}

/* Content-Length of the headers from `at` on, and where the body begins; 0: none. */
static size_t content_length(const char *at, const char *end, const char **body)
{
    static const char name[] = "Content-Length:";
    size_t length = 0;
    for (; at < end && *at != '\n' && *at != '\r'; at = line_end(at, end))
        if ((size_t)(end - at) > sizeof name && strncasecmp(at, name, sizeof name - 1) == 0)
            length = strtoul(at + sizeof name - 1, NULL, 10);
    *body = at < end ? line_end(at, end) : end;
    return length;
}

static bool is_separator(const char *at, const char *end)
{
    return end - at > 5 && memcmp(at, "From ", 5) == 0;
}

/* The end of the message that begins at `at`: where its length says, if a separator stands there,
 * else before the next separator behind an empty line. */
static const char *message_end(const char *at, const char *end)
{
    const char *body;
    size_t length = content_length(at, end, &body);
    if (length && length <= (size_t)(end - body)) {
        const char *stop = body + length;
        while (stop < end && (*stop == '\n' || *stop == '\r'))
            stop++;
        if (stop == end || is_separator(stop, end))
            return stop;
    }
    bool empty = true; /* the line before was empty */
    for (const char *line = at; line < end; line = line_end(line, end)) {
        if (empty && line > at && is_separator(line, end))
            return line;
        empty = *line == '\n' || (*line == '\r' && line + 1 < end && line[1] == '\n');
    }
    return end;
}

/* ">From " was "From ", ">>From " was ">From ": mboxrd; of mboxo only the first can be told. */
static size_t unquote(char *to, const char *from, const char *end)
{
    char *start = to;
    while (from < end) {
        const char *next = line_end(from, end), *at = from;
        while (at < next && *at == '>')
            at++;
        if (at > from && is_separator(at, next))
            from++;
        memcpy(to, from, (size_t)(next - from));
        to += next - from;
        from = next;
    }
    return (size_t)(to - start);
}

static int read_mbox(const struct advisory_input *in, const struct advisory_sink *to, struct err *e)
{
    const char *at = in->text, *end = in->text + in->len;
    int rc = 0;
    while (rc == 0 && at < end) {
        at = is_separator(at, end) ? line_end(at, end) : at;
        const char *stop = message_end(at, end);
        char *plain = mem_zero((size_t)(stop - at) + 1);
        size_t len = unquote(plain, at, stop);
        rc = tell(plain, len, to, e);
        if (rc == -EBADMSG && to->refused) {
            to->refused(to->ctx, "message", e->text);
            rc = 0;
        }
        mem_free(plain);
        at = stop;
    }
    return rc;
}

static int read(const struct advisory_input *in, const struct advisory_sink *to, struct err *e)
{
    return is_mbox(in->text, in->len) ? read_mbox(in, to, e) : tell(in->text, in->len, to, e);
}

const struct advisory_feed advisory_feed_mail = {
    .name = "mail", .doc = "mail: one message, or an mbox", .fits = fits, .read = read};
