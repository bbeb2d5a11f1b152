/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Alerts by mail: all that waits in one message. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/text/date.h"
#include "hub/notify/notify_channel.h"
#include "sys/io/mail_client.h"

/* A header's words: one line, no control bytes. */
static void add_line(struct str *out, const char *text)
{
    for (; *text; text++)
        str_add_char(out, (unsigned char)*text < ' ' || *text == 127 ? ' ' : *text);
}

static bool is_plain(const char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text >= 127)
            return false;
    return true;
}

static void add_alert(const struct notify_alert *a, struct str *out)
{
    add_line(out, a->title ? a->title : a->id);
    str_addf(out, "\n  %s%s%s\n", a->id, a->severity ? ", " : "", a->severity ? a->severity : "");
    if (a->url)
        str_addf(out, "  %s\n", a->url);
    if (a->text)
        str_addf(out, "\n%s\n", a->text);
    str_add(out, "\n");
}

static void compose(const struct notify_batch *b, const char *from, struct str *out)
{
    const struct notify_alert *first = &b->alert[0];
    const char *title = first->title ? first->title : first->id;
    struct date now;
    str_addf(out, "From: <%s>\nTo: <%s>\nSubject: [picket] ", from, b->to);
    if (b->count > 1)
        str_addf(out, "%zu alerts", b->count);
    else
        add_line(out, is_plain(title) ? title : first->id);
    if (date_from_seconds(&now, (int64_t)(b->wall_ns / NS_PER_S)))
        str_addf(out, "\nDate: %s", date_mail_text(&now).text);
    str_addf(out, "\nMessage-ID: <%s.%zu@picket>\nAuto-Submitted: auto-generated\n", b->key[0],
             b->count);
    str_add(out, "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n"
                 "Content-Transfer-Encoding: 8bit\n\n");
    for (size_t i = 0; i < b->count; i++)
        add_alert(&b->alert[i], out);
}

static int send_mail(const struct notify_batch *b, struct err *e)
{
    const char *from = b->options->from ? b->options->from : b->to;
    struct mail_server server = {.url = b->options->smtp, .ca = b->options->ca};
    struct str message = str_of(0);
    struct text_list to = {0};
    if (!server.url)
        return err_set(e, -EINVAL, "no SMTP server is named");
    compose(b, from, &message);
    text_list_add(&to, b->to);
    int rc = mail_send(&server, from, &to, &message, e);
    text_list_done(&to);
    str_done(&message);
    return rc;
}

const struct notify_channel notify_mail = {.name = "mail", .together = true, .send = send_mail};
