/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Alerts as text in Snort 2.9's words: alert_fast, alert_full, cmg, csv, syslog, and the message
 * that WinPopup showed.  Each adds whole lines.  An alert message with a line break in it, or with
 * what could be taken for the mark of another alert, is made harmless. */
#pragma once

#include "core/base/str.h"
#include "hub/model/alert.h"
#include "wire/packet/print.h"

struct alert_text_style {
    struct packet_print packet; /* payload and link head of full and cmg, times of all */
    bool interface;             /* -I */
};

void alert_write_fast(const struct alert_text_style *style, const struct alert *a, struct str *out);
void alert_write_full(const struct alert_text_style *style, const struct alert *a, struct str *out);
void alert_write_cmg(const struct alert_text_style *style, const struct alert *a, struct str *out);

/* One line without its newline, as syslog wants it. */
void alert_write_syslog(const struct alert_text_style *style, const struct alert *a,
                        struct str *out);
void alert_write_winpopup(const struct alert_text_style *style, const struct alert *a,
                          struct str *out);

/* "timestamp,sig_id,msg,..." -> 0, or -EINVAL that names the field.  "default": Snort's list. */
int alert_csv_check(const char *fields, struct err *e) MUST_CHECK;
void alert_write_csv(const struct alert_text_style *style, const char *fields,
                     const struct alert *a, struct str *out);

/* The message as the formats above write it. */
void alert_write_message(const struct alert *a, struct str *out);
