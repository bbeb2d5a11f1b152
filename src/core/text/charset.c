/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/text/charset.h"

#include <errno.h>
#include <iconv.h>
#include <string.h>
#include <strings.h>

#include "core/base/attr.h"
#include "core/text/utf8.h"

enum { CHUNK = 4096, NAME_MAX_BYTES = 64 };

bool charset_is_utf8(const void *text, size_t len)
{
    const char *at = text;
    uint32_t code;
    while (len) {
        size_t n = (unsigned char)*at < 0x80 ? 1 : utf8_decode(at, len, &code);
        if (n == 0)
            return false;
        at += n;
        len -= n;
    }
    return true;
}

static void add_utf8(const char *at, size_t len, struct str *out)
{
    uint32_t code;
    while (len) {
        size_t plain = 0;
        while (plain < len && (unsigned char)at[plain] < 0x80)
            plain++;
        size_t n = plain ? plain : utf8_decode(at, len, &code);
        if (n)
            str_add_len(out, at, n);
        else
            str_add(out, utf8_replacement);
        at += n ? n : 1;
        len -= n ? n : 1;
    }
}

/* Names that mails and feeds use and iconv does not know, or knows too strictly: what calls itself
 * GB 2312 or KS C 5601 is written with the larger set, as browsers take it (WHATWG Encoding). */
static const char *usual_name(const char *name)
{
    static const struct {
        const char *name, *usual;
    } aliases[] = {
        {"gb2312", "GB18030"},
        {"gb_2312-80", "GB18030"},
        {"gbk", "GB18030"},
        {"ks_c_5601-1987", "CP949"},
        {"euc-kr", "CP949"},
        {"shift_jis", "CP932"},
        {"x-sjis", "CP932"},
        {"unicode-1-1-utf-7", "UTF-7"},
        {"x-gbk", "GB18030"},
        {"utf8", "UTF-8"},
        {"cp-850", "CP850"},
        {"iso-8859-8-i", "ISO-8859-8"},
        {"u16", "UTF-16"},
        {"x-unknown", "ISO-8859-1"},
        {"big5-hkscs", "BIG5-HKSCS"},
        {"ansi", "CP1252"},
        {"x-user-defined", "ISO-8859-1"},
    };
    for (size_t i = 0; i < ARRAY_COUNT(aliases); i++)
        if (strcasecmp(aliases[i].name, name) == 0)
            return aliases[i].usual;
    return name;
}

/* A text that calls itself ASCII has no letters above it, whatever was meant. */
static void add_ascii(const char *at, size_t len, struct str *out)
{
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)at[i] < 0x80)
            str_add_char(out, at[i]);
        else
            str_add(out, utf8_replacement);
}

static void convert(iconv_t cd, char *in, size_t in_left, struct str *out)
{
    char chunk[CHUNK];
    while (in_left && !out->full) {
        char *to = chunk;
        size_t room = sizeof chunk;
        size_t rc = iconv(cd, &in, &in_left, &to, &room);
        int cause = errno;
        str_add_len(out, chunk, sizeof chunk - room);
        if (rc != (size_t)-1 || cause == E2BIG || !in_left)
            continue;
        str_add(out, utf8_replacement); /* EILSEQ, EINVAL: go on behind the byte */
        in++;
        in_left--;
    }
}

bool charset_to_utf8(const char *charset, const void *text, size_t len, struct str *out)
{
    if (strlen(charset) > NAME_MAX_BYTES)
        return false;
    const char *name = usual_name(charset);
    if (strcasecmp(name, "utf-8") == 0) {
        add_utf8(text, len, out);
        return true;
    }
    if (strcasecmp(name, "us-ascii") == 0 || strcasecmp(name, "ascii") == 0) {
        add_ascii(text, len, out);
        return true;
    }
    iconv_t cd = iconv_open("UTF-8", name);
    if (cd == (iconv_t)-1)
        return false;
    convert(cd, (char *)(uintptr_t)text, len, out);
    iconv_close(cd);
    return true;
}
