/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/advisory/import.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/base/inflate.h"
#include "core/base/mem.h"

/* ---- what do the bytes look like? ---- */

enum { KEYS_MAX = 24, ROOT_MAX = 64 };

static const size_t look_max = 4 << 20; /* bytes that are looked through for keys */

static void look_inside(struct arena *arena, struct json_reader *j, struct advisory_shape *s)
{
    struct json_span key;
    if (!json_enter_object(j))
        return;
    while (s->inner.count < KEYS_MAX && json_next_key(j, &key)) {
        advisory_add_word(arena, &s->inner, arena_copy(arena, key.text, key.len));
        json_skip(j);
    }
}

/* The keys of the first member that is an object are taken by a reader of their own, so that the
 * walk over the outer keys goes on whatever stands there. */
static void look_at_object(struct arena *arena, struct json_reader *j, struct advisory_shape *s)
{
    struct json_span key;
    if (!json_enter_object(j))
        return;
    while (s->keys.count < KEYS_MAX && json_next_key(j, &key)) {
        advisory_add_word(arena, &s->keys, arena_copy(arena, key.text, key.len));
        if (s->inner.count == 0 && json_peek(j) == JSON_OBJECT) {
            struct json_reader inner = json_reader_of(j->pos, (size_t)(j->end - j->pos));
            look_inside(arena, &inner, s);
            json_reader_done(&inner);
        }
        json_skip(j);
    }
}

static void look_at_json(struct arena *arena, const struct advisory_input *in,
                         struct advisory_shape *s)
{
    struct json_reader j = json_reader_of(in->text, in->len < look_max ? in->len : look_max);
    s->kind = json_peek(&j) == JSON_ARRAY ? SHAPE_ARRAY : SHAPE_OBJECT;
    if (s->kind == SHAPE_OBJECT ||
        (json_enter_array(&j) && json_next_item(&j) && json_peek(&j) == JSON_OBJECT))
        look_at_object(arena, &j, s);
    json_reader_done(&j);
}

/* The name of the first element, behind declaration, comments and DOCTYPE. */
static const char *xml_root(struct arena *arena, const char *at, const char *end)
{
    while ((at = memchr(at, '<', (size_t)(end - at)))) {
        size_t n = 0;
        at++;
        while (at + n < end && n < ROOT_MAX && !strchr(" \t\r\n/>", at[n]))
            n++;
        if (n && *at != '!' && *at != '?')
            return arena_copy(arena, at, n);
        if (end - at > 3 && memcmp(at, "!--", 3) == 0) {
            const char *close = memmem(at, (size_t)(end - at), "-->", 3);
            at = close ? close : end;
        }
    }
    return "";
}

