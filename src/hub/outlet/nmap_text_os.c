/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/outlet/nmap_text_os.h"

#include <inttypes.h>
#include <string.h>

#include "core/base/clock.h"
#include "hub/outlet/columns.h"
#include "hub/outlet/scan_words.h"

enum {
    WORDS_MAX = 10,    /* of one kind in a line */
    FAMILIES_MAX = 8,  /* nmap says nothing of the class when more would have to be named */
    GUESSES_MAX = 10,  /* "Aggressive OS guesses" */
    GUESS_WINDOW = 10, /* percent below the best that still is a guess */
    EXACT = 100,
};

/* Different words in the order they came; the texts are the report's. */
struct words {
    const char *word[WORDS_MAX];
    size_t count;
    bool full;
};

static void words_add(struct words *w, const char *word)
{
    if (!word || !*word)
        return;
    for (size_t i = 0; i < w->count; i++)
        if (strcmp(w->word[i], word) == 0)
            return;
    if (w->count == WORDS_MAX)
        w->full = true;
    else
        w->word[w->count++] = word;
}

static void words_put(const struct words *w, const char *between, struct str *out)
{
    for (size_t i = 0; i < w->count; i++) {
        str_add(out, i ? between : "");
        scan_words_clean(out, w->word[i]);
    }
}

/* "Linux 4.X|5.X": what is told of one vendor's family. */
struct family {
    const char *vendor, *name;
    struct words generations;
    uint8_t accuracy;
};

struct classes {
    struct words types, cpes;
    struct family family[FAMILIES_MAX];
    size_t family_count;
    bool full;
};

static bool same_text(const char *a, const char *b)
{
    return strcmp(a ? a : "", b ? b : "") == 0;
}

static void add_class(struct classes *all, const struct scan_os_class *c)
{
    words_add(&all->types, c->type);
    for (size_t i = 0; i < c->cpe_count; i++)
        words_add(&all->cpes, c->cpe[i]);
    size_t at = 0;
    while (at < all->family_count && !(same_text(all->family[at].vendor, c->vendor) &&
                                       same_text(all->family[at].name, c->family)))
        at++;
    if (at == FAMILIES_MAX) {
        all->full = true;
        return;
    }
    if (at == all->family_count)
        all->family[all->family_count++] = (struct family){.vendor = c->vendor, .name = c->family};
    words_add(&all->family[at].generations, c->generation);
    if (c->accuracy > all->family[at].accuracy)
        all->family[at].accuracy = c->accuracy;
}

/* Matches come best first.  Where one is exact, only exact ones count. */
static uint8_t least_accuracy(const struct scan_os *os)
{
    uint8_t best = os->match_count ? os->match[0].accuracy : 0;
    if (best >= EXACT)
        return EXACT;
    return best > GUESS_WINDOW ? (uint8_t)(best - GUESS_WINDOW + 1) : 1;
}

static void put_family(const struct family *f, bool guess, struct str *out)
{
    if (f->vendor && *f->vendor && !same_text(f->vendor, f->name)) {
        scan_words_clean(out, f->vendor);
        str_add_char(out, ' ');
    }
    scan_words_clean(out, f->name ? f->name : "");
    if (f->generations.count > 0)
        str_add_char(out, ' ');
    words_put(&f->generations, "|", out);
    if (guess)
        str_addf(out, " (%u%%)", f->accuracy);
}

static void add_classes(const struct scan_os *os, struct str *out)
{
    struct classes all = {0};
    bool guess = os->match[0].accuracy < EXACT;
    for (size_t i = 0; i < os->match_count; i++)
        for (size_t k = 0; k < os->match[i].class_count; k++)
            if (os->match[i].accuracy >= least_accuracy(os))
                add_class(&all, &os->match[i].class[k]);
    if (all.full || all.types.full || all.cpes.full || all.family_count == 0)
        return;
    if (all.types.count > 0) {
        str_add(out, "Device type: ");
        words_put(&all.types, "|", out);
        str_add_char(out, '\n');
    }
    str_addf(out, "Running%s: ", guess ? " (JUST GUESSING)" : "");
    for (size_t i = 0; i < all.family_count; i++) {
        str_add(out, i ? ", " : "");
        put_family(&all.family[i], guess, out);
    }
    str_add_char(out, '\n');
    if (all.cpes.count > 0) {
        str_add(out, "OS CPE: ");
        words_put(&all.cpes, " ", out);
        str_add_char(out, '\n');
    }
}

