/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/ids/output/outputs.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/mem.h"
#include "hub/outlet/alert_socket.h"
#include "hub/outlet/ascii_log.h"
#include "hub/outlet/unified2.h"
#include "hub/outlet/winpopup.h"
#include "sys/io/sock.h"
#include "wire/packet/pcap_file.h"

enum { TEXT_MAX = 16 * 1024 * 1024, SNAP_LEN = 262144 };

static const char *const usual_name[] = {[OUTPUT_FAST] = "alert",
                                         [OUTPUT_FULL] = "alert",
                                         [OUTPUT_CMG] = "-",
                                         [OUTPUT_CSV] = "alert.csv",
                                         [OUTPUT_UNIFIED2] = "unified2.log",
                                         [OUTPUT_SOCKET] = "snort_alert",
                                         [OUTPUT_PCAP] = "snort.log"};

static bool is_stamped(const struct output_spec *spec)
{
    return (spec->kind == OUTPUT_PCAP || spec->kind == OUTPUT_UNIFIED2) && !spec->no_stamp;
}

static void path_of(const struct outputs *o, const struct output_spec *spec, struct str *out)
{
    const char *name = spec->name ? spec->name : usual_name[spec->kind];
    if (o->folder && *name != '/' && strcmp(name, "-") != 0)
        str_addf(out, "%s/", o->folder);
    str_add(out, name);
    if (is_stamped(spec) && strcmp(name, "-") != 0)
        str_addf(out, ".%llu", (unsigned long long)o->start_s);
}

static int open_file(const struct outputs *o, struct output *out, const struct output_spec *spec,
                     struct err *e)
{
    struct str path = str_of(4096);
    path_of(o, spec, &path);
    bool append = spec->kind < OUTPUT_UNIFIED2;
    int rc = line_file_open(&out->file, str_text(&path), append, e);
    str_done(&path);
    return rc;
}

static int open_socket(struct outputs *o, struct output *out, const struct output_spec *spec)
{
    struct str path = str_of(4096);
    struct err ignored = {0};
    path_of(o, spec, &path);
    if (sock_unix_connect_as(SOCK_DGRAM, str_text(&path), &out->fd, &ignored) < 0)
        out->fd = -1; /* its reader may come later: tried again at each alert */
    out->word = str_take(&path);
    if (!o->datagram)
        o->datagram = mem_zero(ALERT_SOCKET_LEN);
    return 0;
}

int outputs_add(struct outputs *o, const struct output_spec *spec, struct err *e)
{
    if (o->count == OUTPUT_MAX)
        return err_set(e, -EINVAL, "more than %d outputs", OUTPUT_MAX);
    if (spec->kind == OUTPUT_CSV && alert_csv_check(spec->word, e) < 0)
        return e->code;
    struct output *out = &o->one[o->count];
    *out = (struct output){.kind = spec->kind,
                           .fd = -1,
                           .priority = spec->priority,
                           .events = spec->events,
                           .packets = spec->packets,
                           .vlan_events = spec->vlan_events};
    o->text.max = TEXT_MAX;
    int rc = 0;
    if (spec->kind == OUTPUT_SOCKET)
        rc = open_socket(o, out, spec);
    else if (spec->kind <= OUTPUT_UNIFIED2 || spec->kind == OUTPUT_PCAP)
        rc = open_file(o, out, spec, e);
    if (rc < 0)
        return rc;
    if (spec->word)
        out->word = mem_copy_text(spec->word);
    o->count++;
    return 0;
}

static void note(struct outputs *o, int rc)
{
    if (rc < 0 && !o->failure)
        o->failure = rc;
}

static void put_pcap(struct output *out, const struct alert *a)
{
    uint8_t head[PCAP_FILE_HEAD_LEN];
    struct bytes_out bytes = bytes_out_of(head, sizeof head);
    if (!out->has_head) {
        pcap_put_head(&bytes, a->link, SNAP_LEN);
        line_file_add_bytes(&out->file, head, bytes_out_len(&bytes));
        out->link = a->link;
        out->has_head = true;
    }
    if (a->link != out->link) /* such a file has frames of one link only */
        return;
    bytes = bytes_out_of(head, sizeof head);
    pcap_put_frame_head(&bytes, a->wall_ns, a->packet->len, a->wire_len);
    line_file_add_bytes(&out->file, head, bytes_out_len(&bytes));
    line_file_add_bytes(&out->file, a->packet->frame, a->packet->len);
}

