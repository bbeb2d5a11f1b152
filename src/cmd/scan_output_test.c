/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which files a scan writes, under which names, and what they hold when something goes wrong. */
#include "cmd/scan_output.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "check.h"
#include "sys/io/file.h"
#include "test_folder.h"

enum { PATH_TEXT_MAX = TEST_FOLDER_MAX + 64 };

static char folder[TEST_FOLDER_MAX];
static struct clock at_noon; /* 2026-03-05 12:34:56 UTC */

static const struct scan_options options;

/* The command line: one option with a file in the test's folder. */
static bool add_report(struct scan_cli *cli, const char *option, const char *name,
                       char path[PATH_TEXT_MAX])
{
    static char command[] = "scan";
    char word[8];
    struct err e = {0};
    struct text_list words = {0};
    snprintf(path, PATH_TEXT_MAX, "%s/%s", folder, name);
    snprintf(word, sizeof word, "%s", option);
    char *argv[] = {command, word, path};
    int rc = option_parse(&scan_cli_table, ARRAY_LEN(argv), argv, cli, &words, &e);
    text_list_done(&words);
    return rc == 0;
}

static bool read_report(const char *name, struct str *out)
{
    char path[PATH_TEXT_MAX];
    struct err e = {0};
    snprintf(path, sizeof path, "%s/%s", folder, name);
    str_reset(out);
    return file_read(path, out, &e) == 0;
}

/* Open, tell of one host, close.  Standard output is kept quiet by a report of its own. */
static int write_all(struct scan_cli *cli, struct err *e)
{
    struct scan_output o;
    struct scan_host host = {.state = SCAN_HOST_UP, .addr = addr_ip4(0xc0000202)};
    struct scan_tail tail = {.hosts_up = 1, .hosts_total = 1};
    int rc = scan_output_open(&o, cli, &options, "picket scan", &at_noon, e);
    if (rc == 0)
        rc = scan_output_host(&o, &host, &tail, e);
    struct err close_error = {0};
    tail.error = rc < 0 ? e->text : NULL;
    int closed = scan_output_close(&o, &tail, &close_error);
    if (rc == 0 && closed < 0)
        *e = close_error;
    return rc < 0 ? rc : closed;
}

static const struct {
    const char *typed, *written;
} names[] = {
    {"plain", "plain"},
    {"%H-%M-%S", "12-34-56"},
    {"%m-%d-%y-%Y", "03-05-26-2026"},
    {"%T", "123456"}, /* nmap(1): as strftime(3), but without colons .. */
    {"%R", "1234"},
    {"%D", "030526"}, /* .. and without slashes, which would be folders */
    {"a%%b", "a%b"},
    {"%q%", "q%"}, /* other letters stand for themselves, a last % as well */
};

static void check_names(int *failures)
{
    int failed = 0;
    struct str text = str_of(0);
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        struct scan_cli cli = scan_cli_default();
        struct err e = {0};
        char path[PATH_TEXT_MAX];
        CHECK_ROW(i, add_report(&cli, "-oG", names[i].typed, path) && write_all(&cli, &e) == 0);
        CHECK_ROW(i, read_report(names[i].written, &text));
        CHECK_ROW(i, strstr(str_text(&text), "Host: 192.0.2.2 ()\tStatus: Up\n"));
    }
    struct scan_cli cli = scan_cli_default();
    struct err e = {0};
    char path[PATH_TEXT_MAX], long_path[5000];
    CHECK(add_report(&cli, "-oG", "x", path));
    memset(long_path, 'x', sizeof long_path - 1);
    long_path[sizeof long_path - 1] = '\0';
    cli.report[0].path = long_path;
    CHECK(write_all(&cli, &e) == -ENAMETOOLONG);
    str_done(&text);
    *failures += failed;
}

static void check_all_formats(int *failures)
{
    int failed = 0;
    static const char *const part[][2] = {
        {"all.nmap", "Nmap scan report for 192.0.2.2\n"},
        {"all.xml", "</nmaprun>\n"},
        {"all.gnmap", "Status: Up\n"},
    };
    struct scan_cli cli = scan_cli_default();
    struct err e = {0};
    struct str text = str_of(0);
    char path[PATH_TEXT_MAX];
    CHECK(add_report(&cli, "-oA", "all", path) && write_all(&cli, &e) == 0);
    for (size_t i = 0; i < ARRAY_LEN(part); i++)
        CHECK_ROW(i, read_report(part[i][0], &text) && strstr(str_text(&text), part[i][1]));
    str_done(&text);
    *failures += failed;
}

static void check_append(int *failures)
{
    int failed = 0;
    struct str first = str_of(0), second = str_of(0);
    struct err e = {0};
    for (int append = 0; append < 2; append++) {
        struct scan_cli cli = scan_cli_default();
        char path[PATH_TEXT_MAX];
        cli.append = append;
        CHECK(add_report(&cli, "-oG", "kept", path) && write_all(&cli, &e) == 0);
        CHECK(read_report("kept", append ? &second : &first));
    }
    CHECK(first.len > 0 && second.len == 2 * first.len);
    CHECK(strncmp(str_text(&second), str_text(&first), first.len) == 0);
    str_done(&first);
    str_done(&second);
    *failures += failed;
}

/* A file that cannot be opened stops all; those that were open before are ended with the reason. */
static void check_no_folder(int *failures)
{
    int failed = 0;
    struct scan_cli cli = scan_cli_default();
    struct err e = {0};
    struct str text = str_of(0);
    char good[PATH_TEXT_MAX], bad[PATH_TEXT_MAX];
    CHECK(add_report(&cli, "-oX", "good.xml", good) && add_report(&cli, "-oN", "no/such", bad));
    CHECK(write_all(&cli, &e) == -ENOENT && strstr(e.text, bad));
    CHECK(read_report("good.xml", &text) && strstr(str_text(&text), "exit=\"error\""));
    CHECK(strstr(str_text(&text), "no/such: No such file") &&
          strstr(str_text(&text), "</nmaprun>"));
    str_done(&text);
    *failures += failed;
}

