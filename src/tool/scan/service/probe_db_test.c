/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <string.h>

#include "check.h"
#include "tool/scan/service/probe_db.h"

static const char sample[] = "# a remark\n"
                             "Exclude T:9100-9107,U:53\n"
                             "Probe TCP NULL q||\n"
                             "totalwaitms 6000\n"
                             "tcpwrappedms 3000\n"
                             "match ssh m|^SSH-([\\d.]+)| p/Some/ v/$1/ cpe:/a:x:y:$1/ cpe:/o:z/a\n"
                             "softmatch ftp m=^220 =i\n"
                             "Probe TCP Get q|GET\\x20/\\r\\n\\0|\n"
                             "rarity 1\n"
                             "ports 80,8000-8002\n"
                             "sslports 443\n"
                             "match ssl/http m%^HTTP%s i/x/ h/y/ o/z/ d/w/\n"
                             "match ssh m|^again|\n"
                             "Probe TCP Later q|x|\n"
                             "fallback Get,Nowhere\n"
                             "Probe UDP Ask q|\\a\\\\| no-payload\n"
                             "match dns m|a|\n";

struct faults {
    unsigned line[64];
    size_t count;
};

static void on_fault(void *ctx, const char *file, unsigned line, const char *why)
{
    struct faults *f = ctx;
    (void)why;
    if (strcmp(file, "sample") == 0 && f->count < ARRAY_LEN(f->line))
        f->line[f->count++] = line;
}

static void check_sample(int *failures)
{
    int failed = 0;
    struct probe_db db;
    struct faults faults = {0};
    probe_db_parse(&db, sample, sizeof sample - 1, "sample", on_fault, &faults);
    CHECK(db.count == 4 && db.counts.match == 4 && db.counts.softmatch == 1);
    CHECK(db.counts.tcp_probes == 3 && db.counts.udp_probes == 1);
    CHECK(port_set_has(&db.exclude[SCAN_TCP], 9107) && !port_set_has(&db.exclude[SCAN_TCP], 53));
    CHECK(port_set_has(&db.exclude[SCAN_UDP], 53) && !port_set_has(&db.exclude[SCAN_UDP], 9100));
    CHECK(faults.count == 1 && faults.line[0] == 14); /* Nowhere */
    const struct service_probe *null_probe = db.probe[0], *get = db.probe[1], *later = db.probe[2];
    CHECK(db.null_probe == null_probe && null_probe->total_wait_ms == 6000);
    CHECK(null_probe->wrapped_ms == 3000 && null_probe->fallback[1] == NULL);
    const struct probe_match *ssh = &null_probe->match[0];
    CHECK(strcmp(ssh->field[PROBE_PRODUCT], "Some") == 0 && ssh->cpe_count == 2);
    CHECK(strcmp(ssh->cpe[0], "a:x:y:$1") == 0 && ssh->line == 6 && !ssh->soft);
    CHECK(null_probe->match[1].soft && null_probe->match[1].caseless);
    CHECK(get->len == 8 && memcmp(get->data, "GET /\r\n", 8) == 0);
    CHECK(get->rarity == 1 && service_probe_lists(get, false, 8002));
    CHECK(!service_probe_lists(get, false, 443) && service_probe_lists(get, true, 443));
    CHECK(get->match[0].ssl && strcmp(get->match[0].service, "http") == 0 && get->match[0].dotall);
    CHECK(get->match[1].service == ssh->service); /* one name, one pointer */
    CHECK(service_probe_can_name(get, ssh->service));
    CHECK(!service_probe_can_name(later, ssh->service));
    CHECK(later->fallback[0] == later && later->fallback[1] == get);
    CHECK(later->fallback[2] == null_probe && later->fallback[3] == NULL);
    CHECK(db.probe[3]->len == 2 && db.probe[3]->fallback[1] == NULL);
    probe_db_done(&db);
    *failures += failed;
}

