/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a run of ids tells its alerts, beside EVE, and logs its packets: files, sockets, the system
 * log.  Each alert goes to all of them, in the order in which they were added. */
#pragma once

#include "core/net/cidr_set.h"
#include "hub/model/alert.h"
#include "hub/outlet/alert_text.h"
#include "sys/io/line_file.h"
#include "tool/ids/conf/snort_conf.h"

enum output_kind {
    OUTPUT_FAST,
    OUTPUT_FULL,
    OUTPUT_CMG,
    OUTPUT_CSV,
    OUTPUT_UNIFIED2,
    OUTPUT_SOCKET,
    OUTPUT_SYSLOG,
    OUTPUT_WINPOPUP,
    OUTPUT_PCAP,  /* the packets of alerts; without rules, all of them */
    OUTPUT_ASCII, /* the same, in a folder for each host */
};

enum { OUTPUT_MAX = 16 };

struct output {
    enum output_kind kind;
    struct line_file file;
    char *word; /* CSV: its fields; WINPOPUP: the file of names; SOCKET: the path */
    int fd;     /* SOCKET; -1: nobody listens */
    int priority;
    uint32_t link; /* PCAP: of the file, once its head is written */
    bool has_head, events, packets, vlan_events;
};

struct outputs {
    struct output one[OUTPUT_MAX];
    size_t count;
    struct alert_text_style style;
    const char *folder;    /* of logs; NULL: the working folder */
    const char *interface; /* for alerts; NULL: none */
    bool local_time;
    struct cidr_set home; /* sealed */
    uint64_t start_s;     /* behind the names of binary logs */
    struct str text;
    uint8_t *datagram;
    int failure; /* the first one of those that are not files */
};

struct output_spec {
    enum output_kind kind;
    const char *name; /* below the folder; "-": standard output; NULL: Snort's name */
    const char *word;
    int priority;
    bool events, packets, vlan_events, no_stamp;
};

int outputs_add(struct outputs *o, const struct output_spec *spec, struct err *e) MUST_CHECK;

/* The lines "output ..." of snort.conf.  -EINVAL with the file and line that is none. */
int outputs_add_lines(struct outputs *o, const struct snort_lines *lines, struct err *e) MUST_CHECK;

void outputs_alert(void *outputs, const struct alert *a); /* detect_spec.tell */

/* A packet without an alert: to the logs of packets.  a->packet, ->wall_ns, ->link and ->wire_len
 * are looked at. */
void outputs_packet(struct outputs *o, const struct alert *a);

/* The style for this packet: its length, and the zone of its time. */
void outputs_set_moment(struct outputs *o, const struct alert *a);

/* 0, or the first failure of any. */
int outputs_close(struct outputs *o, struct err *e) MUST_CHECK;

/* output_line.c: "LOG_AUTH LOG_ALERT" -> facility and priority; -EINVAL names the word. */
int output_syslog_words(const char *words, int *out, struct err *e) MUST_CHECK;
