/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/trap/trap_conf.h"

#include <errno.h>
#include <string.h>

#include "check.h"
#include "core/base/mem.h"

struct told {
    size_t count;
    unsigned line;
    char why[ERR_TEXT_MAX];
};

static void note(void *ctx, unsigned line, const char *why)
{
    struct told *told = ctx;
    told->count++;
    told->line = line;
    strncpy(told->why, why, sizeof told->why - 1);
}

static const struct {
    const char *text;
    size_t refused;
    unsigned line;   /* of the last line refused */
    const char *why; /* part of its reason */
} bad[] = {
    {"# comment\n\n  # another\nTCP_PORTS=\"1,11\"\n", 0, 0, ""},
    {"TCP_PORTS = \"1,11\"\r\n", 0, 0, ""},
    {"\nTCP_PORTS=1,11\n", 1, 2, "Quotes missing from TCP_PORTS"},
    {"TCP_PORTS=\"1,11\n", 1, 1, "Quotes missing"},
    {"TCP_PORTS=\"1,70000\"\n", 1, 1, "TCP_PORTS: "},
    {"BLOCK_TCP=\"3\"\n", 1, 1, "BLOCK_TCP: "},
    {"BLOCK_TCP=\"yes\"\nBLOCK_UDP=\"-1\"", 2, 2, "BLOCK_UDP: "},
    {"SCAN_TRIGGER=\"many\"\n", 1, 1, "SCAN_TRIGGER: "},
    {"FOO=\"1\"\n", 1, 1, "FOO is no option"},
    {"nonsense\n", 1, 1, "neither"},
    {"=\"1\"\n", 1, 1, "no option"},
};

static int test_refusals(void)
{
    int failed = 0;
    for (size_t i = 0; i < ARRAY_COUNT(bad); i++) {
        struct arena arena = {0};
        struct trap_conf conf;
        struct told told = {0};
        trap_conf_read(&conf, bad[i].text, strlen(bad[i].text), &arena, note, &told);
        CHECK_ROW(i, told.count == bad[i].refused);
        CHECK_ROW(i, told.line == bad[i].line);
        CHECK_ROW(i, strstr(told.why, bad[i].why));
        arena_done(&arena);
    }
    return failed;
}

static const char whole[] = "TCP_PORTS=\"1,11,8000-8002\"\n"
                            "UDP_PORTS=\"7\"\n"
                            "ADVANCED_PORTS_TCP=\"2000\"\n"
                            "ADVANCED_EXCLUDE_TCP=\"113,139\"\n"
                            "IGNORE_FILE=\"/etc/portsentry/portsentry.ignore\"\n"
                            "BLOCK_TCP=\"2\"\n"
                            "BLOCK_UDP=\"1\"\n"
                            "RESOLVE_HOST=\"1\"\n"
                            "KILL_RUN_CMD=\"/bin/sh -c \"echo $TARGET$\"\"\n"
                            "KILL_RUN_CMD_FIRST = \"1\"\n"
                            "PORT_BANNER=\"** GO \"AWAY\" **\"\n"
                            "KILL_ROUTE=\"\"\n"
                            "SCAN_TRIGGER=\"2\"";

static int test_values(void)
{
    int failed = 0;
    struct arena arena = {0};
    struct trap_conf c;
    struct told told = {0};
    struct err e = {0};
    trap_conf_read(&c, whole, strlen(whole), &arena, note, &told);
    CHECK(told.count == 0);
    CHECK(port_set_count(&c.ports[TRAP_TCP].listed) == 5);
    CHECK(port_set_has(&c.ports[TRAP_TCP].listed, 8001));
    CHECK(c.ports[TRAP_TCP].advanced == 2000 && c.ports[TRAP_UDP].advanced == 1024);
    CHECK(port_set_has(&c.ports[TRAP_TCP].exclude, 139));
    CHECK(c.ports[TRAP_TCP].block == TRAP_BLOCK_COMMAND_ONLY);
    CHECK(c.ports[TRAP_UDP].block == TRAP_BLOCK_HOST);
    CHECK(c.resolve_host && c.run_cmd_first && c.scan_trigger == 2);
    CHECK(strcmp(c.kill_run_cmd, "/bin/sh -c \"echo $TARGET$\"") == 0);
    CHECK(strcmp(c.port_banner, "** GO \"AWAY\" **") == 0);
    CHECK(!c.kill_route && !c.history_file);
    CHECK(trap_conf_check(&c, TRAP_TCP, false, &e) == 0);
    trap_conf_read(&c, "", 0, &arena, note, &told);
    CHECK(!c.run_cmd_first && c.ports[TRAP_TCP].block == TRAP_BLOCK_NOTHING);
    CHECK(trap_conf_check(&c, TRAP_UDP, true, &e) == 0);
    CHECK(trap_conf_check(&c, TRAP_UDP, false, &e) == -EINVAL && strstr(e.text, "UDP_PORTS"));
    arena_done(&arena);
    return failed;
}

int trap_trap_conf_test(void)
{
    return test_refusals() + test_values();
}
