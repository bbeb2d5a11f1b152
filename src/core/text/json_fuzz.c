/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The input is a list of calls of the writer.  Whatever they are, a reader that knows RFC 8259 and
 * nothing else must find one whole value. */
#include <assert.h>
#include <ctype.h>
#include <string.h>

#include "core/base/bytes.h"
#include "core/text/json.h"
#include "core/text/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char peek(const struct bytes_in *in)
{
    return bytes_left(in) ? (char)*in->pos : '\0';
}

static void expect(struct bytes_in *in, const char *text)
{
    const uint8_t *have = bytes_take(in, strlen(text));
    assert(have && memcmp(have, text, strlen(text)) == 0);
}

static void read_text(struct bytes_in *in)
{
    expect(in, "\"");
    while (peek(in) != '"') {
        uint32_t code;
        size_t len = utf8_decode(in->pos, bytes_left(in), &code);
        assert(len > 0 && code >= 0x20);
        bytes_skip(in, len);
        if (code != '\\')
            continue;
        char escape = (char)bytes_u8(in);
        assert(escape && strchr("\"\\/bfnrtu", escape));
        for (int i = 0; escape == 'u' && i < 4; i++)
            assert(isxdigit(bytes_u8(in)));
    }
    expect(in, "\"");
}

static void read_number(struct bytes_in *in)
{
    if (peek(in) == '-')
        bytes_skip(in, 1);
    assert(isdigit((unsigned char)peek(in)));
    while (isdigit((unsigned char)peek(in)) || peek(in) == '.')
        bytes_skip(in, 1);
}

static void read_value(struct bytes_in *in, int depth)
{
    char open = peek(in), close = open == '{' ? '}' : ']';
    assert(depth <= JSON_DEPTH_MAX);
    if (open == '"') {
        read_text(in);
    } else if (open == 't' || open == 'n') {
        expect(in, open == 't' ? "true" : "null");
    } else if (open == 'f') {
        expect(in, "false");
    } else if (open != '{' && open != '[') {
        read_number(in);
    } else {
        bytes_skip(in, 1);
        for (int i = 0; peek(in) != close; i++) {
            if (i > 0)
                expect(in, ",");
            if (open == '{') {
                read_text(in);
                expect(in, ":");
            }
            read_value(in, depth + 1);
        }
        bytes_skip(in, 1);
    }
}

static void write_one(struct json_out *j, struct bytes_in *in, const char *key)
{
    uint8_t what = bytes_u8(in);
    uint64_t number = bytes_u64be(in);
    double real;
    size_t len = number % 40 < bytes_left(in) ? number % 40 : bytes_left(in);
    memcpy(&real, &number, sizeof real);
    switch (what % 8) {
    case 0:
        json_u64(j, key, number);
        break;
    case 1:
        json_i64(j, key, (int64_t)number);
        break;
    case 2:
        json_double(j, key, real, what % 5);
        break;
    case 3:
        json_bool(j, key, number & 1);
        break;
    case 4:
        json_text(j, key, NULL);
        break;
    default:
        json_text_len(j, key, (const char *)bytes_take(in, len), len);
        break;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes_in in = bytes_in_of(data, size);
    struct str out = str_of(0);
    struct json_out j = json_out_of(&out);
    json_array(&j, NULL);
    while (bytes_left(&in) > 0) {
        char name[4] = {0};
        uint8_t what = bytes_u8(&in);
        bytes_copy(&in, name, 3);
        const char *key = j.is_object >> j.depth & 1 ? name : NULL;
        if (what % 4 == 0 && j.depth > 1)
            json_end(&j);
        else if (what % 4 == 1 && j.depth < JSON_DEPTH_MAX)
            (what & 4 ? json_object : json_array)(&j, key);
        else
            write_one(&j, &in, key);
    }
    while (j.depth > 0)
        json_end(&j);
    struct bytes_in back = bytes_in_of(out.text, out.len);
    read_value(&back, 0);
    assert(bytes_left(&back) == 0 && !back.bad);
    str_done(&out);
    return 0;
}
