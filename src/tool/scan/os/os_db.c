/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/scan/os/os_db.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "core/base/mem.h"
#include "sys/io/file.h"

#define NMAP_FOLDER "/usr/share/nmap"
#define OS_FILE     "nmap-os-db"

struct reader {
    struct os_db *db;
    const char *name;
    unsigned line;
    bool in_points, in_entry;
    os_db_fault_fn *fault;
    void *ctx;
};

static void leave_out(const struct reader *r, const char *why)
{
    if (r->fault)
        r->fault(r->ctx, r->name, r->line, why);
}

/* The word at the front, with one blank behind it: "Class ..." */
static bool begins(const char **pos, const char *end, const char *word)
{
    size_t len = strlen(word);
    if ((size_t)(end - *pos) < len || memcmp(*pos, word, len) != 0 ||
        (*pos + len < end && !isspace((unsigned char)(*pos)[len])))
        return false;
    for (*pos += len; *pos < end && isspace((unsigned char)**pos);)
        ++*pos;
    return true;
}

static const char *copy_trimmed(struct os_db *db, const char *from, const char *end)
{
    while (from < end && isspace((unsigned char)*from))
        from++;
    while (end > from && isspace((unsigned char)end[-1]))
        end--;
    return end > from ? arena_copy(&db->arena, from, (size_t)(end - from)) : NULL;
}

static void add_entry(struct reader *r, const char *pos, const char *end)
{
    struct os_db *db = r->db;
    const char *name = copy_trimmed(db, pos, end);
    r->in_points = false;
    r->in_entry = name != NULL;
    if (!name) {
        leave_out(r, "a fingerprint without a name");
        return;
    }
    MEM_GROW(db->entry, db->count, db->capacity);
    db->entry[db->count++] = (struct os_db_entry){
        .name = name, .line = r->line, .first_class = (uint32_t)db->class_count};
}

static void add_class(struct reader *r, const char *pos, const char *end)
{
    struct os_db *db = r->db;
    const char *field[4] = {NULL};
    size_t count = 0;
    for (; count < 4; count++) {
        const char *bar = memchr(pos, '|', (size_t)(end - pos));
        field[count] = copy_trimmed(db, pos, bar ? bar : end);
        if (!bar) {
            count++;
            break;
        }
        pos = bar + 1;
    }
    if (count != 4 || !field[0] || !field[1] || !field[3]) {
        leave_out(r, "a class is VENDOR | FAMILY | GENERATION | TYPE");
        return;
    }
    MEM_GROW(db->class, db->class_count, db->class_capacity);
    db->class[db->class_count++] = (struct os_db_class){
        .vendor = field[0], .family = field[1], .generation = field[2], .type = field[3]};
    db->entry[db->count - 1].class_count++;
}

/* "CPE cpe:/o:linux:linux_kernel auto": the last word is about the file. */
static void add_cpe(struct reader *r, const char *pos, const char *end)
{
    struct os_db *db = r->db;
    const char *stop = pos;
    while (stop < end && !isspace((unsigned char)*stop))
        stop++;
    if (db->entry[db->count - 1].class_count == 0 || stop == pos) {
        leave_out(r, "a CPE without a class");
        return;
    }
    struct os_db_class *c = &db->class[db->class_count - 1];
    const char **list = arena_array(&db->arena, c->cpe_count + 1, sizeof *list);
    if (c->cpe_count)
        memcpy(list, c->cpe, c->cpe_count * sizeof *list);
    list[c->cpe_count++] = arena_copy(&db->arena, pos, (size_t)(stop - pos));
    c->cpe = list;
    db->cpe_count++;
}

