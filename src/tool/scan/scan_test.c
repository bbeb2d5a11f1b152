/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whole scans of a small world: what is told of which host, in which order, and how they end. */
#include "tool/scan/scan.h"

#include <errno.h>
#include <string.h>

#include "check.h"
#include "tool/scan/world_test.h"

/* What was told: a line a host, "192.0.2.2 up arp-response: 80 open, 81 closed". */
struct told {
    struct str text;
    size_t hosts, begun, ended, bad, hints, found;
    size_t stop_after;             /* hosts; 0: never */
    int host_result, found_result; /* what the events return */
    bool unfinished;               /* each time, so_far said that the end is not reached */
};

static int on_host(void *ctx, const struct scan_host *h, const struct scan_tail *so_far,
                   struct err *e)
{
    struct told *t = ctx;
    char addr[ADDR_TEXT_MAX];
    str_addf(&t->text, "%s", addr_format(&h->addr, addr));
    for (size_t i = 0; i < h->name_count; i++)
        str_addf(&t->text, " (%s)", h->name[i].name);
    str_addf(&t->text, " %s %s%s", scan_host_state_name(h->state),
             scan_reason_name(h->because.reason, 1), h->has_mac ? " mac" : "");
    for (size_t i = 0; i < h->port_count; i++)
        str_addf(&t->text, "%s %u %s%s%s", i ? "," : ":", h->port[i].number,
                 scan_state_name(h->port[i].state), h->port[i].owner ? " of " : "",
                 h->port[i].owner ? h->port[i].owner : "");
    for (size_t i = 0; h->trace && i < h->trace->hop_count; i++)
        str_addf(&t->text, "%s %s", i ? "," : " via",
                 h->trace->hop[i].addr.family ? addr_format(&h->trace->hop[i].addr, addr) : "?");
    str_add_char(&t->text, '\n');
    t->hosts++;
    t->unfinished &= so_far->error != NULL && so_far->hosts_total >= t->hosts;
    return t->host_result ? err_set(e, t->host_result, "told") : 0;
}

static int on_hint(void *ctx, const struct scan_host *h, const struct scan_tail *so_far,
                   struct err *e)
{
    struct told *t = ctx;
    (void)so_far, (void)e;
    t->hints += h->state == SCAN_HOST_UP && !h->ports_scanned && h->port_count == 0;
    return 0;
}

static int on_found(void *ctx, const struct scan_found *found, const struct scan_tail *so_far,
                    struct err *e)
{
    struct told *t = ctx;
    (void)so_far;
    t->found += found->proto == SCAN_TCP && found->number == WORLD_OPEN_PORT;
    return t->found_result ? err_set(e, t->found_result, "found") : 0;
}

static int on_task(void *ctx, const struct scan_task *task, const struct scan_tail *so_far,
                   struct err *e)
{
    struct told *t = ctx;
    (void)so_far, (void)e;
    t->begun += task->phase == SCAN_TASK_BEGIN;
    t->ended += task->phase == SCAN_TASK_END;
    return 0;
}

static int on_bad_target(void *ctx, const char *text, const char *why,
                         const struct scan_tail *so_far, struct err *e)
{
    struct told *t = ctx;
    (void)so_far, (void)e;
    t->bad += strcmp(text, "nobody.invalid") == 0 && *why;
    return 0;
}

static bool is_stopped(void *ctx)
{
    struct told *t = ctx;
    return t->stop_after && t->hosts >= t->stop_after;
}

/* One scan.  Techniques are asked for by name; NULL: no ports. */
struct plan {
    const char *targets[4];
    const char *excluded;
    const char *technique;
    const char *ping[3]; /* SYN, ACK or connect to port 80, echo */
    const char *dns_servers;
    bool skip_discovery, list_only, open_only, no_link_ping, unique, traceroute, ident;
    unsigned hostgroup_max, shard, shards;
};

