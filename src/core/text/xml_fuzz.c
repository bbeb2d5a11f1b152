/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as text, attribute and comment: each place must hold nothing that ends it, and only
 * characters of XML. */
#include <assert.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/text/utf8.h"
#include "core/text/xml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t entity_len(const char *text)
{
    static const char *const entity[] = {"&amp;", "&lt;",  "&gt;", "&quot;",
                                         "&#xd;", "&#xa;", "&#x9;"};
    for (size_t i = 0; i < ARRAY_COUNT(entity); i++)
        if (strncmp(text, entity[i], strlen(entity[i])) == 0)
            return strlen(entity[i]);
    return 0;
}

/* What stands between `head` and `tail` has no mark of `forbidden`, and '&' begins an entity where
 * `entities` says so. */
static void check(const struct str *out, const char *head, const char *tail, const char *forbidden,
                  bool entities)
{
    const char *text = str_text(out), *end = text + out->len - strlen(tail);
    assert(strncmp(text, head, strlen(head)) == 0 && strcmp(end, tail) == 0);
    for (const char *at = text + strlen(head); at < end;) {
        uint32_t code;
        size_t len = utf8_decode(at, (size_t)(end - at), &code);
        assert(len > 0 && (code >= 0x20 || code == '\n' || code == '\t' || code == '\r'));
        assert(code != 0xfffe && code != 0xffff);
        assert(code > 0x7f || !strchr(forbidden, (int)code));
        if (code == '&' && entities) {
            len = entity_len(at);
            assert(len > 0);
        }
        at += len;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = mem_zero(size + 1);
    if (size)
        memcpy(text, data, size);
    struct str out = str_of(0);
    struct xml_out x = xml_out_of(&out);
    xml_open(&x, "a");
    xml_text(&x, text);
    xml_close(&x);
    check(&out, "<a>", "</a>", "<>\r", true);
    str_reset(&out);
    xml_open(&x, "a");
    xml_attr(&x, "b", text);
    xml_close(&x);
    check(&out, "<a b=\"", "\"/>", "<>\"\r\n\t", true);
    str_reset(&out);
    xml_comment(&x, text);
    check(&out, "<!-- ", " -->", "", false);
    assert(strstr(str_text(&out) + 4, "--") == out.text + out.len - 3);
    str_done(&out);
    mem_free(text);
    return 0;
}
