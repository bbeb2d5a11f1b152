/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as text, outside text and attribute: each place must hold nothing that ends it. */
#include <assert.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/text/html.h"
#include "core/text/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t entity_len(const char *text)
{
    static const char *const entity[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;"};
    for (size_t i = 0; i < ARRAY_COUNT(entity); i++)
        if (strncmp(text, entity[i], strlen(entity[i])) == 0)
            return strlen(entity[i]);
    return 0;
}

static bool turns_text(uint32_t code)
{
    return (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
}

static void check(const struct str *out, const char *head, const char *tail, bool is_outside)
{
    const char *text = str_text(out), *end = text + out->len - strlen(tail);
    assert(strncmp(text, head, strlen(head)) == 0 && strcmp(end, tail) == 0);
    for (const char *at = text + strlen(head); at < end;) {
        uint32_t code;
        size_t len = utf8_decode(at, (size_t)(end - at), &code);
        assert(len > 0 && (code >= 0x20 || code == '\n' || code == '\t'));
        assert(code < 0x7f || code > 0x9f);
        assert(code > 0x7f || !strchr("<>\"'", (int)code));
        assert(!is_outside || !turns_text(code));
        if (code == '&') {
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
    struct html_out h = html_out_of(&out);
    html_element(&h, "p", text);
    check(&out, "<p>", "</p>", false);
    str_reset(&out);
    html_outside(&h, text);
    check(&out, "<bdi>", "</bdi>", true);
    str_reset(&out);
    html_open(&h, "a");
    html_attr(&h, "title", text);
    html_close(&h);
    check(&out, "<a title=\"", "\"></a>", true);
    str_done(&out);
    mem_free(text);
    return 0;
}
