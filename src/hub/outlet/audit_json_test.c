/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/outlet/audit_json.h"

#include <stdio.h>
#include <string.h>

#include "check.h"
#include "hub/outlet/audit_sample_test.h"

int outlet_audit_json_test(void);

static const char golden[] =
    "{\"program\":\"picket audit\",\"version\":\"0.1.0\",\"args\":\"picket audit --out "
    "report\",\"start\":\"2026-11-24T17:00:00.000000Z\",\"end\":\"2026-11-24T17:00:02.50"
    "0000Z\",\"elapsed_s\":2.50,\"hosts\":[{\"name\":\"web1.example\",\"address\":\"192.0.2.1"
    "0\",\"local\":true,\"system\":\"Debian GNU/Linux 12 (bookworm), Linux "
    "6.1.0-26-amd64\",\"parts\":[{\"name\":\"exposure\",\"doc\":\"sockets that wait for "
    "others, and the firewall before them\",\"state\":\"done\",\"elapsed_s\":0.04},{\"name"
    "\":\"scan\",\"doc\":\"the thousand likeliest ports, from this "
    "machine\",\"state\":\"done\",\"elapsed_s\":1.30},{\"name\":\"advisory\",\"doc\":\"instal"
    "led packages against known weaknesses\",\"state\":\"skipped\",\"reason\":\"no "
    "advisories are stored yet: picket advisory "
    "fetch\",\"elapsed_s\":0.00},{\"name\":\"relay\",\"doc\":\"mail servers that forward for "
    "strangers\",\"state\":\"failed\",\"reason\":\"port 25 closed the connection "
    "<b>\",\"elapsed_s\":0.00}],\"reach\":{\"reachable\":2,\"unknown\":1,\"neighbours\":1,"
    "\"firewalled\":1,\"loopback only\":1},\"severity\":{\"critical\":1,\"high\":0,\"medium"
    "\":1,\"low\":1,\"info\":0},\"exposures\":[{\"protocol\":\"tcp\",\"port\":25,\"address"
    "\":\"127.0.0.1\",\"uid\":0,\"user\":\"root\",\"pid\":901,\"process_count\":1,\"process"
    "\":\"master\",\"path\":\"/usr/lib/postfix/sbin/master\",\"package\":\"postfix\",\"packag"
    "e_version\":\"3.7.11-0+deb12u1\",\"unit\":\"postfix@-.service\",\"service\":\"smtp"
    "\",\"reach\":\"loopback only\",\"reach_why\":\"bound to "
    "127.0.0.1\"},{\"protocol\":\"tcp\",\"port\":6379,\"address\":\"0.0.0.0\",\"uid\":108,"
    "\"user\":\"redis\",\"pid\":733,\"process_count\":1,\"process\":\"redis-server\",\"path"
    "\":\"/usr/bin/redis-check-rdb\",\"package\":\"redis-server\",\"package_version\":\"5:7.0"
    ".15-1~deb12u1\",\"unit\":\"redis-server.service\",\"service\":\"redis\",\"reach\":\"reac"
    "hable\",\"reach_why\":\"no rule of table inet filter, chain input stops it; policy "
    "accept\",\"cure\":\"sed -i 's/^bind .*/bind 127.0.0.1 -::1/' /etc/redis/redis.conf && "
    "systemctl restart redis-server\"},{\"protocol\":\"tcp\",\"port\":22,\"address\":\"0.0.0."
    "0\",\"uid\":0,\"user\":\"root\",\"pid\":612,\"process_count\":1,\"process\":\"sshd"
    "\",\"path\":\"/usr/sbin/sshd\",\"package\":\"openssh-server\",\"package_version\":\"1:9."
    "2p1-2+deb12u3\",\"unit\":\"ssh.service\",\"service\":\"ssh\",\"reach\":\"reachable"
    "\",\"reach_why\":\"rule 4 of chain input accepts tcp dport 22\",\"cure\":\"systemctl "
    "disable --now ssh.service\"},{\"protocol\":\"tcp\",\"port\":22,\"address\":\"::\",\"uid"
    "\":0,\"user\":\"root\",\"pid\":612,\"process_count\":1,\"process\":\"sshd\",\"path"
    "\":\"/usr/sbin/sshd\",\"package\":\"openssh-server\",\"package_version\":\"1:9.2p1-2+deb"
    "12u3\",\"unit\":\"ssh.service\",\"service\":\"ssh\",\"reach\":\"reachable\",\"reach_why"
    "\":\"rule 4 of chain input accepts tcp dport 22\",\"cure\":\"systemctl disable --now "
    "ssh.service\"},{\"protocol\":\"tcp\",\"port\":8080,\"address\":\"0.0.0.0\",\"uid\":1000,"
    "\"user\":\"deploy\",\"pid\":2044,\"process_count\":4,\"process\":\"<script>0<\",\"path"
    "\":\"/opt/app/\\u001b[31mserver\",\"reach\":\"firewalled\",\"reach_why\":\"chain"
    " input, policy drop\"},{\"protocol\":\"udp\",\"port\":5353,\"address\":\"192.0.2.10"
    "\",\"interface\":\"eth0\",\"uid\":107,\"user\":\"avahi\",\"pid\":488,\"process_count\":1"
    ",\"process\":\"avahi-daemon\",\"path\":\"/usr/sbin/avahi-daemon\",\"package\":\"avahi-da"
    "emon\",\"package_version\":\"0.8-10+deb12u1\",\"unit\":\"avahi-daemon.service\",\"servic"
    "e\":\"zeroconf\",\"reach\":\"neighbours\",\"reach_why\":\"a link-local group on "
    "eth0\",\"cure\":\"systemctl disable --now avahi-daemon.socket "
    "avahi-daemon.service\"},{\"protocol\":\"udp\",\"port\":4500,\"address\":\"0.0.0.0\",\"ui"
    "d\":0,\"process_count\":0,\"reach\":\"unknown\",\"reach_why\":\"rule 9 of chain input "
    "matches by cgroup\",\"cure\":\"nft insert rule inet filter input udp dport 4500 "
    "drop\"}],\"findings\":[{\"seen\":\"2026-11-24T17:00:01.000000Z\",\"tool\":\"audit\",\"te"
    "st\":\"exposure.reachable\",\"host\":\"192.0.2.10\",\"protocol\":\"udp\",\"port\":5353,"
    "\"severity\":\"low\",\"quality\":97,\"name\":\"zeroconf answers the local "
    "network\"},{\"seen\":\"2026-11-24T17:00:01.000000Z\",\"tool\":\"assess\",\"test\":\"redi"
    "s.no_password\",\"host\":\"192.0.2.10\",\"protocol\":\"tcp\",\"port\":6379,\"severity"
    "\":\"critical\",\"cvss\":9.8,\"quality\":99,\"name\":\"Redis obeys anyone without a "
    "password\",\"evidence\":\"> INFO server\\nredis_version:7.0.15 "
    "<&\\\"'\\u001b[2J\",\"cure\":\"redis-cli CONFIG SET requirepass \\\"$(openssl rand -hex "
    "24)\\\"\",\"refs\":[\"CWE-306\",\"https://redis.io/docs/management/security/\",\"javascr"
    "ipt:alert(1)\"],\"detail\":{\"keys\":3}},{\"seen\":\"2026-11-24T17:00:02.000000Z\",\"too"
    "l\":\"advisory\",\"test\":\"DSA-5000-1\",\"host\":\"192.0.2.10\",\"severity\":\"medium"
    "\",\"cvss\":5.3,\"quality\":80,\"name\":\"openssh-server has an "
    "update\",\"evidence\":\"1:9.2p1-2+deb12u3 is installed\",\"cure\":\"apt-get install "
    "--only-upgrade openssh-server\",\"refs\":[\"CVE-2026-0001\"]}],\"scan\":{\"state\":\"up"
    "\",\"reason\":\"localhost-response\",\"address\":\"192.0.2.10\",\"family\":\"ipv4\",\"na"
    "mes\":[],\"ports\":[{\"protocol\":\"tcp\",\"port\":22,\"state\":\"open\",\"reason\":\"sy"
    "n-ack\",\"service\":{\"name\":\"ssh\",\"method\":\"table\",\"confidence\":3}},{\"protoco"
    "l\":\"tcp\",\"port\":6379,\"state\":\"open\",\"reason\":\"syn-ack\",\"service\":{\"name"
    "\":\"redis\",\"product\":\"Redis key-value "
    "store\",\"version\":\"7.0.15\",\"method\":\"probed\",\"confidence\":10}},{\"protocol"
    "\":\"tcp\",\"port\":8080,\"state\":\"filtered\",\"reason\":\"no-response\",\"service\":{"
    "\"name\":\"http-proxy\",\"method\":\"table\",\"confidence\":3}}],\"not_shown\":[]}}]}\n";

int outlet_audit_json_test(void)
{
    int failed = 0;
    struct str out = str_of(0);
    audit_json_write(&audit_sample, &out);
    if (!CHECK(strcmp(str_text(&out), golden) == 0))
        puts(str_text(&out));
    struct audit_report none = audit_sample;
    none.host_count = 0;
    str_reset(&out);
    audit_json_write(&none, &out);
    CHECK(strstr(out.text, "\"hosts\":[]}\n") != NULL);
    str_done(&out);
    return failed;
}
