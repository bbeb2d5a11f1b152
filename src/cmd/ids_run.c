/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/ids_run.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cmd/command.h"
#include "core/base/clock.h"
#include "sys/io/file_map.h"
#include "sys/io/line_file.h"
#include "tool/ids/conf/settings_conf.h"
#include "tool/ids/detect/make.h"
#include "tool/ids/look/dataset.h"
#include "tool/ids/pipeline.h"
#include "wire/packet/pcap_file.h"

enum { RELEASE_FRAMES = 4096 };

struct session {
    const struct ids_cli *cli;
    struct settings_conf settings;
    struct line_file eve;
    struct eve_sink sink;
    struct detect_engine *engine;
    struct detect_thread *thread;
    struct ids_worker *worker;
    uint64_t first_ns, last_ns;
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
    s->settings.ids.is_inline = s->cli->simulate_ips || s->cli->inline_mode;
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
    if (open_eve(s, e) < 0 || detect_engine_new(&s->engine, &spec, e) < 0)
        return e->code;
    struct eve_sink *sink = s->sink.line ? &s->sink : NULL;
    s->thread = detect_thread_new(s->engine, sink, &s->settings.ids.eve);
    s->worker = ids_worker_new(&s->settings.ids, s->thread, &s->sink);
    bool frames;
    uint8_t want = detect_engine_want(s->engine, &frames);
    ids_worker_want(s->worker, want, frames || s->settings.ids.eve.kinds & EVE_FRAME);
    return 0;
}

static void close_session(struct session *s)
{
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

/* All frames of the capture.  0 or a negative errno value. */
static int read_frames(struct session *s, const struct file_map *map, struct err *e)
{
    struct pcap_file file;
    struct pcap_frame frame;
    uint64_t number = 0;
    int rc = pcap_file_open(&file, map->data, map->len, e);
    if (rc < 0)
        return rc;
    while ((rc = pcap_file_next(&file, &frame, e)) > 0) {
        struct ids_frame one = {.data = frame.data,
                                .len = frame.len,
                                .wire_len = frame.wire_len,
                                .link_type = (uint16_t)frame.link,
                                .wall_ns = frame.wall_ns,
                                .number = ++number};
        if (number == 1)
            s->first_ns = frame.wall_ns;
        s->last_ns = frame.wall_ns;
        ids_worker_frame(s->worker, &one);
        if (number % RELEASE_FRAMES == 0)
            file_map_release((struct file_map *)(uintptr_t)map, (const char *)frame.data);
        if (s->cli->packet_count && number >= (uint64_t)s->cli->packet_count)
            break;
    }
    if (rc < 0 && number > 0) { /* what came before the broken place was read */
        command_complain("ids", "%s: %s", s->cli->capture, e->text);
        rc = e->code = 0;
    }
    return rc;
}

int ids_run_capture(const struct ids_cli *cli, struct ids_conf *conf)
{
    struct session s = {.cli = cli};
    struct file_map map = {0};
    struct err e = {0};
    int status = EXIT_DONE;
    if (file_map_open(&map, cli->capture, UINT64_MAX, &e) < 0) {
        command_complain("ids", "%s", e.text);
        return EXIT_ENVIRONMENT;
    }
    int rc = open_session(&s, conf, &e);
    if (rc == 0) {
        rc = read_frames(&s, &map, &e);
        ids_worker_finish(s.worker);
        write_stats(&s);
    }
    if (rc < 0) {
        command_complain("ids", "%s", e.text);
        status = EXIT_FAILED;
    }
    close_session(&s);
    if (dataset_save_all(&conf->rules, &e) < 0 || line_file_close(&s.eve, &e) < 0) {
        command_complain("ids", "%s", e.text);
        status = EXIT_ENVIRONMENT;
    }
    file_map_close(&map);
    return status;
}