/* RLIMIT_FSIZE is a disk that is full at the third kilobyte. */
static void check_full(int *failures)
{
    int failed = 0;
    struct rlimit limit = {3000, RLIM_INFINITY};
    struct scan_cli cli = scan_cli_default();
    struct scan_output o;
    struct err e = {0};
    struct str text = str_of(0);
    struct scan_host host = {.state = SCAN_HOST_UP, .addr = addr_ip4(0xc0000202)};
    struct scan_tail tail = {0};
    char full[PATH_TEXT_MAX], small[PATH_TEXT_MAX];
    signal(SIGXFSZ, SIG_IGN);
    CHECK(setrlimit(RLIMIT_FSIZE, &limit) == 0);
    CHECK(add_report(&cli, "-oX", "full.xml", full) && add_report(&cli, "-oG", "small", small));
    CHECK(scan_output_open(&o, &cli, &options, "picket scan", &at_noon, &e) == 0);
    int rc = 0, hosts = 0;
    for (; rc == 0 && hosts < 100; hosts++)
        rc = scan_output_host(&o, &host, &tail, &e);
    CHECK(rc == -EFBIG && hosts > 1 && strstr(e.text, full));
    tail.error = e.text;
    CHECK(scan_output_close(&o, &tail, &e) == -EFBIG && strstr(e.text, full));
    CHECK(read_report("full.xml", &text) && text.len <= 3000); /* shorter, but whole */
    CHECK(strcmp(str_text(&text) + text.len - 11, "</nmaprun>\n") == 0);
    CHECK(read_report("small", &text) && strstr(str_text(&text), "full.xml")); /* says what was */
    str_done(&text);
    *failures += failed;
}

static void check_on_the_way(int *failures)
{
    int failed = 0;
    struct scan_options verbose = {.verbosity = 1};
    struct scan_cli cli = scan_cli_default();
    struct scan_output o;
    struct scan_tail tail = {0};
    struct scan_host host = {.state = SCAN_HOST_UP, .addr = addr_ip4(0xc0000202)};
    struct scan_found found = {.addr = host.addr, .number = 80};
    struct err e = {0};
    struct str text = str_of(0);
    char path[PATH_TEXT_MAX];
    CHECK(add_report(&cli, "-oX", "way.xml", path));
    CHECK(scan_output_open(&o, &cli, &verbose, "picket scan", &at_noon, &e) == 0);
    CHECK(scan_output_hint(&o, &host, &tail, &e) == 0);
    CHECK(scan_output_found(&o, &found, &tail, &e) == 0);
    CHECK(scan_output_close(&o, &tail, &e) == 0);
    CHECK(read_report("way.xml", &text) && strstr(str_text(&text), "<hosthint>"));
    str_done(&text);
    *failures += failed;
}

static void check_tasks(int *failures)
{
    int failed = 0;
    static const struct {
        int verbosity;
        int64_t stats_every_ns;
        bool begin, progress;
    } row[] = {{0, 0, false, false}, {1, 0, true, false}, {0, 1, false, true}, {1, 1, true, true}};
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        struct scan_options verbose = {.verbosity = row[i].verbosity};
        struct scan_cli cli = scan_cli_default();
        struct scan_output o;
        struct scan_tail tail = {0};
        struct scan_task begin = {.phase = SCAN_TASK_BEGIN, .name = "T"};
        struct scan_task progress = {.phase = SCAN_TASK_PROGRESS, .name = "T", .percent = 5};
        struct err e = {0};
        struct str text = str_of(0);
        char path[PATH_TEXT_MAX];
        cli.stats_every_ns = row[i].stats_every_ns;
        CHECK_ROW(i, add_report(&cli, "-oX", "tasks.xml", path));
        CHECK_ROW(i, scan_output_open(&o, &cli, &verbose, "picket scan", &at_noon, &e) == 0);
        CHECK_ROW(i, scan_output_task(&o, &begin, &tail, &e) == 0);
        clock_advance(&at_noon, NS_PER_S);
        CHECK_ROW(i, scan_output_task(&o, &progress, &tail, &e) == 0);
        CHECK_ROW(i, scan_output_close(&o, &tail, &e) == 0);
        CHECK_ROW(i, read_report("tasks.xml", &text));
        CHECK_ROW(i, !!strstr(str_text(&text), "<taskbegin") == row[i].begin);
        CHECK_ROW(i, !!strstr(str_text(&text), "<taskprogress") == row[i].progress);
        str_done(&text);
    }
    *failures += failed;
}

int cmd_scan_output_test(void)
{
    int failed = 0, nothing = open("/dev/null", O_WRONLY | O_CLOEXEC);
    FILE *kept_stdout = stdout;
    stdout = fdopen(dup(STDOUT_FILENO), "w"); /* for what CHECK prints .. */
    dup2(nothing, STDOUT_FILENO);             /* .. while the screen's report is not looked at */
    at_noon = clock_fake(NS_PER_S, 1772714096 * NS_PER_S);
    CHECK(test_folder_make(folder));
    check_names(&failed);
    check_all_formats(&failed);
    check_append(&failed);
    check_no_folder(&failed);
    check_on_the_way(&failed);
    check_tasks(&failed);
    check_full(&failed);
    CHECK(test_folder_remove(folder));
    fclose(stdout);
    stdout = kept_stdout;
    close(nothing);
    return failed;
}
