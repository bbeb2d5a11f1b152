/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/advisory/fetch_file.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "core/text/url.h"
#include "sys/io/file.h"
#include "sys/io/http_client.h"

static const uint64_t file_limit = 600 * NS_PER_S;

enum { NAME_MAX_BYTES = 180 };

/* ---- places ---- */

/* One part of a path, without what could lead out of the folder. */
static void add_name(struct str *out, const char *name, size_t len)
{
    size_t start = out->len;
    for (size_t i = 0; i < len && out->len - start < NAME_MAX_BYTES; i++) {
        bool plain = isalnum((unsigned char)name[i]) || strchr("._-+~=&", name[i]);
        bool leading_dot = name[i] == '.' && out->len == start;
        str_add_char(out, plain && !leading_dot ? name[i] : '_');
    }
}

void fetch_path(const struct fetch *f, const char *url, struct str *out)
{
    struct url parts = url_split(url);
    str_reset(out);
    str_addf(out, "%s/", f->folder);
    add_name(out, parts.authority ? parts.authority : "local",
             parts.authority ? parts.authority_len : 5);
    size_t at = 0;
    while (at < parts.path_len) {
        size_t len = 0;
        while (at + len < parts.path_len && parts.path[at + len] != '/')
            len++;
        if (len) {
            str_add_char(out, '/');
            add_name(out, parts.path + at, len);
        }
        at += len + 1;
    }
    if (parts.path_len == 0 || parts.path[parts.path_len - 1] == '/')
        str_add(out, "/index");
    if (parts.query) {
        str_add_char(out, '_');
        add_name(out, parts.query, parts.query_len);
    }
}

static int make_folder_of(const char *path, struct err *e)
{
    struct str folder = str_of(0);
    str_add_len(&folder, path, (size_t)(strrchr(path, '/') - path));
    int rc = file_make_folders(str_text(&folder), 0755, e);
    str_done(&folder);
    return rc;
}

/* ---- one try ---- */

struct part {
    const char *path, *tag_path;
    struct str etag; /* of the bytes that are here */
    uint64_t size;
    int fd;
    bool begun;
};

static int put_part(void *ctx, const struct http_response *so_far, const void *data, size_t len)
{
    struct part *p = ctx;
    struct err e = {0};
    if (!p->begun) {
        p->begun = true;
        if (so_far->status == 200 && ftruncate(p->fd, 0) < 0)
            return -errno;
        if (so_far->status == 200)
            p->size = 0;
        int rc = file_replace(p->tag_path, so_far->etag, strlen(so_far->etag), 0644, &e);
        if (rc < 0)
            return rc;
        if (lseek(p->fd, 0, SEEK_END) < 0)
            return -errno;
    }
    p->size += len;
    return file_write_all(p->fd, data, len);
}