static struct scan_options options_of(const struct plan *p, const struct service_table *services)
{
    struct scan_options o = {
        .services = services,
        .frames = p->technique && strcmp(p->technique, "connect") != 0,
        .no_ports = !p->technique && !p->list_only,
        .list_only = p->list_only,
        .skip_discovery = p->skip_discovery,
        .open_only = p->open_only,
        .no_link_ping = p->no_link_ping,
        .unique = p->unique,
        .traceroute = p->traceroute,
        .ident = p->ident,
        .shard = p->shard,
        .shards = p->shards,
        .names = p->dns_servers ? SCAN_NAMES_UP : SCAN_NAMES_NEVER,
        .dns_servers = p->dns_servers,
        .timing = scan_timing_of(5),
        .seed = 5,
    };
    o.timing.hostgroup_max = p->hostgroup_max;
    if (p->technique)
        o.technique[0] = scan_technique_find(p->technique);
    port_set_add_range(&o.ports.of[SCAN_TCP], 80, 81);
    for (size_t i = 0; i < ARRAY_LEN(p->ping) && p->ping[i]; i++) {
        const struct scan_technique *ping = scan_technique_find(p->ping[i]);
        o.frames |= ping->way == SCAN_WAY_FRAME;
        o.ping[o.ping_count++] = (struct probe_item){ping, ping->proto == SCAN_TCP ? 80 : 0, 0};
    }
    return o;
}

static int run(const struct plan *p, struct told *told, struct scan_tail *tail, struct err *e)
{
    struct arena arena = {0};
    struct service_table services = {0};
    struct target_list targets = {0}, excludes = {0};
    struct scan_options o = options_of(p, &services);
    struct scan_events events = {.ctx = told,
                                 .host = on_host,
                                 .hint = on_hint,
                                 .found = on_found,
                                 .task = on_task,
                                 .bad_target = on_bad_target,
                                 .stop = is_stopped};
    int rc = 0;
    for (size_t i = 0; i < ARRAY_LEN(p->targets) && p->targets[i] && rc == 0; i++)
        rc = target_list_add(&targets, p->targets[i], &arena, e);
    if (p->excluded && rc == 0)
        rc = target_list_add(&excludes, p->excluded, &arena, e);
    o.targets = &targets;
    o.excludes = &excludes;
    told->unfinished = true;
    if (rc == 0)
        rc = scan_run(&o, &events, &clock_system, tail, e);
    target_list_done(&targets);
    target_list_done(&excludes);
    arena_done(&arena);
    return rc;
}

