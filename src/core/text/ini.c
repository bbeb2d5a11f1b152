/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lines into items.  A line is cut off the text first and looked at by itself; no state but the
 * section and whether a value may go on. */
#include "core/text/ini.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "core/base/bytes.h"
#include "core/base/mem.h"
#include "core/base/str.h"

struct span {
    const char *text;
    size_t len;
};

struct reader {
    struct ini ini;
    struct arena *arena;
    struct err *e;
    const char *name;    /* of the file */
    const char *section; /* in the arena */
    const char *line_at; /* the first byte of the line */
    unsigned line;
    bool in_value; /* the last item's value may go on; it is in `value` until then */
    struct str value;
};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static struct span trim(struct span s)
{
    for (; s.len > 0 && is_blank(*s.text); s.len--)
        s.text++;
    while (s.len > 0 && is_blank(s.text[s.len - 1]))
        s.len--;
    return s;
}

static int fault(const struct reader *r, const char *at, const char *why)
{
    return err_set(r->e, -EINVAL, "%s:%u:%zu: %s", r->name, r->line, (size_t)(at - r->line_at) + 1,
                   why);
}

/* The value of the last item is complete. */
static void end_value(struct reader *r)
{
    if (r->in_value)
        r->ini.item[r->ini.count - 1].value =
            arena_copy(r->arena, str_text(&r->value), r->value.len);
    r->in_value = false;
}

/* "[name]" */
static int read_section(struct reader *r, struct span line)
{
    const char *close = memchr(line.text, ']', line.len);
    if (!close)
        return fault(r, line.text, "the heading has no ']'");
    if (close + 1 != line.text + line.len)
        return fault(r, close + 1, "nothing may follow the ']' of a heading");
    struct span name = trim((struct span){line.text + 1, line.len - 2});
    if (name.len == 0)
        return fault(r, line.text, "the heading is empty");
    end_value(r);
    r->section = arena_copy(r->arena, name.text, name.len);
    return 0;
}

static int read_item(struct reader *r, struct span line)
{
    const char *equals = memchr(line.text, '=', line.len);
    if (!equals)
        return fault(r, line.text, "neither \"[section]\" nor \"key = value\"");
    struct span key = trim((struct span){line.text, (size_t)(equals - line.text)});
    struct span value =
        trim((struct span){equals + 1, line.len - (size_t)(equals + 1 - line.text)});
    if (key.len == 0)
        return fault(r, equals, "the key before the '=' is missing");
    end_value(r);
    struct ini *ini = &r->ini;
    MEM_GROW(ini->item, ini->count, ini->capacity);
    ini->item[ini->count++] = (struct ini_item){
        .section = r->section,
        .key = arena_copy(r->arena, key.text, key.len),
        .line = r->line,
    };
    str_reset(&r->value);
    str_add_len(&r->value, value.text, value.len);
    r->in_value = true;
    return 0;
}

/* The lines a value goes on in are joined by one blank. */
static int read_more(struct reader *r, struct span line)
{
    if (!r->in_value)
        return fault(r, line.text, "the line begins with a blank, but no value goes on here");
    if (r->value.len > 0)
        str_add_char(&r->value, ' ');
    str_add_len(&r->value, line.text, line.len);
    return r->value.full ? fault(r, line.text, "the value is too long") : 0;
}

static int read_line(struct reader *r, struct span line)
{
    if (line.len > INI_LINE_MAX)
        return fault(r, line.text + INI_LINE_MAX, "the line is too long");
    const char *zero = memchr(line.text, '\0', line.len);
    if (zero)
        return fault(r, zero, "a zero byte: this is no text");
    struct span inner = trim(line);
    if (inner.len == 0) {
        end_value(r);
        return 0;
    }
    if (*inner.text == '#' || *inner.text == ';')
        return 0;
    if (is_blank(*line.text))
        return read_more(r, inner);
    return *inner.text == '[' ? read_section(r, inner) : read_item(r, inner);
}

/* The next line without its end, "\n" or "\r\n". */
static struct span cut_line(struct bytes_in *in)
{
    const char *start = (const char *)in->pos;
    const char *end = memchr(start, '\n', bytes_left(in));
    size_t len = end ? (size_t)(end - start) : bytes_left(in);
    bytes_skip(in, end ? len + 1 : len);
    if (len > 0 && start[len - 1] == '\r')
        len--;
    return (struct span){start, len};
}

static int read_lines(struct reader *r, struct bytes_in *in)
{
    while (bytes_left(in) > 0) {
        struct span line = cut_line(in);
        r->line++;
        r->line_at = line.text;
        if (read_line(r, line) != 0)
            return r->e->code;
    }
    end_value(r);
    return 0;
}

int ini_parse(struct ini *out, const char *text, size_t len, const char *name, struct arena *arena,
              struct err *e)
{
    static const char mark[] = "\xef\xbb\xbf"; /* some editors put it before UTF-8 */
    if (len > INI_FILE_MAX)
        return err_set(e, -EFBIG, "%s: over %d bytes", name, INI_FILE_MAX);
    struct bytes_in in = bytes_in_of(text, len);
    if (len >= strlen(mark) && memcmp(text, mark, strlen(mark)) == 0)
        bytes_skip(&in, strlen(mark));
    struct reader r = {.arena = arena, .e = e, .name = name, .section = ""};
    r.value = str_of(INI_VALUE_MAX);
    int rc = read_lines(&r, &in);
    if (rc == 0)
        *out = r.ini;
    else
        ini_done(&r.ini);
    str_done(&r.value);
    return rc;
}

const struct ini_item *ini_find(const struct ini *ini, const char *section, const char *key)
{
    for (size_t i = ini->count; i-- > 0;) {
        const struct ini_item *item = &ini->item[i];
        if (strcmp(item->section, section) == 0 && strcmp(item->key, key) == 0)
            return item;
    }
    return NULL;
}

void ini_done(struct ini *ini)
{
    mem_free(ini->item);
    *ini = (struct ini){0};
}
