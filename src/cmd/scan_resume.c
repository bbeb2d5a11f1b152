/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/scan_resume.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/base/str.h"
#include "sys/io/file.h"

/* What a format puts around the things that are looked for.  Each writes outside text escaped, so
 * none of these marks can come from a host. */
static const struct mark {
    const char *begins;  /* within the first lines */
    const char *args;    /* right before the command line */
    char args_end;       /* right behind it */
    const char *host;    /* right before a host's address, or its name */
    const char *tail[2]; /* what closes the report: the first of these that stands last */
    size_t tail_skip;    /* bytes of the mark that still belong to what is before */
} marks[] = {
    {"<nmaprun", " args=\"", '"', "\n<address addr=\"", {"<runstats>", NULL}, 0},
    {"{\"program\":\"picket", "\"args\":\"", '"', "\"address\":\"", {"],\"end\":\"", NULL}, 0},
    {"# picket ",
     " as: ",
     '\n',
     "\nNmap scan report for ",
     {"\n# Stopped: ", "\n# picket done at "},
     1},
    {"# picket ", " as: ", '\n', "\nHost: ", {"\n# Stopped: ", "\n# picket done at "}, 1},
};

enum { BEGIN_WITHIN = 1024 };

static const char *find(const char *from, const char *end, const char *what)
{
    return from < end ? memmem(from, (size_t)(end - from), what, strlen(what)) : NULL;
}

static const char *find_last(const char *from, const char *end, const char *what)
{
    const char *last = NULL;
    for (const char *at; (at = find(from, end, what)); from = at + 1)
        last = at;
    return last;
}

/* ---- the command line ---- */

/* One character reference of XML or escape of JSON at *pos; the character, or 0. */
static char read_escape(const char **pos, const char *end)
{
    static const struct {
        const char *text;
        char c;
    } rows[] = {{"&amp;", '&'},  {"&lt;", '<'}, {"&gt;", '>'},  {"&quot;", '"'}, {"&apos;", '\''},
                {"&#39;", '\''}, {"\\\"", '"'}, {"\\\\", '\\'}, {"\\/", '/'},    {"\\t", '\t'}};
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        size_t len = strlen(rows[i].text);
        if ((size_t)(end - *pos) >= len && memcmp(*pos, rows[i].text, len) == 0) {
            *pos += len;
            return rows[i].c;
        }
    }
    return 0;
}

static int take_args(struct scan_resume *r, const struct mark *m, const char *text, const char *end,
                     struct err *e)
{
    bool escaped = m->args_end == '"';
    const char *pos = find(text, end, m->args);
    struct str args = str_of(SCAN_RESUME_ARGS_MAX);
    for (pos = pos ? pos + strlen(m->args) : end; pos < end && *pos != m->args_end;) {
        char c = escaped ? read_escape(&pos, end) : 0;
        str_add_char(&args, c ? c : *pos++);
    }
    if (pos == end || args.full || args.len == 0) {
        str_done(&args);
        return err_set(e, -EINVAL, "the report's command line is missing or cut");
    }
    r->args = str_take(&args);
    return 0;
}

int scan_resume_words(const char *args, struct arena *arena, struct text_list *out, struct err *e)
{
    for (const char *c = args + strspn(args, " "); *c; c += strspn(c, " ")) {
        struct str word = str_of(0);
        bool quoted = false;
        for (; *c && (quoted || *c != ' '); c++) {
            if (*c == '"')
                quoted = !quoted;
            else
                str_add_char(&word, *c == '\\' && c[1] ? *++c : *c);
        }
        text_list_add(out, arena_text(arena, str_text(&word)));
        str_done(&word);
        if (quoted)
            return err_set(e, -EINVAL, "a quote of the report's command line is not closed");
    }
    return 0;
}

/* ---- hosts ---- */

/* The address at a host's mark: as it stands, or in brackets behind a name. */
static bool read_host(const char *at, const char *end, struct addr *out)
{
    char text[ADDR_TEXT_MAX];
    const char *line_end = memchr(at, '\n', (size_t)(end - at));
    line_end = line_end ? line_end : end;
    for (int bracketed = 0; bracketed < 2; bracketed++) {
        size_t len = 0;
        while (at + len < line_end && (isalnum((unsigned char)at[len]) || strchr(".:%-_", at[len])))
            len++;
        if (len && len < sizeof text) {
            memcpy(text, at, len);
            text[len] = '\0';
            if (addr_parse(out, text, &(struct err){0}) == 0)
                return true;
        }
        at = find(at, line_end, " (");
        if (!at)
            return false;
        at += 2;
    }
    return false;
}

static void take_hosts(struct scan_resume *r, const struct mark *m, const char *text,
                       const char *end)
{
    size_t len = strlen(m->host);
    for (const char *at = text; (at = find(at, end, m->host)); at += len) {
        struct addr a;
        if (!read_host(at + len, end, &a))
            continue;
        r->hosts += !addr_equal(&a, &r->last); /* -oG has two lines for each */
        r->last = a;
    }
}

/* Where the tail begins; NULL: the report has none. */
static const char *find_tail(const struct mark *m, const char *text, const char *end)
{
    const char *first = NULL;
    for (size_t i = 0; i < ARRAY_COUNT(m->tail) && m->tail[i]; i++) {
        const char *at = find_last(text, end, m->tail[i]);
        if (at && (!first || at < first))
            first = at;
    }
    return first ? first + m->tail_skip : NULL;
}

int scan_resume_parse(struct scan_resume *out, const char *text, size_t len, struct err *e)
{
    const char *end = text + len, *head_end = len > BEGIN_WITHIN ? text + BEGIN_WITHIN : end;
    struct scan_resume best = {0};
    bool known = false;
    for (size_t i = 0; i < ARRAY_COUNT(marks); i++) {
        struct scan_resume r = {0};
        if (!find(text, head_end, marks[i].begins))
            continue;
        const char *tail = find_tail(&marks[i], text, end);
        if (!tail)
            continue;
        take_hosts(&r, &marks[i], text, tail);
        r.tail_at = (uint64_t)(tail - text);
        if (!known || r.hosts > best.hosts) {
            mem_free(best.args);
            best = r;
            if (take_args(&best, &marks[i], text, end, e) < 0)
                return e->code;
        }
        known = true;
        if (marks[i].args_end == '"')
            break; /* the forms of one head share no marks */
    }
    if (!known)
        return err_set(e, -EINVAL, "no report of a scan in one of the formats -oN -oX -oG -oJ");
    *out = best;
    return 0;
}

int scan_resume_read(struct scan_resume *out, const char *path, struct err *e)
{
    struct str text = str_of(SCAN_RESUME_FILE_MAX);
    int rc = file_read(path, &text, e);
    if (rc == 0)
        rc = scan_resume_parse(out, str_text(&text), text.len, e);
    str_done(&text);
    return rc < 0 ? err_wrap(e, "%s", path) : 0;
}

void scan_resume_done(struct scan_resume *r)
{
    mem_free(r->args);
    *r = (struct scan_resume){0};
}
