/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/ids/ids.h"

#include "core/base/clock.h"
#include "sys/io/file_map.h"
#include "wire/packet/pcap_file.h"

static const uint64_t capture_max = UINT64_C(1) << 42;
static const uint64_t release_step = 64 << 20; /* memory of what was read is given back */

static int read_frames(struct ids_worker *w, const struct ids_read_spec *spec, struct file_map *m,
                       struct ids_read_result *out, struct err *e)
{
    struct pcap_file file;
    struct pcap_frame frame;
    const char *released = m->data;
    int rc = pcap_file_open(&file, m->data, m->len, e);
    if (rc)
        return rc;
    while (!(spec->stop && *spec->stop) && !(spec->count_max && out->frames >= spec->count_max)) {
        rc = pcap_file_next(&file, &frame, e);
        if (rc <= 0)
            return rc;
        struct ids_frame f = {.data = frame.data,
                              .len = frame.len,
                              .wire_len = frame.wire_len,
                              .link_type = (uint16_t)frame.link,
                              .wall_ns = frame.wall_ns,
                              .number = ++out->frames};
        out->bytes += frame.len;
        out->wall_ns = frame.wall_ns;
        (void)ids_worker_frame(w, &f);
        const char *here = (const char *)file.in.pos;
        if (here - released > (ptrdiff_t)release_step) {
            file_map_release(m, here);
            released = here;
        }
    }
    return 0;
}

int ids_read_capture(struct ids_worker *w, const struct ids_read_spec *spec,
                     struct ids_read_result *out, struct err *e)
{
    struct file_map m;
    *out = (struct ids_read_result){0};
    int rc = file_map_open(&m, spec->path, capture_max, e);
    if (rc)
        return rc;
    rc = read_frames(w, spec, &m, out, e);
    file_map_close(&m);
    return rc < 0 ? err_wrap(e, "%s: frame %llu", spec->path, (unsigned long long)(out->frames + 1))
                  : 0;
}

void ids_write_stats(struct ids_worker *w, const struct ids_settings *settings,
                     const struct eve_sink *sink, struct stat_list *more,
                     void (*members)(void *ctx, struct json_out *json), void *ctx)
{
    struct eve_record record = {0};
    if (!(settings->eve.kinds & EVE_STATS))
        return;
    ids_worker_stats(w, more);
    eve_stats(&record, &settings->eve, sink, more, ids_worker_wall_ns(w), ids_worker_span_s(w),
              members, ctx);
    str_done(&record.text);
}