/* Each is left out by itself; the line after it is read. */
static void check_bad_lines(int *failures)
{
    int failed = 0;
    static const char *const bad[] = {
        "Probe SCTP X q|a|",
        "Probe TCP",
        "Probe TCP X",
        "Probe TCP X a|b|",
        "Probe TCP X q|a",
        "Probe TCP X q|\\x4|",
        "Probe TCP X q|a\\|",
        "Probe TCP X q|a| maybe",
        "Probe TCP X q|a| repeat 0",
        "match",
        "match x",
        "match x q|a|",
        "match x m|a",
        "match x m|a|z",
        "match x m|a| p/b",
        "match x m|a| y/b/",
        "match x m|a| cpe:/b",
        "match x m|a| cpe:/b/z",
        ("match x m|a| cpe:/1/ cpe:/2/ cpe:/3/ cpe:/4/ cpe:/5/ cpe:/6/ "
         "cpe:/7/ cpe:/8/ cpe:/9/"),
        "ports",
        "ports 1 2",
        "ports 65536",
        "ports 2-1",
        "ports ,",
        "sslports x",
        "rarity 0",
        "rarity 10",
        "rarity 1x",
        "totalwaitms",
        "tcpwrappedms -1",
        "fallback",
        "fallback a b",
        "Exclude",
        "Exclude T:",
        "nonsense",
        "\x01\xff",
    };
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        struct probe_db db;
        struct faults faults = {0};
        struct str text = str_of(0);
        str_addf(&text, "Probe TCP Good q|x|\nmatch a m|a|\n%s\nExclude 7\n", bad[i]);
        probe_db_parse(&db, text.text, text.len, "sample", on_fault, &faults);
        CHECK_ROW(i, faults.count == 1 && faults.line[0] == 3);
        CHECK_ROW(i, db.count == 1 && db.probe[0]->match_count == 1 && db.counts.exclude == 1);
        probe_db_done(&db);
        str_done(&text);
    }
    *failures += failed;
}

/* What is said before any probe belongs to nobody. */
static void check_orphans(int *failures)
{
    int failed = 0;
    static const char orphans[] = "match a m|a|\nports 1\nsslports 1\nrarity 1\ntotalwaitms 1\n"
                                  "tcpwrappedms 1\nfallback a";
    struct probe_db db;
    struct faults faults = {0};
    probe_db_parse(&db, orphans, sizeof orphans - 1, "sample", on_fault, &faults);
    CHECK(faults.count == 7 && db.count == 0 && db.faults == 7);
    probe_db_done(&db);
    probe_db_parse(&db, "", 0, "sample", NULL, NULL);
    CHECK(db.count == 0 && !db.null_probe);
    probe_db_done(&db);
    struct err e = {0};
    CHECK(probe_db_open(&db, "/nowhere/probes", NULL, NULL, &e) == -ENOENT);
    *failures += failed;
}

static void check_before(int *failures)
{
    int failed = 0;
    static const char more[] = "Probe TCP Get q|GET|\nmatch front m|a|\nProbe TCP New q|n|\n"
                               "match new m|b|\n";
    struct probe_db db;
    probe_db_parse(&db, sample, sizeof sample - 1, "sample", NULL, NULL);
    probe_db_put_before(&db, more, sizeof more - 1, "more");
    CHECK(db.count == 5 && db.probe[1]->match_count == 3);
    CHECK(strcmp(db.probe[1]->match[0].service, "front") == 0);
    CHECK(strcmp(db.probe[1]->match[1].service, "http") == 0);
    CHECK(db.probe[1]->len == 8); /* what it sends stays as it was */
    CHECK(strcmp(db.probe[4]->name, "New") == 0 && db.probe[4]->match_count == 1);
    probe_db_done(&db);
    *failures += failed;
}

int service_probe_db_test(void)
{
    int failed = 0;
    check_sample(&failed);
    check_bad_lines(&failed);
    check_orphans(&failed);
    check_before(&failed);
    return failed;
}
