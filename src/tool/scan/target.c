/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the user means by a target: parsing.  The walk over the addresses is target_walk.c. */
#include "tool/scan/target.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/base/str.h"
#include "sys/io/file.h"
#include "sys/io/sock.h"

static bool read_number(const char **pos, unsigned limit, unsigned *out)
{
    if (!isdigit((unsigned char)**pos))
        return false;
    unsigned value = 0;
    for (; isdigit((unsigned char)**pos); ++*pos) {
        value = value * 10 + (unsigned)(**pos - '0');
        if (value > limit)
            return false;
    }
    *out = value;
    return true;
}

static void set_octet(struct target_octets *o, int octet, unsigned first, unsigned last)
{
    for (unsigned v = first; v <= last; v++)
        o->bit[octet][v / 64] |= UINT64_C(1) << (v % 64);
}

/* "7", "1-5", "-5", "250-", "-", "*": one item of an octet's list. */
static bool read_octet_item(const char **pos, struct target_octets *o, int octet)
{
    unsigned first = 0, last = 255;
    if (**pos == '*') {
        ++*pos;
    } else {
        bool has_first = read_number(pos, 255, &first);
        if (**pos == '-') {
            ++*pos;
            if (isdigit((unsigned char)**pos) && !read_number(pos, 255, &last))
                return false;
        } else if (has_first) {
            last = first;
        } else {
            return false;
        }
    }
    if (first > last)
        return false;
    set_octet(o, octet, first, last);
    return true;
}

/* Four lists separated by dots.  False: it has another form (a name, perhaps). */
static bool read_octets(const char *text, struct target_octets *o)
{
    *o = (struct target_octets){0};
    for (int octet = 0; octet < 4; octet++) {
        if (octet && *text++ != '.')
            return false;
        do {
            if (!read_octet_item(&text, o, octet))
                return false;
        } while (*text == ',' && text++);
    }
    return *text == '\0';
}

/* A prefix frees the low bits: each value takes all others that share its high bits along. */
static void free_low_bits(struct target_octets *o, int prefix_len)
{
    for (int octet = 0; octet < 4; octet++) {
        int kept_bits = prefix_len - 8 * octet;
        if (kept_bits >= 8)
            continue;
        unsigned low = kept_bits <= 0 ? 0xff : 0xffU >> kept_bits;
        struct target_octets wide = {0};
        for (unsigned v = 0; v < 256; v++)
            if (o->bit[octet][v / 64] >> (v % 64) & 1)
                set_octet(&wide, octet, v & ~low, v | low);
        memcpy(o->bit[octet], wide.bit[octet], sizeof wide.bit[octet]);
    }
}

/* Split "BODY/LEN"; *out_len is -1 without a '/'. */
static int split_prefix(char *text, int *out_len, struct err *e)
{
    *out_len = -1;
    char *slash = strrchr(text, '/');
    if (!slash)
        return 0;
    const char *pos = slash + 1;
    unsigned len;
    if (!read_number(&pos, 128, &len) || *pos)
        return err_set(e, -EINVAL, "\"%s\" is no prefix length", slash + 1);
    *slash = '\0';
    *out_len = (int)len;
    return 0;
}

/* An address, with the name of an interface allowed behind '%'. */
static int read_addr(struct addr *out, const char *text, struct err *e)
{
    const char *percent = strchr(text, '%');
    if (!percent || isdigit((unsigned char)percent[1]))
        return addr_parse(out, text, e);
    if (addr_parse_len(out, text, (size_t)(percent - text), e) < 0)
        return e->code;
    out->scope = sock_interface_index(percent + 1);
    if (!out->scope)
        return err_set(e, -EINVAL, "no interface \"%s\"", percent + 1);
    return 0;
}

static bool read_range(struct target_spec *s, const char *text)
{
    struct err ignored = {0};
    const char *dash = strchr(text, '-');
    return dash && addr_parse_len(&s->first, text, (size_t)(dash - text), &ignored) == 0 &&
           addr_parse(&s->last, dash + 1, &ignored) == 0 && s->first.family == s->last.family &&
           addr_compare(&s->first, &s->last) <= 0;
}

/* Host names as RFC 1123 2.1 has them, with the '_' that is in use; without a letter it is a range
 * gone wrong. */
static bool is_name(const char *text)
{
    bool has_letter = false;
    size_t label = 0;
    for (const char *c = text; *c; c++) {
        if (*c == '.') {
            if (label == 0)
                return false;
            label = 0;
            continue;
        }
        if (!isalnum((unsigned char)*c) && *c != '-' && *c != '_' && !((unsigned char)*c & 0x80))
            return false;
        has_letter |= isalpha((unsigned char)*c) || (unsigned char)*c & 0x80;
        if (++label > 63)
            return false;
    }
    return has_letter && text[0] != '-' && strlen(text) <= 253;
}

