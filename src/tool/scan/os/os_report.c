/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/scan/os/os_report.h"

#include <string.h>

#include "core/base/clock.h"

enum { GUESSES_TOLD = 10, PERFECT_TOO_MANY = 36 };
/* Below the best that is still told. */
static const double window_usual = 0.10, window_asked_for = 0.25;

const char *os_report_id_class(const char *class)
{
    static const struct {
        const char *class, *words;
    } rows[] = {{"Z", "All zeros"},
                {"RD", "Randomized"},
                {"RI", "Random positive increments"},
                {"BI", "Broken little-endian incremental"},
                {"I", "Incremental"}};
    for (size_t i = 0; class && i < ARRAY_COUNT(rows); i++)
        if (strcmp(rows[i].class, class) == 0)
            return rows[i].words;
    return class ? "Duplicated ipid" : NULL;
}

const char *os_report_difficulty(int sp)
{
    static const struct {
        int below;
        const char *words;
    } rows[] = {{3, "Trivial joke"},
                {6, "Easy"},
                {11, "Medium"},
                {12, "Formidable"},
                {16, "Worthy challenge"}};
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++)
        if (sp < rows[i].below)
            return rows[i].words;
    return "Good luck!";
}

static void add_classes(const struct os_report_of *of, const struct os_match *m,
                        struct scan_os_match *out, struct arena *arena)
{
    struct scan_os_class *class = arena_array(arena, m->entry->class_count, sizeof *class);
    for (uint32_t i = 0; i < m->entry->class_count; i++) {
        const struct os_db_class *c = &of->db->class[m->entry->first_class + i];
        class[i] = (struct scan_os_class){.vendor = c->vendor,
                                          .generation = c->generation,
                                          .type = c->type,
                                          .family = c->family,
                                          .accuracy = out->accuracy,
                                          .cpe = c->cpe,
                                          .cpe_count = c->cpe_count};
    }
    out->class = class;
    out->class_count = m->entry->class_count;
}

/* Perfect ones alone, where there are any; else the best guesses. */
static void add_matches(const struct os_report_of *of, struct scan_os *os, struct arena *arena)
{
    const struct os_matches *m = of->matches;
    struct scan_os_match *match = arena_array(arena, m->count, sizeof *match);
    for (size_t i = 0; i < m->count && m->perfect < PERFECT_TOO_MANY; i++) {
        double accuracy = m->match[i].accuracy;
        bool told = m->perfect ? accuracy == 1
                               : i < GUESSES_TOLD &&
                                     accuracy > m->match[0].accuracy -
                                                    (of->guess ? window_asked_for : window_usual);
        if (!told)
            break;
        struct scan_os_match *out = &match[os->match_count++];
        *out = (struct scan_os_match){.name = m->match[i].entry->name,
                                      .accuracy = (uint8_t)(accuracy * 100),
                                      .line = m->match[i].entry->line};
        add_classes(of, &m->match[i], out, arena);
    }
    os->match = match;
}

static void add_port(struct str *out, const char *name, uint16_t port)
{
    if (port)
        str_addf(out, "%%%s=%u", name, port);
    else
        str_addf(out, "%%%s=", name);
}

/* The line that tells how the print was taken, then its tests. */
static const char *format_print(const struct os_report_of *of, struct arena *arena)
{
    struct str text = str_of(0);
    struct civil day = clock_civil(of->wall_ns);
    str_addf(&text, "SCAN(V=%s%%E=4%%D=%u/%u", PICKET_VERSION, day.month, day.day);
    add_port(&text, "OT", of->ask->open_tcp);
    add_port(&text, "CT", of->ask->closed_tcp);
    add_port(&text, "CU", of->ask->closed_udp);
    str_add(&text, "%PV=N");
    if (of->seen->distance)
        str_addf(&text, "%%DS=%u%%DC=%s", of->seen->distance,
                 of->local     ? "L"
                 : of->on_link ? "D"
                               : "I");
    str_addf(&text, "%%G=%s", of->ask->open_tcp && of->ask->closed_tcp ? "Y" : "N");
    if (of->mac)
        str_addf(&text, "%%M=%02X%02X%02X", of->mac->byte[0], of->mac->byte[1], of->mac->byte[2]);
    str_addf(&text, "%%TM=%llX)\n", (unsigned long long)(of->wall_ns / NS_PER_S));
    os_print_format(&of->seen->print, &text);
    const char *kept = arena_text(arena, str_text(&text));
    str_done(&text);
    return kept;
}

const struct scan_os *os_report_make(const struct os_report_of *of, struct arena *arena)
{
    struct scan_os *os = arena_take(arena, sizeof *os);
    struct scan_port_used *used = arena_array(arena, 3, sizeof *used);
    *os = (struct scan_os){.used = used};
    if (of->ask->open_tcp)
        used[os->used_count++] = (struct scan_port_used){SCAN_OPEN, SCAN_TCP, of->ask->open_tcp};
    if (of->ask->closed_tcp)
        used[os->used_count++] =
            (struct scan_port_used){SCAN_CLOSED, SCAN_TCP, of->ask->closed_tcp};
    if (of->seen->heard[OS_PROBE_U1])
        used[os->used_count++] =
            (struct scan_port_used){SCAN_CLOSED, SCAN_UDP, of->ask->closed_udp};
    add_matches(of, os, arena);
    bool good = of->ask->open_tcp && of->ask->closed_tcp;
    if (of->show_print || (good && of->matches->perfect == 0))
        os->fingerprint = format_print(of, arena);
    return os;
}
