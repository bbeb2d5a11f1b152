/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The golden text was compared with what nmap 7.93 prints of the same world. */
#include "hub/outlet/nmap_text.h"

#include <stdio.h>
#include <string.h>

#include "check.h"
#include "hub/outlet/scan_sample_test.h"

int outlet_nmap_text_test(void);

static const char golden[] =
    "# picket 0.1.0 scan initiated Tue Nov 24 17:00:00 2026 as: picket scan -sSUV --reason "
    "-v -A \"a&b\" www.example\n"
    "Pre-scan script results:\n"
    "| banner: a\tb \\x1B[31m</pre><script>\\xFF\\xE2\\x80\\xAE\\x0D\n"
    "|_last\n"
    "Failed to resolve \"no<such>.invalid\".\n"
    "Nmap scan report for www.example (192.0.2.10)\n"
    "Host is up, received echo-reply ttl 64 (0.00018s latency).\n"
    "Other addresses for www.example (not scanned): 192.0.2.11 2001:db8::1\n"
    "rDNS record for 192.0.2.10: mail.example\n"
    "Host seems to be a subnet broadcast address (returned 2 extra pings). Note -- the "
    "actual IP also responded.\n"
    "Not shown: 3 closed tcp ports (reset), 1 filtered tcp ports (no-response), 1 filtered "
    "udp ports (host-unreach)\n"
    "PORT     STATE         SERVICE   REASON                                 VERSION\n"
    "22/tcp   open          ssh       syn-ack ttl 64                         OpenSSH 9.2p1 "
    "(protocol 2.0)\n"
    "| banner: a\tb \\x1B[31m</pre><script>\\xFF\\xE2\\x80\\xAE\\x0D\n"
    "|_last\n"
    "| table: \n"
    "|_  key: va<l\n"
    "25/tcp   closed        smtp      reset ttl 64\n"
    "111/tcp  open          rpcbind   syn-ack ttl 64                         2-4 (RPC "
    "#100000)\n"
    "443/tcp  open          ssl/http  syn-ack ttl 64                         "
    "</script>/\t\\x1B[2J\n"
    "8000/tcp open          http-alt? syn-ack ttl 64\n"
    "53/udp   open|filtered unknown   no-response\n"
    "161/udp  filtered      snmp      admin-prohibited from 192.0.2.1 ttl 63\n"
    "1 service unrecognized despite returning data. Fingerprint:\n"
    "SF-Port8000-TCP:V=0.1.0%I=7%r(GetRequest,4,\"<&>\\\"\")%r(Help,3,\"\\x01\\xff\\n\")\n"
    "SF:;\n"
    "MAC Address: 02:77:00:00:01:10 (Lab & Co)\n"
    "Device type: general purpose|firewall\n"
    "Running: Linux 6.X, Lab embedded\n"
    "OS CPE: cpe:/o:linux:linux_kernel:6 cpe:/h:lab:box\n"
    "OS details: Lab Linux 6 <b>\n"
    "TCP/IP fingerprint:\n"
    "OS:SCAN(V=0.1.0)\n"
    "OS:IE(R=N)\n"
    "\n"
    "Uptime guess: 0.500 days (since Tue Nov 24 05:00:00 2026)\n"
    "Network Distance: 4 hops\n"
    "TCP Sequence Prediction: Difficulty=261 (Good luck!)\n"
    "IP ID Sequence Generation: All zeros\n"
    "Service Info: Host: mail.example; OS: Linux; Device: router; CPE: "
    "cpe:/o:linux:linux_kernel\n"
    "\n"
    "Host script results:\n"
    "| banner: a\tb \\x1B[31m</pre><script>\\xFF\\xE2\\x80\\xAE\\x0D\n"
    "|_last\n"
    "\n"
    "TRACEROUTE (using port 22/tcp)\n"
    "HOP RTT      ADDRESS\n"
    "1   0.02 ms  gw.example (192.0.2.1)\n"
    "2   ... 3\n"
    "4   12.50 ms 192.0.2.10\n"
    "5   ...\n"
    "\n"
    "Nmap scan report for 2001:db8::2\n"
    "Host is up, received user-set.\n"
    "All 3 scanned ports on 2001:db8::2 are in ignored states.\n"
    "Not shown: 3 closed tcp ports (reset)\n"
    "\n"
    "Nmap scan report for 192.0.2.12\n"
    "Host is up, received user-set.\n"
    "Skipping host 192.0.2.12 due to host timeout\n"
    "Nmap scan report for 192.0.2.13 [host down, received no-response]\n"
    "Nmap scan report for 192.0.2.14\n"
    "Host is up, received arp-response.\n"
    "Not shown: 1 closed n/a protocol (proto-unreach)\n"
    "PROTOCOL STATE         SERVICE REASON            VERSION\n"
    "1        open          icmp    echo-reply ttl 64\n"
    "107      open|filtered a/n     no-response\n"
    "\n"
    "TRACEROUTE (using proto 1/icmp)\n"
    "HOP RTT     ADDRESS\n"
    "1   0.02 ms gw.example (192.0.2.1)\n"
    "\n"
    "Post-scan script results:\n"
    "| table: \n"
    "|_  key: va<l\n"
    "# picket done at Tue Nov 24 17:00:07 2026 -- 5 IP addresses (4 hosts up) scanned in "
    "7.13 seconds\n";