static void put_unified2(struct output *out, const struct alert *a)
{
    uint8_t head[UNIFIED2_EVENT_MAX];
    struct bytes_out bytes = bytes_out_of(head, sizeof head);
    if (out->events) {
        unified2_put_event(&bytes, a, out->vlan_events);
        line_file_add_bytes(&out->file, head, bytes_out_len(&bytes));
    }
    if (!out->packets || !a->packet)
        return;
    bytes = bytes_out_of(head, sizeof head);
    unified2_put_packet_head(&bytes, a);
    line_file_add_bytes(&out->file, head, bytes_out_len(&bytes));
    line_file_add_bytes(&out->file, a->packet->frame, a->packet->len);
}

static void put_socket(struct outputs *o, struct output *out, const struct alert *a)
{
    struct err ignored = {0};
    if (out->fd < 0 && sock_unix_connect_as(SOCK_DGRAM, out->word, &out->fd, &ignored) < 0) {
        out->fd = -1;
        return;
    }
    alert_socket_encode(a, o->datagram);
    if (send(out->fd, o->datagram, ALERT_SOCKET_LEN, MSG_DONTWAIT | MSG_NOSIGNAL) < 0 &&
        errno != EAGAIN && errno != ENOBUFS) {
        close(out->fd);
        out->fd = -1;
    }
}

static void put_ascii(struct outputs *o, const struct alert *a, bool has_alert)
{
    struct err e = {0};
    const char *folder = o->folder ? o->folder : ".";
    struct packet_print how = o->style.packet;
    if (a->packet)
        note(o, ascii_log_write(folder, &how, &o->home, a->packet, a->wall_ns, has_alert ? a : NULL,
                                &e));
}

static void put_text(struct outputs *o, struct output *out, const struct alert *a)
{
    struct err e = {0};
    str_reset(&o->text);
    if (out->kind == OUTPUT_FAST)
        alert_write_fast(&o->style, a, &o->text);
    else if (out->kind == OUTPUT_FULL)
        alert_write_full(&o->style, a, &o->text);
    else if (out->kind == OUTPUT_CMG)
        alert_write_cmg(&o->style, a, &o->text);
    else if (out->kind == OUTPUT_CSV)
        alert_write_csv(&o->style, out->word, a, &o->text);
    else if (out->kind == OUTPUT_SYSLOG)
        alert_write_syslog(&o->style, a, &o->text);
    else
        alert_write_winpopup(&o->style, a, &o->text);
    if (out->kind == OUTPUT_SYSLOG)
        syslog(out->priority, "%s", str_text(&o->text));
    else if (out->kind == OUTPUT_WINPOPUP)
        note(o, winpopup_send(out->word, "smbclient", str_text(&o->text), &e));
    else
        line_file_add_bytes(&out->file, o->text.text, o->text.len);
}

void outputs_set_moment(struct outputs *o, const struct alert *a)
{
    o->style.packet.wire_len = a->wire_len;
    if (o->local_time) {
        time_t at = (time_t)(a->wall_ns / NS_PER_S);
        struct tm tm;
        o->style.packet.utc_offset_s = localtime_r(&at, &tm) ? (int32_t)tm.tm_gmtoff : 0;
    }
}

void outputs_alert(void *outputs, const struct alert *a)
{
    struct outputs *o = outputs;
    outputs_set_moment(o, a);
    for (size_t i = 0; i < o->count; i++) {
        struct output *out = &o->one[i];
        if (out->kind == OUTPUT_UNIFIED2)
            put_unified2(out, a);
        else if (out->kind == OUTPUT_SOCKET)
            put_socket(o, out, a);
        else if (out->kind == OUTPUT_ASCII)
            put_ascii(o, a, true);
        else if (out->kind == OUTPUT_PCAP && a->packet)
            put_pcap(out, a);
        else if (out->kind != OUTPUT_PCAP)
            put_text(o, out, a);
    }
}

void outputs_packet(struct outputs *o, const struct alert *a)
{
    outputs_set_moment(o, a);
    for (size_t i = 0; i < o->count; i++) {
        if (o->one[i].kind == OUTPUT_PCAP)
            put_pcap(&o->one[i], a);
        else if (o->one[i].kind == OUTPUT_ASCII)
            put_ascii(o, a, false);
    }
}

int outputs_close(struct outputs *o, struct err *e)
{
    int rc = o->failure < 0 ? err_set(e, o->failure, "a log could not be written") : 0;
    for (size_t i = 0; i < o->count; i++) {
        struct output *out = &o->one[i];
        struct err later = {0};
        if (out->file.name && line_file_close(&out->file, rc < 0 ? &later : e) < 0 && rc == 0)
            rc = e->code;
        if (out->fd >= 0)
            close(out->fd);
        mem_free(out->word);
    }
    o->count = 0;
    cidr_set_done(&o->home);
    str_done(&o->text);
    mem_free(o->datagram);
    return rc;
}
