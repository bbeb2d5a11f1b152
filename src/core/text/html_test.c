/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "check.h"
#include "core/text/html.h"

#define REPLACEMENT "\xef\xbf\xbd"

static const struct {
    const char *in, *text, *outside;
} row[] = {
    {"", "", ""},
    {"plain", "plain", "plain"},
    {"<b>&'\"", "&lt;b&gt;&amp;&#39;&quot;", "&lt;b&gt;&amp;&#39;&quot;"},
    {"a\tb\nc", "a\tb\nc", "a\tb\nc"},
    {"\x01\r\x7f", REPLACEMENT REPLACEMENT REPLACEMENT, REPLACEMENT REPLACEMENT REPLACEMENT},
    {"\xc2\x9f\xc2\xa0", REPLACEMENT "\xc2\xa0", REPLACEMENT "\xc2\xa0"}, /* C1 and what follows */
    {"\xff", REPLACEMENT, REPLACEMENT},
    {"\xef\xb7\x90\xef\xbf\xbf", REPLACEMENT REPLACEMENT, REPLACEMENT REPLACEMENT},
    {"\xf0\x9f\xbf\xbe\xf0\x9f\xbf\xbd", REPLACEMENT "\xf0\x9f\xbf\xbd",
     REPLACEMENT "\xf0\x9f\xbf\xbd"},
    {"\xe2\x80\xae", "\xe2\x80\xae", REPLACEMENT}, /* right-to-left override */
    {"\xe2\x81\xa9", "\xe2\x81\xa9", REPLACEMENT}, /* pop isolate: the way out of <bdi> */
    {"\xe2\x80\x8f\xd7\x90", "\xe2\x80\x8f\xd7\x90", "\xe2\x80\x8f\xd7\x90"},
};

static int check_places(void)
{
    int failed = 0;
    struct str out = str_of(0), want = str_of(0);
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        struct html_out h = html_out_of(&out);
        str_reset(&out);
        html_text(&h, row[i].in);
        CHECK_ROW(i, strcmp(str_text(&out), row[i].text) == 0);
        str_reset(&out);
        str_reset(&want);
        html_outside(&h, row[i].in);
        str_addf(&want, "<bdi>%s</bdi>", row[i].outside);
        CHECK_ROW(i, strcmp(str_text(&out), str_text(&want)) == 0);
        str_reset(&out);
        str_reset(&want);
        html_open(&h, "a");
        html_attr(&h, "title", row[i].in);
        html_close(&h);
        str_addf(&want, "<a title=\"%s\"></a>", row[i].outside);
        CHECK_ROW(i, strcmp(str_text(&out), str_text(&want)) == 0);
    }
    str_done(&out);
    str_done(&want);
    return failed;
}

int text_html_test(void)
{
    int failed = check_places();
    struct str out = str_of(0);
    struct html_out h = html_out_of(&out);
    html_raw(&h, "<!doctype html>\n");
    html_open(&h, "html");
    html_attr(&h, "lang", "en");
    html_void(&h, "meta");
    html_attr(&h, "charset", "utf-8");
    html_element(&h, "h1", "Hosts & ports");
    html_open(&h, "p");
    html_textf(&h, "%d of <%s>", 3, "x");
    html_void(&h, "br");
    html_outside(&h, "banner");
    html_close(&h);
    html_open(&h, "i");
    html_close(&h);
    html_close(&h);
    CHECK(h.depth == 0);
    CHECK(strcmp(str_text(&out),
                 "<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\">"
                 "<h1>Hosts &amp; ports</h1><p>3 of &lt;x&gt;<br><bdi>banner</bdi></p>"
                 "<i></i></html>") == 0);
    str_done(&out);
    return failed;
}