static int check_sample(void)
{
    int failed = 0;
    struct str out = str_of(0);
    sample_write(&scan_outlet_nmap_text, &out);
    if (!CHECK(strcmp(str_text(&out), golden) == 0))
        puts(str_text(&out));
    str_done(&out);
    return failed;
}

/* One host each, plain: no reasons, no versions. */
static int check_hosts(void)
{
    int failed = 0;
    static const struct scan_port lone = {.proto = SCAN_TCP,
                                          .number = 22,
                                          .state = SCAN_OPEN,
                                          .service = {.name = "ssh", .confidence = 3}};
    static const struct scan_port odd[] = {
        {.proto = SCAN_TCP, .number = 65535, .state = SCAN_OPEN, .service = {.ssl = true}},
        {.proto = SCAN_TCP, .number = 1, .state = SCAN_CLOSED, .service = {.name = "unknown"}},
    };
    const struct {
        struct scan_host host;
        const char *text;
    } row[] = {
        /* nothing hidden: an empty line stands where "Not shown" would */
        {{.state = SCAN_HOST_UP,
          .ports_scanned = true,
          .port = &lone,
          .port_count = 1,
          .has_times = true,
          .srtt_us = 82},
         "Nmap scan report for 192.0.2.10\nHost is up (0.000082s latency).\n\n"
         "PORT   STATE SERVICE\n22/tcp open  ssh\n\n"},
        {{.state = SCAN_HOST_UP, .ports_scanned = true, .port = odd, .port_count = 2},
         "Nmap scan report for 192.0.2.10\nHost is up.\n\n"
         "PORT      STATE  SERVICE\n65535/tcp open   ssl/unknown\n1/tcp     closed unknown\n\n"},
        /* -sn: nothing behind */
        {{.state = SCAN_HOST_UP,
          .has_times = true,
          .srtt_us = 6,
          .has_mac = true,
          .mac = {{0, 0x0c, 0x29, 0xab, 0, 1}}},
         "Nmap scan report for 192.0.2.10\nHost is up (0.0000060s latency).\n"
         "MAC Address: 00:0C:29:AB:00:01 (Unknown)\n"},
        {{.state = SCAN_HOST_DOWN}, "Nmap scan report for 192.0.2.10 [host down]\n"},
        /* a near neighbour's trace names no probe */
        {{.state = SCAN_HOST_UP, .trace = &sample_near_trace},
         "Nmap scan report for 192.0.2.10\nHost is up.\n\nTRACEROUTE\nHOP RTT     ADDRESS\n"
         "1   0.02 ms gw.example (192.0.2.1)\n\n"},
    };
    struct str out = str_of(0);
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        struct scan_host host = row[i].host;
        host.addr = sample_addr;
        sample_write_host(&scan_outlet_nmap_text, &sample_plain_head, &host, &out);
        if (!CHECK_ROW(i, strcmp(str_text(&out), row[i].text) == 0))
            puts(str_text(&out));
    }
    sample_write_host(&scan_outlet_nmap_text, &sample_plain_head, &sample_listed, &out);
    CHECK(strcmp(str_text(&out), "Nmap scan report for www.example (192.0.2.10)\n") == 0);
    str_done(&out);
    return failed;
}

static int check_moment(void)
{
    int failed = 0;
    struct scan_head head = sample_plain_head;
    struct str out = str_of(0);
    head.verbosity = 2;
    sample_write_host(&scan_outlet_nmap_text, &head, &sample_host, &out);
    CHECK(strstr(out.text, "\nScanned at 2026-11-24 17:00:01 UTC for 3s\nNot shown: ") != NULL);
    str_done(&out);
    return failed;
}

