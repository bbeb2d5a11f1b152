/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "check.h"
#include "core/text/xml.h"

static const struct {
    const char *in, *text, *attr, *comment;
} row[] = {
    {"", "<a></a>", "<a b=\"\"/>", "<!--  -->"},
    {"x", "<a>x</a>", "<a b=\"x\"/>", "<!-- x -->"},
    {"<&>\"'", "<a>&lt;&amp;&gt;\"'</a>", "<a b=\"&lt;&amp;&gt;&quot;'\"/>", "<!-- <&>\"' -->"},
    {"]]>", "<a>]]&gt;</a>", "<a b=\"]]&gt;\"/>", "<!-- ]]> -->"},
    {"a\tb\nc\rd", "<a>a\tb\nc&#xd;d</a>", "<a b=\"a&#x9;b&#xa;c&#xd;d\"/>", "<!-- a\tb\nc\rd -->"},
    /* what XML 1.0 cannot hold */
    {"\x01\x1f", "<a>\\x01\\x1f</a>", "<a b=\"\\x01\\x1f\"/>", "<!-- \\x01\\x1f -->"},
    {"\xff\xe2\x82", "<a>\\xff\\xe2\\x82</a>", "<a b=\"\\xff\\xe2\\x82\"/>",
     "<!-- \\xff\\xe2\\x82 -->"},
    {"\xed\xa0\x80", "<a>\\xed\\xa0\\x80</a>", "<a b=\"\\xed\\xa0\\x80\"/>",
     "<!-- \\xed\\xa0\\x80 -->"},
    {"\xef\xbf\xbe", "<a>\\xef\\xbf\\xbe</a>", "<a b=\"\\xef\\xbf\\xbe\"/>",
     "<!-- \\xef\\xbf\\xbe -->"},
    {"\xef\xbf\xbd\xf0\x9f\x92\xa9", "<a>\xef\xbf\xbd\xf0\x9f\x92\xa9</a>",
     "<a b=\"\xef\xbf\xbd\xf0\x9f\x92\xa9\"/>", "<!-- \xef\xbf\xbd\xf0\x9f\x92\xa9 -->"},
    {"--", "<a>--</a>", "<a b=\"--\"/>", "<!-- - - -->"},
    {"a---b-", "<a>a---b-</a>", "<a b=\"a---b-\"/>", "<!-- a- - -b- -->"},
    {"-->", "<a>--&gt;</a>", "<a b=\"--&gt;\"/>", "<!-- - -> -->"},
};

static int check_places(void)
{
    int failed = 0;
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        struct str out = str_of(0);
        struct xml_out x = xml_out_of(&out);
        xml_open(&x, "a");
        xml_text(&x, row[i].in);
        xml_close(&x);
        CHECK_ROW(i, strcmp(str_text(&out), row[i].text) == 0);
        str_reset(&out);
        xml_open(&x, "a");
        xml_attr(&x, "b", row[i].in);
        xml_close(&x);
        CHECK_ROW(i, strcmp(str_text(&out), row[i].attr) == 0);
        str_reset(&out);
        xml_comment(&x, row[i].in);
        CHECK_ROW(i, strcmp(str_text(&out), row[i].comment) == 0);
        str_done(&out);
    }
    return failed;
}

int text_xml_test(void)
{
    int failed = check_places();
    struct str out = str_of(0);
    struct xml_out x = xml_out_of(&out);
    xml_declaration(&x);
    xml_newline(&x);
    xml_raw(&x, "<!DOCTYPE run>");
    xml_newline(&x);
    xml_open(&x, "run");
    xml_attr(&x, "args", "scan -oX -");
    xml_attr(&x, "none", NULL); /* left out */
    xml_attr_u64(&x, "big", UINT64_MAX);
    xml_attr_i64(&x, "small", INT64_MIN);
    xml_attrf(&x, "text", "%s=%d", "\"n\"", 7);
    xml_newline(&x);
    xml_open(&x, "host");
    xml_open(&x, "port");
    xml_close(&x);
    xml_newline(&x);
    xml_open(&x, "name");
    xml_text(&x, "n");
    xml_newline(&x); /* would be part of the text */
    xml_close(&x);
    xml_close(&x);
    xml_newline(&x);
    xml_comment(&x, "end");
    xml_close(&x);
    CHECK(x.depth == 0);
    CHECK(strcmp(str_text(&out), "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE run>\n"
                                 "<run args=\"scan -oX -\" big=\"18446744073709551615\" "
                                 "small=\"-9223372036854775808\" text=\"&quot;n&quot;=7\">\n"
                                 "<host><port/>\n<name>n</name></host>\n<!-- end --></run>") == 0);
    str_done(&out);
    return failed;
}
