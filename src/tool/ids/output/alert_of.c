/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/ids/output/alert_of.h"

#include <string.h>

enum { REFERENCE_MAX = 4096 };

static void put_reference(struct str *out, const struct rule_reference *r, const struct map *urls)
{
    char key[32];
    size_t len = strlen(r->system);
    for (size_t i = 0; i <= len && i < sizeof key; i++)
        key[i] =
            (char)(r->system[i] >= 'A' && r->system[i] <= 'Z' ? r->system[i] + 32 : r->system[i]);
    key[sizeof key - 1] = '\0';
    const char *url = map_find_text(urls, key);
    *out = str_of(REFERENCE_MAX);
    if (url)
        str_addf(out, "%s%s", url, r->id);
    else
        str_addf(out, "%s,%s", r->system, r->id);
}

void alert_of(struct alert_of *out, const struct rule *r, const struct map *reference_url,
              const struct ids_packet *p)
{
    size_t count =
        r->reference_count < ALERT_OF_REFERENCES ? r->reference_count : ALERT_OF_REFERENCES;
    for (size_t i = 0; i < count; i++) {
        put_reference(&out->reference[i], &r->reference[i], reference_url);
        out->pointer[i] = str_text(&out->reference[i]);
    }
    out->alert = (struct alert){.wall_ns = p->wall_ns,
                                .gid = r->gid,
                                .sid = r->sid,
                                .rev = r->rev,
                                .message = r->msg ? r->msg : "",
                                .class_text = r->class && *r->class->text ? r->class->text : NULL,
                                .class_id = r->class ? r->class->number : 0,
                                .priority = r->priority,
                                .reference = out->pointer,
                                .reference_count = count,
                                .src = {p->src, p->src_port},
                                .dst = {p->dst, p->dst_port},
                                .ip_proto = p->proto,
                                .packet = p->flag & IDS_PSEUDO ? NULL : p->packet,
                                .wire_len = p->frame_len,
                                .link = p->link_type,
                                .log_to = r->logto};
}

void alert_of_done(struct alert_of *a)
{
    for (size_t i = 0; i < a->alert.reference_count; i++)
        str_done(&a->reference[i]);
}
