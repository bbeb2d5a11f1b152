/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/patch/apply.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/own.h"
#include "core/text/date.h"
#include "sys/io/file.h"
#include "tool/advisory/inventory.h"
#include "tool/patch/journal.h"

static const uint64_t room_min = 256ULL << 20; /* bytes that must be free below the root */

struct work {
    const struct patch_apply *a;
    struct apt apt;
    struct patch_journal journal;
    const char *folder, *path;
    int lock_fd;
};

static void say(const struct work *w, const char *words)
{
    if (w->a->word)
        w->a->word(w->a->ctx, words);
}

/* ---- apt and dpkg ---- */

/* The administrator's files win; questions are never asked. */
static const char *const keeping[] = {
    "-y",
    "-o",
    "Dpkg::Options::=--force-confdef",
    "-o",
    "Dpkg::Options::=--force-confold",
    "-o",
    "DPkg::Lock::Timeout=120",
    "--no-remove",
    "--no-install-recommends",
};

static int run_apt(struct work *w, const char *const *words, size_t count, struct err *e)
{
    struct str text = str_of(APT_OUTPUT_MAX);
    struct text_list argv = {0};
    for (size_t i = 0; i < ARRAY_COUNT(keeping); i++)
        text_list_add(&argv, keeping[i]);
    for (size_t i = 0; i < count; i++)
        text_list_add(&argv, words[i]);
    int rc = apt_run(&w->apt, "apt-get", &argv, &text, e);
    text_list_done(&argv);
    str_done(&text);
    return rc;
}

static int finish_dpkg(struct work *w, struct err *e)
{
    struct str text = str_of(APT_OUTPUT_MAX);
    const char *words[] = {"--force-confdef", "--force-confold", "--configure", "-a"};
    struct text_list argv = {.text = words, .count = ARRAY_COUNT(words)};
    int rc = apt_run_dpkg(&w->apt, &argv, &text, e);
    str_done(&text);
    static const char *const fix[] = {"-f", "install"};
    return rc < 0 ? rc : run_apt(w, fix, ARRAY_COUNT(fix), e);
}

/* ---- steps ---- */

static const char *target_of(struct work *w, const struct patch_step *s)
{
    return arena_print(w->apt.arena, "%s=%s", s->package, s->to);
}

/* Those of the journal that are not at their version yet. */
static int read_missing(struct work *w, struct text_list *out, struct err *e)
{
    struct inventory inventory = {0};
    struct arena *arena = w->apt.arena;
    const char *status = arena_print(arena, "%s/var/lib/dpkg/status", w->a->root);
    int rc = inventory_read_dpkg(arena, status, "Debian", &inventory, e);
    for (size_t i = 0; rc == 0 && i < w->journal.steps.count; i++) {
        const struct patch_step *s = &w->journal.steps.item[i];
        size_t len = strcspn(s->package, ":");
        bool there = false;
        for (size_t k = 0; k < inventory.count && !there; k++)
            there = strlen(inventory.item[k].name) == len &&
                    memcmp(inventory.item[k].name, s->package, len) == 0 &&
                    strcmp(inventory.item[k].version, s->to) == 0;
        if (!there)
            text_list_add(out, target_of(w, s));
    }
    return rc;
}

/* All at once into the cache, so that no step waits for a network. */
static int download(struct work *w, const struct text_list *missing, struct err *e)
{
    struct text_list argv = {0};
    text_list_add(&argv, "--download-only");
    text_list_add(&argv, "install");
    for (size_t i = 0; i < missing->count; i++)
        text_list_add(&argv, missing->text[i]);
    say(w, "downloading");
    int rc = run_apt(w, argv.text, argv.count, e);
    text_list_done(&argv);
    return rc;
}

/* A package at a time (apt adds what it needs): a stop leaves whole packages behind. */
static int install(struct work *w, struct err *e)
{
    struct text_list missing = {0};
    int rc = read_missing(w, &missing, e);
    if (rc == 0 && missing.count)
        rc = download(w, &missing, e);
    while (rc == 0 && missing.count) {
        const char *words[] = {"--no-download", "install", missing.text[0]};
        size_t before = missing.count;
        say(w, missing.text[0]);
        rc = run_apt(w, words, ARRAY_COUNT(words), e);
        missing.count = 0;
        rc = rc < 0 ? rc : read_missing(w, &missing, e);
        if (rc == 0 && missing.count >= before)
            rc = err_set(e, -EIO, "%s: apt is content, but it is not installed", missing.text[0]);
    }
    text_list_done(&missing);
    return rc;
}

/* ---- begin and end ---- */

