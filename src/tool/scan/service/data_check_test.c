/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/scan/service/data_check.h"

#include <errno.h>
#include <string.h>

#include "check.h"
#include "core/base/str.h"
#include "sys/io/file.h"
#include "test_folder.h"

/* Each file with one line in two that is wrong. */
static const struct {
    const char *name, *text, *told;
} row[] = {
    {"nmap-service-probes", "Probe TCP NULL q||\nmatch a m|(|\nmatch b m|b|\nrarity x\n",
     "4 2 probes=1 tcp_probes=1 udp_probes=0 match=2 softmatch=0 ports=0 sslports=0 rarity=0 "
     "fallback=0 totalwaitms=0 tcpwrappedms=0 exclude=0 "},
    {"nmap-os-db",
     "# x\nMatchPoints\nSEQ(SP=25)\n\nFingerprint A\nClass a | b | c | d\nCPE cpe:/o:a\n"
     "SEQ(SP=1)\nOPS(O1=2)\nFingerprint\nClass a | b\nCPE x\nseq(A=1)\nT1(\n",
     "10 11 12 13 14 fingerprints=1 classes=1 cpes=1 test_lines=2 matchpoints=1 "},
    {"nmap-services",
     "# x\nssh 22/tcp 0.1\ndns 53/udp\nd 1/dccp\nbad\nworse 70000/tcp\n s 9/sctp\n",
     "5 6 entries=4 tcp=1 udp=1 sctp=1 "},
    {"nmap-protocols", "icmp 1 # x\nbad x\n", "2 entries=1 "},
    {"nmap-rpc", "portmapper 100000 rpcbind\nbad\n", "2 entries=1 "},
    {"nmap-mac-prefixes", "000000 Xerox\n00000 Short\n0050C2000 Long\n00000G Hex\n000001\n",
     "2 4 5 entries=2 "},
};

struct told {
    const char *file;
    struct str text;
};

static void on_fault(void *ctx, const char *file, unsigned line, const char *why)
{
    struct told *t = ctx;
    (void)why;
    if (strcmp(file, t->file) == 0)
        str_addf(&t->text, "%u ", line);
}

static void on_count(void *ctx, const char *file, const char *key, size_t count)
{
    struct told *t = ctx;
    if (strcmp(file, t->file) == 0)
        str_addf(&t->text, "%s=%zu ", key, count);
}

static bool write_all(const char *folder)
{
    bool ok = true;
    struct err e = {0};
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        char path[TEST_FOLDER_MAX + 64];
        snprintf(path, sizeof path, "%s/%s", folder, row[i].name);
        ok &= file_replace(path, row[i].text, strlen(row[i].text), 0600, &e) == 0;
    }
    return ok;
}

int service_data_check_test(void)
{
    int failed = 0;
    char folder[TEST_FOLDER_MAX];
    CHECK(test_folder_make(folder) && write_all(folder));
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        struct told told = {row[i].name, str_of(0)};
        struct data_check_events events = {&told, on_fault, on_count};
        struct err e = {0};
        CHECK_ROW(i, data_check(folder, &events, &e) == 14);
        CHECK_ROW(i, strcmp(str_text(&told.text), row[i].told) == 0);
        str_done(&told.text);
    }
    CHECK(test_folder_remove(folder));
    struct told none = {"", str_of(0)};
    struct data_check_events events = {&none, on_fault, on_count};
    struct err e = {0};
    CHECK(data_check(folder, &events, &e) == -ENOENT && strstr(e.text, folder));
    return failed;
}
