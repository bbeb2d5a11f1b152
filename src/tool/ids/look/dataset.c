/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/ids/look/dataset.h"

#include <errno.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/base/str.h"
#include "core/net/addr.h"
#include "sys/io/file.h"
#include "tool/ids/look/base64.h"
#include "tool/ids/rule/lexer.h"

enum { DATASET_FILE_MAX = 512 << 20 };

static const char *const type_name[] = {"string", "md5", "sha256", "ipv4", "ip"};

int dataset_type_find(const char *name)
{
    if (strcmp(name, "ipv6") == 0)
        return DATASET_IP;
    for (size_t i = 0; i < ARRAY_COUNT(type_name); i++)
        if (strcmp(type_name[i], name) == 0)
            return (int)i;
    return -1;
}

const struct dataset *dataset_find_set(const struct rule_set *set, const char *name)
{
    const struct dataset *d = set->datasets;
    while (d && strcmp(d->name, name) != 0)
        d = d->next;
    return d;
}

struct dataset *dataset_get(struct rule_set *set, const char *name, enum dataset_type type,
                            struct err *e)
{
    for (struct dataset *d = set->datasets; d; d = d->next)
        if (strcmp(d->name, name) == 0) {
            if (d->type == type)
                return d;
            err_set(e, -EINVAL, "the set \"%s\" is of type %s", name, type_name[d->type]);
            return NULL;
        }
    struct dataset *d = arena_take(&set->arena, sizeof *d);
    d->name = arena_text(&set->arena, name);
    d->type = (uint8_t)type;
    d->next = set->datasets;
    set->datasets = d;
    return d;
}

/* One value of a file as the bytes that buffers hold; their count, or -1. */
static int value_bytes(const struct dataset *d, const char *text, size_t len, uint8_t *out,
                       size_t size)
{
    struct addr a;
    struct err ignored = {0};
    size_t want = d->type == DATASET_MD5 ? 16 : 32;
    switch ((enum dataset_type)d->type) {
    case DATASET_STRING:
        return (int)look_base64_decode((const uint8_t *)text, len, out, (uint32_t)size, BASE64_BLANKS);
    case DATASET_IP4:
    case DATASET_IP:
        if (addr_parse_len(&a, text, len, &ignored) < 0)
            return -1;
        a = addr_unmap(&a);
        memcpy(out, a.byte, 16);
        return a.family == ADDR_IP4 ? 4 : 16;
    default:
        if (len != 2 * want)
            return -1;
        for (size_t i = 0; i < len; i++) {
            int c = text[i] | 32;
            int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
            if (digit < 0)
                return -1;
            out[i / 2] = (uint8_t)(out[i / 2] << 4 | digit);
        }
        return (int)want;
    }
}

static struct dataset_value *put(struct dataset *d, const void *data, size_t len)
{
    struct dataset_value *v = map_find(&d->value, data, len);
    if (!v) {
        v = arena_take(&d->arena, sizeof *v);
        map_put(&d->value, data, len, v);
    }
    return v;
}

int dataset_load(struct dataset *d, const char *path, bool with_reputation, struct err *e)
{
    struct str text = str_of(DATASET_FILE_MAX);
    uint8_t *value = mem_resize(NULL, DATASET_VALUE_MAX, 1);
    int rc = file_read(path, &text, e);
    char *rest = text.text;
    for (unsigned line = 1; rc == 0 && rest && *rest; line++) {
        char *end = strchr(rest, '\n'), *next = end ? end + 1 : NULL;
        if (end)
            *end = '\0';
        char *word = word_trim(rest), *comma = strchr(word, ',');
        uint64_t reputation = 0;
        if (comma)
            *comma = '\0';
        if (*word && *word != '#') {
            int len = value_bytes(d, word, strlen(word), value, DATASET_VALUE_MAX);
            if (len < 0 ||
                (with_reputation && (!comma || !word_to_u64(word_trim(comma + 1), &reputation) ||
                                     reputation > UINT16_MAX)))
                rc = err_set(e, -EINVAL, "%s:%u: no value of type %s", path, line,
                             type_name[d->type]);
            else
                put(d, value, (size_t)len)->reputation = (uint16_t)reputation;
        }
        rest = next;
    }
    mem_free(value);
    str_done(&text);
    return rc;
}

const struct dataset_value *dataset_find(const struct dataset *d, const void *data, size_t len)
{
    return map_find(&d->value, data, len);
}

bool dataset_add(struct dataset *d, const void *data, size_t len)
{
    if (len > DATASET_VALUE_MAX || map_find(&d->value, data, len))
        return false;
    put(d, data, len);
    d->is_dirty = true;
    return true;
}

bool dataset_remove(struct dataset *d, const void *data, size_t len)
{
    bool was = map_remove(&d->value, data, len) != NULL;
    d->is_dirty |= was;
    return was;
}

static void add_base64(struct str *out, const uint8_t *data, size_t len)
{
    static const char digit[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < len; i += 3) {
        uint32_t bits = (uint32_t)data[i] << 16;
        bits |= i + 1 < len ? (uint32_t)data[i + 1] << 8 : 0;
        bits |= i + 2 < len ? data[i + 2] : 0;
        str_add_char(out, digit[bits >> 18]);
        str_add_char(out, digit[bits >> 12 & 63]);
        str_add_char(out, i + 1 < len ? digit[bits >> 6 & 63] : '=');
        str_add_char(out, i + 2 < len ? digit[bits & 63] : '=');
    }
}

static void add_value(struct str *out, const struct dataset *d, const struct map_slot *slot)
{
    char text[ADDR_TEXT_MAX];
    struct addr a;
    if (d->type == DATASET_STRING) {
        add_base64(out, slot->key, slot->key_len);
    } else if (d->type == DATASET_IP4 || d->type == DATASET_IP) {
        if (slot->key_len == 4) {
            a = (struct addr){.family = ADDR_IP4};
            memcpy(a.byte, slot->key, 4);
        } else {
            a = addr_ip6(slot->key);
        }
        str_add(out, addr_format(&a, text));
    } else {
        for (size_t i = 0; i < slot->key_len; i++)
            str_addf(out, "%02x", ((const uint8_t *)slot->key)[i]);
    }
    const struct dataset_value *v = slot->value;
    if (v->reputation)
        str_addf(out, ",%u", v->reputation);
    str_add_char(out, '\n');
}

int dataset_save_all(const struct rule_set *set, struct err *e)
{
    for (const struct dataset *d = set->datasets; d; d = d->next) {
        if (!d->save)
            continue;
        struct str text = str_of(0);
        const struct map_slot *slot;
        for (size_t at = 0; (slot = map_next(&d->value, &at));)
            add_value(&text, d, slot);
        int rc = file_replace(d->save, str_text(&text), text.len, 0644, e);
        str_done(&text);
        if (rc < 0)
            return err_wrap(e, "data set %s", d->name);
    }
    return 0;
}

void dataset_free_all(struct rule_set *set)
{
    for (struct dataset *d = set->datasets; d; d = d->next) {
        map_done(&d->value);
        arena_done(&d->arena);
    }
}