static int parse_body(struct target_spec *s, const char *body, int prefix_len, struct arena *arena,
                      struct err *e)
{
    struct target_octets octets;
    if (strchr(body, ':') || read_addr(&s->first, body, e) == 0) {
        if (read_addr(&s->first, body, e) < 0)
            return e->code;
        if (prefix_len > addr_bits(&s->first))
            return err_set(e, -EINVAL, "prefix length over %d", addr_bits(&s->first));
        struct cidr c =
            cidr_of(&s->first, (uint8_t)(prefix_len < 0 ? addr_bits(&s->first) : prefix_len));
        s->first = c.base;
        s->last = cidr_last(&c);
        return 0;
    }
    if (read_range(s, body) && prefix_len < 0)
        return 0;
    if (prefix_len > 32)
        return err_set(e, -EINVAL, "prefix length over 32");
    if (read_octets(body, &octets)) {
        if (prefix_len >= 0)
            free_low_bits(&octets, prefix_len);
        s->kind = TARGET_OCTETS;
        s->octets =
            (const struct target_octets *)(const void *)arena_copy(arena, &octets, sizeof octets);
        return 0;
    }
    if (!is_name(body))
        return err_set(e, -EINVAL, "neither an address, a range of addresses nor a host name");
    s->kind = TARGET_NAME;
    s->name = arena_text(arena, body);
    s->prefix_len = prefix_len;
    return 0;
}

int target_spec_parse(struct target_spec *out, const char *text, struct arena *arena, struct err *e)
{
    char body[TARGET_TEXT_MAX];
    size_t len = strlen(text);
    if (len >= sizeof body)
        return err_set(e, -EINVAL, "target \"%.40s...\": over %d characters", text,
                       TARGET_TEXT_MAX - 1);
    memcpy(body, text, len + 1);
    struct target_spec s = {.kind = TARGET_RANGE, .prefix_len = -1};
    int prefix_len;
    if (split_prefix(body, &prefix_len, e) < 0 || parse_body(&s, body, prefix_len, arena, e) < 0)
        return err_wrap(e, "target \"%s\"", text);
    s.text = arena_text(arena, text);
    *out = s;
    return 0;
}

int target_list_add(struct target_list *list, const char *text, struct arena *arena, struct err *e)
{
    MEM_GROW(list->spec, list->count, list->capacity);
    if (target_spec_parse(&list->spec[list->count], text, arena, e) < 0)
        return e->code;
    list->count++;
    return 0;
}

/* One line without its remark. */
static int add_line(struct target_list *list, const char *line, size_t len, struct arena *arena,
                    struct err *e)
{
    const char *remark = memchr(line, '#', len);
    const char *end = remark ? remark : line + len;
    while (line < end) {
        if (isspace((unsigned char)*line) || *line == '\0') {
            line++;
            continue;
        }
        char word[TARGET_TEXT_MAX];
        size_t word_len = 0;
        while (line + word_len < end && !isspace((unsigned char)line[word_len]) && line[word_len])
            word_len++;
        if (word_len >= sizeof word)
            return err_set(e, -EINVAL, "a target of over %d characters", TARGET_TEXT_MAX - 1);
        memcpy(word, line, word_len);
        word[word_len] = '\0';
        line += word_len;
        if (target_list_add(list, word, arena, e) < 0)
            return e->code;
    }
    return 0;
}

int target_list_add_text(struct target_list *list, const char *text, size_t len, const char *name,
                         struct arena *arena, struct err *e)
{
    const char *pos = text, *end = text + len;
    for (unsigned line = 1; pos < end; line++) {
        const char *stop = memchr(pos, '\n', (size_t)(end - pos));
        stop = stop ? stop : end;
        if (add_line(list, pos, (size_t)(stop - pos), arena, e) < 0)
            return err_wrap(e, "%s:%u", name, line);
        pos = stop + 1;
    }
    return 0;
}

int target_list_add_file(struct target_list *list, const char *path, struct arena *arena,
                         struct err *e)
{
    struct str text = str_of(TARGET_LIST_MAX);
    int rc = file_read(path, &text, e);
    if (rc == 0)
        rc = target_list_add_text(list, str_text(&text), text.len, path, arena, e);
    str_done(&text);
    return rc;
}

void target_list_done(struct target_list *list)
{
    mem_free(list->spec);
    *list = (struct target_list){0};
}

/* last - first + 1, or UINT64_MAX where that is more. */
static uint64_t range_size(const struct target_spec *s)
{
    size_t bytes = s->first.family == ADDR_IP4 ? 4 : 16;
    uint64_t distance = 0;
    int borrow = 0;
    bool over = false;
    for (size_t i = bytes; i-- > 0;) {
        int d = s->last.byte[i] - s->first.byte[i] - borrow;
        borrow = d < 0;
        size_t place = bytes - 1 - i;
        if (place < 8)
            distance |= (uint64_t)(uint8_t)d << (8 * place);
        else
            over |= (uint8_t)d != 0;
    }
    return over || distance == UINT64_MAX ? UINT64_MAX : distance + 1;
}

static uint64_t octets_size(const struct target_octets *o)
{
    uint64_t size = 1;
    for (int octet = 0; octet < 4; octet++) {
        uint64_t values = 0;
        for (int w = 0; w < 4; w++)
            values += (uint64_t)__builtin_popcountll(o->bit[octet][w]);
        size *= values;
    }
    return size;
}

uint64_t target_list_size(const struct target_list *list)
{
    uint64_t total = 0;
    for (size_t i = 0; i < list->count; i++) {
        const struct target_spec *s = &list->spec[i];
        uint64_t size = s->kind == TARGET_RANGE    ? range_size(s)
                        : s->kind == TARGET_OCTETS ? octets_size(s->octets)
                                                   : 1;
        if (__builtin_add_overflow(total, size, &total))
            return UINT64_MAX;
    }
    return total;
}