static void add_matches(const struct scan_os *os, struct str *out)
{
    bool exact = os->match[0].accuracy >= EXACT;
    size_t max = exact ? os->match_count : GUESSES_MAX;
    str_add(out, exact ? "OS details: " : "Aggressive OS guesses: ");
    for (size_t i = 0; i < os->match_count && i < max; i++) {
        if (os->match[i].accuracy < least_accuracy(os))
            break;
        str_add(out, i ? ", " : "");
        scan_words_clean(out, os->match[i].name);
        if (!exact)
            str_addf(out, " (%u%%)", os->match[i].accuracy);
    }
    str_add_char(out, '\n');
    if (!exact)
        str_addf(out, "No exact OS matches for host%s.\n",
                 os->fingerprint ? "" : " (test conditions non-ideal)");
}

static void add_os_lines(const struct scan_os *os, struct str *out)
{
    for (const char *line = os->fingerprint; line && *line;) {
        size_t len = strcspn(line, "\n");
        struct str one = str_of(0);
        str_add_len(&one, line, len);
        scan_words_clean(out, str_text(&one));
        str_add_char(out, '\n');
        str_done(&one);
        line += len + (line[len] == '\n');
    }
}

static bool used_both(const struct scan_os *os)
{
    bool open = false, closed = false;
    for (size_t i = 0; i < os->used_count; i++) {
        open |= os->used[i].proto == SCAN_TCP && os->used[i].state == SCAN_OPEN;
        closed |= os->used[i].proto == SCAN_TCP && os->used[i].state == SCAN_CLOSED;
    }
    return open && closed;
}

static void add_system(const struct scan_os *os, struct str *out)
{
    if (!used_both(os))
        str_add(out, "Warning: OSScan results may be unreliable because we could not find at least "
                     "1 open and 1 closed port\n");
    if (os->match_count > 0) {
        add_classes(os, out);
        add_matches(os, out);
    } else {
        str_addf(out, "No OS matches for host%s.\n",
                 os->fingerprint ? "" : " (test conditions non-ideal)");
    }
    if (os->fingerprint) {
        str_add(out, "TCP/IP fingerprint:\n");
        add_os_lines(os, out);
        str_add_char(out, '\n');
    }
}

void nmap_text_os_add_system(const struct scan_head *head, const struct scan_host *h,
                             struct str *out)
{
    static const double day_s = 86400;
    if (h->os)
        add_system(h->os, out);
    if (h->uptime_s && head->verbosity > 0) {
        str_addf(out, "Uptime guess: %.3f days (since ", (double)h->uptime_s / day_s);
        scan_words_date(out, h->last_boot_wall_ns);
        str_add(out, ")\n");
    }
    if (h->distance)
        str_addf(out, "Network Distance: %u hop%s\n", h->distance, h->distance == 1 ? "" : "s");
    if (h->tcp_sequence_index && head->verbosity > 0)
        str_addf(out, "TCP Sequence Prediction: Difficulty=%s (%s)\n", h->tcp_sequence_index,
                 h->tcp_sequence_difficulty ? h->tcp_sequence_difficulty : "");
    if (h->ip_id_class && head->verbosity > 0)
        str_addf(out, "IP ID Sequence Generation: %s\n", h->ip_id_class);
}

static void add_info(const char *label, bool plural, const struct words *w, struct str *out)
{
    if (w->count == 0)
        return;
    str_addf(out, "%s%s: ", label, plural && w->count > 1 ? "s" : "");
    words_put(w, ", ", out);
    str_add(out, "; ");
}

/* Of an application's CPE names the port line has told; here stand systems and devices. */
static bool is_host_cpe(const char *cpe)
{
    return strncmp(cpe, "cpe:/o:", 7) == 0 || strncmp(cpe, "cpe:/h:", 7) == 0;
}

