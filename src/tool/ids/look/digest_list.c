/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/ids/look/digest_list.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/str.h"
#include "sys/io/file.h"

enum { DIGEST_FILE_MAX = 256 << 20 };

bool digest_list_has(const struct digest_list *list, const uint8_t *digest)
{
    size_t low = 0, high = list->count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = memcmp(digest, list->byte + middle * list->size, list->size);
        if (order == 0)
            return true;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return false;
}

static int compare(const void *a, const void *b, void *size)
{
    return memcmp(a, b, *(const size_t *)size);
}

static bool read_hex(const char *text, size_t len, size_t size, uint8_t *out)
{
    static const char digit[] = "0123456789abcdef";
    if (len < 2 * size)
        return false;
    for (size_t i = 0; i < 2 * size; i++) {
        char c = text[i] >= 'A' && text[i] <= 'F' ? (char)(text[i] + 32) : text[i];
        const char *found = c ? strchr(digit, c) : NULL;
        if (!found)
            return false;
        out[i / 2] = (uint8_t)(out[i / 2] << 4 | (found - digit));
    }
    return true;
}

static int read_lines(struct rule_set *set, const struct str *text, struct digest_list *list,
                      const char *path, struct err *e)
{
    size_t lines = 1;
    for (size_t i = 0; i < text->len; i++)
        lines += text->text[i] == '\n';
    uint8_t *byte = arena_array(&set->arena, lines, list->size);
    const char *at = str_text(text), *end = at + text->len;
    for (unsigned line = 1; at < end; line++) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        size_t len = (size_t)((newline ? newline : end) - at);
        if (len > 0 && *at != '#' && *at != '\r') {
            if (!read_hex(at, len, list->size, byte + list->count * list->size))
                return err_set(e, -EINVAL, "%s:%u: no digest of %zu bytes", path, line, list->size);
            list->count++;
        }
        at = newline ? newline + 1 : end;
    }
    qsort_r(byte, list->count, list->size, compare, &list->size);
    list->byte = byte;
    return 0;
}

int rule_set_digests(struct rule_set *set, const char *path, size_t size,
                     const struct digest_list **out, struct err *e)
{
    struct str text = str_of(DIGEST_FILE_MAX);
    const char *full = rule_set_path(set, path);
    struct digest_list *list = arena_take(&set->arena, sizeof *list);
    list->size = size;
    int rc = file_read(full, &text, e);
    if (rc == 0)
        rc = read_lines(set, &text, list, path, e);
    str_done(&text);
    if (rc == 0)
        *out = list;
    return rc;
}
