/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/advisory/feed_charset.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "core/base/attr.h"
#include "core/text/charset.h"
#include "wire/proto/mime_field.h"

enum { NAME_MAX_BYTES = 64 };

/* Appendix F of XML 1.0: by a byte order mark, or by how "<?" and "<" look. */
static const struct {
    const char *bytes;
    size_t len, skip;
    const char *charset;
} marks[] = {
    {"\x00\x00\xfe\xff", 4, 4, "UTF-32BE"},
    {"\xff\xfe\x00\x00", 4, 4, "UTF-32LE"},
    {"\xef\xbb\xbf", 3, 3, "UTF-8"},
    {"\xfe\xff", 2, 2, "UTF-16BE"},
    {"\xff\xfe", 2, 2, "UTF-16LE"},
    {"\x00\x00\x00<", 4, 0, "UTF-32BE"},
    {"<\x00\x00\x00", 4, 0, "UTF-32LE"},
    {"\x00<\x00?", 4, 0, "UTF-16BE"},
    {"<\x00?\x00", 4, 0, "UTF-16LE"},
    {"\x00<\x00", 3, 0, "UTF-16BE"},
    {"<\x00", 2, 0, "UTF-16LE"},
    {"\x4c\x6f\xa7\x94", 4, 0, "EBCDIC-US"},
};

static const char *mark_of(const char *text, size_t len, size_t *skip)
{
    *skip = 0;
    for (size_t i = 0; i < ARRAY_COUNT(marks); i++)
        if (len >= marks[i].len && memcmp(text, marks[i].bytes, marks[i].len) == 0) {
            *skip = marks[i].skip;
            return marks[i].charset;
        }
    return NULL;
}

/* The encoding that <?xml ...?> names; the text is in something like ASCII. */
static bool declared(const char *text, size_t len, char to[NAME_MAX_BYTES])
{
    size_t blanks = 0;
    while (blanks < len && strchr(" \t\r\n", text[blanks]) && text[blanks])
        blanks++;
    text += blanks;
    len -= blanks;
    if (len < 6 || memcmp(text, "<?xml", 5) != 0)
        return false;
    const char *end = memmem(text, len, "?>", 2);
    const char *at = end ? memmem(text, (size_t)(end - text), "encoding", 8) : NULL;
    if (!at)
        return false;
    at += 8;
    while (at < end && strchr(" =\t\r\n", *at))
        at++;
    if (at >= end || (*at != '"' && *at != '\''))
        return false;
    const char *close = memchr(at + 1, *at, (size_t)(end - at) - 1);
    size_t n = close ? (size_t)(close - at) - 1 : 0;
    if (n == 0 || n >= NAME_MAX_BYTES)
        return false;
    memcpy(to, at + 1, n);
    to[n] = '\0';
    return true;
}

static bool from_http(const char *content_type, char to[NAME_MAX_BYTES])
{
    struct str name = str_of(NAME_MAX_BYTES - 1);
    bool told =
        content_type && mime_param(content_type, "charset", &name) && name.len && !name.full;
    if (told)
        memcpy(to, name.text, name.len + 1);
    str_done(&name);
    return told;
}

/* What is no XML by its media type is bozo, read all the same. */
static bool is_xml_type(const char *content_type)
{
    char type[128];
    if (!content_type)
        return true;
    mime_token(content_type, type, sizeof type);
    size_t len = strlen(type);
    return !*type || strstr(type, "xml") || (len >= 4 && strcmp(type + len - 4, "/rss") == 0);
}

/* Does it read without a character that is none? */
static bool try_charset(const char *name, const char *text, size_t len, struct str *out)
{
    str_reset(out);
    if ((strcasecmp(name, "utf-8") == 0 || strcasecmp(name, "utf8") == 0) &&
        !charset_is_utf8(text, len))
        return false;
    return charset_to_utf8(name, text, len, out);
}

static void drop_declaration(struct str *out)
{
    if (out->len < 6 || memcmp(out->text, "<?xml", 5) != 0)
        return;
    char *end = strstr(out->text, "?>");
    if (end)
        memset(out->text, ' ', (size_t)(end - out->text) + 2);
}

void feed_charset_read(const char *text, size_t len, const char *content_type, struct str *out,
                       bool *out_sure)
{
    char http[NAME_MAX_BYTES], prolog[NAME_MAX_BYTES];
    size_t skip;
    const char *mark = mark_of(text, len, &skip);
    bool has_http = from_http(content_type, http), has_prolog = declared(text, len, prolog);
    const char *tries[5];
    size_t count = 0;
    *out_sure = is_xml_type(content_type);
    if (mark)
        tries[count++] = mark;
    if (has_http)
        tries[count++] = http;
    if (has_prolog && !mark) /* "UTF-16" said in ASCII cannot be true */
        tries[count++] = prolog;
    tries[count++] = "utf-8";
    tries[count++] = "windows-1252";
    text += skip;
    len -= skip;
    for (size_t i = 0; i < count; i++) {
        bool wide = strncasecmp(tries[i], "utf-16", 6) == 0 ||
                    strncasecmp(tries[i], "u16", 3) == 0 ||
                    strncasecmp(tries[i], "utf-32", 6) == 0 ||
                    strncasecmp(tries[i], "utf_16", 6) == 0 || strcasecmp(tries[i], "utf16") == 0;
        if (wide && !mark)
            continue;
        if (try_charset(tries[i], text, len, out)) {
            bool fallback = i == count - 1 || (i == count - 2 && (has_http || has_prolog) && !mark);
            *out_sure &= !fallback || (!has_http && !has_prolog && i < count - 1);
            break;
        }
    }
    drop_declaration(out);
}
