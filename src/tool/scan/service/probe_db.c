/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/scan/service/probe_db.h"

#include <errno.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/base/str.h"
#include "core/match/regex.h"
#include "sys/io/file.h"
#include "tool/scan/service/probe_line.h"

enum { TOTAL_WAIT_MS = 5000, WRAPPED_MS = 2000, RARITY_DEFAULT = 5, WAIT_MAX_MS = 100000 };

/* What a reader of one line has at hand. */
struct context {
    struct probe_db *db;
    struct service_probe *probe; /* the last one; NULL: none yet */
    uint32_t line;
    bool merging; /* a probe that is there already is meant */
};

/* By its name; of two, that of the protocol. */
static struct service_probe *find_probe(const struct probe_db *db, enum scan_proto proto,
                                        const char *name, size_t len)
{
    struct service_probe *found = NULL;
    for (size_t i = 0; i < db->count; i++)
        if (strlen(db->probe[i]->name) == len && memcmp(db->probe[i]->name, name, len) == 0 &&
            (!found || db->probe[i]->proto == proto))
            found = db->probe[i];
    return found;
}

/* The same name is the same pointer. */
static const char *intern(struct probe_db *db, const struct probe_text *text)
{
    char *name = map_find(&db->names, text->at, text->len);
    if (!name) {
        name = arena_copy(&db->arena, text->at, text->len);
        map_put(&db->names, text->at, text->len, name);
    }
    return name;
}

static const char *copy(struct probe_db *db, const struct probe_text *text)
{
    return arena_copy(&db->arena, text->at, text->len);
}

/* ---- Probe PROTOCOL NAME q|DATA| [no-payload] ---- */

static int read_probe_head(struct probe_line *l, struct service_probe *p, struct probe_text *name,
                           struct err *e)
{
    struct probe_text proto;
    bool got = probe_line_word(l, &proto);
    if (!got || (!probe_text_is(&proto, "TCP") && !probe_text_is(&proto, "UDP")))
        return err_set(e, -EINVAL, "Probe: TCP or UDP is wanted");
    p->proto = probe_text_is(&proto, "TCP") ? SCAN_TCP : SCAN_UDP;
    if (!probe_line_word(l, name))
        return err_set(e, -EINVAL, "Probe: a name is wanted");
    probe_line_skip_blanks(l);
    if (l->pos == l->end || *l->pos++ != 'q')
        return err_set(e, -EINVAL, "Probe: q|...| is wanted");
    return 0;
}

/* "no-payload" (of nmap: not for port scans), "repeat N" or "beside" (ours). */
static int read_probe_options(struct probe_line *l, struct service_probe *p, struct err *e)
{
    struct probe_text word;
    p->repeat = 1;
    if (!probe_line_word(l, &word) || probe_text_is(&word, "no-payload"))
        return 0;
    p->beside = probe_text_is(&word, "beside");
    if (p->beside)
        return 0;
    if (probe_text_is(&word, "repeat"))
        return probe_line_number(l, 1, PROBE_REPEAT_MAX, &p->repeat, e);
    return err_set(e, -EINVAL, "Probe: \"%.*s\" behind the data",
                   (int)(word.len < 40 ? word.len : 40), word.at);
}

static int read_probe_data(struct context *c, struct probe_line *l, struct service_probe *p,
                           struct err *e)
{
    struct probe_text data;
    if (probe_line_delimited(l, &data, e) < 0)
        return err_wrap(e, "Probe");
    if (data.len > PROBE_DATA_MAX)
        return err_set(e, -EINVAL, "Probe: over %d bytes", PROBE_DATA_MAX);
    uint8_t *bytes = arena_take(&c->db->arena, data.len + 1);
    p->data = bytes;
    return probe_text_unescape(&data, bytes, &p->len, e);
}

static void add_probe(struct context *c, const struct service_probe *p)
{
    struct probe_db *db = c->db;
    c->probe = arena_take(&db->arena, sizeof *p);
    *c->probe = *p;
    MEM_GROW(db->probe, db->count, db->capacity);
    db->probe[db->count++] = c->probe;
}

static int read_probe(struct context *c, struct probe_line *l, struct err *e)
{
    struct service_probe p = {.line = c->line,
                              .rarity = RARITY_DEFAULT,
                              .total_wait_ms = TOTAL_WAIT_MS,
                              .wrapped_ms = WRAPPED_MS};
    struct probe_text name;
    c->probe = NULL; /* what follows a broken head belongs to nobody */
    if (read_probe_head(l, &p, &name, e) < 0 || read_probe_data(c, l, &p, e) < 0 ||
        read_probe_options(l, &p, e) < 0)
        return e->code;
    p.name = copy(c->db, &name);
    struct probe_db_counts *counts = &c->db->counts;
    counts->probes++;
    *(p.proto == SCAN_TCP ? &counts->tcp_probes : &counts->udp_probes) += 1;
    struct service_probe *known = find_probe(c->db, p.proto, p.name, name.len);
    if (c->merging && known && known->proto == p.proto)
        c->probe = known;
    else
        add_probe(c, &p);
    return 0;
}

