/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/notify/notify.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "core/base/arena.h"
#include "core/base/digest.h"
#include "core/base/mem.h"
#include "core/text/json.h"
#include "core/text/json_tree.h"
#include "hub/notify/notify_channel.h"
#include "sys/io/file.h"

enum { TARGETS_MAX = 32, QUEUE_MAX = 256 << 20, DAY_MINUTES = 1440, TEXT_KEPT = 8192 };

struct queued {
    char key[NOTIFY_KEY_LEN + 1];
    struct notify_alert alert;
    uint32_t told; /* one bit a target */
};

struct notify {
    struct arena arena;
    const struct notify_options *options;
    const struct clock *clock;
    int fd;
    struct queued *item;
    size_t count, capacity;
    uint32_t all; /* the bits of all targets */
};

/* ---- keys ---- */

static void key_of(const char *id, char out[NOTIFY_KEY_LEN + 1])
{
    uint8_t value[DIGEST_MAX];
    struct str text = str_of(0);
    digest_of(DIGEST_SHA256, id, strlen(id), value);
    digest_print(&text, value, NOTIFY_KEY_LEN / 2);
    memcpy(out, text.text, NOTIFY_KEY_LEN + 1);
    str_done(&text);
}

static struct queued *find(const struct notify *n, const char *key)
{
    for (size_t i = n->count; i-- > 0;)
        if (memcmp(n->item[i].key, key, NOTIFY_KEY_LEN) == 0)
            return &n->item[i];
    return NULL;
}

static struct queued *add_item(struct notify *n, const char *key)
{
    if (n->count == n->capacity) {
        n->capacity = n->capacity ? n->capacity * 2 : 64;
        n->item = mem_resize(n->item, n->capacity, sizeof *n->item);
    }
    struct queued *q = &n->item[n->count++];
    *q = (struct queued){.key = ""};
    memcpy(q->key, key, NOTIFY_KEY_LEN);
    return q;
}

/* ---- the file ---- */

static void read_alert(struct notify *n, const char *key, const char *json, size_t len)
{
    struct json_node *doc = json_tree_parse(json, len, &n->arena, NULL);
    if (!doc || !json_member(doc, "id") || find(n, key))
        return;
    struct queued *q = add_item(n, key);
    q->alert = (struct notify_alert){
        .id = json_member(doc, "id"),
        .title = json_member(doc, "title"),
        .severity = json_member(doc, "severity"),
        .text = json_member(doc, "text"),
        .url = json_member(doc, "url"),
        .source = json_member(doc, "source"),
        .wall_ns = (uint64_t)json_number(json_find(doc, "time"), 0) * NS_PER_S,
    };
}

static void read_told(struct notify *n, const char *key, const char *target, size_t len)
{
    const struct text_list *targets = n->options->targets;
    struct queued *q = find(n, key);
    for (size_t i = 0; q && i < targets->count; i++)
        if (strlen(targets->text[i]) == len && memcmp(targets->text[i], target, len) == 0)
            q->told |= 1U << i;
}

/* Returns the bytes of whole lines. */
static size_t read_lines(struct notify *n, const struct str *text)
{
    size_t at = 0;
    const char *end;
    while (at < text->len && (end = memchr(text->text + at, '\n', text->len - at))) {
        const char *line = text->text + at;
        size_t len = (size_t)(end - line);
        if (len > NOTIFY_KEY_LEN + 3 && line[1] == ' ' && line[NOTIFY_KEY_LEN + 2] == ' ') {
            const char *rest = line + NOTIFY_KEY_LEN + 3;
            if (line[0] == 'Q')
                read_alert(n, line + 2, rest, (size_t)(end - rest));
            else if (line[0] == 'T')
                read_told(n, line + 2, rest, (size_t)(end - rest));
        }
        at += len + 1;
    }
    return at;
}

static int append(struct notify *n, const struct str *line, struct err *e)
{
    int rc = file_write_all(n->fd, line->text, line->len);
    if (rc == 0 && fdatasync(n->fd) < 0)
        rc = -errno;
    return rc < 0 ? err_set(e, rc, "the queue of alerts: %s", strerror(-rc)) : 0;
}

static int open_queue(struct notify *n, const char *path, struct err *e)
{
    struct str text = str_of(QUEUE_MAX);
    n->fd = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (n->fd < 0 || flock(n->fd, LOCK_EX | LOCK_NB) < 0)
        return err_set(e, -errno, "%s: %s", path,
                       errno == EWOULDBLOCK ? "another picket is telling" : strerror(errno));
    int rc = file_read(path, &text, e);
    if (rc == 0 && ftruncate(n->fd, (off_t)read_lines(n, &text)) < 0)
        rc = err_set(e, -errno, "%s: %s", path, strerror(errno));
    str_done(&text);
    return rc;
}

