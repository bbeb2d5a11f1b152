/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Processes race for one store: what two writers write, a reader that follows by cursor must see
 * once, whole and in each writer's order; also over midnights, and when writers are killed.
 *
 * usage: store-race [-n EVENTS] [FOLDER]      prints "N passed, M failed"; exit 0 when M is 0 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/base/str.h"
#include "hub/store/store.h"
#include "sys/loop/child.h"

enum { WRITERS = 2, BATCH_MAX = 400, READ_MAX = 1000, STEP_BY_MS = 3000 };
#define START_NS (UINT64_C(1798761600) * NS_PER_S - NS_PER_S) /* a second before 2027 */

static int passed, failed;

static void check(bool ok, const char *what)
{
    printf("%s: %s\n", ok ? "ok" : "FAIL", what);
    fflush(stdout);
    passed += ok;
    failed += !ok;
}

static void clean(const char *folder)
{
    struct err e = {0};
    struct str out = str_of(1000);
    int status;
    const char *argv[] = {"rm", "-rf", folder, NULL};
    if (child_run("rm", argv, 10 * NS_PER_S, &out, &status, &e))
        printf("%s\n", e.text);
    str_done(&out);
}

/* ---- a writer: a process ---- */

struct writer_plan {
    const char *folder;
    uint32_t number;    /* goes into sid */
    uint32_t count;     /* events; 0: until killed */
    uint32_t batch_max; /* 1 .. batch_max events a transaction */
    uint64_t day_every; /* events after which this writer's clock is a day on; 0: the real clock */
};

static void fill(struct event *v, uint32_t number, uint32_t i, char text[64])
{
    snprintf(text, 64, "writer %u event %u of the race", number, i);
    *v = (struct event){
        .wall_ns = START_NS + i,
        .kind = EVENT_TRAP,
        .severity = SEVERITY_MEDIUM,
        .src = {addr_ip4(0xc0000200 + i % 251), (uint16_t)i},
        .dst = {addr_ip4(0xc6336401), 22},
        .ip_proto = 6,
        .sid = number,
        .rev = i,
        .sensor = "race",
        .summary = text,
        .json = "{\"trap\":{\"mode\":\"stealth\",\"flags\":\"S\"}}",
    };
}

static int write_events(const struct writer_plan *p, struct err *e)
{
    static char text[BATCH_MAX][64];
    static struct event event[BATCH_MAX];
    struct store *s;
    struct clock clock = p->day_every ? clock_fake(0, START_NS) : clock_system;
    struct rng rng = rng_of(p->number + 1);
    int rc = store_open(&s, p->folder, STORE_WRITE, &clock, e);
    for (uint32_t i = 0; rc == 0 && (i < p->count || p->count == 0);) {
        uint32_t batch = 1 + rng_below(&rng, p->batch_max);
        if (p->count && batch > p->count - i)
            batch = p->count - i;
        for (uint32_t k = 0; k < batch; k++)
            fill(&event[k], p->number, i + k, text[k]);
        if (p->day_every)
            clock.fake_wall_ns = START_NS + i / p->day_every * 86400 * NS_PER_S;
        rc = store_add_events(s, event, batch, e);
        i += batch;
    }
    if (rc == 0)
        store_close(s);
    return rc;
}

static pid_t start_writer(const struct writer_plan *p)
{
    pid_t pid = fork();
    if (pid == 0) {
        struct err e = {0};
        int rc = write_events(p, &e);
        if (rc)
            printf("writer %u: %s\n", p->number, e.text);
        fflush(stdout);
        _exit(rc ? 1 : 0);
    }
    return pid;
}

/* ---- the reader: this process ---- */

struct reader {
    struct store *store;
    struct store_cursor at;
    uint32_t next[WRITERS]; /* the number that has to come next from each */
    uint64_t count, wrong;
    uint32_t days, last_day;
};

static bool take(void *ctx, const struct store_cursor *at, const struct event *v)
{
    struct reader *r = ctx;
    char want[64];
    if (v->sid >= WRITERS) {
        r->wrong++;
        return true;
    }
    snprintf(want, sizeof want, "writer %u event %u of the race", v->sid, v->rev);
    bool ok = v->rev == r->next[v->sid] && v->id && strcmp(v->summary, want) == 0 &&
              at->day >= r->last_day;
    if (!ok && r->wrong++ < 5)
        printf("writer %u: event %u where %u was due, day %u\n", v->sid, v->rev, r->next[v->sid],
               at->day);
    r->next[v->sid] = v->rev + 1;
    r->days += at->day != r->last_day;
    r->last_day = at->day;
    r->count++;
    return true;
}

/* Read until `want` events are there or nothing has come for STEP_BY_MS. */
static int follow(struct reader *r, uint64_t want, struct err *e)
{
    int fd;
    int rc = store_watch(r->store, &fd, e);
    while (rc == 0 && r->count < want) {
        uint64_t before = r->count;
        rc = store_read_events(r->store, &r->at, READ_MAX, take, r, e);
        if (rc || r->count > before)
            continue;
        if (poll(&(struct pollfd){.fd = fd, .events = POLLIN}, 1, STEP_BY_MS) <= 0)
            break;
        store_watch_clear(r->store);
    }
    return rc;
}

/* Open, waiting until the first writer has made it. */
static int open_reader(struct reader *r, const char *folder, struct err *e)
{
    int rc;
    *r = (struct reader){0};
    for (int i = 0; i < 500; i++) {
        rc = store_open(&r->store, folder, STORE_READ, &clock_system, e);
        if (rc != -ENOENT && rc != -ENODATA)
            return rc;
        poll(NULL, 0, 10);
    }
    return rc;
}