static int open_work(struct work *w, const struct patch_apply *a, struct arena *arena,
                     struct err *e)
{
    *w = (struct work){.a = a, .apt = {.root = a->root, .arena = arena}, .lock_fd = -1};
    w->folder = arena_print(arena, "%s" PATCH_FOLDER, a->root);
    w->path = arena_print(arena, "%s" PATCH_JOURNAL, a->root);
    if (file_make_folders(w->folder, 0755, e) < 0)
        return e->code;
    const char *lock = arena_print(arena, "%s/patch.lock", w->folder);
    w->lock_fd = open(lock, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (w->lock_fd < 0)
        return err_set(e, -errno, "%s: %s", lock, strerror(errno));
    if (flock(w->lock_fd, LOCK_EX | LOCK_NB) < 0) {
        close(w->lock_fd);
        return err_set(e, -EBUSY, "another picket is patching");
    }
    return 0;
}

/* The security archives alone, for the time of the work. */
static int point_at_security(struct work *w, struct err *e)
{
    struct archive_list archives;
    const char *folder = arena_print(w->apt.arena, "%s/patch.sources", w->folder);
    if (archive_list_read(&w->apt, &archives, e) < 0 || file_make_folders(folder, 0755, e) < 0 ||
        archive_write_sources(w->apt.arena, &archives, folder, e) < 0)
        return e->code;
    w->apt.sources = folder;
    return 0;
}

static int check_room(struct work *w, struct err *e)
{
    struct statvfs st;
    if (statvfs(w->folder, &st) < 0)
        return err_set(e, -errno, "%s: %s", w->folder, strerror(errno));
    if ((uint64_t)st.f_bavail * st.f_frsize < room_min)
        return err_set(e, -ENOSPC, "less than %llu MiB are free below %s",
                       (unsigned long long)(room_min >> 20), w->folder);
    return 0;
}

static void set_steps(struct work *w, const struct patch_plan *plan)
{
    struct arena *arena = w->apt.arena;
    size_t count = plan->upgrades.count + plan->added.count;
    struct date now;
    w->journal.steps.item = arena_array(arena, count + 1, sizeof(struct patch_step));
    for (size_t i = 0; i < plan->upgrades.count; i++)
        w->journal.steps.item[w->journal.steps.count++] = plan->upgrades.item[i];
    for (size_t i = 0; i < plan->added.count; i++)
        w->journal.steps.item[w->journal.steps.count++] = plan->added.item[i];
    if (date_from_seconds(&now, (int64_t)(clock_wall_ns(&clock_system) / NS_PER_S)))
        w->journal.begun = arena_text(arena, date_text(&now).text);
}

/* From here on the journal tells what is to be done. */
static int carry_out(struct work *w, size_t *out_steps, struct err *e)
{
    int rc = install(w, e);
    if (rc < 0)
        return rc;
    w->journal.done = true;
    rc = patch_journal_write(w->path, &w->journal, e);
    *out_steps = w->journal.steps.count;
    return rc;
}

static int apply(struct work *w, size_t *out_steps, struct err *e)
{
    struct patch_options options = {.root = w->a->root};
    struct patch_plan plan;
    int rc = patch_journal_read(w->apt.arena, w->path, &w->journal, e);
    if (rc > 0 && !w->journal.done)
        return err_set(e, -EBUSY, "what was begun %s was not ended: picket patch resume",
                       w->journal.begun ? w->journal.begun : "earlier");
    w->journal = (struct patch_journal){0};
    rc = rc < 0 ? rc : check_room(w, e);
    rc = rc < 0 ? rc : patch_plan_make(w->apt.arena, &options, &plan, e);
    if (rc < 0)
        return rc;
    if (plan.removals.count)
        rc = err_set(e, -EPERM, "the plan removes %s: that is never done by itself",
                     plan.removals.item[0].package);
    set_steps(w, &plan);
    patch_plan_done(&plan);
    if (rc < 0 || w->journal.steps.count == 0)
        return rc;
    rc = point_at_security(w, e);
    rc = rc < 0 ? rc : patch_journal_write(w->path, &w->journal, e);
    return rc < 0 ? rc : carry_out(w, out_steps, e);
}

static int resume(struct work *w, size_t *out_steps, struct err *e)
{
    int rc = patch_journal_read(w->apt.arena, w->path, &w->journal, e);
    if (rc <= 0 || w->journal.done)
        return rc < 0 ? rc : 0;
    say(w, "ending what dpkg had begun");
    rc = point_at_security(w, e);
    rc = rc < 0 ? rc : finish_dpkg(w, e);
    return rc < 0 ? rc : carry_out(w, out_steps, e);
}

int patch_apply(struct arena *arena, const struct patch_apply *a, size_t *out_steps, struct err *e)
{
    struct work w;
    int rc = open_work(&w, a, arena, e);
    *out_steps = 0;
    if (rc < 0)
        return rc;
    rc = apply(&w, out_steps, e);
    close(w.lock_fd);
    return rc;
}

int patch_resume(struct arena *arena, const struct patch_apply *a, size_t *out_steps, struct err *e)
{
    struct work w;
    int rc = open_work(&w, a, arena, e);
    *out_steps = 0;
    if (rc < 0)
        return rc;
    rc = resume(&w, out_steps, e);
    close(w.lock_fd);
    return rc;
}
