/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/ids/look/file_kind.h"

#include <string.h>
#include <strings.h>

#include "core/base/attr.h"
#include "core/base/bytes.h"

static const struct {
    const char *bytes;
    uint8_t len, at;
    const char *words;
} row[] = {
    {"GIF89a", 6, 0, "GIF image data, version 89a"},
    {"GIF87a", 6, 0, "GIF image data, version 87a"},
    {"\x89PNG\r\n\x1a\n", 8, 0, "PNG image data"},
    {"\xff\xd8\xff", 3, 0, "JPEG image data"},
    {"BM", 2, 0, "PC bitmap"},
    {"%PDF-", 5, 0, "PDF document, version "},
    {"PK\x03\x04", 4, 0, "Zip archive data"},
    {"\x1f\x8b", 2, 0, "gzip compressed data"},
    {"BZh", 3, 0, "bzip2 compressed data"},
    {"\xfd"
     "7zXZ",
     6, 0, "XZ compressed data"},
    {"7z\xbc\xaf\x27\x1c", 6, 0, "7-zip archive data"},
    {"Rar!", 4, 0, "RAR archive data"},
    {"\x7f"
     "ELF",
     4, 0, "ELF"},
    {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 8, 0, "Composite Document File V2 Document"},
    {"CWS", 3, 0, "Macromedia Flash data (compressed)"},
    {"FWS", 3, 0, "Macromedia Flash data"},
    {"ustar", 5, 128, "tar archive"},
    {"{\\rtf", 5, 0, "Rich Text Format data"},
    {"\xca\xfe\xba\xbe", 4, 0, "compiled Java class data"},
    {"OggS", 4, 0, "Ogg data"},
    {"ID3", 3, 0, "Audio file with ID3"},
    {"RIFF", 4, 0, "RIFF (little-endian) data"},
    {"%!PS", 4, 0, "PostScript document text"},
    {"MSCF", 4, 0, "Microsoft Cabinet archive data"},
    {"<?xml", 5, 0, "XML 1.0 document text"},
};

static bool begins(const struct span *head, size_t at, const char *bytes, size_t len)
{
    return head->len >= at + len && memcmp(head->data + at, bytes, len) == 0;
}

static bool looks_like_html(const struct span *head)
{
    static const char *const tag[] = {"<!doctype html", "<html", "<head", "<title", "<body"};
    size_t at = 0;
    while (at < head->len &&
           (head->data[at] == ' ' || (head->data[at] >= 9 && head->data[at] <= 13)))
        at++;
    for (size_t i = 0; i < ARRAY_COUNT(tag); i++)
        if (head->len - at >= strlen(tag[i]) &&
            strncasecmp((const char *)head->data + at, tag[i], strlen(tag[i])) == 0)
            return true;
    return false;
}

/* "MZ": an old DOS program, or a Windows one when the new header is where the old one says. */
static const char *program_kind(const struct span *head)
{
    struct bytes_in in = bytes_in_of(head->data, head->len);
    bytes_skip(&in, 0x3c);
    uint32_t at = bytes_u32le(&in);
    if (in.bad || !begins(head, at, "PE\0\0", 4))
        return "MS-DOS executable";
    return begins(head, (size_t)at + 24, "\x0b\x02", 2) ? "PE32+ executable for MS Windows"
                                                        : "PE32 executable for MS Windows";
}

static void describe_text(const struct span *head, struct str *out)
{
    bool long_line = false, crlf = false, text = true;
    for (size_t i = 0; i < head->len && text; i++) {
        uint8_t c = head->data[i];
        crlf |= c == '\r';
        text = c >= 32 || (c >= 7 && c <= 13) || c == 27;
        if (c >= 127)
            text = false;
    }
    (void)long_line;
    str_add(out, text ? "ASCII text" : "data");
    if (text && crlf)
        str_add(out, ", with CRLF line terminators");
    else if (text && !memchr(head->data, '\n', head->len))
        str_add(out, ", with no line terminators");
}

static void add_size(const struct span *head, size_t at, bool big, struct str *out)
{
    struct bytes_in in = bytes_in_of(head->data, head->len);
    bytes_skip(&in, at);
    uint32_t width = big ? bytes_u32be(&in) : bytes_u16le(&in);
    uint32_t height = big ? bytes_u32be(&in) : bytes_u16le(&in);
    if (!in.bad)
        str_addf(out, ", %u x %u", width, height);
}

void file_kind_describe(const struct span *head, struct str *out)
{
    if (head->len == 0) {
        str_add(out, "empty");
        return;
    }
    if (head->len == 1) {
        str_add(out, "very short file (no magic)");
        return;
    }
    if (begins(head, 0, "MZ", 2)) {
        str_add(out, program_kind(head));
        return;
    }
    for (size_t i = 0; i < ARRAY_COUNT(row); i++) {
        if (!begins(head, row[i].at, row[i].bytes, row[i].len))
            continue;
        str_add(out, row[i].words);
        if (row[i].bytes[0] == '%' && row[i].bytes[1] == 'P' && head->len >= 8)
            str_add_len(out, head->data + 5, 3);
        if (row[i].bytes[0] == 'G')
            add_size(head, 6, false, out);
        if (i == 2)
            add_size(head, 16, true, out);
        return;
    }
    if (looks_like_html(head))
        str_add(out, "HTML document, ASCII text");
    else
        describe_text(head, out);
}

bool file_kind_has(const struct span *head, const uint8_t *text, size_t len)
{
    struct str words = str_of(512);
    file_kind_describe(head, &words);
    bool found = memmem(str_text(&words), words.len + 1, text, len) != NULL; /* |00| is its end */
    str_done(&words);
    return found;
}