/* "SEQ(..)": which test; *out_in is what stands in the brackets. */
static enum os_test find_test(const char *pos, const char *end, const char **out_in)
{
    const char *open = memchr(pos, '(', (size_t)(end - pos));
    if (!open || end[-1] != ')')
        return OS_TESTS;
    *out_in = open + 1;
    size_t len = (size_t)(open - pos);
    for (enum os_test t = 0; t < OS_TESTS; t++)
        if (strlen(os_test_names[t].name) == len && memcmp(os_test_names[t].name, pos, len) == 0)
            return t;
    return OS_TESTS;
}

/* "SP=25%GCD=75": each name must be known. */
static bool read_points(struct os_db *db, enum os_test test, const char *pos, const char *end)
{
    while (pos < end) {
        const char *stop = memchr(pos, '%', (size_t)(end - pos));
        stop = stop ? stop : end;
        const char *equal = memchr(pos, '=', (size_t)(stop - pos));
        size_t v = equal ? os_value_find(test, pos, (size_t)(equal - pos)) : OS_VALUES_MAX;
        unsigned points = 0;
        if (v == OS_VALUES_MAX)
            return false;
        for (const char *c = equal + 1; c < stop; c++) {
            if (!isdigit((unsigned char)*c) || points > 10000)
                return false;
            points = points * 10 + (unsigned)(*c - '0');
        }
        db->points[test][v] = points;
        pos = stop < end ? stop + 1 : end;
    }
    return true;
}

static void add_test(struct reader *r, const char *pos, const char *end)
{
    struct os_db *db = r->db;
    const char *in = NULL;
    enum os_test test = find_test(pos, end, &in);
    if (test == OS_TESTS || (!r->in_points && !r->in_entry)) {
        leave_out(r, test == OS_TESTS ? "no test of this name" : "a test without a fingerprint");
        return;
    }
    if (r->in_points) {
        if (!read_points(db, test, in, end - 1))
            leave_out(r, "points are NAME=NUMBER, separated by %");
        db->point_lines++;
        return;
    }
    db->entry[db->count - 1].test[test] = (uint32_t)(in - str_text(&db->text));
    db->test_lines++;
}

static void read_line(struct reader *r, const char *pos, const char *end)
{
    while (end > pos && isspace((unsigned char)end[-1]))
        end--;
    if (pos == end) {
        r->in_points = r->in_entry = false;
        return;
    }
    if (*pos == '#')
        return;
    if (begins(&pos, end, "MatchPoints"))
        r->in_points = true;
    else if (begins(&pos, end, "Fingerprint"))
        add_entry(r, pos, end);
    else if (r->in_entry && begins(&pos, end, "Class"))
        add_class(r, pos, end);
    else if (r->in_entry && begins(&pos, end, "CPE"))
        add_cpe(r, pos, end);
    else
        add_test(r, pos, end);
}

void os_db_parse(struct os_db *db, struct str *text, const char *name, os_db_fault_fn *fault,
                 void *ctx)
{
    *db = (struct os_db){.text = *text};
    *text = str_of(0);
    struct reader r = {.db = db, .name = name, .fault = fault, .ctx = ctx};
    const char *pos = str_text(&db->text), *end = pos + db->text.len;
    while (pos < end) {
        const char *stop = memchr(pos, '\n', (size_t)(end - pos));
        stop = stop ? stop : end;
        r.line++;
        read_line(&r, pos, stop);
        pos = stop + 1;
    }
}

int os_db_open(struct os_db *db, const char *folder, os_db_fault_fn *fault, void *ctx,
               struct err *e)
{
    char path[4096];
    struct str text = str_of(OS_DB_FILE_MAX);
    snprintf(path, sizeof path, "%s/" OS_FILE, folder ? folder : NMAP_FOLDER);
    int rc = file_read(path, &text, e);
    if (rc == 0)
        os_db_parse(db, &text, path, fault, ctx);
    str_done(&text);
    return rc;
}

void os_db_done(struct os_db *db)
{
    str_done(&db->text);
    mem_free(db->entry);
    mem_free(db->class);
    arena_done(&db->arena);
    *db = (struct os_db){0};
}
