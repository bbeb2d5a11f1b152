/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/scan/service/data_check.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "core/base/str.h"
#include "sys/io/file.h"
#include "tool/scan/data/payload.h"
#include "tool/scan/service/match.h"
#include "tool/scan/service/probe_line.h"

enum { FILE_MAX = 64 << 20, KEYS_MAX = 6, WHY_MAX = 128 };

/* One file of lines being counted. */
struct reading {
    const char *file;
    unsigned line;
    bool in_points; /* nmap-os-db: inside the MatchPoints block */
    size_t count[KEYS_MAX];
    char why[WHY_MAX];
};

static bool wrong(struct reading *r, const char *why)
{
    snprintf(r->why, sizeof r->why, "%s", why);
    return false;
}

/* ---- nmap-services, nmap-protocols, nmap-rpc, nmap-mac-prefixes ---- */

static bool read_u32(const struct probe_text *t, size_t *used, uint32_t max, uint32_t *out)
{
    uint64_t value = 0;
    size_t i = 0;
    for (; i < t->len && t->at[i] >= '0' && t->at[i] <= '9' && value <= max; i++)
        value = value * 10 + (uint64_t)(t->at[i] - '0');
    *used = i;
    *out = (uint32_t)value;
    return i > 0 && value <= max;
}

enum { SERVICES_ALL, SERVICES_TCP, SERVICES_UDP, SERVICES_SCTP };

static bool judge_service(struct reading *r, struct probe_line *l)
{
    static const char *const protos[] = {"tcp", "udp", "sctp"};
    struct probe_text name, port;
    uint32_t number;
    size_t used;
    (void)probe_line_word(l, &name);
    if (!probe_line_word(l, &port) || !read_u32(&port, &used, 65535, &number) ||
        used + 1 >= port.len || port.at[used] != '/')
        return wrong(r, "no port/protocol behind the name");
    struct probe_text proto = {port.at + used + 1, port.len - used - 1};
    r->count[SERVICES_ALL]++;
    for (size_t i = 0; i < ARRAY_COUNT(protos); i++)
        r->count[SERVICES_TCP + i] += probe_text_is(&proto, protos[i]);
    return true;
}

static bool judge_number(struct reading *r, struct probe_line *l)
{
    struct probe_text name, word;
    uint32_t number;
    size_t used;
    (void)probe_line_word(l, &name);
    if (!probe_line_word(l, &word) || !read_u32(&word, &used, UINT32_MAX, &number) ||
        used != word.len)
        return wrong(r, "no number behind the name");
    r->count[0]++;
    return true;
}

static bool judge_vendor(struct reading *r, struct probe_line *l)
{
    struct probe_text prefix, vendor;
    (void)probe_line_word(l, &prefix);
    bool ok = prefix.len >= 6 && prefix.len <= 9;
    for (size_t i = 0; i < prefix.len; i++)
        ok &= memchr("0123456789ABCDEFabcdef", prefix.at[i], 22) != NULL;
    if (!ok)
        return wrong(r, "no six to nine hexadecimal digits");
    if (!probe_line_word(l, &vendor))
        return wrong(r, "no vendor behind the prefix");
    r->count[0]++;
    return true;
}

/* ---- nmap-os-db (nmap's book, chapter 8, "nmap-os-db File") ---- */

enum { OS_FINGERPRINTS, OS_CLASSES, OS_CPES, OS_TESTS, OS_POINTS };

static size_t count_char(const struct probe_line *l, char c)
{
    size_t count = 0;
    for (const char *at = l->pos; at < l->end; at++)
        count += *at == c;
    return count;
}

/* NAME(A=1%B=2) */
static bool judge_test(struct reading *r, const struct probe_line *l)
{
    const char *open = memchr(l->pos, '(', (size_t)(l->end - l->pos));
    const char *end = l->end;
    while (end > l->pos && (end[-1] == ' ' || end[-1] == '\r' || end[-1] == '\t'))
        end--;
    if (!open || open == l->pos || end[-1] != ')')
        return wrong(r, "no NAME(TESTS)");
    for (const char *at = l->pos; at < open; at++)
        if (!((*at >= 'A' && *at <= 'Z') || (*at >= '0' && *at <= '9')))
            return wrong(r, "no NAME(TESTS)");
    r->count[OS_TESTS] += !r->in_points;
    return true;
}

static bool judge_os(struct reading *r, struct probe_line *l)
{
    struct probe_line rest = *l;
    struct probe_text word;
    (void)probe_line_word(&rest, &word);
    if (probe_text_is(&word, "MatchPoints")) {
        r->in_points = true;
        r->count[OS_POINTS]++;
    } else if (probe_text_is(&word, "Fingerprint")) {
        if (probe_line_is_at_end(&rest))
            return wrong(r, "Fingerprint: a name is wanted");
        r->in_points = false;
        r->count[OS_FINGERPRINTS]++;
    } else if (probe_text_is(&word, "Class")) {
        if (count_char(&rest, '|') != 3)
            return wrong(r, "Class: vendor | family | generation | type is wanted");
        r->count[OS_CLASSES]++;
    } else if (probe_text_is(&word, "CPE")) {
        if (!probe_line_word(&rest, &word) || word.len < 5 || memcmp(word.at, "cpe:/", 5) != 0)
            return wrong(r, "CPE: cpe:/... is wanted");
        r->count[OS_CPES]++;
    } else {
        return judge_test(r, l);
    }
    return true;
}