static int open_part(struct part *p, struct err *e)
{
    struct stat st;
    struct err ignored = {0};
    p->begun = false;
    p->fd = open(p->path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
    if (p->fd < 0 || fstat(p->fd, &st) < 0)
        return err_set(e, -errno, "%s: %s", p->path, strerror(errno));
    p->size = (uint64_t)st.st_size;
    str_reset(&p->etag);
    if (p->size && file_read(p->tag_path, &p->etag, &ignored) < 0)
        str_reset(&p->etag);
    if (p->etag.len == 0 || strncmp(str_text(&p->etag), "W/", 2) == 0)
        p->size = 0; /* nothing says that it is still the same file */
    return 0;
}

static int try_file(struct fetch *f, const char *url, struct part *p,
                    const struct advisory_fetch *known, struct http_response *answer, struct err *e)
{
    int rc = open_part(p, e);
    if (rc < 0)
        return rc;
    struct http_request request = {.url = url,
                                   .headers = f->headers,
                                   .ca = f->ca,
                                   .limit_ns = file_limit,
                                   .resume_at = p->size,
                                   .etag = p->size ? str_text(&p->etag) : known->etag,
                                   .modified = p->size ? NULL : known->modified};
    rc = http_fetch(&request, put_part, p, answer, e);
    f->counts.requests++;
    f->counts.moved += answer->moved;
    if (rc == 0 && answer->status == 200 && !p->begun && ftruncate(p->fd, 0) < 0)
        rc = err_set(e, -errno, "%s: %s", p->path, strerror(errno));
    close(p->fd);
    if (answer->status == 416 || (rc == 0 && answer->status == 206 && answer->etag[0] &&
                                  strcmp(answer->etag, str_text(&p->etag)) != 0))
        unlink(p->path); /* it is another file by now */
    return rc;
}

/* ---- patience ---- */

static bool is_worth_another(int rc, int status)
{
    if (rc < 0)
        return rc == -ECONNRESET || rc == -ETIMEDOUT || rc == -EHOSTUNREACH;
    return status == 416 || status == 429 || status >= 500;
}

/* false: it would be too long. */
static bool wait_for(int tries, int64_t retry_after_s)
{
    uint64_t ns = retry_after_s >= 0 ? (uint64_t)retry_after_s * NS_PER_S
                                     : (NS_PER_S / 2) << (tries < 6 ? tries : 6);
    struct timespec span = {.tv_sec = (time_t)(ns / NS_PER_S), .tv_nsec = (long)(ns % NS_PER_S)};
    if (ns > fetch_wait_max)
        return false;
    nanosleep(&span, NULL);
    return true;
}

static int status_error(int status, const char *url, struct err *e)
{
    int code = status == 429 || status == 503   ? -EAGAIN
               : status == 404 || status == 410 ? -ENOENT
               : status == 401 || status == 403 ? -EACCES
                                                : -EPROTO;
    return err_set(e, code, "%s: the server answers with status %d", url, status);
}

static void note_failure(struct fetch *f, const char *url, struct advisory_fetch *known,
                         int64_t retry_after_s)
{
    struct err ignored = {0};
    uint64_t now = clock_wall_ns(f->clock);
    unsigned shift = known->failures < 10 ? known->failures : 10;
    uint64_t wait =
        retry_after_s > 0 ? (uint64_t)retry_after_s * NS_PER_S : (60 * NS_PER_S) << shift;
    uint64_t day = 86400 * NS_PER_S;
    known->url = url;
    known->failures++;
    known->next_ns = now + (wait < day ? wait : day);
    if (advisory_store_put_fetch(f->store, known, &ignored) < 0)
        return; /* then it is only asked earlier */
}

static int fetch_patiently(struct fetch *f, const char *url, struct part *p,
                           struct advisory_fetch *known, struct http_response *answer,
                           struct err *e)
{
    int rc = 0;
    for (int tries = 0; tries < FETCH_TRIES; tries++) {
        rc = try_file(f, url, p, known, answer, e);
        if (rc == 0 && (answer->status == 200 || answer->status == 206 || answer->status == 304))
            return 0;
        if (!is_worth_another(rc, answer->status) || tries + 1 == FETCH_TRIES ||
            !wait_for(tries, answer->retry_after_s))
            break;
    }
    if (rc == 0)
        rc = status_error(answer->status, url, e);
    if (rc != -EFBIG && rc != -EPERM)
        note_failure(f, url, known, answer->retry_after_s);
    return rc;
}

/* ---- the whole of it ---- */

struct known {
    struct advisory_fetch row;
    struct str etag, modified;
};

static int read_known(struct fetch *f, const char *url, const char *path, struct known *out,
                      struct err *e)
{
    int rc = advisory_store_fetch(f->store, url, &out->row, e);
    if (rc <= 0) {
        out->row = (struct advisory_fetch){.url = url};
        return rc;
    }
    str_add(&out->etag, out->row.etag ? out->row.etag : "");
    str_add(&out->modified, out->row.modified ? out->row.modified : "");
    bool here = access(path, R_OK) == 0;
    out->row.etag = here && out->etag.len ? str_text(&out->etag) : NULL;
    out->row.modified = here && out->modified.len ? str_text(&out->modified) : NULL;
    out->row.digest = NULL;
    if (out->row.next_ns > clock_wall_ns(f->clock))
        return err_set(e, -EAGAIN, "%s: not asked again yet: it failed %u times", url,
                       out->row.failures);
    return 0;
}

int fetch_file(struct fetch *f, const char *url, struct fetched *out, struct err *e)
{
    struct known known = {.etag = str_of(0), .modified = str_of(0)};
    struct str part = str_of(0), tag = str_of(0);
    struct http_response answer = {0};
    *out = (struct fetched){.path = str_of(0), .etag = str_of(0), .modified = str_of(0)};
    fetch_path(f, url, &out->path);
    str_addf(&part, "%s.part", str_text(&out->path));
    str_addf(&tag, "%s.part.etag", str_text(&out->path));
    int rc = read_known(f, url, str_text(&out->path), &known, e);
    rc = rc < 0 ? rc : make_folder_of(str_text(&out->path), e);
    if (rc == 0) {
        struct part p = {.path = str_text(&part), .tag_path = str_text(&tag), .etag = str_of(1024)};
        rc = fetch_patiently(f, url, &p, &known.row, &answer, e);
        str_done(&p.etag);
    }
    if (rc == 0 && answer.status == 304) {
        f->counts.unchanged++;
        unlink(str_text(&part));
    } else if (rc == 0 && rename(str_text(&part), str_text(&out->path)) < 0) {
        rc = err_set(e, -errno, "%s: %s", str_text(&out->path), strerror(errno));
    } else if (rc == 0) {
        out->is_new = true;
        str_add(&out->etag, answer.etag);
        str_add(&out->modified, answer.modified);
    }
    if (rc == 0)
        unlink(str_text(&tag));
    str_done(&part);
    str_done(&tag);
    str_done(&known.etag);
    str_done(&known.modified);
    if (rc < 0)
        fetched_drop(out);
    return rc;
}

int fetch_file_done(struct fetch *f, const char *url, struct fetched *file, struct err *e)
{
    struct advisory_fetch row = {.url = url,
                                 .etag = str_text(&file->etag),
                                 .modified = str_text(&file->modified),
                                 .fetched_ns = clock_wall_ns(f->clock)};
    int rc = file->is_new ? advisory_store_put_fetch(f->store, &row, e) : 0;
    fetched_drop(file);
    return rc;
}

void fetched_drop(struct fetched *file)
{
    str_done(&file->path);
    str_done(&file->etag);
    str_done(&file->modified);
}

int fetch_text(struct fetch *f, const char *url, uint64_t max, struct str *out, struct err *e)
{
    struct http_response answer;
    struct http_request request = {.url = url, .headers = f->headers, .ca = f->ca, .max = max};
    int rc = 0;
    for (int tries = 0; tries < FETCH_TRIES; tries++) {
        str_reset(out);
        rc = http_fetch_text(&request, out, &answer, e);
        f->counts.requests++;
        f->counts.moved += answer.moved;
        if (rc == 0 && answer.status == 200)
            return 0;
        if (!is_worth_another(rc, answer.status) || !wait_for(tries, answer.retry_after_s))
            break;
    }
    return rc < 0 ? rc : status_error(answer.status, url, e);
}