static bool ended_well(pid_t pid)
{
    int status = 0;
    return waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* ---- the races ---- */

static void race(const char *name, const char *folder, uint32_t count, uint64_t day_every)
{
    char what[512];
    struct err e = {0};
    struct reader r;
    pid_t pid[WRITERS];
    clean(folder);
    for (uint32_t i = 0; i < WRITERS; i++)
        pid[i] =
            start_writer(&(struct writer_plan){folder, i, count, i || day_every ? 50 : BATCH_MAX,
                                               /* the second one's days begin later */
                                               day_every ? day_every + i * 37 : 0});
    int rc = open_reader(&r, folder, &e);
    rc = rc ? rc : follow(&r, (uint64_t)WRITERS * count, &e);
    snprintf(what, sizeof what, "%s: writers end well", name);
    bool first = ended_well(pid[0]), second = ended_well(pid[1]);
    check(first && second, what);
    uint64_t before = r.count;
    if (rc == 0)
        rc = store_read_events(r.store, &r.at, READ_MAX, take, &r, &e);
    snprintf(what, sizeof what, "%s: %llu of %u events, %llu wrong, %u days, %llu too many %s",
             name, (unsigned long long)before, WRITERS * count, (unsigned long long)r.wrong, r.days,
             (unsigned long long)(r.count - before), rc ? e.text : "");
    bool days_ok = day_every ? r.days >= count / day_every : r.days <= 2;
    check(rc == 0 && before == (uint64_t)WRITERS * count && r.count == before && r.wrong == 0 &&
              days_ok,
          what);
    store_close(r.store);
}

/* One writer is killed at random moments, over and over, beside one that is not; the reader stays.
 * Each killed one leaves whole transactions; the next begins its numbers anew. */
static void race_with_kills(const char *folder, int kills)
{
    char what[512];
    struct err e = {0};
    struct reader r;
    struct rng rng = rng_of(5);
    clean(folder);
    pid_t steady = start_writer(&(struct writer_plan){folder, 0, 0, 50, 0});
    int rc = open_reader(&r, folder, &e);
    int bad = 0;
    for (int i = 0; i < kills && rc == 0; i++) {
        int status = 0;
        pid_t pid = start_writer(&(struct writer_plan){folder, 1, 0, BATCH_MAX, 0});
        poll(NULL, 0, 5 + (int)rng_below(&rng, 40));
        kill(pid, SIGKILL);
        bad += waitpid(pid, &status, 0) != pid || !WIFSIGNALED(status);
        uint64_t before = r.count;
        rc = store_read_events(r.store, &r.at, SIZE_MAX, take, &r, &e);
        rc = rc ? rc : follow(&r, before + 1, &e); /* the steady one goes on */
        bad += r.count == before;
        r.next[1] = 0;
    }
    kill(steady, SIGKILL);
    waitpid(steady, NULL, 0);
    rc = rc ? rc : store_read_events(r.store, &r.at, SIZE_MAX, take, &r, &e);
    snprintf(what, sizeof what, "%d kills: reader goes on, %llu events, %llu wrong %s", kills,
             (unsigned long long)r.count, (unsigned long long)r.wrong, rc ? e.text : "");
    check(rc == 0 && bad == 0 && r.wrong == 0 && r.next[0] > 0, what);
    store_close(r.store);

    struct reader again = {0};
    rc = store_open(&again.store, folder, STORE_WRITE, &clock_system, &e);
    check(rc == 0, "after the kills: the store opens to write");
    struct event event;
    char text[64];
    fill(&event, 0, 0, text);
    check(rc == 0 && store_add_events(again.store, &event, 1, &e) == 0, "and takes an event");
    store_close(again.store);
}

/* ---- the rate ---- */

static void measure(const char *folder, uint32_t count)
{
    struct err e = {0};
    struct stat st = {0};
    char path[4200];
    clean(folder);
    uint64_t from_ns = clock_mono_ns(&clock_system);
    struct writer_plan plan = {folder, 0, count, BATCH_MAX, 0};
    pid_t pid = start_writer(&plan);
    bool ok = ended_well(pid);
    double s = (double)(clock_mono_ns(&clock_system) - from_ns) / (double)NS_PER_S;
    struct civil c = clock_civil(clock_wall_ns(&clock_system));
    uint32_t day = (uint32_t)c.year * 10000U + c.month * 100U + c.day;
    snprintf(path, sizeof path, "%s/events-%u.db", folder, day);
    (void)stat(path, &st);
    printf("one writer: %.0f events/s (batches of 1 to %d), %.0f bytes each on disk %s\n",
           count / s, BATCH_MAX, (double)st.st_size / count, e.text);
    check(ok, "one writer ends well");
}

int main(int argc, char **argv)
{
    uint32_t count = 50000;
    int option;
    while ((option = getopt(argc, argv, "n:")) != -1) {
        if (option != 'n') {
            fprintf(stderr, "usage: store-race [-n EVENTS] [FOLDER]\n");
            return 2;
        }
        count = (uint32_t)strtoul(optarg, NULL, 10);
    }
    char made[] = "/tmp/picket-race-XXXXXX";
    const char *base = optind < argc ? argv[optind] : mkdtemp(made);
    char folder[4096];
    snprintf(folder, sizeof folder, "%s/store", base);
    race("plain", folder, count, 0);
    race("midnights", folder, count / 2, count / 20 + 1);
    race_with_kills(folder, 25);
    measure(folder, count * 4);
    clean(folder);
    if (optind >= argc)
        rmdir(made);
    printf("%d passed, %d failed\n", passed, failed);
    return failed ? 1 : 0;
}
