/* SPDX-License-Identifier: GPL-3.0-or-later */
/* XML 1.0 (fifth edition) out.  Names and literal markup are the caller's; only values and text
 * come from outside, and whatever they hold, the document stays well-formed. */
#include "core/text/xml.h"

#include <assert.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/text/escape.h"

struct xml_out xml_out_of(struct str *out)
{
    return (struct xml_out){.out = out};
}

/* XML 1.0 2.2: Char.  Surrogates never come out of the decoder. */
static bool is_xml_char(uint32_t code)
{
    if (code < 0x20)
        return code == '\t' || code == '\n' || code == '\r';
    return code != 0xfffe && code != 0xffff;
}

/* Each byte as the four letters \xNN. */
static const char *spell_bytes(const uint8_t *byte, size_t len, char room[ESCAPE_TEXT_MAX])
{
    for (size_t i = 0; i < len; i++)
        snprintf(room + 4 * i, ESCAPE_TEXT_MAX - 4 * i, "\\x%02x", byte[i]);
    return room;
}

static const char *comment_rule(uint32_t code, const uint8_t *byte, size_t len,
                                char room[ESCAPE_TEXT_MAX])
{
    if (len == 0 || !is_xml_char(code))
        return spell_bytes(byte, len ? len : 1, room);
    return NULL;
}

static const char *text_rule(uint32_t code, const uint8_t *byte, size_t len,
                             char room[ESCAPE_TEXT_MAX])
{
    const char *spelled = comment_rule(code, byte, len, room);
    if (spelled)
        return spelled;
    switch (code) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '\r': /* 2.11: a reader would turn it into a line feed */
        return "&#xd;";
    default:
        return NULL;
    }
}

static const char *attr_rule(uint32_t code, const uint8_t *byte, size_t len,
                             char room[ESCAPE_TEXT_MAX])
{
    switch (len ? code : 0) {
    case '"':
        return "&quot;";
    case '\n': /* 3.3.3: a reader would turn these into blanks */
        return "&#xa;";
    case '\t':
        return "&#x9;";
    default:
        return text_rule(code, byte, len, room);
    }
}

static void finish_tag(struct xml_out *x)
{
    if (x->in_tag)
        str_add_char(x->out, '>');
    x->in_tag = false;
}

void xml_declaration(struct xml_out *x)
{
    str_add(x->out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
}

void xml_raw(struct xml_out *x, const char *markup)
{
    finish_tag(x);
    str_add(x->out, markup);
}

void xml_open(struct xml_out *x, const char *tag)
{
    assert(x->depth < XML_DEPTH_MAX);
    finish_tag(x);
    str_add_char(x->out, '<');
    str_add(x->out, tag);
    x->in_tag = true;
    x->has_text[x->depth] = false;
    x->tag[x->depth++] = tag;
}

void xml_close(struct xml_out *x)
{
    assert(x->depth > 0);
    const char *tag = x->tag[--x->depth];
    if (x->in_tag) {
        str_add(x->out, "/>");
        x->in_tag = false;
        return;
    }
    str_add(x->out, "</");
    str_add(x->out, tag);
    str_add_char(x->out, '>');
}

static void add_attr(struct xml_out *x, const char *name, const char *value, size_t len)
{
    assert(x->in_tag);
    str_add_char(x->out, ' ');
    str_add(x->out, name);
    str_add(x->out, "=\"");
    escape_add(x->out, value, len, attr_rule);
    str_add_char(x->out, '"');
}

void xml_attr(struct xml_out *x, const char *name, const char *value)
{
    if (value)
        add_attr(x, name, value, strlen(value));
}

void xml_attr_u64(struct xml_out *x, const char *name, uint64_t value)
{
    xml_attrf(x, name, "%" PRIu64, value);
}

void xml_attr_i64(struct xml_out *x, const char *name, int64_t value)
{
    xml_attrf(x, name, "%" PRId64, value);
}

void xml_attrf(struct xml_out *x, const char *name, const char *format, ...)
{
    struct str value = str_of(0);
    va_list args;
    va_start(args, format);
    str_addv(&value, format, args);
    va_end(args);
    add_attr(x, name, str_text(&value), value.len);
    str_done(&value);
}

void xml_text(struct xml_out *x, const char *text)
{
    finish_tag(x);
    if (x->depth > 0)
        x->has_text[x->depth - 1] = true;
    escape_add(x->out, text, strlen(text), text_rule);
}

/* 2.5: "--" may not stand in a comment, nor "-" at its end; the blanks around keep to that. */
void xml_comment(struct xml_out *x, const char *text)
{
    finish_tag(x);
    str_add(x->out, "<!-- ");
    for (const char *dashes; (dashes = strstr(text, "--")); text = dashes + 1) {
        escape_add(x->out, text, (size_t)(dashes + 1 - text), comment_rule);
        str_add_char(x->out, ' ');
    }
    escape_add(x->out, text, strlen(text), comment_rule);
    str_add(x->out, " -->");
}

void xml_newline(struct xml_out *x)
{
    if (x->depth > 0 && x->has_text[x->depth - 1])
        return; /* it would become part of the text */
    finish_tag(x);
    str_add_char(x->out, '\n');
}