/* ---- match SERVICE m|PATTERN|[is] [p/../ v/../ i/../ h/../ o/../ d/../ cpe:/../[a]] ---- */

static int read_pattern(struct context *c, struct probe_line *l, struct probe_match *m,
                        struct err *e)
{
    struct probe_text pattern;
    probe_line_skip_blanks(l);
    if (l->pos == l->end || *l->pos++ != 'm')
        return err_set(e, -EINVAL, "match: m|...| is wanted");
    if (probe_line_delimited(l, &pattern, e) < 0)
        return err_wrap(e, "match");
    for (; l->pos<l->end && * l->pos> ' '; l->pos++) {
        m->caseless |= *l->pos == 'i';
        m->dotall |= *l->pos == 's';
        if (*l->pos != 'i' && *l->pos != 's')
            return err_set(e, -EINVAL, "match: flag '%c' behind the pattern", *l->pos);
    }
    if (pattern.len > REGEX_PATTERN_MAX)
        return err_set(e, -EINVAL, "match: the pattern is over %d bytes", REGEX_PATTERN_MAX);
    m->pattern = copy(c->db, &pattern);
    m->pattern_len = (uint32_t)pattern.len;
    m->key = gram_key_of(pattern.at, pattern.len);
    return 0;
}

static int read_cpe(struct context *c, struct probe_line *l, struct probe_match *m,
                    const char **cpe, struct err *e)
{
    struct probe_text text;
    l->pos += strlen("cpe:");
    if (probe_line_delimited(l, &text, e) < 0)
        return err_wrap(e, "match: cpe:");
    for (; l->pos<l->end && * l->pos> ' '; l->pos++)
        if (*l->pos != 'a')
            return err_set(e, -EINVAL, "match: flag '%c' behind a CPE", *l->pos);
    if (m->cpe_count == PROBE_CPE_MAX)
        return err_set(e, -EINVAL, "match: over %d CPEs", PROBE_CPE_MAX);
    cpe[m->cpe_count++] = copy(c->db, &text);
    return 0;
}

static int read_version_info(struct context *c, struct probe_line *l, struct probe_match *m,
                             const char **cpe, struct err *e)
{
    static const char letters[] = "pvihod";
    while (!probe_line_is_at_end(l)) {
        struct probe_text text;
        if (l->end - l->pos > 4 && memcmp(l->pos, "cpe:", 4) == 0) {
            if (read_cpe(c, l, m, cpe, e) < 0)
                return e->code;
            continue;
        }
        const char *field = memchr(letters, *l->pos, sizeof letters - 1);
        if (!field)
            return err_set(e, -EINVAL, "match: '%c' begins no version information", *l->pos);
        l->pos++;
        if (probe_line_delimited(l, &text, e) < 0)
            return err_wrap(e, "match: %c", *field);
        m->field[field - letters] = copy(c->db, &text);
    }
    return 0;
}

static int read_match(struct context *c, struct probe_line *l, bool soft, struct err *e)
{
    struct probe_match m = {.file = c->db->file, .line = c->line, .soft = soft};
    const char *cpe[PROBE_CPE_MAX];
    struct probe_text name;
    if (!c->probe)
        return err_set(e, -EINVAL, "match: no probe before it");
    if (!probe_line_word(l, &name))
        return err_set(e, -EINVAL, "match: the name of a service is wanted");
    if (name.len > 4 && memcmp(name.at, "ssl/", 4) == 0) {
        m.ssl = true;
        name = (struct probe_text){name.at + 4, name.len - 4};
    }
    m.service = intern(c->db, &name);
    if (read_pattern(c, l, &m, e) < 0 || read_version_info(c, l, &m, cpe, e) < 0)
        return e->code;
    if (m.cpe_count)
        m.cpe = (const char *const *)(const void *)arena_copy(&c->db->arena, cpe,
                                                              m.cpe_count * sizeof *cpe);
    MEM_GROW(c->probe->match, c->probe->match_count, c->probe->match_capacity);
    c->probe->match[c->probe->match_count++] = m;
    return 0;
}

static int read_hard_match(struct context *c, struct probe_line *l, struct err *e)
{
    return read_match(c, l, false, e);
}

static int read_soft_match(struct context *c, struct probe_line *l, struct err *e)
{
    return read_match(c, l, true, e);
}

