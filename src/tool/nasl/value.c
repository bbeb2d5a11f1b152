/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/nasl/value.h"

#include <ctype.h>
#include <string.h>

#include "core/base/mem.h"
#include "tool/nasl/array.h"

static bool take_room(struct nasl_heap *heap, size_t size)
{
    if (size > heap->limit - heap->used) {
        heap->exhausted = true;
        return false;
    }
    heap->used += size;
    return true;
}

struct nasl_string *nasl_string_new(struct nasl_heap *heap, size_t len)
{
    if (len > NASL_STRING_MAX || !take_room(heap, sizeof(struct nasl_string) + len + 1)) {
        heap->exhausted = true;
        return NULL;
    }
    struct nasl_string *s = mem_resize(NULL, 1, sizeof *s + len + 1);
    s->owners = 1;
    s->len = s->capacity = (uint32_t)len;
    s->heap = heap;
    s->text[len] = '\0';
    return s;
}

void nasl_string_free(struct nasl_string *s)
{
    if (s->owners < 0 || --s->owners > 0)
        return;
    s->heap->used -= sizeof *s + s->capacity + 1;
    mem_free(s);
}

void nasl_value_free(struct nasl_value *v)
{
    if (v->type == NASL_ARRAY)
        nasl_array_free(v->array);
    else
        nasl_string_free(v->string);
}

void nasl_value_share(const struct nasl_value *v)
{
    if (v->type == NASL_ARRAY)
        nasl_array_share(v->array);
    else if (v->string->owners > 0)
        v->string->owners++;
}

struct nasl_value nasl_text(struct nasl_heap *heap, enum nasl_type type, const void *bytes,
                            size_t len)
{
    struct nasl_string *s = nasl_string_new(heap, len);
    if (!s)
        return nasl_undef();
    if (len)
        memcpy(s->text, bytes, len);
    return (struct nasl_value){.type = (uint8_t)type, .string = s};
}

/* Room for `len` bytes in a string that nobody else shares; the size doubles. */
static bool grow(struct nasl_heap *heap, struct nasl_value *v, size_t len)
{
    struct nasl_string *s = v->string;
    size_t capacity = len < 64 ? 64 : len * 2;
    if (capacity > NASL_STRING_MAX)
        capacity = NASL_STRING_MAX;
    if (len > NASL_STRING_MAX || !take_room(heap, capacity - s->capacity)) {
        heap->exhausted = true;
        return false;
    }
    v->string = s = mem_resize(s, 1, sizeof *s + capacity + 1);
    s->capacity = (uint32_t)capacity;
    return true;
}

bool nasl_value_append(struct nasl_heap *heap, struct nasl_value *v, const void *bytes, size_t len)
{
    struct nasl_string *s = v->string;
    size_t whole = (size_t)s->len + len;
    if (s->owners != 1) {
        struct nasl_string *own = nasl_string_new(heap, whole);
        if (!own)
            return false;
        memcpy(own->text, s->text, s->len);
        own->len = s->len;
        nasl_string_free(s);
        v->string = s = own;
    } else if (whole > s->capacity && !grow(heap, v, whole)) {
        return false;
    }
    s = v->string;
    if (len)
        memcpy(s->text + s->len, bytes, len);
    s->len = (uint32_t)whole;
    s->text[whole] = '\0';
    return true;
}

const char *nasl_value_text(const struct nasl_value *v, struct str *room, size_t *out_len)
{
    size_t unused;
    size_t *len = out_len ? out_len : &unused;
    if (nasl_is_text(v)) {
        *len = v->string->len;
        return v->string->text;
    }
    str_reset(room);
    if (v->type == NASL_INT)
        str_addf(room, "%lld", (long long)v->number);
    else if (v->type == NASL_ARRAY)
        nasl_array_print(v, room);
    *len = room->len;
    return str_text(room);
}

static int digit_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'Z' ? c - 'A' + 10 : 99;
}

/* As strtol(3): saturates, takes blanks and a sign; "0x" needs a digit behind it. */
int64_t nasl_number_of(const char *text, int base, bool *out_clean)
{
    const char *p = text;
    while (isspace((unsigned char)*p))
        p++;
    bool minus = *p == '-';
    if (*p == '-' || *p == '+')
        p++;
    bool hex = p[0] == '0' && (p[1] == 'x' || p[1] == 'X') && digit_value(p[2]) < 16;
    if (base == 0)
        base = hex ? 16 : p[0] == '0' ? 8 : 10;
    if (base == 16 && hex)
        p += 2;
    const char *first = p;
    uint64_t value = 0, most = minus ? (uint64_t)INT64_MAX + 1 : INT64_MAX;
    for (; digit_value(*p) < base; p++) {
        unsigned digit = (unsigned)digit_value(*p);
        value = value > (most - digit) / (unsigned)base ? most : value * (unsigned)base + digit;
    }
    *out_clean = *(p == first ? text : p) == '\0';
    return (int64_t)(minus ? -value : value);
}

int64_t nasl_value_int(const struct nasl_value *v)
{
    bool clean;
    if (v->type == NASL_INT)
        return v->number;
    return nasl_is_text(v) ? nasl_number_of(v->string->text, 0, &clean) : 0;
}

bool nasl_value_bool(const struct nasl_value *v)
{
    switch (v->type) {
    case NASL_UNDEF:
        return false;
    case NASL_INT:
        return v->number != 0;
    case NASL_ARRAY:
        return true;
    default:
        return v->string->len != 0;
    }
}

const char *nasl_type_name(enum nasl_type type)
{
    static const char *const names[] = {"undef", "int", "string", "data", "array"};
    return names[type];
}

static int64_t compare_texts(const struct nasl_value *a, const struct nasl_value *b)
{
    struct str room_a = str_of(0), room_b = str_of(0);
    size_t len_a, len_b;
    const char *text_a = nasl_value_text(a, &room_a, &len_a);
    const char *text_b = nasl_value_text(b, &room_b, &len_b);
    int order = memcmp(text_a, text_b, len_a < len_b ? len_a : len_b);
    str_done(&room_a);
    str_done(&room_b);
    return order ? order : (int64_t)len_a - (int64_t)len_b;
}

int64_t nasl_value_compare(const struct nasl_value *a, const struct nasl_value *b, bool *out_sense)
{
    bool array_a = a->type == NASL_ARRAY, array_b = b->type == NASL_ARRAY;
    *out_sense = true;
    if (nasl_is_text(a) || nasl_is_text(b)) {
        if (!array_a && !array_b)
            return compare_texts(a, b);
    } else if (!array_a && !array_b) {
        /* the difference wraps, and its sign is what the peer looks at */
        uint64_t first = a->type == NASL_INT ? (uint64_t)a->number : 0;
        return (int64_t)(first - (b->type == NASL_INT ? (uint64_t)b->number : 0));
    }
    if (a->type == NASL_UNDEF)
        return -1; /* smaller than any array */
    if (b->type == NASL_UNDEF)
        return 1;
    *out_sense = false;
    return 0;
}
