/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The object of a run grows host by host.  The writer of core/text knows one document; here each
 * record is a piece of one, so the commas and brackets between the pieces are put by hand, by three
 * facts kept between calls. */
#include "hub/outlet/scan_json.h"

#include <assert.h>

#include "core/base/clock.h"
#include "core/text/json.h"
#include "hub/outlet/scan_json_host.h"

struct run_state {
    bool hosts_open;  /* "hosts":[ is written */
    bool any_host;    /* with something in it */
    bool hosts_ended; /* and its ] */
};

static_assert(sizeof(struct run_state) <= SCAN_OUTLET_STATE, "state of a format");

/* An object without its last bracket goes to *out. */
static void add_unclosed(struct str *object, struct str *out)
{
    str_cut(object, object->len - 1);
    str_add_len(out, object->text, object->len);
    str_done(object);
}

/* The members of an object, with a comma before and the object's last bracket behind. */
static void add_rest(struct str *object, struct str *out)
{
    str_add_char(out, ',');
    str_add_len(out, object->text + 1, object->len - 1);
    str_done(object);
}

static void add_info(struct json_out *j, const struct scan_info *info)
{
    struct str ports = str_of(0);
    port_set_format(info->ports, &ports);
    json_object(j, NULL);
    json_text(j, "type", info->type);
    json_text(j, "protocol", scan_proto_name(info->proto));
    if (info->flags)
        json_text(j, "flags", info->flags);
    json_u64(j, "count", port_set_count(info->ports));
    json_text(j, "ports", str_text(&ports));
    json_end(j);
    str_done(&ports);
}

static void begin(void *state, const struct scan_head *head, struct str *out)
{
    (void)state;
    struct str text = str_of(0);
    struct json_out j = json_out_of(&text);
    json_object(&j, NULL);
    json_text(&j, "program", head->program);
    json_text(&j, "version", head->version);
    json_text(&j, "args", head->args);
    scan_json_host_add_moment(&j, "start", head->start_wall_ns);
    json_u64(&j, "start_time", head->start_wall_ns / NS_PER_S);
    json_array(&j, "scans");
    for (size_t i = 0; i < head->info_count; i++)
        add_info(&j, &head->info[i]);
    json_end(&j);
    json_end(&j);
    add_unclosed(&text, out);
}

static void open_hosts(const struct run_state *s, struct str *out)
{
    if (!s->hosts_open)
        str_add(out, ",\"hosts\":[");
}

static void begin_host(struct run_state *s, struct str *out)
{
    assert(!s->hosts_ended);
    open_hosts(s, out);
    str_add(out, s->any_host ? "," : "");
    s->hosts_open = s->any_host = true;
}

static void host(void *state, const struct scan_head *head, const struct scan_host *h,
                 struct str *out)
{
    (void)head;
    begin_host(state, out);
    struct json_out j = json_out_of(out);
    scan_json_host_add(&j, NULL, h);
}

static void target(void *state, const struct scan_head *head, const char *bad_target,
                   struct str *out)
{
    (void)head;
    begin_host(state, out);
    struct json_out j = json_out_of(out);
    json_object(&j, NULL);
    json_text(&j, "state", "skipped");
    json_text(&j, "target", bad_target);
    json_text(&j, "reason", "invalid");
    json_end(&j);
}

static void close_hosts(const struct run_state *s, struct str *out)
{
    if (s->hosts_ended)
        return;
    open_hosts(s, out);
    str_add_char(out, ']');
}

static void scripts(void *state, const struct scan_head *head, const struct scan_run_scripts *r,
                    struct str *out)
{
    (void)head;
    struct run_state *s = state;
    if (r->post) {
        close_hosts(s, out);
        s->hosts_open = s->hosts_ended = true;
    }
    struct str text = str_of(0);
    struct json_out j = json_out_of(&text);
    json_object(&j, NULL);
    scan_json_host_add_scripts(&j, r->post ? "postscripts" : "prescripts", r->script,
                               r->script_count);
    json_end(&j);
    str_add_char(out, ',');
    str_add_len(out, text.text + 1, text.len - 2);
    str_done(&text);
}

static void end(void *state, const struct scan_head *head, const struct scan_tail *tail,
                struct str *out)
{
    (void)head;
    close_hosts(state, out);
    struct str text = str_of(0);
    struct json_out j = json_out_of(&text);
    json_object(&j, NULL);
    scan_json_host_add_moment(&j, "end", tail->end_wall_ns);
    json_u64(&j, "end_time", tail->end_wall_ns / NS_PER_S);
    json_double(&j, "elapsed_s", tail->elapsed_s, 2);
    json_u64(&j, "hosts_up", tail->hosts_up);
    json_u64(&j, "hosts_down", tail->hosts_down);
    json_u64(&j, "hosts_total", tail->hosts_total);
    json_text(&j, "exit", tail->error ? "error" : "success");
    if (tail->error)
        json_text(&j, "error", tail->error);
    json_end(&j);
    add_rest(&text, out);
    str_add_char(out, '\n');
}

static void resume(void *state, uint64_t hosts)
{
    struct run_state *s = state;
    s->hosts_open = s->any_host = hosts > 0;
}

const struct scan_outlet_format scan_outlet_scan_json = {
    .name = "json",
    .option = "oJ",
    .doc = "one JSON object a run, in one line",
    .begin = begin,
    .host = host,
    .target = target,
    .scripts = scripts,
    .end = end,
    .resume = resume,
};