/* Exact matches are facts, others are guesses with their accuracy; nothing is no match. */
static int check_systems(void)
{
    int failed = 0;
    const struct scan_os_match guess[] = {
        {"A", 96, 1, sample_class, 1}, {"B", 87, 2, sample_class + 1, 1}, {"C", 86, 3, NULL, 0}};
    const struct {
        struct scan_os os;
        const char *text;
    } row[] = {
        {{sample_used, 2, guess, 3, NULL},
         "Device type: general purpose|firewall\n"
         "Running (JUST GUESSING): Linux 6.X (100%), Lab embedded (100%)\n"
         "OS CPE: cpe:/o:linux:linux_kernel:6 cpe:/h:lab:box\n"
         "Aggressive OS guesses: A (96%), B (87%)\n"
         "No exact OS matches for host (test conditions non-ideal).\n"},
        {{sample_used, 1, NULL, 0, NULL},
         "Warning: OSScan results may be unreliable because we could not find at least 1 open and "
         "1 closed port\nNo OS matches for host (test conditions non-ideal).\n"},
        {{sample_used, 2, NULL, 0, "OS:X"},
         "No OS matches for host.\nTCP/IP fingerprint:\nOS:X\n\n"},
    };
    struct str out = str_of(0);
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        struct scan_host host = {.state = SCAN_HOST_UP, .addr = sample_addr, .os = &row[i].os};
        sample_write_host(&scan_outlet_nmap_text, &sample_plain_head, &host, &out);
        if (!CHECK_ROW(i, strcmp(strstr(out.text, "up.\n") + 4, row[i].text) == 0))
            puts(str_text(&out));
    }
    str_done(&out);
    return failed;
}

static int check_screen(void)
{
    int failed = 0;
    struct str out = str_of(0);
    sample_write(&scan_outlet_screen, &out);
    CHECK(strncmp(out.text, "Starting picket 0.1.0 at 2026-11-24 17:00 UTC\n", 46) == 0);
    static const char course[] =
        "Initiating SYN Stealth Scan at 17:00\n"
        "SYN Stealth Scan Timing: About 0.17% done\n"
        "SYN Stealth Scan Timing: About 33.33% done; ETC: 18:02 (1:02:05 remaining)\n"
        "Completed SYN Stealth Scan at 17:00, 3.00s elapsed (3000 total ports)\n"
        "Discovered open port 22/tcp on 192.0.2.10\n"
        "Nmap scan report for www.example (192.0.2.10)\n";
    CHECK(strstr(out.text, course) != NULL);
    static const char tail[] = "picket done: 5 IP addresses (4 hosts up) scanned in 7.13 seconds\n"
                               "           Raw packets sent: 6001 (264.028KB) | Rcvd: 1 (28B)\n";
    CHECK(strlen(out.text) > sizeof tail && strcmp(out.text + out.len - strlen(tail), tail) == 0);
    str_done(&out);
    return failed;
}

/* A lone host that is down gets a hint, unless it was only listed. */
static int check_screen_end(void)
{
    int failed = 0;
    _Alignas(16) unsigned char state[SCAN_OUTLET_STATE] = {0};
    const struct scan_tail down = {.hosts_total = 1, .hosts_down = 1, .elapsed_s = 1};
    struct scan_tail stopped = down;
    stopped.error = "interrupted\x1b[2J";
    struct str out = str_of(0);
    scan_outlet_screen.end(state, &sample_plain_head, &down, &out);
    CHECK(strcmp(out.text, "Note: Host seems down. If it is really up, but blocking our ping "
                           "probes, try -Pn\npicket done: 1 IP address (0 hosts up) scanned in "
                           "1.00 seconds\n") == 0);
    str_reset(&out);
    scan_outlet_screen.end(state, &sample_plain_head, &stopped, &out);
    CHECK(strncmp(out.text, "Stopped: interrupted\\x1B[2J\npicket done: ", 41) == 0);
    scan_outlet_screen.host(state, &sample_plain_head, &sample_listed, &out);
    str_reset(&out);
    scan_outlet_screen.end(state, &sample_plain_head, &down, &out);
    CHECK(strncmp(out.text, "picket done: ", 13) == 0);
    str_done(&out);
    return failed;
}

int outlet_nmap_text_test(void)
{
    return check_sample() + check_hosts() + check_moment() + check_systems() + check_screen() +
           check_screen_end();
}