static const struct {
    const char *what;
    struct plan plan;
    size_t up, total;
    const char *told;
} row[] = {
    {"both families in one run, in the order asked",
     {.targets = {"2001:db8:1::2", "192.0.2.2", "198.51.100.2"},
      .technique = "connect",
      .ping = {"connect"}},
     3,
     3,
     "2001:db8:1::2 up syn-ack: 80 open, 81 closed\n"
     "192.0.2.2 up syn-ack: 80 open, 81 closed\n"
     "198.51.100.2 up syn-ack: 80 open, 81 closed\n"},
    {"the same with frames",
     {.targets = {"2001:db8:1::2", "192.0.2.2", "198.51.100.2"},
      .technique = "syn",
      .ping = {"echo"}},
     3,
     3,
     "2001:db8:1::2 up nd-response mac: 80 open, 81 closed\n"
     "192.0.2.2 up arp-response mac: 80 open, 81 closed\n"
     "198.51.100.2 up echo-reply: 80 open, 81 closed\n"},
    {"who is on the link answers there, or is not there",
     {.targets = {"192.0.2.2", "192.0.2.9", "2001:db8:1::9"}, .ping = {"echo"}},
     1,
     3,
     "192.0.2.2 up arp-response mac\n192.0.2.9 down no-response\n"
     "2001:db8:1::9 down no-response\n"},
    {"unless that shall not count",
     {.targets = {"192.0.2.2"}, .ping = {"echo"}, .no_link_ping = true},
     1,
     1,
     "192.0.2.2 up echo-reply mac\n"},
    {"what a router says of a host does not prove it; nor does a filter",
     {.targets = {"10.1.0.1", "10.2.0.1", "10.9.0.1", "10.3.0.1"}, .ping = {"echo"}},
     0,
     4,
     "10.1.0.1 down host-unreach\n10.2.0.1 down admin-prohibited\n"
     "10.9.0.1 down net-unreach\n10.3.0.1 down no-response\n"},
    {"without a route there is nothing to ask",
     {.targets = {"203.0.113.1"}, .ping = {"echo"}},
     0,
     1,
     "203.0.113.1 down net-unreach\n"},
    {"only questions that the family has are asked",
     {.targets = {"2001:db8:2::2"}, .ping = {"timestamp", "ack"}},
     1,
     1,
     "2001:db8:2::2 up reset\n"},
    {"and a host that none fits is down",
     {.targets = {"198.51.100.2", "2001:db8:2::2"}, .ping = {"timestamp"}},
     1,
     2,
     "198.51.100.2 up timestamp-reply\n2001:db8:2::2 down no-response\n"},
    {"this machine is not asked",
     {.targets = {"127.0.0.1", "::1"}, .technique = "syn", .ping = {"echo"}},
     2,
     2,
     "127.0.0.1 up localhost-response: 80 open, 81 closed\n"
     "::1 up localhost-response: 80 open, 81 closed\n"},
    {"-Pn asks nobody",
     {.targets = {"10.3.0.1"}, .technique = "connect", .skip_discovery = true},
     1,
     1,
     "10.3.0.1 up user-set: 80 filtered, 81 filtered\n"},
    {"-sL sends nothing",
     {.targets = {"192.0.2.0/30"}, .list_only = true},
     0,
     4,
     "192.0.2.0 unknown user-set\n192.0.2.1 unknown user-set\n192.0.2.2 unknown user-set\n"
     "192.0.2.3 unknown user-set\n"},
    {"what is excluded is not touched",
     {.targets = {"192.0.2.0/30"}, .excluded = "192.0.2.0-1", .list_only = true},
     0,
     2,
     "192.0.2.2 unknown user-set\n192.0.2.3 unknown user-set\n"},
    {"groups of one keep the order",
     {.targets = {"192.0.2.2", "198.51.100.2", "127.0.0.1"},
      .technique = "syn",
      .ping = {"echo"},
      .hostgroup_max = 1},
     3,
     3,
     "192.0.2.2 up arp-response mac: 80 open, 81 closed\n"
     "198.51.100.2 up echo-reply: 80 open, 81 closed\n"
     "127.0.0.1 up localhost-response: 80 open, 81 closed\n"},
    {"a host named twice gets its answers twice",
     {.targets = {"192.0.2.2", "192.0.2.2"}, .technique = "syn", .ping = {"echo"}},
     2,
     2,
     "192.0.2.2 up arp-response mac: 80 open, 81 closed\n"
     "192.0.2.2 up arp-response mac: 80 open, 81 closed\n"},
    {"--unique",
     {.targets = {"192.0.2.2", "192.0.2.2"}, .list_only = true, .unique = true},
     0,
     1,
     "192.0.2.2 unknown user-set\n"},
    {"--open does not tell of the others",
     {.targets = {"192.0.2.2", "10.3.0.1"},
      .technique = "connect",
      .skip_discovery = true,
      .open_only = true},
     2,
     2,
     "192.0.2.2 up user-set: 80 open\n"},
    {"--traceroute: by the port that answered, or what proved the host; neighbours are asked "
     "nothing",
     {.targets = {"198.51.100.2", "192.0.2.2", "2001:db8:2::2"},
      .technique = "syn",
      .ping = {"echo"},
      .traceroute = true},
     3,
     3,
     "198.51.100.2 up echo-reply: 80 open, 81 closed via 192.0.2.2, 198.51.100.2\n"
     "192.0.2.2 up arp-response mac: 80 open, 81 closed via 192.0.2.2\n"
     "2001:db8:2::2 up echo-reply: 80 open, 81 closed via 2001:db8:1::2, 2001:db8:2::2\n"},
    {"and without ports",
     {.targets = {"198.51.100.2", "2001:db8:2::2"}, .ping = {"ack"}, .traceroute = true},
     2,
     2,
     "198.51.100.2 up reset via 192.0.2.2, 198.51.100.2\n"
     "2001:db8:2::2 up reset via 2001:db8:1::2, 2001:db8:2::2\n"},
    {"--shard: the second, fifth and eighth of eight",
     {.targets = {"192.0.2.0/29"}, .list_only = true, .shard = 2, .shards = 3},
     0,
     3,
     "192.0.2.1 unknown user-set\n192.0.2.4 unknown user-set\n192.0.2.7 unknown user-set\n"},
    {"a name that is none",
     {.targets = {"nobody.invalid", "192.0.2.3"}, .list_only = true},
     0,
     1,
     "192.0.2.3 unknown user-set\n"},
};

