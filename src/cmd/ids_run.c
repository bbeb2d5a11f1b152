/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/ids_run.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cmd/command.h"
#include "cmd/ids_output.h"
#include "cmd/ids_source.h"
#include "core/base/clock.h"
#include "sys/io/line_file.h"
#include "tool/ids/conf/settings_conf.h"
#include "tool/ids/detect/make.h"
#include "tool/ids/look/dataset.h"
#include "tool/ids/pipeline.h"

enum { TEXT_MAX = 16 * 1024 * 1024 };

struct session {
    const struct ids_cli *cli;
    struct settings_conf settings;
    struct line_file eve;
    struct eve_sink sink;
    struct detect_engine *engine;
    struct detect_thread *thread;
    struct ids_worker *worker;
    struct outputs outputs;
    struct str text;
    bool only_packets; /* neither rules nor EVE */
    uint64_t frames, first_ns, last_ns;
};

static void take_line(void *ctx, const char *text, size_t len)
{
    line_file_add(ctx, text, len);
}

static int open_eve(struct session *s, struct err *e)
{
    const struct ids_cli *cli = s->cli;
    char path[4096];
    if (cli->eve) {
        snprintf(path, sizeof path, "%s", cli->eve);
    } else if (s->settings.eve_file) {
        bool full = *s->settings.eve_file == '/' || !cli->log_folder;
        snprintf(path, sizeof path, "%s%s%s", full ? "" : cli->log_folder, full ? "" : "/",
                 s->settings.eve_file);
    } else {
        return 0;
    }
    if (line_file_open(&s->eve, path, false, e) < 0)
        return e->code;
    s->sink = (struct eve_sink){take_line, &s->eve};
    return 0;
}

static void set_checksums(struct session *s)
{
    const char *mode = s->cli->checksums;
    if (mode)
        s->settings.ids.checksums = strcmp(mode, "all") == 0 ? IDS_SUMS_ALL : IDS_SUMS_NONE;
}

static int open_session(struct session *s, struct ids_conf *conf, struct err *e)
{
    ids_settings_init(&s->settings.ids);
    s->settings.ids.is_inline = s->cli->simulate_ips;
    if (settings_conf_read(&s->settings, &conf->yaml, e) < 0)
        return e->code;
    if (conf->is_snort)
        settings_conf_snort(&s->settings);
    set_checksums(s);
    ids_settings_bind(&s->settings.ids);
    struct detect_spec spec = {.rules = &conf->rules,
                               .filters = &conf->filters,
                               .eve = &s->settings.alert,
                               .is_snort = conf->is_snort,
                               .is_inline = s->settings.ids.is_inline,
                               .alert_max = conf->is_snort ? 256 : s->settings.alert_max};
    if (s->outputs.count > 0)
        spec.tell = outputs_alert, spec.tell_ctx = &s->outputs;
    spec.order_count = settings_conf_order(&conf->yaml, spec.order);
    if (open_eve(s, e) < 0 || detect_engine_new(&s->engine, &spec, e) < 0)
        return e->code;
    struct eve_sink *sink = s->sink.line ? &s->sink : NULL;
    if (!sink)
        s->settings.ids.eve.kinds = 0;
    s->thread = detect_thread_new(s->engine, sink, &s->settings.ids.eve);
    s->worker = ids_worker_new(&s->settings.ids, s->thread, &s->sink);
    bool frames;
    uint8_t want = detect_engine_want(s->engine, &frames);
    ids_worker_want(s->worker, want, frames || s->settings.ids.eve.kinds & EVE_FRAME);
    return 0;
}

static void close_session(struct session *s)
{
    if (s->worker)
        ids_worker_free(s->worker);
    detect_thread_free(s->thread);
    detect_engine_free(s->engine);
}

static void write_stats(struct session *s)
{
    struct stat_list list = {0};
    struct eve_record record = {0};
    if (!(s->settings.ids.eve.kinds & EVE_STATS) || !s->sink.line)
        return;
    ids_worker_stats(s->worker, &list);
    stat_add(&list, "detect.alert", s->thread ? detect_thread_count(s->thread, DETECT_ALERTS) : 0);
    stat_add(&list, "detect.alerts_suppressed",
             s->thread ? detect_thread_count(s->thread, DETECT_SUPPRESSED) : 0);
    stat_add(&list, "detect.alert_queue_overflow",
             s->thread ? detect_thread_count(s->thread, DETECT_DISCARDED) : 0);
    eve_stats(&record, &s->settings.ids.eve, &s->sink, &list, s->last_ns,
              (s->last_ns - s->first_ns) / NS_PER_S, NULL, NULL);
    str_done(&record.text);
    stat_done(&list);
}

/* ---- packets as they are ---- */

static void show(struct session *s, const struct ids_frame *frame)
{
    int link = ids_link_of(frame->link_type);
    struct packet packet;
    if (link < 0)
        return;
    (void)packet_decode(&packet, frame->data, frame->len, (enum packet_link)link);
    struct alert about = {.packet = &packet,
                          .wall_ns = frame->wall_ns,
                          .wire_len = frame->wire_len,
                          .link = frame->link_type};
    if (s->only_packets)
        outputs_packet(&s->outputs, &about);
    if (!s->cli->verbose)
        return;
    outputs_set_moment(&s->outputs, &about);
    str_reset(&s->text);
    packet_print(&s->outputs.style.packet, &packet, frame->wall_ns, &s->text);
    fwrite(s->text.text, 1, s->text.len, stdout);
}

static void take_frame(void *ctx, const struct ids_frame *frame)
{
    struct session *s = ctx;
    if (s->frames++ == 0)
        s->first_ns = frame->wall_ns;
    s->last_ns = frame->wall_ns;
    if (s->cli->verbose || s->only_packets)
        show(s, frame);
    if (s->worker)
        ids_worker_frame(s->worker, frame);
}

int ids_run(const struct ids_cli *cli, struct ids_conf *conf)
{
    struct session s = {
        .cli = cli, .only_packets = ids_output_only_packets(cli), .text = str_of(TEXT_MAX)};
    struct err e = {0};
    int status = EXIT_DONE;
    if (ids_output_open(&s.outputs, cli, conf, &e) < 0 ||
        (!s.only_packets && open_session(&s, conf, &e) < 0)) {
        command_complain("ids", "%s", e.text);
        status = EXIT_FAILED;
    } else if (ids_source_run(cli, take_frame, &s, &e) < 0) {
        command_complain("ids", "%s", e.text);
        status = EXIT_ENVIRONMENT;
    } else if (s.worker) {
        ids_worker_finish(s.worker);
        write_stats(&s);
    }
    close_session(&s);
    struct err worse = {0};
    if (dataset_save_all(&conf->rules, &worse) < 0 || line_file_close(&s.eve, &worse) < 0 ||
        outputs_close(&s.outputs, &worse) < 0) {
        command_complain("ids", "%s", worse.text);
        status = EXIT_ENVIRONMENT;
    }
    str_done(&s.text);
    return status;
}
