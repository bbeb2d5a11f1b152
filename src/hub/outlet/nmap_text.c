/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The frame of the normal output: head and tail of the file and of the screen, the course of the
 * scan.  The hosts are in nmap_text_host.c. */
#include "hub/outlet/nmap_text.h"

#include <assert.h>
#include <inttypes.h>

#include "core/base/clock.h"
#include "hub/outlet/nmap_text_host.h"
#include "hub/outlet/scan_words.h"

/* What the screen keeps between calls. */
struct screen_state {
    uint64_t task_began_ns; /* wall */
    bool listed;            /* -sL: no host can be up */
};

static_assert(sizeof(struct screen_state) <= SCAN_OUTLET_STATE, "state of a format");

static void begin(void *state, const struct scan_head *head, struct str *out)
{
    (void)state;
    str_addf(out, "# picket %s scan initiated ", head->version);
    scan_words_date(out, head->start_wall_ns);
    str_add(out, " as: ");
    scan_words_clean(out, head->args);
    str_add_char(out, '\n');
}

static void host(void *state, const struct scan_head *head, const struct scan_host *h,
                 struct str *out)
{
    (void)state;
    nmap_text_host_add(head, h, out);
}

static void target(void *state, const struct scan_head *head, const char *bad_target,
                   struct str *out)
{
    (void)state;
    (void)head;
    str_add(out, "Failed to resolve \"");
    scan_words_clean(out, bad_target);
    str_add(out, "\".\n");
}

static void scripts(void *state, const struct scan_head *head, const struct scan_run_scripts *s,
                    struct str *out)
{
    (void)state;
    (void)head;
    str_add(out, s->post ? "Post-scan script results:\n" : "Pre-scan script results:\n");
    for (size_t i = 0; i < s->script_count; i++)
        nmap_text_host_add_script(&s->script[i], out);
}

static void add_error(const struct scan_tail *tail, const char *before, struct str *out)
{
    if (!tail->error)
        return;
    str_add(out, before);
    scan_words_clean(out, tail->error);
    str_add_char(out, '\n');
}

static void end(void *state, const struct scan_head *head, const struct scan_tail *tail,
                struct str *out)
{
    (void)state;
    (void)head;
    add_error(tail, "# Stopped: ", out);
    str_add(out, "# picket done at ");
    scan_words_date(out, tail->end_wall_ns);
    str_add(out, " -- ");
    scan_words_totals(out, tail);
    str_add_char(out, '\n');
}

static void screen_begin(void *state, const struct scan_head *head, struct str *out)
{
    (void)state;
    struct civil c = clock_civil(head->start_wall_ns);
    str_addf(out, "Starting picket %s at %d-%02u-%02u %02u:%02u UTC\n", head->version, c.year,
             c.month, c.day, c.hour, c.minute);
}

static void screen_host(void *state, const struct scan_head *head, const struct scan_host *h,
                        struct str *out)
{
    struct screen_state *s = state;
    s->listed |= h->listed_only;
    nmap_text_host_add(head, h, out);
}

static void screen_found(void *state, const struct scan_head *head, const struct scan_found *found,
                         struct str *out)
{
    (void)state;
    (void)head;
    char addr[ADDR_TEXT_MAX];
    str_addf(out, "Discovered open port %u/%s on %s\n", found->number,
             scan_proto_name(found->proto), addr_format(&found->addr, addr));
}

static void add_progress(const struct scan_task *t, struct str *out)
{
    str_addf(out, "%s Timing: About %.2f%% done", t->name, t->percent);
    if (t->expected_wall_s) {
        struct civil c = clock_civil(t->expected_wall_s * NS_PER_S);
        uint64_t s = t->remaining_s;
        str_addf(out, "; ETC: %02u:%02u (%" PRIu64 ":%02u:%02u remaining)", c.hour, c.minute,
                 s / 3600, (unsigned)(s / 60 % 60), (unsigned)(s % 60));
    }
    str_add_char(out, '\n');
}

static void screen_task(void *state, const struct scan_head *head, const struct scan_task *t,
                        struct str *out)
{
    (void)head;
    struct screen_state *s = state;
    struct civil c = clock_civil(t->wall_ns);
    if (t->phase == SCAN_TASK_PROGRESS) {
        add_progress(t, out);
        return;
    }
    if (t->phase == SCAN_TASK_BEGIN) {
        s->task_began_ns = t->wall_ns;
        str_addf(out, "Initiating %s at %02u:%02u\n", t->name, c.hour, c.minute);
        return;
    }
    uint64_t took_ns = t->wall_ns > s->task_began_ns ? t->wall_ns - s->task_began_ns : 0;
    str_addf(out, "Completed %s at %02u:%02u, %.2fs elapsed", t->name, c.hour, c.minute,
             (double)took_ns / (double)NS_PER_S);
    if (t->extra)
        str_addf(out, " (%s)", t->extra);
    str_add_char(out, '\n');
}

/* 84 -> "84B", 264028 -> "264.028KB", as nmap counts. */
static void add_size(uint64_t bytes, struct str *out)
{
    if (bytes < 1000)
        str_addf(out, "%" PRIu64 "B", bytes);
    else if (bytes < 1000000)
        str_addf(out, "%.3fKB", (double)bytes / 1e3);
    else
        str_addf(out, "%.3fMB", (double)bytes / 1e6);
}

static void screen_end(void *state, const struct scan_head *head, const struct scan_tail *tail,
                       struct str *out)
{
    const struct screen_state *s = state;
    add_error(tail, "Stopped: ", out);
    if (!tail->error && !s->listed && tail->hosts_total == 1 && tail->hosts_up == 0)
        str_add(out, "Note: Host seems down. If it is really up, but blocking our ping probes, "
                     "try -Pn\n");
    str_add(out, "picket done: ");
    scan_words_totals(out, tail);
    str_add_char(out, '\n');
    if (head->verbosity == 0 || tail->packets_sent == 0)
        return;
    str_addf(out, "           Raw packets sent: %" PRIu64 " (", tail->packets_sent);
    add_size(tail->bytes_sent, out);
    str_addf(out, ") | Rcvd: %" PRIu64 " (", tail->packets_received);
    add_size(tail->bytes_received, out);
    str_add(out, ")\n");
}

const struct scan_outlet_format scan_outlet_nmap_text = {
    .name = "normal",
    .option = "oN",
    .suffix = ".nmap",
    .doc = "text for people, as nmap writes it",
    .begin = begin,
    .host = host,
    .target = target,
    .scripts = scripts,
    .end = end,
};

const struct scan_outlet_format scan_outlet_screen = {
    .name = "screen",
    .doc = "what goes to standard output",
    .begin = screen_begin,
    .host = screen_host,
    .found = screen_found,
    .task = screen_task,
    .scripts = scripts,
    .end = screen_end,
};