int notify_open(struct notify **out, const char *path, const struct notify_options *options,
                const struct clock *clock, struct err *e)
{
    struct notify *n = mem_zero(sizeof *n);
    const struct text_list *targets = options->targets;
    const char *to;
    int rc = 0;
    n->options = options;
    n->clock = clock;
    n->fd = -1;
    if (targets->count > TARGETS_MAX - 1)
        rc = err_set(e, -EINVAL, "more than %d targets", TARGETS_MAX - 1);
    for (size_t i = 0; rc == 0 && i < targets->count; i++)
        if (!notify_channel_of(targets->text[i], &to))
            rc = err_set(
                e, -EINVAL,
                "%s: no way to tell; mail:, webhook:, syslog:, atom:, desktop:", targets->text[i]);
    n->all = targets->count >= TARGETS_MAX ? 0 : (1U << targets->count) - 1;
    rc = rc < 0 ? rc : open_queue(n, path, e);
    if (rc < 0) {
        notify_close(n);
        return rc;
    }
    *out = n;
    return 0;
}

void notify_close(struct notify *n)
{
    if (!n)
        return;
    if (n->fd >= 0)
        close(n->fd);
    mem_free(n->item);
    arena_done(&n->arena);
    mem_free(n);
}

/* ---- in and out ---- */

int notify_add(struct notify *n, const struct notify_alert *alert, struct err *e)
{
    char key[NOTIFY_KEY_LEN + 1];
    struct str line = str_of(0);
    key_of(alert->id, key);
    if (find(n, key))
        return 0;
    str_addf(&line, "Q %s ", key);
    size_t start = line.len, text_len = alert->text ? strnlen(alert->text, TEXT_KEPT) : 0;
    struct json_out j = json_out_of(&line);
    json_object(&j, NULL);
    json_text(&j, "id", alert->id);
    json_text(&j, "title", alert->title);
    json_text(&j, "severity", alert->severity);
    json_text(&j, "source", alert->source);
    json_text(&j, "url", alert->url);
    if (alert->text)
        json_text_len(&j, "text", alert->text, text_len);
    json_u64(&j, "time", alert->wall_ns / NS_PER_S);
    json_end(&j);
    read_alert(n, key, line.text + start, line.len - start);
    str_add_char(&line, '\n');
    int rc = append(n, &line, e);
    str_done(&line);
    return rc;
}

static bool is_quiet(const struct notify *n)
{
    const struct notify_options *o = n->options;
    struct civil now = clock_civil(clock_wall_ns(n->clock));
    int minute = now.hour * 60 + now.minute;
    if (o->quiet_from == o->quiet_to)
        return false;
    if (o->quiet_from < o->quiet_to)
        return minute >= o->quiet_from && minute < o->quiet_to;
    return minute >= o->quiet_from || minute < o->quiet_to;
}

static bool is_due(const struct queued *q, size_t target, bool quiet)
{
    bool urgent = q->alert.severity && strcmp(q->alert.severity, "critical") == 0;
    return !(q->told & 1U << target) && (!quiet || urgent);
}

static int note_told(struct notify *n, size_t target, struct queued *const *told, size_t count,
                     struct err *e)
{
    struct str lines = str_of(0);
    for (size_t i = 0; i < count; i++) {
        told[i]->told |= 1U << target;
        str_addf(&lines, "T %s %s\n", told[i]->key, n->options->targets->text[target]);
    }
    int rc = append(n, &lines, e);
    str_done(&lines);
    return rc;
}

static int tell_target(struct notify *n, size_t target, bool quiet, size_t *told, struct err *e)
{
    struct notify_batch batch = {.options = n->options, .wall_ns = clock_wall_ns(n->clock)};
    const struct notify_channel *way =
        notify_channel_of(n->options->targets->text[target], &batch.to);
    struct arena arena = {0};
    struct queued **due = arena_array(&arena, n->count + 1, sizeof *due);
    struct notify_alert *alert = arena_array(&arena, n->count + 1, sizeof *alert);
    char(*key)[NOTIFY_KEY_LEN + 1] = arena_array(&arena, n->count + 1, sizeof *key);
    size_t count = 0;
    int rc = 0;
    for (size_t i = 0; i < n->count; i++) {
        if (!is_due(&n->item[i], target, quiet))
            continue;
        due[count] = &n->item[i];
        alert[count] = n->item[i].alert;
        memcpy(key[count], n->item[i].key, sizeof *key);
        count++;
    }
    size_t step = way->together ? count : 1;
    for (size_t i = 0; rc == 0 && i < count; i += step) {
        batch.alert = alert + i;
        batch.key = (const char(*)[NOTIFY_KEY_LEN + 1])(key + i);
        batch.count = step;
        rc = way->send(&batch, e);
        rc = rc < 0 ? rc : note_told(n, target, due + i, step, e);
        *told += rc == 0 ? step : 0;
    }
    arena_done(&arena);
    return rc < 0 ? err_wrap(e, "%s", n->options->targets->text[target]) : 0;
}

int notify_flush(struct notify *n, size_t *out_told, struct err *e)
{
    bool quiet = is_quiet(n);
    int first = 0;
    size_t told = 0;
    for (size_t i = 0; i < n->options->targets->count; i++) {
        struct err why = {0};
        int rc = tell_target(n, i, quiet, &told, &why);
        if (rc < 0 && first == 0) {
            first = rc;
            *e = why;
        }
    }
    *out_told = told;
    return first;
}

size_t notify_waiting(const struct notify *n)
{
    size_t waiting = 0;
    for (size_t i = 0; i < n->count; i++)
        waiting += (n->item[i].told & n->all) != n->all;
    return waiting;
}