static size_t blanks(const struct advisory_input *in)
{
    size_t n = in->len >= 3 && memcmp(in->text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    while (n < in->len && (in->text[n] == ' ' || in->text[n] == '\n' || in->text[n] == '\r' ||
                           in->text[n] == '\t'))
        n++;
    return n;
}

static void look(struct arena *arena, struct advisory_input *in)
{
    size_t at = blanks(in);
    char first = at < in->len ? in->text[at] : '\0';
    char second = at + 1 < in->len ? in->text[at + 1] : '\0';
    in->shape = (struct advisory_shape){.kind = SHAPE_TEXT, .root = ""};
    bool json = first == '{' || (first == '[' && second && strchr(" \t\r\n{[]\"", second));
    if (json) {
        look_at_json(arena, in, &in->shape);
    } else if (first == '<') {
        in->shape.kind = SHAPE_XML;
        in->shape.root = xml_root(arena, in->text, in->text + in->len);
    }
}

const struct advisory_feed *import_recognize(struct arena *arena, struct advisory_input *in)
{
    look(arena, in);
    for (size_t i = 0; advisory_feeds[i]; i++)
        if (advisory_feeds[i]->fits(in))
            return advisory_feeds[i];
    return NULL;
}

static const struct advisory_feed *find_feed(const char *name)
{
    for (size_t i = 0; advisory_feeds[i]; i++)
        if (strcmp(advisory_feeds[i]->name, name) == 0)
            return advisory_feeds[i];
    return NULL;
}

/* ---- reading ---- */

static bool is_auto(const char *format)
{
    return !format || strcmp(format, "auto") == 0;
}

static int read_plain(struct advisory_input *in, const char *format, const struct advisory_sink *to,
                      struct err *e)
{
    struct arena arena = {0};
    const struct advisory_feed *feed = import_recognize(&arena, in);
    if (!is_auto(format))
        feed = find_feed(format);
    int rc = feed      ? feed->read(in, to, e)
             : in->len ? err_set(e, -EBADMSG, "no format that is known here")
                       : err_set(e, -EBADMSG, "an empty file");
    arena_done(&arena);
    return rc;
}

static int read_packed(struct advisory_input *in, enum inflate_kind kind, const char *format,
                       const struct advisory_sink *to, struct err *e)
{
    struct str plain = str_of(0);
    enum inflate_state state = inflate_all(kind, in->text, in->len, import_unpacked_max, &plain);
    int rc = 0;
    if (state == INFLATE_DONE) {
        struct advisory_input unpacked = *in;
        unpacked.text = str_text(&plain);
        unpacked.len = plain.len;
        unpacked.map = NULL;
        rc = read_plain(&unpacked, format, to, e);
    } else {
        rc = err_set(e, -EBADMSG, "packed, and %s",
                     state == INFLATE_FULL ? "too large when unpacked" : "broken or cut off");
    }
    str_done(&plain);
    return rc;
}

int import_bytes(struct advisory_input *in, const char *format, const struct advisory_sink *to,
                 struct import_counts *counts, struct err *e)
{
    int kind = inflate_kind_of(in->text, in->len);
    counts->files++;
    int rc = kind >= 0 ? read_packed(in, (enum inflate_kind)kind, format, to, e)
                       : read_plain(in, format, to, e);
    if (rc != -EBADMSG)
        return rc;
    counts->refused++;
    if (to->refused)
        to->refused(to->ctx, in->name, e->text);
    return 0;
}

struct walk {
    const struct import_options *options;
    const struct advisory_sink *to;
    struct import_counts *counts;
};

static int read_file(struct walk *w, const char *path, struct err *e)
{
    struct file_map map;
    int rc = file_map_open(&map, path, import_file_max, e);
    if (rc < 0)
        return rc;
    struct advisory_input in = {.name = path,
                                .text = map.data,
                                .len = map.len,
                                .http_headers = w->options->http_headers,
                                .base_url = w->options->base_url,
                                .map = &map};
    rc = import_bytes(&in, w->options->format, w->to, w->counts, e);
    file_map_close(&map);
    return rc;
}

static bool is_folder(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The names in a folder, sorted, so that the same folder gives the same records. */
static int list_names(struct arena *arena, const char *path, struct advisory_words *out,
                      struct err *e)
{
    DIR *folder = opendir(path);
    if (!folder)
        return err_set(e, -errno, "%s: %s", path, strerror(errno));
    for (struct dirent *entry; (entry = readdir(folder));)
        if (entry->d_name[0] != '.')
            advisory_add_word(arena, out, entry->d_name);
    closedir(folder);
    if (out->count)
        qsort(out->text, out->count, sizeof *out->text, compare_names);
    return 0;
}

static int read_folder(struct walk *w, const char *path, int depth, struct err *e)
{
    struct arena arena = {0};
    struct advisory_words names = {0};
    bool maildir = is_folder(arena_print(&arena, "%s/cur", path)) &&
                   is_folder(arena_print(&arena, "%s/new", path));
    int rc = list_names(&arena, path, &names, e);
    for (size_t i = 0; rc == 0 && i < names.count; i++) {
        const char *inside = arena_print(&arena, "%s/%s", path, names.text[i]);
        if (maildir && strcmp(names.text[i], "tmp") == 0) /* what is being delivered */
            continue;
        if (!is_folder(inside))
            rc = read_file(w, inside, e);
        else if (depth < IMPORT_DEPTH_MAX)
            rc = read_folder(w, inside, depth + 1, e);
        if (rc < 0 && rc != -ECANCELED && rc != -EIO && rc != -ENOSPC) {
            w->counts->refused++;
            if (w->to->refused)
                w->to->refused(w->to->ctx, inside, e->text);
            rc = 0;
        }
    }
    arena_done(&arena);
    return rc;
}

int import_path(const char *path, const struct import_options *options,
                const struct advisory_sink *to, struct import_counts *counts, struct err *e)
{
    struct walk w = {options, to, counts};
    if (!is_auto(options->format) && !find_feed(options->format))
        return err_set(e, -EINVAL, "no format \"%s\"", options->format);
    return is_folder(path) ? read_folder(&w, path, 0, e) : read_file(&w, path, e);
}