void nmap_text_os_add_services(const struct scan_host *h, struct str *out)
{
    struct words hosts = {0}, systems = {0}, devices = {0}, cpes = {0};
    for (size_t i = 0; i < h->port_count; i++) {
        const struct scan_service *s = &h->port[i].service;
        words_add(&hosts, s->hostname);
        words_add(&systems, s->os_type);
        words_add(&devices, s->device_type);
        for (size_t k = 0; k < s->cpe_count; k++)
            words_add(&cpes, is_host_cpe(s->cpe[k]) ? s->cpe[k] : NULL);
    }
    struct str info = str_of(0);
    add_info("Host", true, &hosts, &info);
    add_info("OS", true, &systems, &info);
    add_info("Device", true, &devices, &info);
    add_info("CPE", false, &cpes, &info);
    if (info.len > 0) {
        str_cut(&info, info.len - 2);
        str_addf(out, "Service Info: %s\n", str_text(&info));
    }
    str_done(&info);
}

/* A row of the trace: a router that answered, or routers in line that did not. */
struct hop_row {
    struct str hop, rtt, address;
};

static void hop_row_done(struct hop_row *r)
{
    str_done(&r->hop);
    str_done(&r->rtt);
    str_done(&r->address);
}

static bool is_silent(const struct scan_hop *hop)
{
    return hop->addr.family == ADDR_NONE;
}

/* Fill the row that begins with hop *at and move *at behind it. */
static void next_hop_row(const struct scan_trace *t, size_t *at, struct hop_row *r)
{
    const struct scan_hop *hop = &t->hop[(*at)++];
    str_addf(&r->hop, "%u", hop->ttl);
    if (is_silent(hop)) {
        const struct scan_hop *last = hop;
        while (*at < t->hop_count && is_silent(&t->hop[*at]))
            last = &t->hop[(*at)++];
        str_add(&r->rtt, "...");
        if (last != hop)
            str_addf(&r->rtt, " %u", last->ttl);
        return;
    }
    char addr[ADDR_TEXT_MAX];
    addr_format(&hop->addr, addr);
    if (hop->rtt_ms < 0)
        str_add(&r->rtt, "--");
    else
        str_addf(&r->rtt, "%.2f ms", hop->rtt_ms);
    if (hop->host) {
        scan_words_clean(&r->address, hop->host);
        str_addf(&r->address, " (%s)", addr);
    } else {
        str_add(&r->address, addr);
    }
}

static void hop_rows(const struct scan_trace *t, struct columns *measure, struct str *out)
{
    for (size_t at = 0; at < t->hop_count;) {
        struct hop_row r = {0};
        next_hop_row(t, &at, &r);
        const char *cell[] = {str_text(&r.hop), str_text(&r.rtt), str_text(&r.address)};
        if (out)
            columns_put(measure, cell, ARRAY_COUNT(cell), out);
        for (size_t i = 0; !out && i < ARRAY_COUNT(cell); i++)
            columns_measure(measure, i, cell[i]);
        hop_row_done(&r);
    }
}

void nmap_text_os_add_trace(const struct scan_host *h, struct str *out)
{
    static const char *const title[] = {"HOP", "RTT", "ADDRESS"};
    const struct scan_trace *t = h->trace;
    if (!t)
        return;
    char word[SCAN_WORDS_PROTO_MAX];
    str_add(out, "\nTRACEROUTE");
    if (t->port && t->proto == SCAN_IP)
        str_addf(out, " (using proto %u/%s)", t->port, scan_words_trace_proto(t, word));
    else if (t->port)
        str_addf(out, " (using port %u/%s)", t->port, scan_words_trace_proto(t, word));
    str_add_char(out, '\n');
    struct columns columns = {0};
    for (size_t i = 0; i < ARRAY_COUNT(title); i++)
        columns_measure(&columns, i, title[i]);
    hop_rows(t, &columns, NULL);
    columns_put(&columns, title, ARRAY_COUNT(title), out);
    hop_rows(t, &columns, out);
}
