/* SPDX-License-Identifier: GPL-3.0-or-later */
/* data/DSA/list and data/DLA/list of Debian's security tracker:
 *
 *     [29 Mar 2023] DSA-5380-1 xorg-server - security update
 *             {CVE-2023-1393}
 *             [bullseye] - xorg-server 2:1.20.11-1+deb11u6
 *
 * "<not-affected>", "<end-of-life>" and the like stand where a version would, and are kept so. */
#include <errno.h>
#include <string.h>

#include "core/text/date.h"
#include "tool/advisory/feed.h"

static bool fits(const struct advisory_input *in)
{
    const char *close = in->len ? memchr(in->text, ']', in->len < 20 ? in->len : 20) : NULL;
    return in->shape.kind == SHAPE_TEXT && in->text[0] == '[' && close &&
           (size_t)(in->text + in->len - close) > 6 && close[1] == ' ' &&
           (memcmp(close + 2, "DSA-", 4) == 0 || memcmp(close + 2, "DLA-", 4) == 0 ||
            memcmp(close + 2, "DTSA", 4) == 0);
}

/* The word that stands here, which is cut off with the blank behind it; NULL: none. */
static char *word(char **at)
{
    char *start = *at;
    size_t len = strcspn(start, " \t");
    if (!len)
        return NULL;
    *at = start + len;
    if (**at)
        *(*at)++ = '\0';
    return start;
}

static void take_head(struct arena *arena, struct advisory *a, char *line)
{
    char *close = strchr(line, ']');
    struct date date;
    *a = advisory_new("debian");
    a->publisher = "Debian";
    if (!close)
        return;
    *close = '\0';
    if (date_parse_loose(&date, line + 1))
        a->date = arena_copy(arena, date_text(&date).text, 10);
    char *rest = close + 1 + strspn(close + 1, " ");
    a->id = word(&rest);
    a->title = rest;
    const char *dash = strstr(rest, " - ");
    if (dash)
        advisory_add_package(arena, a, "Debian", arena_copy(arena, rest, (size_t)(dash - rest)));
}

static void take_fix(struct arena *arena, struct advisory *a, char *line)
{
    char *close = strchr(line, ']');
    if (!close)
        return;
    *close = '\0';
    char *rest = close + 1 + (close[1] == ' ');
    char *dash = word(&rest), *package = word(&rest), *version = word(&rest);
    if (dash && strcmp(dash, "-") == 0 && package && version)
        advisory_add_fix(arena, a, &(struct advisory_fix){line + 1, package, version});
}

static void take_detail(struct arena *arena, struct advisory *a, char *line)
{
    if (*line++ != '\t') /* other lines are remarks, and slips that the tracker passes over, too */
        return;
    if (*line == '{')
        advisory_add_cves_in(arena, a, line, strlen(line));
    else if (*line == '[')
        take_fix(arena, a, line);
}

static int tell(const struct advisory_sink *to, struct advisory *a, struct err *e)
{
    return a->id ? feed_tell(to, a, e) : 0;
}

static int read(const struct advisory_input *in, const struct advisory_sink *to, struct err *e)
{
    struct arena arena = {0};
    struct advisory a = {0};
    int rc = 0;
    for (const char *at = in->text, *end = in->text + in->len, *next; rc == 0 && at < end;
         at = next) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        next = newline ? newline + 1 : end;
        bool head = *at == '[';
        if (head) {
            rc = tell(to, &a, e);
            arena_reset(&arena);
        }
        char *line = arena_copy(&arena, at, (size_t)((newline ? newline : end) - at));
        if (head)
            take_head(&arena, &a, line);
        else if (a.id)
            take_detail(&arena, &a, line);
    }
    rc = rc ? rc : tell(to, &a, e);
    arena_done(&arena);
    return rc;
}

const struct advisory_feed advisory_feed_debian_list = {
    .name = "debian_list", .doc = "Debian's lists of DSA and DLA", .fits = fits, .read = read};