/* ---- files of lines ---- */

static const struct line_file {
    const char *name;
    bool (*judge)(struct reading *r, struct probe_line *l);
    const char *key[KEYS_MAX];
} line_files[] = {
    {"nmap-os-db",
     judge_os,
     {"fingerprints", "classes", "cpes", "test_lines", "matchpoints", NULL}},
    {"nmap-services", judge_service, {"entries", "tcp", "udp", "sctp", NULL}},
    {"nmap-protocols", judge_number, {"entries", NULL}},
    {"nmap-rpc", judge_number, {"entries", NULL}},
    {"nmap-mac-prefixes", judge_vendor, {"entries", NULL}},
};

static int check_lines(const struct line_file *file, const struct str *text,
                       const struct data_check_events *ev)
{
    struct reading r = {.file = file->name};
    int faults = 0;
    const char *pos = str_text(text), *end = pos + text->len;
    while (pos < end) {
        const char *stop = memchr(pos, '\n', (size_t)(end - pos));
        struct probe_line line = {pos, stop ? stop : end};
        pos = stop ? stop + 1 : end;
        r.line++;
        probe_line_skip_blanks(&line);
        if (line.pos == line.end)
            r.in_points = false;
        if (line.pos == line.end || *line.pos == '#' || file->judge(&r, &line))
            continue;
        ev->fault(ev->ctx, file->name, r.line, r.why);
        faults++;
    }
    for (size_t i = 0; i < KEYS_MAX && file->key[i]; i++)
        ev->count(ev->ctx, file->name, file->key[i], r.count[i]);
    return faults;
}

/* ---- the others ---- */

static void on_probe_fault(void *ctx, const char *file, unsigned line, const char *why)
{
    const struct data_check_events *ev = ctx;
    ev->fault(ev->ctx, file, line, why);
}

static int check_probes(const char *name, const struct str *text,
                        const struct data_check_events *ev)
{
    struct probe_db db;
    struct data_check_events events = *ev;
    probe_db_parse(&db, str_text(text), text->len, name, on_probe_fault, &events);
    struct service_matcher *m = service_matcher_new(&db);
    (void)service_matcher_check(m);
    const struct {
        const char *key;
        size_t count;
    } row[] = {
        {"probes", db.counts.probes},
        {"tcp_probes", db.counts.tcp_probes},
        {"udp_probes", db.counts.udp_probes},
        {"match", db.counts.match},
        {"softmatch", db.counts.softmatch},
        {"ports", db.counts.ports},
        {"sslports", db.counts.sslports},
        {"rarity", db.counts.rarity},
        {"fallback", db.counts.fallback},
        {"totalwaitms", db.counts.totalwaitms},
        {"tcpwrappedms", db.counts.tcpwrappedms},
        {"exclude", db.counts.exclude},
    };
    for (size_t i = 0; i < ARRAY_COUNT(row); i++)
        ev->count(ev->ctx, name, row[i].key, row[i].count);
    int faults = (int)db.faults;
    service_matcher_free(m);
    probe_db_done(&db);
    return faults;
}

/* A fault in payloads ends their reading: the words name file and line. */
static int check_payloads(const char *name, const struct str *text,
                          const struct data_check_events *ev)
{
    struct payload_set set = {0};
    struct err e = {0};
    int rc = payload_set_parse(&set, str_text(text), text->len, name, &e);
    if (rc < 0)
        ev->fault(ev->ctx, name, 0, e.text);
    else
        ev->count(ev->ctx, name, "entries", set.entries);
    payload_set_done(&set);
    return rc < 0 ? 1 : 0;
}

static int read_one(const char *folder, const char *name, struct str *text, struct err *e)
{
    struct str path = str_of(0);
    str_addf(&path, "%s/%s", folder, name);
    text->max = FILE_MAX;
    int rc = file_read(str_text(&path), text, e);
    str_done(&path);
    return rc;
}

static int check_one(const char *folder, const char *name, const struct line_file *lines,
                     const struct data_check_events *ev, struct err *e)
{
    struct str text = str_of(FILE_MAX);
    int rc = read_one(folder, name, &text, e);
    if (rc == 0 && lines)
        rc = check_lines(lines, &text, ev);
    else if (rc == 0)
        rc = strcmp(name, "nmap-payloads") == 0 ? check_payloads(name, &text, ev)
                                                : check_probes(name, &text, ev);
    str_done(&text);
    return rc;
}

int data_check(const char *folder, const struct data_check_events *events, struct err *e)
{
    struct err missing = {0};
    int faults = check_one(folder, "nmap-service-probes", NULL, events, e);
    for (size_t i = 0; i < ARRAY_COUNT(line_files) && faults >= 0; i++) {
        int more = check_one(folder, line_files[i].name, &line_files[i], events, e);
        faults = more < 0 ? more : faults + more;
    }
    if (faults < 0)
        return faults;
    int more = check_one(folder, "nmap-payloads", NULL, events, &missing);
    if (more < 0 && more != -ENOENT)
        return err_set(e, more, "%s", missing.text);
    return more > 0 ? faults + more : faults;
}
