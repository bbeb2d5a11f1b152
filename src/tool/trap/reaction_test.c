/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/trap/reaction.h"

#include <string.h>

#include "check.h"
#include "core/base/mem.h"
#include "sys/io/file.h"
#include "test_folder.h"
#include "wire/packet/layer/number.h"

static const struct {
    const char *addr, *template, *text;
} rows[] = {
    {"192.0.2.7", "ALL: $TARGET$", "ALL: 192.0.2.7"},
    {"192.0.2.7", "$TARGET$ $TARGET$ $PORT$ $MODE$", "192.0.2.7 192.0.2.7 79 stcp"},
    {"2001:db8::7", "ip route add blackhole $TARGET$", "ip route add blackhole 2001:db8::7"},
    {"192.0.2.7", "$TARGET $PORT $$PORT$$", "$TARGET $PORT $79$"},
    {"192.0.2.7", "%h \"$TARGET$\"", "%h \"192.0.2.7\""},
    {"192.0.2.7", "", ""},
};

static int test_expand(void)
{
    int failed = 0;
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        struct err e = {0};
        struct probe p = {.to = {.port = 79}};
        struct str text = str_of(0);
        CHECK_ROW(i, addr_parse(&p.from.addr, rows[i].addr, &e) == 0);
        reaction_expand(rows[i].template, &p, "stcp", &text);
        CHECK_ROW(i, strcmp(str_text(&text), rows[i].text) == 0);
        str_done(&text);
    }
    return failed;
}

static int32_t no_offset(uint64_t wall_ns)
{
    (void)wall_ns;
    return 0;
}

static int count_lines(const char *path)
{
    struct err e = {0};
    struct str text = str_of(1 << 20);
    int count = file_read(path, &text, &e) < 0 ? -1 : 0;
    for (const char *at = str_text(&text); (at = strchr(at, '\n')); at++)
        count++;
    str_done(&text);
    return count;
}

static const struct {
    enum trap_block block;
    bool first;
    const char *order; /* what the commands left */
    int denied;
} order_rows[] = {
    {TRAP_BLOCK_NOTHING, false, NULL, -1},
    {TRAP_BLOCK_COMMAND_ONLY, false, "run\n", -1},
    {TRAP_BLOCK_HOST, true, "run\n", 1},
    {TRAP_BLOCK_HOST, false, "run\n", 1},
};

static int test_run(void)
{
    int failed = 0;
    for (size_t i = 0; i < ARRAY_COUNT(order_rows); i++) {
        struct err e = {0};
        struct loop *loop = NULL;
        char folder[TEST_FOLDER_MAX];
        struct arena arena = {0};
        CHECK_ROW(i, test_folder_make(folder) && loop_open(&loop, &clock_system, &e) == 0);
        const char *history = arena_print(&arena, "%s/history", folder);
        const char *blocked = arena_print(&arena, "%s/blocked.stcp", folder);
        const char *hosts_deny = arena_print(&arena, "%s/hosts.deny", folder);
        const char *ran = arena_print(&arena, "%s/ran", folder);
        const struct trap_conf conf = {.history_file = history,
                                       .blocked_file = arena_print(&arena, "%s/blocked", folder),
                                       .kill_hosts_deny = "ALL: $TARGET$",
                                       .kill_route =
                                           arena_print(&arena, "echo $TARGET$ >> %s/route", folder),
                                       .kill_run_cmd = arena_print(&arena, "echo run >> %s", ran),
                                       .run_cmd_first = order_rows[i].first};
        const struct reaction_spec spec = {
            .conf = &conf, .mode = "stcp", .hosts_deny = hosts_deny, .utc_offset_s = no_offset};
        struct probe p = {.from = {addr_ip4(0xc0000207), 1},
                          .to = {addr_ip4(0xc0000201), 79},
                          .ip_proto = IP_PROTO_TCP};
        CHECK_ROW(i, file_replace(blocked, "old\n", 4, 0600, &e) == 0);
        struct reaction *r = reaction_new(loop, &spec);
        reaction_run(r, &p, "192.0.2.7", order_rows[i].block);
        CHECK_ROW(i, loop_run(loop, &e) == 0);
        reaction_free(r);
        struct str text = str_of(4096);
        CHECK_ROW(i, (file_read(ran, &text, &e) == 0) == (order_rows[i].order != NULL));
        CHECK_ROW(i, !order_rows[i].order || strcmp(str_text(&text), order_rows[i].order) == 0);
        CHECK_ROW(i, count_lines(hosts_deny) == order_rows[i].denied);
        CHECK_ROW(i, count_lines(history) == 1 && count_lines(blocked) == 1);
        str_done(&text);
        loop_close(loop);
        arena_done(&arena);
        CHECK_ROW(i, test_folder_remove(folder));
    }
    return failed;
}

int trap_reaction_test(void)
{
    int failed = test_expand();
    const struct probe p = {.from = {addr_ip4(0xc0000207), 1},
                            .to = {addr_ip4(0xc0000201), 161},
                            .ip_proto = IP_PROTO_UDP,
                            .wall_ns = UINT64_C(1700000000) * 1000000000};
    struct str line = str_of(0);
    reaction_history_line(&p, "192.0.2.7", 3600, &line);
    CHECK(strcmp(str_text(&line), "1700000000 - 11/14/2023 23:13:20 Host: 192.0.2.7/192.0.2.7 "
                                  "Port: 161 UDP Blocked") == 0);
    str_done(&line);
    return failed + test_run();
}
