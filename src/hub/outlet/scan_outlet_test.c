/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/outlet/scan_outlet.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "check.h"
#include "hub/outlet/nmap_xml.h"
#include "hub/outlet/scan_json.h"
#include "hub/outlet/scan_sample_test.h"
#include "sys/io/file.h"

int outlet_scan_outlet_test(void);

/* Names and options are different, and what -oA writes has a suffix. */
static int check_table(void)
{
    int failed = 0;
    size_t count = 0, in_all = 0;
    for (; scan_outlet_formats[count]; count++) {
        const struct scan_outlet_format *f = scan_outlet_formats[count];
        CHECK_ROW(count, f->name && f->doc && f->begin && f->host && f->end);
        in_all += f->suffix != NULL;
        for (size_t i = 0; i < count; i++) {
            const struct scan_outlet_format *other = scan_outlet_formats[i];
            CHECK_ROW(count, strcmp(f->name, other->name) != 0);
            CHECK_ROW(count, !f->option || !other->option || strcmp(f->option, other->option) != 0);
        }
    }
    CHECK(count == 6 && in_all == 3);
    return failed;
}

static char dir[] = "/tmp/picket-outlet-XXXXXX";

static const char *path_in(const char *name)
{
    static char path[64];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    return path;
}

/* Is the file one whole document of the format: its own begin, and `tail` as the end? */
static bool is_whole(const char *path, const struct scan_outlet_format *f, struct str *text)
{
    struct err e = {0};
    struct str tail = str_of(0), begin = str_of(0);
    _Alignas(16) unsigned char state[SCAN_OUTLET_STATE] = {0};
    *text = str_of(0);
    f->begin(state, &sample_head, &begin);
    f->end(state, &sample_head, &sample_tail, &tail);
    /* JSON's end depends on what came before; what follows its hosts does not */
    const char *end = f == &scan_outlet_scan_json ? strstr(tail.text, "]") : tail.text;
    bool ok = file_read(path, text, &e) == 0 && text->len >= begin.len + strlen(end) &&
              memcmp(text->text, begin.text, begin.len) == 0 &&
              strcmp(text->text + text->len - strlen(end), end) == 0;
    str_done(&begin);
    str_done(&tail);
    return ok;
}

static bool whole(const char *path, const struct scan_outlet_format *f)
{
    struct str text;
    bool ok = is_whole(path, f, &text);
    str_done(&text);
    return ok;
}

/* After each call a reader finds a whole document. */
static int check_moments(const struct scan_outlet_format *f)
{
    int failed = 0;
    struct scan_outlet o;
    struct err e = {0};
    const char *path = path_in(f->name);
    CHECK(scan_outlet_open(&o, f, path, false, &e) == 0);
    CHECK(scan_outlet_begin(&o, &sample_head, &sample_tail, &e) == 0);
    CHECK(whole(path, f));
    CHECK(scan_outlet_scripts(&o, &sample_head, &sample_before, &sample_tail, &e) == 0);
    for (size_t i = 0; i < ARRAY_LEN(sample_task); i++)
        CHECK(scan_outlet_task(&o, &sample_head, &sample_task[i], &sample_tail, &e) == 0);
    CHECK(scan_outlet_target(&o, &sample_head, "bad", &sample_tail, &e) == 0);
    CHECK(whole(path, f));
    CHECK(scan_outlet_hint(&o, &sample_head, &sample_host, &sample_tail, &e) == 0);
    CHECK(scan_outlet_found(&o, &sample_head, &sample_found, &sample_tail, &e) == 0);
    CHECK(scan_outlet_host(&o, &sample_head, &sample_host, &sample_tail, &e) == 0);
    CHECK(whole(path, f));
    CHECK(scan_outlet_host(&o, &sample_head, &sample_down, &sample_tail, &e) == 0);
    CHECK(scan_outlet_scripts(&o, &sample_head, &sample_after, &sample_tail, &e) == 0);
    CHECK(scan_outlet_end(&o, &sample_head, &sample_tail, &e) == 0);
    CHECK(scan_outlet_close(&o, &e) == 0);
    CHECK(whole(path, f));
    unlink(path);
    return failed;
}