static size_t count_text(const char *text, const char *part)
{
    size_t count = 0;
    for (; (text = strstr(text, part)); text++)
        count++;
    return count;
}

/* Hosts that answered and whose ports were asked. */
static size_t count_hints(const char *told)
{
    return count_text(told, ": 80 ") - count_text(told, "user-set: ") -
           count_text(told, "localhost-response: ");
}

static void check_rows(int *failures)
{
    int failed = 0;
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        struct told told = {0};
        struct scan_tail tail;
        struct err e = {0};
        if (!CHECK_ROW(i, run(&row[i].plan, &told, &tail, &e) == 0))
            printf("  %s\n", e.text);
        if (!CHECK_ROW(i, strcmp(str_text(&told.text), row[i].told) == 0))
            printf("  %s:\n%s", row[i].what, str_text(&told.text));
        CHECK_ROW(i, tail.hosts_up == row[i].up && tail.hosts_total == row[i].total);
        CHECK_ROW(i, tail.hosts_down == row[i].total - row[i].up && !tail.error);
        CHECK_ROW(i, told.begun == told.ended && told.unfinished);
        CHECK_ROW(i, told.found == count_text(row[i].told, "80 open"));
        CHECK_ROW(i, told.hints == count_hints(row[i].told));
        CHECK_ROW(i, told.begun > 0 || row[i].plan.list_only || row[i].up == 0);
        CHECK_ROW(i, told.bad == (i == ARRAY_LEN(row) - 1));
        str_done(&told.text);
    }
    *failures += failed;
}

static void check_ends(int *failures)
{
    int failed = 0;
    struct err e = {0};
    struct scan_tail tail;
    struct plan plan = {.targets = {"192.0.2.2", "198.51.100.2"},
                        .technique = "connect",
                        .skip_discovery = true,
                        .hostgroup_max = 1};
    struct told stopped = {.stop_after = 1}, full = {.host_result = -ENOSPC};
    CHECK(run(&plan, &stopped, &tail, &e) == -ECANCELED && stopped.hosts == 1);
    CHECK(tail.hosts_total == 1 && tail.hosts_up == 1);
    CHECK(run(&plan, &full, &tail, &e) == -ENOSPC && strcmp(e.text, "told") == 0);
    str_done(&stopped.text);
    str_done(&full.text);

    struct told no_room = {.found_result = -ENOSPC};
    CHECK(run(&plan, &no_room, &tail, &e) == -ENOSPC && strcmp(e.text, "found") == 0);
    CHECK(no_room.found == 1 && no_room.hosts == 0);

    struct told counted = {0}; /* ARP and two SYNs: bytes without the link's heads */
    struct plan frames = {.targets = {"192.0.2.2"}, .technique = "syn", .ping = {"echo"}};
    CHECK(run(&frames, &counted, &tail, &e) == 0);
    CHECK(tail.packets_sent == 3 && tail.bytes_sent == 28 + 2 * 44);
    CHECK(tail.packets_received == 3 && tail.bytes_received == 28 + 44 + 40);
    str_done(&counted.text);

    struct told told = {0};
    plan.dns_servers = "nonsense";
    CHECK(run(&plan, &told, &tail, &e) == -EINVAL && strstr(e.text, "nonsense") && !told.hosts);
    *failures += failed;
}