/* ---- what is said of a probe ---- */

static int add_ports(struct context *c, struct probe_line *l, struct port_set **to, struct err *e)
{
    struct probe_text text;
    if (!c->probe)
        return err_set(e, -EINVAL, "ports: no probe before it");
    if (!probe_line_word(l, &text) || !probe_line_is_at_end(l))
        return err_set(e, -EINVAL, "ports: one list is wanted");
    if (!*to)
        *to = arena_take(&c->db->arena, sizeof **to);
    return probe_text_ports(&text, *to, *to, e);
}

static int read_ports(struct context *c, struct probe_line *l, struct err *e)
{
    return add_ports(c, l, c->probe ? &c->probe->ports : NULL, e);
}

static int read_ssl_ports(struct context *c, struct probe_line *l, struct err *e)
{
    return add_ports(c, l, c->probe ? &c->probe->ssl_ports : NULL, e);
}

static int read_number(struct context *c, struct probe_line *l, uint32_t max, uint32_t *to,
                       struct err *e)
{
    if (!c->probe)
        return err_set(e, -EINVAL, "no probe before it");
    return probe_line_number(l, 1, max, to, e);
}

static int read_rarity(struct context *c, struct probe_line *l, struct err *e)
{
    uint32_t rarity = 0;
    if (read_number(c, l, PROBE_RARITY_MAX, &rarity, e) < 0)
        return err_wrap(e, "rarity");
    c->probe->rarity = (uint8_t)rarity;
    return 0;
}

static int read_total_wait(struct context *c, struct probe_line *l, struct err *e)
{
    int rc = read_number(c, l, WAIT_MAX_MS, c->probe ? &c->probe->total_wait_ms : NULL, e);
    return rc < 0 ? err_wrap(e, "totalwaitms") : 0;
}

static int read_wrapped(struct context *c, struct probe_line *l, struct err *e)
{
    int rc = read_number(c, l, WAIT_MAX_MS, c->probe ? &c->probe->wrapped_ms : NULL, e);
    return rc < 0 ? err_wrap(e, "tcpwrappedms") : 0;
}

static int read_fallback(struct context *c, struct probe_line *l, struct err *e)
{
    struct probe_text text;
    if (!c->probe)
        return err_set(e, -EINVAL, "fallback: no probe before it");
    if (!probe_line_word(l, &text) || !probe_line_is_at_end(l))
        return err_set(e, -EINVAL, "fallback: one list of probes is wanted");
    c->probe->fallback_names = copy(c->db, &text);
    return 0;
}

static int read_exclude(struct context *c, struct probe_line *l, struct err *e)
{
    struct probe_text text;
    if (!probe_line_word(l, &text) || !probe_line_is_at_end(l))
        return err_set(e, -EINVAL, "Exclude: one list of ports is wanted");
    return probe_text_ports(&text, &c->db->exclude[SCAN_TCP], &c->db->exclude[SCAN_UDP], e);
}

/* ---- lines ---- */

static const struct {
    const char *word;
    int (*read)(struct context *c, struct probe_line *l, struct err *e);
    size_t count; /* where in probe_db_counts; Probe counts for itself */
} line_kinds[] = {
#define COUNT(field) offsetof(struct probe_db_counts, field)
    {"match", read_hard_match, COUNT(match)},
    {"softmatch", read_soft_match, COUNT(softmatch)},
    {"Probe", read_probe, SIZE_MAX},
    {"ports", read_ports, COUNT(ports)},
    {"sslports", read_ssl_ports, COUNT(sslports)},
    {"rarity", read_rarity, COUNT(rarity)},
    {"totalwaitms", read_total_wait, COUNT(totalwaitms)},
    {"tcpwrappedms", read_wrapped, COUNT(tcpwrappedms)},
    {"fallback", read_fallback, COUNT(fallback)},
    {"Exclude", read_exclude, COUNT(exclude)},
#undef COUNT
};

static int read_line(struct context *c, struct probe_line *l, struct err *e)
{
    struct probe_text word;
    if (probe_line_is_at_end(l) || *l->pos == '#')
        return 0;
    (void)probe_line_word(l, &word);
    for (size_t i = 0; i < ARRAY_COUNT(line_kinds); i++) {
        if (!probe_text_is(&word, line_kinds[i].word))
            continue;
        if (line_kinds[i].read(c, l, e) < 0)
            return e->code;
        if (line_kinds[i].count != SIZE_MAX)
            ++*(size_t *)(void *)((char *)&c->db->counts + line_kinds[i].count);
        return 0;
    }
    return err_set(e, -EINVAL, "\"%.*s\" begins no line of a probe file",
                   (int)(word.len < 40 ? word.len : 40), word.at);
}

