/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/outlet/audit_text.h"

#include <stdio.h>
#include <string.h>

#include "check.h"
#include "hub/outlet/audit_sample_test.h"
#include "hub/outlet/columns.h"

int outlet_audit_text_test(void);

static const char golden[] =
    "Audit of web1.example (192.0.2.10), 2026-11-24 17:00 UTC\n"
    "Debian GNU/Linux 12 (bookworm), Linux 6.1.0-26-amd64\n"
    "\n"
    "2 services of this machine can be reached by anyone.\n"
    "2 reachable by anyone, 1 not decided, 1 reachable by neighbours, 1 firewalled, 1\n"
    "loopback only; 1 critical, 1 medium, 1 low findings.\n"
    "\n"
    "PORT     SERVICE  PROGRAM                  USER\n"
    "\n"
    "Reachable by anyone (2)\n"
    "6379/tcp redis    redis-server             redis\n"
    "    at     all addresses (0.0.0.0)\n"
    "    from   redis-server 5:7.0.15-1~deb12u1, redis-server.service\n"
    "    why    no rule of table inet filter, chain input stops it; policy accept\n"
    "    close  sed -i 's/^bind .*/bind 127.0.0.1 -::1/' /etc/redis/redis.conf && systemctl "
    "restart redis-server\n"
    "22/tcp   ssh      sshd                     root\n"
    "    at     all addresses (0.0.0.0, ::)\n"
    "    from   openssh-server 1:9.2p1-2+deb12u3, ssh.service\n"
    "    why    rule 4 of chain input accepts tcp dport 22\n"
    "    close  systemctl disable --now ssh.service\n"
    "\n"
    "Not decided (1)\n"
    "4500/udp unknown  unknown\n"
    "    at     all addresses (0.0.0.0)\n"
    "    why    rule 9 of chain input matches by cgroup\n"
    "    close  nft insert rule inet filter input udp dport 4500 drop\n"
    "\n"
    "Reachable from connected networks (1)\n"
    "5353/udp zeroconf avahi-daemon             avahi\n"
    "    at     192.0.2.10 on eth0\n"
    "    from   avahi-daemon 0.8-10+deb12u1, avahi-daemon.service\n"
    "    why    a link-local group on eth0\n"
    "    close  systemctl disable --now avahi-daemon.socket avahi-daemon.service\n"
    "\n"
    "Closed by the firewall (1)\n"
    "8080/tcp unknown  <script>0< (4 processes) deploy\n"
    "    at     all addresses (0.0.0.0)\n"
    "    from   /opt/app/\\x1B[31mserver, of no package\n"
    "    why    chain input, policy drop\n"
    "\n"
    "Loopback only (1)\n"
    "25/tcp   smtp     master                   root\n"
    "    at     127.0.0.1\n"
    "    from   postfix 3.7.11-0+deb12u1, postfix@-.service\n"
    "\n"
    "What should be put right\n"
    "Critical 6379/tcp Redis obeys anyone without a password\n"
    "    seen   > INFO server\n"
    "           redis_version:7.0.15 <&\"'\\x1B[2J\n"
    "    cure   redis-cli CONFIG SET requirepass \"$(openssl rand -hex 24)\"\n"
    "    see    CWE-306 https://redis.io/docs/management/security/\n"
    "           javascript:alert(1)\n"
    "Medium   openssh-server has an update\n"
    "    seen   1:9.2p1-2+deb12u3 is installed\n"
    "    cure   apt-get install --only-upgrade openssh-server\n"
    "    see    CVE-2026-0001\n"
    "Low      5353/udp zeroconf answers the local network\n"
    "\n"
    "What a scan saw\n"
    "22/tcp open ssh\n"
    "6379/tcp open redis Redis key-value store 7.0.15\n"
    "\n"
    "What was not looked at\n"
    "advisory: skipped, no advisories are stored yet: picket advisory fetch\n"
    "relay: failed, port 25 closed the connection <b>\n";

static int check_golden(void)
{
    int failed = 0;
    struct str out = str_of(0);
    audit_text_write(&audit_sample, &(struct audit_text_style){0}, &out);
    if (!CHECK(strcmp(str_text(&out), golden) == 0))
        puts(str_text(&out));
    str_done(&out);
    return failed;
}

/* Colour adds sequences and changes no word; without it there is none, whatever strangers said. */
static int check_colour(void)
{
    int failed = 0;
    struct str out = str_of(0), bare = str_of(0);
    audit_text_write(&audit_sample, &(struct audit_text_style){.colour = true}, &out);
    CHECK(strstr(out.text, "\x1b[1;31mReachable by anyone (2)\x1b[0m\n") != NULL);
    CHECK(strstr(out.text, "\x1b[1;31mCritical \x1b[0m6379/tcp") != NULL);
    for (const char *c = out.text; *c; c++) {
        if (*c == '\x1b')
            c += strcspn(c, "m");
        else
            str_add_char(&bare, *c);
    }
    CHECK(strcmp(str_text(&bare), golden) == 0);
    CHECK(strchr(golden, '\x1b') == NULL);
    str_done(&out);
    str_done(&bare);
    return failed;
}

/* All lines keep to the width but commands, which must stay whole, and single long words. */
static int check_width(void)
{
    int failed = 0;
    static const unsigned width[] = {60, 80, 132};
    for (size_t i = 0; i < ARRAY_LEN(width); i++) {
        struct str out = str_of(0);
        struct audit_text_style style = {.width = width[i]};
        audit_text_write(&audit_sample, &style, &out);
        for (char *line = out.text; line && *line;) {
            char *end = strchr(line, '\n');
            *end = '\0';
            bool command = strncmp(line, "    close", 9) == 0 || strncmp(line, "    cure", 8) == 0;
            if (!CHECK_ROW(i, command || columns_width(line) <= width[i]))
                puts(line);
            line = end + 1;
        }
        str_done(&out);
    }
    return failed;
}

int outlet_audit_text_test(void)
{
    return check_golden() + check_colour() + check_width();
}
