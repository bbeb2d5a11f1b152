/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The golden text was compared with what nmap 7.93 writes of the same world. */
#include "hub/outlet/grepable.h"

#include <stdio.h>
#include <string.h>

#include "check.h"
#include "hub/outlet/scan_sample_test.h"

int outlet_grepable_test(void);

static const char golden[] =
    "# picket 0.1.0 scan initiated Tue Nov 24 17:00:00 2026 as: picket scan -sSUV --reason "
    "-v -A \"a&b\" www.example\n"
    "# Ports scanned: TCP(3;22-23,25) UDP(1;53) SCTP(0;) PROTOCOLS(0;)\n"
    "Host: 192.0.2.10 (mail.example)\tStatus: Smurf (2 responses)\n"
    "Host: 192.0.2.10 (mail.example)\tStatus: Up\n"
    "Host: 192.0.2.10 (mail.example)\tPorts: 22/open/tcp/root/ssh//OpenSSH 9.2p1 (protocol "
    "2.0)/, 25/closed/tcp//smtp///, 111/open/tcp//rpcbind/(rpcbind:100000*2-4)/2-4 (RPC "
    "#100000)/, 443/open/tcp//ssl|http//<|script>|\\x09\\x1B[2J/, "
    "8000/open/tcp//http-alt?///, 53/open|filtered/udp/////, 161/filtered/udp//snmp///\tOS: "
    "Lab Linux 6 <b>\tSeq Index: 261\tIP ID Seq: All zeros\n"
    "Host: 2001:db8::2 ()\tStatus: Up\n"
    "Host: 2001:db8::2 ()\tPorts: \tIgnored State: closed (3)\n"
    "Host: 192.0.2.12 ()\tStatus: Up\n"
    "Host: 192.0.2.12 ()\tStatus: Timeout\n"
    "Host: 192.0.2.13 ()\tStatus: Down\n"
    "Host: 192.0.2.14 ()\tStatus: Up\n"
    "Host: 192.0.2.14 ()\tProtocols: 1/open/icmp/, 107/open|filtered/a/n/\tIgnored State: "
    "closed (1)\n"
    "# picket done at Tue Nov 24 17:00:07 2026 -- 5 IP addresses (4 hosts up) scanned in "
    "7.13 seconds\n";

static int check_sample(void)
{
    int failed = 0;
    struct str out = str_of(0);
    sample_write(&scan_outlet_grepable, &out);
    if (!CHECK(strcmp(str_text(&out), golden) == 0))
        puts(str_text(&out));
    str_done(&out);
    return failed;
}

static int check_edges(void)
{
    int failed = 0;
    const struct scan_tail tail = {.hosts_total = 0, .error = "x\ny"};
    struct str out = str_of(0);
    scan_outlet_grepable.begin(NULL, &sample_plain_head, &out);
    CHECK(strcmp(out.text, "# picket 0.1.0 scan initiated Tue Nov 24 17:00:00 2026 as: picket scan "
                           "192.0.2.10\n") == 0);
    sample_write_host(&scan_outlet_grepable, &sample_plain_head, &sample_listed, &out);
    CHECK(strcmp(out.text, "Host: 192.0.2.10 ()\tStatus: Unknown\n") == 0);
    str_reset(&out);
    scan_outlet_grepable.end(NULL, &sample_plain_head, &tail, &out);
    CHECK(strcmp(out.text, "# Stopped: x\\x0Ay\n# picket done at Thu Jan  1 00:00:00 1970 -- 0 IP "
                           "addresses (0 hosts up) scanned in 0.00 seconds\n") == 0);
    str_done(&out);
    return failed;
}

int outlet_grepable_test(void)
{
    return check_sample() + check_edges();
}