static void tell_fault(struct probe_db *db, uint32_t line, const char *why)
{
    db->faults++;
    if (db->fault)
        db->fault(db->fault_ctx, db->file, line, why);
}

/* ---- fallbacks, once all probes are known ---- */

/* The book: an answer is held against the probe's own lines, those of its fallbacks, and for TCP
 * always those of the NULL probe, since a banner may come late. */
static void resolve_fallback(struct probe_db *db, struct service_probe *p)
{
    size_t count = 0;
    memset(p->fallback, 0, sizeof p->fallback);
    p->fallback[count++] = p;
    for (const char *name = p->fallback_names; name && *name;) {
        size_t len = strcspn(name, ",");
        const struct service_probe *other = find_probe(db, p->proto, name, len);
        if (!other)
            tell_fault(db, p->line, "fallback to a probe that is not there");
        else if (count < PROBE_FALLBACK_MAX - 2 && other != p)
            p->fallback[count++] = other;
        name += len + (name[len] == ',');
    }
    if (p->proto == SCAN_TCP && db->null_probe && p != db->null_probe)
        p->fallback[count++] = db->null_probe;
}

static void resolve(struct probe_db *db)
{
    for (size_t i = 0; i < db->count && !db->null_probe; i++)
        if (db->probe[i]->proto == SCAN_TCP && db->probe[i]->len == 0)
            db->null_probe = db->probe[i];
    for (size_t i = 0; i < db->count; i++)
        resolve_fallback(db, db->probe[i]);
}

static void read_text(struct context *c, const char *text, size_t len, const char *name)
{
    const char *pos = text, *end = text + len;
    c->db->file = arena_text(&c->db->arena, name);
    for (c->line = 1; pos < end; c->line++) {
        const char *stop = memchr(pos, '\n', (size_t)(end - pos));
        struct probe_line line = {pos, stop ? stop : end};
        struct err e = {0};
        pos = stop ? stop + 1 : end;
        if (read_line(c, &line, &e) < 0)
            tell_fault(c->db, c->line, e.text);
    }
}

void probe_db_parse(struct probe_db *db, const char *text, size_t len, const char *name,
                    probe_db_fault_fn *fault, void *fault_ctx)
{
    *db = (struct probe_db){.fault = fault, .fault_ctx = fault_ctx};
    struct context c = {.db = db};
    read_text(&c, text, len, name);
    resolve(db);
}

/* The lines from `kept` on come first. */
static void turn_lines(struct service_probe *p, size_t kept)
{
    size_t added = p->match_count - kept;
    if (kept == 0 || added == 0)
        return;
    struct probe_match *line = mem_resize(NULL, p->match_count, sizeof *line);
    memcpy(line, p->match + kept, added * sizeof *line);
    memcpy(line + added, p->match, kept * sizeof *line);
    mem_free(p->match);
    p->match = line;
    p->match_capacity = p->match_count;
}

void probe_db_put_before(struct probe_db *db, const char *text, size_t len, const char *name)
{
    struct context c = {.db = db, .merging = true};
    for (size_t i = 0; i < db->count; i++)
        db->probe[i]->match_before = db->probe[i]->match_count;
    read_text(&c, text, len, name);
    for (size_t i = 0; i < db->count; i++)
        turn_lines(db->probe[i], db->probe[i]->match_before);
    resolve(db);
}

int probe_db_open(struct probe_db *db, const char *path, probe_db_fault_fn *fault, void *fault_ctx,
                  struct err *e)
{
    *db = (struct probe_db){0};
    struct str text = str_of(PROBE_DB_FILE_MAX);
    int rc = file_read(path, &text, e);
    if (rc == 0)
        probe_db_parse(db, str_text(&text), text.len, path, fault, fault_ctx);
    str_done(&text);
    return rc;
}

void probe_db_done(struct probe_db *db)
{
    for (size_t i = 0; i < db->count; i++) {
        for (size_t k = 0; k < db->probe[i]->match_count; k++)
            regex_free(db->probe[i]->match[k].regex);
        mem_free(db->probe[i]->match);
    }
    mem_free(db->probe);
    map_done(&db->names);
    arena_done(&db->arena);
    *db = (struct probe_db){0};
}

bool service_probe_can_name(const struct service_probe *probe, const char *service)
{
    for (size_t i = 0; i < probe->match_count; i++)
        if (probe->match[i].service == service)
            return true;
    return false;
}

bool service_probe_lists(const struct service_probe *probe, bool ssl, uint16_t port)
{
    const struct port_set *ports = ssl ? probe->ssl_ports : probe->ports;
    return ports && port_set_has(ports, port);
}
