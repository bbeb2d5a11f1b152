/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/relay/proof.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "core/base/mem.h"
#include "sys/io/file.h"

enum { LOOK_MS = 250, QUIET_MS = 1500, PATH_LEN = 4096, MAIL_MAX = 1 << 20, SEARCH_MS = 1000 };

/* ---- tokens ---- */

static void note_mail(void *ctx, const char *text, size_t len)
{
    struct proof *p = ctx;
    (void)len;
    for (size_t i = 0; i < p->report->count; i++) {
        struct relay_result *r = &p->report->result[i];
        if (!r->token || r->arrived || !strstr(text, r->token))
            continue;
        r->arrived = true;
        p->arrived_ns = clock_mono_ns(&clock_system);
    }
}

static bool is_awaited(const struct relay_result *r)
{
    return r->token && r->outcome == RELAY_ACCEPTED && !r->arrived;
}

static size_t outstanding(const struct proof *p)
{
    size_t count = 0;
    for (size_t i = 0; i < p->report->count; i++)
        count += is_awaited(&p->report->result[i]);
    return count;
}

/* ---- Maildir (new/ and cur/) ---- */

static void look_in(struct proof *p, const char *name)
{
    char path[PATH_LEN];
    snprintf(path, sizeof path, "%s/%s", p->o->maildir, name);
    DIR *dir = opendir(path);
    struct dirent *entry;
    while (dir && (entry = readdir(dir))) {
        struct str mail = str_of(MAIL_MAX);
        struct err ignored;
        if (entry->d_name[0] != '.' &&
            file_read_at(dirfd(dir), entry->d_name, &mail, &ignored) == 0)
            note_mail(p, str_text(&mail), mail.len);
        str_done(&mail);
    }
    if (dir)
        closedir(dir);
}

static int search_all(struct proof *p, struct err *e)
{
    for (size_t i = 0; i < p->report->count; i++) {
        struct relay_result *r = &p->report->result[i];
        bool found = false;
        if (!is_awaited(r))
            continue;
        int rc = p->o->search(p->o->search_ctx, r->token, &found, e);
        if (rc)
            return rc;
        if (found)
            note_mail(p, r->token, strlen(r->token));
    }
    return 0;
}

static int look(struct proof *p, uint64_t *next_search_ns, struct err *e)
{
    uint64_t now_ns = clock_mono_ns(&clock_system);
    if (p->o->maildir) {
        look_in(p, "new");
        look_in(p, "cur");
    }
    if (!p->o->search || now_ns < *next_search_ns)
        return 0;
    *next_search_ns = now_ns + SEARCH_MS * NS_PER_MS;
    return search_all(p, e);
}

/* ---- waiting ---- */

int proof_await(struct proof *p, struct err *e)
{
    uint64_t end_ns = clock_mono_ns(&clock_system) + p->o->sink_wait_ns, next_search_ns = 0;
    bool can_see = p->sink || p->o->maildir || p->o->search;
    int rc = 0;
    while (rc == 0 && can_see && outstanding(p)) {
        uint64_t now_ns = clock_mono_ns(&clock_system);
        bool quiet = p->arrived_ns && now_ns - p->arrived_ns > QUIET_MS * NS_PER_MS;
        if ((now_ns >= end_ns && !(p->arrived_ns && !quiet)) ||
            (p->o->stop && p->o->stop(p->o->ctx)))
            break;
        rc = loop_step(p->loop, LOOK_MS * NS_PER_MS, e);
        rc = rc ? rc : look(p, &next_search_ns, e);
    }
    for (size_t i = 0; i < p->report->count; i++) /* whatever the reply was */
        if (p->report->result[i].arrived)
            p->report->result[i].outcome = RELAY_DELIVERED;
    return rc;
}

int proof_open(struct proof *p, const struct relay_options *o, struct loop *loop,
               struct relay_report *report, struct err *e)
{
    *p = (struct proof){.o = o, .loop = loop, .report = report};
    return o->has_sink ? sink_open(&p->sink, loop, &o->sink, note_mail, p, e) : 0;
}

void proof_close(struct proof *p)
{
    sink_close(p->sink);
    p->sink = NULL;
}
