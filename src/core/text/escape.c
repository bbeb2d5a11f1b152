/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/text/escape.h"

#include <stdbool.h>

#include "core/text/utf8.h"

/* Printable ASCII without & < > " ' and the reverse solidus: the runs that make up most text. */
static bool is_plain(uint8_t c)
{
    return c >= ' ' && c < 0x7f && c != '&' && c != '<' && c != '>' && c != '"' && c != '\'' &&
           c != '\\';
}

void escape_add(struct str *out, const char *text, size_t len, escape_rule_fn *rule)
{
    const uint8_t *byte = (const uint8_t *)text;
    size_t at = 0, kept_from = 0;
    while (at < len) {
        if (is_plain(byte[at])) {
            at++;
            continue;
        }
        char room[ESCAPE_TEXT_MAX];
        uint32_t code = 0;
        size_t code_len = utf8_decode(byte + at, len - at, &code);
        const char *instead = rule(code, byte + at, code_len, room);
        if (instead) {
            str_add_len(out, text + kept_from, at - kept_from);
            str_add(out, instead);
            kept_from = at + (code_len ? code_len : 1);
        }
        at += code_len ? code_len : 1;
    }
    if (at > kept_from)
        str_add_len(out, text + kept_from, at - kept_from);
}
