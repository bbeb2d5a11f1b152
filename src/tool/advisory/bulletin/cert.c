/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The CERT/CC's advisories of 1988 to 2004, and the alerts of US-CERT that followed:
 *
 *     CERT Advisory CA-2000-10 Multiple Vulnerabilities in Example Server
 *        Original release date: February 10, 2000
 *        VU#123450 - a buffer overflow.
 */
#include <string.h>

#include "tool/advisory/bulletin.h"

static void add_notes(struct arena *arena, struct advisory *a, const char *text)
{
    for (const char *at = text; (at = strstr(at, "VU#"));) {
        size_t digits = strspn(at + 3, "0123456789");
        if (digits)
            advisory_add_word(arena, &a->vu, arena_copy(arena, at, 3 + digits));
        at += 3 + digits;
    }
}

static bool read(struct arena *arena, const struct bulletin_text *in, struct advisory *out)
{
    const char *head = bulletin_field(arena, in->text, "CERT Advisory CA-", false);
    const char *form = "CA-%s";
    if (!head) {
        head = bulletin_field(arena, in->text, "Technical Cyber Security Alert TA", false);
        form = "TA%s";
    }
    if (!head)
        return false;
    const char *number = bulletin_word(arena, head);
    *out = advisory_new("cert");
    out->id = arena_print(arena, *form == 'C' ? "CA-%s" : "TA%s", number);
    out->publisher = *form == 'C' ? "CERT/CC" : "US-CERT";
    out->title = head + strlen(number) + strspn(head + strlen(number), " -");
    out->date =
        bulletin_day(arena, bulletin_field(arena, in->text, "Original release date:", false));
    out->date = out->date ? out->date : in->date;
    advisory_add_cves_in(arena, out, in->text, strlen(in->text));
    add_notes(arena, out, in->text);
    out->text = in->text;
    return true;
}

const struct bulletin bulletin_cert = {
    .name = "cert", .doc = "CERT/CC's advisories, US-CERT's alerts", .read = read};