/* Answers every question with one PTR record: "NUMBER.rev.example", by the first label asked. */
static void serve_names(int fd)
{
    uint8_t m[512];
    struct sockaddr_storage from;
    for (;;) {
        socklen_t from_len = sizeof from;
        ssize_t len = recvfrom(fd, m, 300, 0, (struct sockaddr *)&from, &from_len);
        if (len < 18)
            continue;
        uint8_t label = m[12];
        static const uint8_t tail[] = "\3rev\7example"; /* its NUL ends the name */
        uint8_t head[] = {0xc0, 12, 0, 12, 0, 1,
                          0,    0,  0, 60, 0, (uint8_t)(1 + label + sizeof tail)};
        m[2] = 0x84; /* an answer, with authority */
        m[3] = 0;
        m[7] = 1;
        m[9] = m[11] = 0; /* EDNS is not for us */
        size_t end = 12;
        while (end < (size_t)len && m[end])
            end += m[end] + 1U;
        end += 5;
        memcpy(m + end, head, sizeof head);
        memcpy(m + end + sizeof head, m + 12, label + 1U);
        memcpy(m + end + sizeof head + label + 1, tail, sizeof tail);
        (void)!sendto(fd, m, end + sizeof head + label + 1 + sizeof tail, 0,
                      (struct sockaddr *)&from, from_len);
    }
}

static void check_names(int *failures)
{
    int failed = 0;
    struct err e = {0};
    struct scan_tail tail;
    struct told told = {0};
    struct endpoint at = {world_addr("127.0.0.1"), 5353};
    struct plan plan = {
        .targets = {"192.0.2.2", "10.3.0.1"}, .ping = {"connect"}, .dns_servers = "127.0.0.1:5353"};
    int fd = sock_new(ADDR_IP4, SOCK_DGRAM);
    CHECK(fd >= 0 && sock_bind(fd, &at, &e) == 0 && fcntl(fd, F_SETFL, 0) == 0);
    pid_t server = fork();
    if (server == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        serve_names(fd);
    }
    CHECK(run(&plan, &told, &tail, &e) == 0); /* hosts that are down have none, without -R */
    CHECK(strcmp(str_text(&told.text), "192.0.2.2 (2.rev.example) up syn-ack\n"
                                       "10.3.0.1 down no-response\n") == 0);
    kill(server, SIGKILL);
    waitpid(server, NULL, 0);
    close(fd);
    str_done(&told.text);
    *failures += failed;
}

/* An ident server here that says "owner-PORT" to who asks with the ports the right way round. */
static void serve_ident(int ear)
{
    for (;;) {
        unsigned service, client;
        char line[64];
        int fd = accept(ear, NULL, NULL);
        ssize_t len = fd < 0 ? 0 : read(fd, line, sizeof line - 1);
        line[len > 0 ? len : 0] = '\0';
        if (sscanf(line, "%u, %u\r\n", &service, &client) == 2 && client > 1024)
            dprintf(fd, "%u, %u : USERID : UNIX : owner-%u\r\n", service, client, service);
        close(fd);
    }
}

static void check_ident(int *failures)
{
    int failed = 0, ear = world_listen("127.0.0.1", 113);
    struct err e = {0};
    struct scan_tail tail;
    struct told told = {0}, none = {0};
    struct plan plan = {
        .targets = {"127.0.0.1"}, .technique = "connect", .skip_discovery = true, .ident = true};
    CHECK(ear >= 0 && fcntl(ear, F_SETFL, 0) == 0);
    pid_t server = fork();
    if (server == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        serve_ident(ear);
    }
    CHECK(run(&plan, &told, &tail, &e) == 0);
    CHECK(strcmp(str_text(&told.text), "127.0.0.1 up user-set: 80 open of owner-80, 81 closed\n") ==
          0);
    kill(server, SIGKILL);
    waitpid(server, NULL, 0);
    close(ear);
    CHECK(run(&plan, &none, &tail, &e) == 0); /* nobody to ask */
    CHECK(strcmp(str_text(&none.text), "127.0.0.1 up user-set: 80 open, 81 closed\n") == 0);
    str_done(&told.text);
    str_done(&none.text);
    *failures += failed;
}

int scan_scan_test(void)
{
    int failed = 0;
    struct world world;
    if (world_enter(&world, &failed)) {
        check_rows(&failed);
        check_ends(&failed);
        check_names(&failed);
        check_ident(&failed);
    }
    world_leave(&world);
    return failed;
}
