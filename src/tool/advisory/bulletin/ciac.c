/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The bulletins of the Computer Incident Advisory Capability (US Department of Energy, until 2008):
 *
 *                                  INFORMATION BULLETIN
 *                     The Example FTP Daemon Buffer Overflow Vulnerability
 *     March 2, 2001 17:00 GMT                                  Number K-010
 *     PROBLEM:       ...
 *     VULNERABILITY  The risk is MEDIUM. ...
 */
#include <string.h>

#include "tool/advisory/bulletin.h"

/* "K-010": a letter for the year, a number; followed by the end of the line. */
static const char *find_number(const char *text)
{
    for (const char *at = text; (at = strstr(at, "Number "));) {
        at += 7;
        at += strspn(at, " ");
        if (*at >= 'A' && *at <= 'Z' && at[1] == '-' && strspn(at + 2, "0123456789"))
            return at;
    }
    return NULL;
}

static const char *line_start(const char *text, const char *at)
{
    while (at > text && at[-1] != '\n')
        at--;
    return at;
}

/* The title stands between the heading and the line of the number, often on several lines. */
static const char *title_of(struct arena *arena, const char *text, const char *number_line)
{
    static const char head[] = "INFORMATION BULLETIN";
    const char *from = strstr(text, head);
    if (!from || from >= number_line)
        return NULL;
    from += sizeof head - 1;
    return bulletin_flat(arena, arena_copy(arena, from, (size_t)(number_line - from)));
}

static const char *risk_of(struct arena *arena, const char *flat)
{
    static const char mark[] = "The risk is ";
    const char *at = strstr(flat, mark);
    return at ? advisory_severity_word(bulletin_word(arena, at + sizeof mark - 1)) : NULL;
}

static bool read(struct arena *arena, const struct bulletin_text *in, struct advisory *out)
{
    const char *number = find_number(in->text);
    if (!number || !strstr(in->text, "PROBLEM:") ||
        !(strstr(in->text, "Computer Incident Advisory Capab") || strstr(in->text, "CIAC")))
        return false;
    const char *line = line_start(in->text, number);
    *out = advisory_new("ciac");
    out->id = arena_print(arena, "CIAC-%s", bulletin_word(arena, number));
    out->publisher = "CIAC";
    out->title = title_of(arena, in->text, line);
    if (!out->title || !*out->title)
        out->title = in->subject;
    out->date = bulletin_day(arena, arena_copy(arena, line, (size_t)(number - line) - 7));
    out->date = out->date ? out->date : in->date;
    const char *flat = bulletin_flat(arena, in->text);
    out->severity = risk_of(arena, flat);
    advisory_add_cves_in(arena, out, in->text, strlen(in->text));
    out->text = in->text;
    return true;
}

const struct bulletin bulletin_ciac = {
    .name = "ciac", .doc = "bulletins of the US Department of Energy's CIAC", .read = read};
