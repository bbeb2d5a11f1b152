/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/scan_resume.h"

#include <errno.h>
#include <string.h>

#include "check.h"

#define TEXT_HEAD                                                                                  \
    "# picket 0.1.0 scan initiated Tue Nov 24 17:00:00 2026 as: picket scan -p 22 10.0.0.1-9\n"
#define TEXT_TAIL "# picket done at Tue Nov 24 17:00:00 2026 -- 1 IP address\n"
#define XML_HEAD                                                                                   \
    "<?xml version=\"1.0\"?>\n<nmaprun scanner=\"nmap\" args=\"picket scan --data-string \
&quot;a &amp; b&quot; 10.0.0.1\" start=\"1\">\n"

static const struct {
    const char *text;
    int rc;
    uint64_t hosts;
    const char *last, *args, *tail; /* how what is cut off begins */
} row[] = {
    {TEXT_HEAD "Nmap scan report for 10.0.0.1\nHost is up\n\nNmap scan report for a.example "
               "(10.0.0.2)\nHost is up\n\n" TEXT_TAIL,
     0, 2, "10.0.0.2", "picket scan -p 22 10.0.0.1-9", "# picket done"},
    {TEXT_HEAD "Nmap scan report for 10.0.0.1 [host down]\n\n# Stopped: killed\n" TEXT_TAIL, 0, 1,
     "10.0.0.1", "picket scan -p 22 10.0.0.1-9", "# Stopped"},
    {TEXT_HEAD "Nmap scan report for fe80::1\n\n" TEXT_TAIL, 0, 1, "fe80::1", NULL, "# p"},
    {TEXT_HEAD "\n" TEXT_TAIL, 0, 0, "", "picket scan -p 22 10.0.0.1-9", "# picket done"},
    {TEXT_HEAD "Host: 10.0.0.1 ()\tStatus: Up\nHost: 10.0.0.1 ()\tPorts: 22/open\nHost: 10.0.0.2 "
               "(a.example)\tStatus: Up\n" TEXT_TAIL,
     0, 2, "10.0.0.2", "picket scan -p 22 10.0.0.1-9", "# picket done"},
    {XML_HEAD
     "<host>\n<address addr=\"10.0.0.1\" addrtype=\"ipv4\"/>\n<address addr=\"02:00:00:00:00:01"
     "\" addrtype=\"mac\"/>\n</host>\n<runstats>\n</runstats>\n</nmaprun>\n",
     0, 1, "10.0.0.1", "picket scan --data-string \"a & b\" 10.0.0.1", "<runstats>"},
    {"{\"program\":\"picket scan\",\"args\":\"picket scan \\\"a "
     "b\\\"\",\"hosts\":[{\"address\":\"10.0."
     "0.1\"},{\"address\":\"10.0.0.7\"}],\"end\":\"x\"}\n",
     0, 2, "10.0.0.7", "picket scan \"a b\"", "],\"end\""},
    {"", -EINVAL, 0, NULL, NULL, NULL},
    {"# Nmap 7.93 scan initiated Tue as: nmap x\n", -EINVAL, 0, NULL, NULL, NULL},
    {"<!DOCTYPE html>\n", -EINVAL, 0, NULL, NULL, NULL},
    {"<nmaprun scanner=\"nmap\" args=\"picket scan", -EINVAL, 0, NULL, NULL, NULL},
    {"<nmaprun><runstats>", -EINVAL, 0, NULL, NULL, NULL}, /* no command line */
};

static const struct {
    const char *args;
    int rc;
    const char *word[4];
} cuts[] = {
    {"picket scan -p 22", 0, {"picket", "scan", "-p", "22"}},
    {" a  \"b c\"d \\\"e ", 0, {"a", "b cd", "\"e"}},
    {"a \"\" \\\\", 0, {"a", "", "\\"}},
    {"", 0, {NULL}},
    {"a \"b", -EINVAL, {NULL}},
};

int cmd_scan_resume_test(void)
{
    int failed = 0;
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        struct scan_resume r = {0};
        struct err e = {0};
        char addr[ADDR_TEXT_MAX];
        CHECK_ROW(i, scan_resume_parse(&r, row[i].text, strlen(row[i].text), &e) == row[i].rc);
        if (row[i].rc == 0) {
            CHECK_ROW(i, r.hosts == row[i].hosts);
            CHECK_ROW(i, strcmp(addr_format(&r.last, addr), row[i].last) == 0);
            CHECK_ROW(i, !row[i].args || (r.args && strcmp(r.args, row[i].args) == 0));
            CHECK_ROW(i, strncmp(row[i].text + r.tail_at, row[i].tail, strlen(row[i].tail)) == 0);
        }
        scan_resume_done(&r);
    }
    for (size_t i = 0; i < ARRAY_LEN(cuts); i++) {
        struct text_list words = {0};
        struct arena arena = {0};
        struct err e = {0};
        CHECK_ROW(i, scan_resume_words(cuts[i].args, &arena, &words, &e) == cuts[i].rc);
        for (size_t w = 0; cuts[i].rc == 0 && w < ARRAY_LEN(cuts[i].word) && cuts[i].word[w]; w++)
            CHECK_ROW(i, w < words.count && strcmp(words.text[w], cuts[i].word[w]) == 0);
        text_list_done(&words);
        arena_done(&arena);
    }
    return failed;
}
