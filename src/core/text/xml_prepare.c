/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "core/text/html_entity.h"
#include "core/text/utf8.h"
#include "core/text/xml_reader.h"

enum { DEFINED_MAX = 64, DEFINED_LEN_MAX = 512, REFERENCE_MAX = 64, EXPANDED_MAX = 1 << 20 };

/* An entity of the document's own, defined as plain text. */
struct defined {
    const char *name, *text;
    size_t name_len, text_len;
};

struct prepare {
    const char *at, *end;
    struct str *out;
    struct defined defined[DEFINED_MAX];
    size_t count, expanded;
    bool all_known;
};

static bool begins(const struct prepare *p, const char *mark)
{
    size_t len = strlen(mark);
    return (size_t)(p->end - p->at) >= len && memcmp(p->at, mark, len) == 0;
}

static const char *find(const char *at, const char *end, const char *mark)
{
    const char *found = memmem(at, (size_t)(end - at), mark, strlen(mark));
    return found ? found : end;
}

/* ---- the DOCTYPE ---- */

static size_t blanks(const char *at, const char *end)
{
    size_t n = 0;
    while (at + n < end && strchr(" \t\r\n", at[n]) && at[n])
        n++;
    return n;
}

/* <!ENTITY name "text">: text with references, parameter entities or markup is left out, so nothing
 * can grow by being expanded in turn. */
static void take_definition(struct prepare *p, const char *at, const char *end)
{
    struct defined d = {.name = at + blanks(at, end)};
    while (d.name + d.name_len < end && !strchr(" \t\r\n\"'<>%&", d.name[d.name_len]))
        d.name_len++;
    at = d.name + d.name_len;
    at += blanks(at, end);
    if (at >= end || (*at != '"' && *at != '\'') || p->count == DEFINED_MAX || !d.name_len)
        return;
    d.text = at + 1;
    const char *close = memchr(d.text, *at, (size_t)(end - d.text));
    if (!close)
        return;
    d.text_len = (size_t)(close - d.text);
    if (d.text_len <= DEFINED_LEN_MAX && !memchr(d.text, '&', d.text_len) &&
        !memchr(d.text, '<', d.text_len) && !memchr(d.text, '%', d.text_len))
        p->defined[p->count++] = d;
}

/* Over one declaration of the subset, whose quotes may hold '>'. */
static const char *declaration_end(const char *at, const char *end)
{
    char quote = '\0';
    for (; at < end; at++)
        if (quote ? *at == quote : *at == '"' || *at == '\'')
            quote = quote ? '\0' : *at;
        else if (!quote && *at == '>')
            return at;
    return end;
}

static void skip_doctype(struct prepare *p)
{
    static const char entity[] = "<!ENTITY";
    const char *at = p->at + 1, *end = p->end;
    char quote = '\0';
    while (at < end && (quote || (*at != '>' && *at != '['))) {
        if (quote ? *at == quote : *at == '"' || *at == '\'')
            quote = quote ? '\0' : *at;
        at++;
    }
    if (at < end && *at == '[') {
        for (at++; at < end && *at != ']';) {
            const char *stop = *at == '<' ? declaration_end(at, end) : at;
            if (stop > at + sizeof entity && memcmp(at, entity, sizeof entity - 1) == 0)
                take_definition(p, at + sizeof entity - 1, stop);
            at = stop < end ? stop + 1 : end;
        }
        at = find(at, end, ">");
    }
    p->at = at < end ? at + 1 : end;
}

/* ---- references ---- */

static void add_code(struct str *out, uint32_t code)
{
    char bytes[UTF8_LEN_MAX];
    str_add_len(out, bytes, utf8_encode(code, bytes));
}

static bool is_xml_name(const char *name, size_t len)
{
    static const char *const five[] = {"amp", "lt", "gt", "quot", "apos"};
    for (size_t i = 0; i < 5; i++)
        if (strlen(five[i]) == len && memcmp(five[i], name, len) == 0)
            return true;
    return false;
}

static const struct defined *find_defined(const struct prepare *p, const char *name, size_t len)
{
    for (size_t i = 0; i < p->count; i++)
        if (p->defined[i].name_len == len && memcmp(p->defined[i].name, name, len) == 0)
            return &p->defined[i];
    return NULL;
}

static bool take_number(struct prepare *p, const char *name, size_t len)
{
    bool hex = len > 1 && (name[1] | 0x20) == 'x';
    unsigned long code = strtoul(name + 1 + hex, NULL, hex ? 16 : 10);
    if (code >= 0xa0 || html_windows((uint32_t)code) == code)
        return false;
    add_code(p->out, html_windows((uint32_t)code));
    return true;
}

static void take_reference(struct prepare *p)
{
    const char *name = p->at + 1;
    size_t most = (size_t)(p->end - name) < REFERENCE_MAX ? (size_t)(p->end - name) : REFERENCE_MAX;
    const char *semicolon = most ? memchr(name, ';', most) : NULL;
    size_t len = semicolon ? (size_t)(semicolon - name) : 0;
    const struct defined *own = find_defined(p, name, len);
    uint32_t code = len ? html_entity(name, len) : 0;
    if (own && p->expanded + own->text_len <= EXPANDED_MAX) {
        p->expanded += own->text_len;
        str_add_len(p->out, own->text, own->text_len);
    } else if (len && *name == '#' && strspn(name + 1, "0123456789abcdefxABCDEFX") == len - 1) {
        if (!take_number(p, name, len))
            str_add_len(p->out, p->at, len + 2);
    } else if (len && is_xml_name(name, len)) {
        str_add_len(p->out, p->at, len + 2);
    } else if (code) {
        add_code(p->out, code);
    } else {
        p->all_known = false;
        str_add(p->out, "&amp;");
        p->at++;
        return;
    }
    p->at += len + 2;
}

/* ---- the document ---- */

static void copy_until(struct prepare *p, const char *mark)
{
    const char *stop = find(p->at, p->end, mark);
    stop = stop < p->end ? stop + strlen(mark) : p->end;
    str_add_len(p->out, p->at, (size_t)(stop - p->at));
    p->at = stop;
}

bool xml_prepare(const char *text, size_t len, struct str *out)
{
    struct prepare p = {.at = text, .end = text + len, .out = out, .all_known = true};
    while (p.at < p.end) {
        if (begins(&p, "<![CDATA["))
            copy_until(&p, "]]>");
        else if (begins(&p, "<!--"))
            copy_until(&p, "-->");
        else if (begins(&p, "<!DOCTYPE") || begins(&p, "<!doctype"))
            skip_doctype(&p);
        else if (*p.at == '&')
            take_reference(&p);
        else {
            const char *at = p.at + 1;
            while (at < p.end && *at != '<' && *at != '&')
                at++;
            str_add_len(out, p.at, (size_t)(at - p.at));
            p.at = at;
        }
    }
    return p.all_known;
}