/* Without verbosity: no tasks, no found ports, no hosts that are down. */
static int check_quiet(void)
{
    int failed = 0;
    struct scan_outlet o;
    struct err e = {0};
    struct str text = str_of(0);
    const char *path = path_in("quiet");
    const struct scan_head *head = &sample_plain_head;
    CHECK(scan_outlet_open(&o, &scan_outlet_nmap_xml, path, false, &e) == 0);
    CHECK(scan_outlet_begin(&o, head, &sample_tail, &e) == 0);
    for (size_t i = 0; i < ARRAY_LEN(sample_task); i++)
        CHECK(scan_outlet_task(&o, head, &sample_task[i], &sample_tail, &e) == 0);
    CHECK(scan_outlet_found(&o, head, &sample_found, &sample_tail, &e) == 0);
    CHECK(scan_outlet_host(&o, head, &sample_down, &sample_tail, &e) == 0);
    CHECK(scan_outlet_close(&o, &e) == 0);
    CHECK(file_read(path, &text, &e) == 0);
    CHECK(!strstr(text.text, "taskbegin") && !strstr(text.text, "taskend"));
    CHECK(strstr(text.text, "taskprogress") && !strstr(text.text, "<host>"));
    str_done(&text);
    unlink(path);
    return failed;
}

static int write_run(const char *path, bool append, struct err *e)
{
    struct scan_outlet o;
    int rc = scan_outlet_open(&o, &scan_outlet_scan_json, path, append, e);
    if (rc)
        return rc;
    rc = scan_outlet_begin(&o, &sample_head, &sample_tail, e);
    if (rc == 0)
        rc = scan_outlet_host(&o, &sample_head, &sample_quiet, &sample_tail, e);
    if (rc == 0)
        rc = scan_outlet_end(&o, &sample_head, &sample_tail, e);
    int closed = scan_outlet_close(&o, e);
    return rc ? rc : closed;
}

/* Two runs into one file are two lines, each the same object. */
static int check_append(void)
{
    int failed = 0;
    struct err e = {0};
    struct str text = str_of(0);
    const char *path = path_in("runs");
    CHECK(write_run(path, false, &e) == 0 && write_run(path, true, &e) == 0);
    CHECK(file_read(path, &text, &e) == 0 && text.len % 2 == 0);
    CHECK(memcmp(text.text, text.text + text.len / 2, text.len / 2) == 0);
    CHECK(strchr(text.text, '\n') == text.text + text.len / 2 - 1);
    CHECK(write_run(path, false, &e) == 0); /* and without it the old ones go */
    struct str again = str_of(0);
    CHECK(file_read(path, &again, &e) == 0 && again.len == text.len / 2);
    str_done(&text);
    str_done(&again);
    unlink(path);
    return failed;
}

static int check_failures(void)
{
    int failed = 0;
    struct scan_outlet o;
    struct err e = {0};
    CHECK(scan_outlet_open(&o, &scan_outlet_nmap_xml, "/dev/full", false, &e) == 0);
    CHECK(scan_outlet_begin(&o, &sample_head, &sample_tail, &e) == -ENOSPC);
    CHECK(o.failed && strstr(e.text, "/dev/full") != NULL);
    CHECK(scan_outlet_close(&o, &e) == -ENOSPC);
    e = (struct err){0};
    CHECK(scan_outlet_open(&o, &scan_outlet_nmap_xml, "/nonexistent/x", false, &e) == -ENOENT);
    CHECK(strstr(e.text, "/nonexistent/x") != NULL);
    return failed;
}

/* The disk fills in the middle of a host: what was whole stays whole. */
static int check_full_disk(void)
{
    int failed = 0;
    struct scan_outlet o;
    struct err e = {0};
    struct str before = str_of(0), after = str_of(0);
    const char *path = path_in("full");
    CHECK(scan_outlet_open(&o, &scan_outlet_nmap_xml, path, false, &e) == 0);
    CHECK(scan_outlet_begin(&o, &sample_head, &sample_tail, &e) == 0);
    CHECK(file_read(path, &before, &e) == 0);
    struct rlimit limit;
    CHECK(getrlimit(RLIMIT_FSIZE, &limit) == 0);
    limit.rlim_cur = before.len + 100;
    signal(SIGXFSZ, SIG_IGN);
    CHECK(setrlimit(RLIMIT_FSIZE, &limit) == 0);
    int rc = scan_outlet_host(&o, &sample_head, &sample_host, &sample_tail, &e);
    CHECK((rc ? rc : scan_outlet_flush(&o, &sample_head, &sample_tail, &e)) == -EFBIG);
    CHECK(scan_outlet_close(&o, &e) == -EFBIG);
    CHECK(file_read(path, &after, &e) == 0);
    CHECK(after.len == before.len && memcmp(after.text, before.text, after.len) == 0);
    str_done(&before);
    str_done(&after);
    unlink(path);
    return failed;
}

int outlet_scan_outlet_test(void)
{
    int failed = check_table();
    if (!CHECK(mkdtemp(dir) != NULL))
        return failed;
    for (size_t i = 0; scan_outlet_formats[i]; i++)
        failed += check_moments(scan_outlet_formats[i]);
    failed += check_quiet() + check_append() + check_failures() + check_full_disk();
    rmdir(dir);
    return failed;
}
