/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/outlet/alert_text.h"

#include <string.h>

static const char mark[] = "[**]";

void alert_write_message(const struct alert *a, struct str *out)
{
    const char *text = a->message ? a->message : "";
    for (const char *at = text; *at; at++) {
        if (strncmp(at, mark, sizeof mark - 1) == 0) {
            str_add(out, "[* *]");
            at += sizeof mark - 2;
        } else {
            str_add_char(out, (unsigned char)*at < ' ' || *at == 0x7f ? ' ' : *at);
        }
    }
}

static void write_head(const struct alert *a, struct str *out)
{
    str_addf(out, "[**] [%u:%u:%u] ", a->gid, a->sid, a->rev);
    alert_write_message(a, out);
    str_add(out, " [**]");
}

/* "[Classification: Misc activity] [Priority: 3] ": what there is of it. */
static void write_class(const struct alert *a, struct str *out)
{
    if (a->class_text)
        str_addf(out, "[Classification: %s] ", a->class_text);
    if (a->priority)
        str_addf(out, "[Priority: %u] ", a->priority);
}

static bool has_ports(const struct alert *a)
{
    bool of_proto = a->ip_proto == 6 || a->ip_proto == 17;
    return of_proto && !(a->packet && a->packet->flag & PACKET_FLAG_FRAGMENT);
}

static void write_ends(const struct alert_text_style *style, const struct alert *a,
                       const char *arrow, struct str *out)
{
    packet_print_end(&style->packet, &a->src.addr, has_ports(a), a->src.port, out);
    str_add(out, arrow);
    packet_print_end(&style->packet, &a->dst.addr, has_ports(a), a->dst.port, out);
}

static bool has_ends(const struct alert *a)
{
    return a->src.addr.family != ADDR_NONE;
}

void alert_write_fast(const struct alert_text_style *style, const struct alert *a, struct str *out)
{
    static const char *const verdict[] = {
        [ALERT_ALLOWED] = "", [ALERT_DROPPED] = " [Drop]", [ALERT_WOULD_DROP] = " [WDrop]"};
    packet_print_time(&style->packet, a->wall_ns, out);
    str_addf(out, " %s ", verdict[a->verdict]);
    str_add(out, "[**] ");
    str_addf(out, "[%u:%u:%u] ", a->gid, a->sid, a->rev);
    if (style->interface && a->interface)
        str_addf(out, " <%s> ", a->interface);
    alert_write_message(a, out);
    str_add(out, " [**] ");
    write_class(a, out);
    if (has_ends(a)) {
        str_add_char(out, '{');
        packet_print_proto(a->ip_proto, out);
        str_add(out, "} ");
        write_ends(style, a, " -> ", out);
    }
    str_add_char(out, '\n');
}

void alert_write_full(const struct alert_text_style *style, const struct alert *a, struct str *out)
{
    write_head(a, out);
    str_add_char(out, '\n');
    size_t before = out->len;
    write_class(a, out);
    if (out->len > before)
        str_add_char(out, '\n');
    packet_print_time(&style->packet, a->wall_ns, out);
    str_add_char(out, ' ');
    if (style->packet.link_head && a->packet)
        packet_print_link(&style->packet, a->packet, out);
    if (has_ends(a)) {
        write_ends(style, a, " -> ", out);
        str_add_char(out, '\n');
    }
    if (a->packet)
        packet_print_heads(&style->packet, a->packet, out);
    for (size_t i = 0; i < a->reference_count; i++)
        str_addf(out, "[Xref => %s]", a->reference[i]);
    str_add(out, a->reference_count ? "\n\n" : "\n");
}

void alert_write_cmg(const struct alert_text_style *style, const struct alert *a, struct str *out)
{
    struct packet_print how = style->packet;
    alert_write_fast(style, a, out);
    if (!a->packet)
        return;
    how.link_head = true;
    if (how.payload == PACKET_PRINT_NONE)
        how.payload = PACKET_PRINT_HEX;
    packet_print(&how, a->packet, a->wall_ns, out);
}

void alert_write_syslog(const struct alert_text_style *style, const struct alert *a,
                        struct str *out)
{
    if (!has_ends(a)) {
        alert_write_message(a, out);
        return;
    }
    str_addf(out, "[%u:%u:%u] ", a->gid, a->sid, a->rev);
    alert_write_message(a, out);
    str_add_char(out, ' ');
    write_class(a, out);
    if (style->interface && a->interface)
        str_addf(out, "<%s> ", a->interface);
    str_add_char(out, '{');
    packet_print_proto(a->ip_proto, out);
    str_add(out, "} ");
    write_ends(style, a, " -> ", out);
}

void alert_write_winpopup(const struct alert_text_style *style, const struct alert *a,
                          struct str *out)
{
    str_addf(out, "%s ", mark);
    alert_write_message(a, out);
    str_addf(out, " %s", mark);
    if (!has_ends(a)) {
        str_add_char(out, '\n');
        return;
    }
    if (a->class_text)
        str_addf(out, "[Classification: %s] ", a->class_text);
    str_addf(out, "[Priority: %u]:", a->priority);
    packet_print_time(&style->packet, a->wall_ns, out);
    str_add_char(out, ' ');
    write_ends(style, a, "->", out);
    str_add_char(out, '\n');
}
