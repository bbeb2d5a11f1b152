/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A capture of any bytes through the whole pipeline: decoders, defragmentation, flows, streams,
 * protocols, records.  The layers and protocols have no fuzz targets of their own. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "tool/ids/pipeline.h"
#include "wire/packet/pcap_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void line(void *ctx, const char *text, size_t len)
{
    (void)ctx;
    assert(len > 2 && text[0] == '{' && text[len - 1] == '}');
}

static void run(const struct ids_settings *settings, struct pcap_file *f)
{
    const struct eve_sink sink = {.line = line};
    struct ids_worker *w = ids_worker_new(settings, NULL, &sink);
    struct pcap_frame frame;
    struct err e = {0};
    uint64_t number = 0;
    while (number < 4096 && pcap_file_next(f, &frame, &e) == 1) {
        struct ids_frame in = {.data = frame.data,
                               .len = frame.len,
                               .wire_len = frame.wire_len,
                               .link_type = (uint16_t)frame.link,
                               .wall_ns = frame.wall_ns,
                               .number = ++number};
        (void)ids_worker_frame(w, &in);
    }
    ids_worker_finish(w);
    ids_worker_free(w);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct ids_settings settings;
    struct pcap_file f;
    struct err e = {0};
    if (settings.eve.kinds != UINT32_MAX) {
        ids_settings_init(&settings);
        settings.checksums = IDS_SUMS_NONE;
        settings.stream.midstream = true;
        settings.eve.kinds = UINT32_MAX;
        settings.eve.anomaly_decode = settings.eve.anomaly_stream = true;
        memset(settings.eve.protocol, 1, sizeof settings.eve.protocol);
        ids_settings_bind(&settings);
    }
    if (pcap_file_open(&f, data, size, &e) == 0)
        run(&settings, &f);
    return 0;
}
