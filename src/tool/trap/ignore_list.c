/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/trap/ignore_list.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "core/base/mem.h"
#include "core/base/str.h"
#include "sys/io/file.h"

enum { IGNORE_FILE_MAX = 64 << 20 };

struct ignore_list {
    const char *path;
    ignore_warn_fn *warn;
    void *ctx;
    struct cidr_set set;
    struct stat seen; /* of the file that *set holds */
    bool is_told;     /* that it cannot be read */
};

/* "10.0.0.0/255.0.0.0": the older form of a mask, as 2.x takes it. */
static bool parse_masked(struct cidr *out, const char *text)
{
    struct err ignored = {0};
    struct addr base, mask;
    const char *slash = strchr(text, '/');
    if (!slash || addr_parse_len(&base, text, (size_t)(slash - text), &ignored) < 0 ||
        addr_parse(&mask, slash + 1, &ignored) < 0 || base.family != ADDR_IP4 ||
        mask.family != ADDR_IP4)
        return false;
    uint32_t inverse = ~addr_ip4_value(&mask);
    if (inverse & (inverse + 1)) /* ones behind a zero */
        return false;
    *out = cidr_of(&base, (uint8_t)(32 - __builtin_popcount(inverse)));
    return true;
}

static void take_line(struct cidr_set *set, char *line, const struct ignore_reader *r)
{
    struct err e = {0};
    struct cidr c;
    line[strcspn(line, "#\r")] = '\0';
    line += strspn(line, " \t");
    line[strcspn(line, " \t")] = '\0';
    if (!*line)
        return;
    if (cidr_parse(&c, line, &e) == 0 || parse_masked(&c, line))
        cidr_set_add(set, &c);
    else
        r->warn(r->ctx, r->path, r->line, e.text);
}

void ignore_list_read(struct cidr_set *set, char *text, struct ignore_reader r)
{
    cidr_set_done(set);
    for (char *line; (line = strsep(&text, "\n"));) {
        r.line++;
        take_line(set, line, &r);
    }
    cidr_set_seal(set);
}

static void load(struct ignore_list *l)
{
    struct err e = {0};
    struct str text = str_of(IGNORE_FILE_MAX);
    if (file_read(l->path, &text, &e) < 0) {
        if (!l->is_told)
            l->warn(l->ctx, l->path, 0, e.text);
        l->is_told = true;
    } else {
        struct ignore_reader r = {.path = l->path, .warn = l->warn, .ctx = l->ctx};
        ignore_list_read(&l->set, text.text, r);
        l->is_told = false;
    }
    str_done(&text);
}

static bool has_changed(struct ignore_list *l)
{
    struct stat now;
    if (stat(l->path, &now) < 0)
        return !l->is_told; /* the old list counts on */
    bool changed = now.st_mtim.tv_sec != l->seen.st_mtim.tv_sec ||
                   now.st_mtim.tv_nsec != l->seen.st_mtim.tv_nsec ||
                   now.st_size != l->seen.st_size || now.st_ino != l->seen.st_ino;
    l->seen = now;
    return changed;
}

struct ignore_list *ignore_list_new(const char *path, ignore_warn_fn *warn, void *ctx)
{
    struct ignore_list *l = mem_zero(sizeof *l);
    *l = (struct ignore_list){.path = path, .warn = warn, .ctx = ctx};
    cidr_set_seal(&l->set);
    return l;
}

void ignore_list_free(struct ignore_list *l)
{
    if (l) {
        cidr_set_done(&l->set);
        mem_free(l);
    }
}

bool ignore_list_has(struct ignore_list *l, const struct addr *a)
{
    if (!l->path)
        return false;
    if (has_changed(l))
        load(l);
    return cidr_set_has(&l->set, a);
}
