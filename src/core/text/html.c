/* SPDX-License-Identifier: GPL-3.0-or-later */
/* HTML out.  Names of tags and attributes are literals of the caller.  Values and text are escaped
 * alike; the insides of <script> and <style> know no escapes and are written by html_raw. */
#include "core/text/html.h"

#include <assert.h>
#include <stdarg.h>
#include <string.h>

#include "core/text/escape.h"
#include "core/text/utf8.h"

struct html_out html_out_of(struct str *out)
{
    return (struct html_out){.out = out};
}

/* Controls and noncharacters, which the HTML standard (13.2.3.5) calls errors in a document. */
static bool is_html_char(uint32_t code)
{
    if (code < 0x20)
        return code == '\t' || code == '\n';
    if (code >= 0x7f && code < 0xa0)
        return false;
    return (code & 0xfffe) != 0xfffe && !(code >= 0xfdd0 && code <= 0xfdef);
}

static const char *text_rule(uint32_t code, const uint8_t *byte, size_t len,
                             char room[ESCAPE_TEXT_MAX])
{
    (void)byte;
    (void)room;
    if (len == 0)
        return utf8_replacement;
    switch (code) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return is_html_char(code) ? NULL : utf8_replacement;
    }
}

/* Embeddings, overrides and isolates (UAX 9): <bdi> keeps them from what stands beside, this keeps
 * them from turning the text itself into another.  Marks (U+200E, U+200F) stay. */
static const char *outside_rule(uint32_t code, const uint8_t *byte, size_t len,
                                char room[ESCAPE_TEXT_MAX])
{
    if ((code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069))
        return utf8_replacement;
    return text_rule(code, byte, len, room);
}

static void finish_tag(struct html_out *h)
{
    if (h->in_tag)
        str_add_char(h->out, '>');
    h->in_tag = false;
}

static void begin_tag(struct html_out *h, const char *tag)
{
    finish_tag(h);
    str_add_char(h->out, '<');
    str_add(h->out, tag);
    h->in_tag = true;
}

void html_raw(struct html_out *h, const char *markup)
{
    finish_tag(h);
    str_add(h->out, markup);
}

void html_open(struct html_out *h, const char *tag)
{
    assert(h->depth < HTML_DEPTH_MAX);
    begin_tag(h, tag);
    h->tag[h->depth++] = tag;
}

void html_void(struct html_out *h, const char *tag)
{
    begin_tag(h, tag);
}

void html_close(struct html_out *h)
{
    assert(h->depth > 0);
    finish_tag(h);
    str_add(h->out, "</");
    str_add(h->out, h->tag[--h->depth]);
    str_add_char(h->out, '>');
}

void html_attr(struct html_out *h, const char *name, const char *value)
{
    assert(h->in_tag);
    str_add_char(h->out, ' ');
    str_add(h->out, name);
    str_add(h->out, "=\"");
    escape_add(h->out, value, strlen(value), outside_rule); /* no <bdi> can stand in a value */
    str_add_char(h->out, '"');
}

void html_text(struct html_out *h, const char *text)
{
    finish_tag(h);
    escape_add(h->out, text, strlen(text), text_rule);
}

void html_textf(struct html_out *h, const char *format, ...)
{
    struct str text = str_of(0);
    va_list args;
    va_start(args, format);
    str_addv(&text, format, args);
    va_end(args);
    html_text(h, str_text(&text));
    str_done(&text);
}

void html_outside(struct html_out *h, const char *text)
{
    html_raw(h, "<bdi>");
    escape_add(h->out, text, strlen(text), outside_rule);
    html_raw(h, "</bdi>");
}

void html_element(struct html_out *h, const char *tag, const char *text)
{
    html_open(h, tag);
    html_text(h, text);
    html_close(h);
}
