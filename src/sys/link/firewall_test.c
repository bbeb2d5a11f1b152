/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rulesets, each loaded into a namespace: what firewall_ask says is held against what the kernel
 * does with a real packet from a second namespace over a cable. */
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include "check.h"
#include "core/base/own.h"
#include "sys/io/sock.h"
#include "sys/link/firewall.h"
#include "sys/link/netns_test.h"

enum { PORT = 4001, WAIT_MS = 20 };

#define INPUT        "chain i { type filter hook input priority 0; policy accept;\n"
#define INPUT_DROP   "chain i { type filter hook input priority 0; policy drop;\n"
#define PREROUTING   "chain p { type filter hook prerouting priority -150; policy accept;\n"
#define RAW          "chain r { type filter hook prerouting priority -300; policy accept;\n"
#define NAT          "chain n { type nat hook prerouting priority -100; policy accept;\n"
#define INET(chains) "table inet t {\n" chains "\n}\n"
#define IP(chains)   "table ip t {\n" chains "\n}\n"
#define IP6(chains)  "table ip6 t {\n" chains "\n}\n"

/* PASS, DROP and REDIRECT must be what the kernel does; where the row says UNKNOWN, it may do
 * either.  A shell line is run instead of nft when it begins with '!'. */
static const struct {
    const char *rules;
    bool udp, v6;
    uint16_t src_port;
    enum firewall_verdict verdict;
    const char *why; /* part of it */
} row[] = {
    {"", false, false, 0, FIREWALL_PASS, "no rule"},
    {"", true, true, 0, FIREWALL_PASS, "no rule"},
    {INET(INPUT_DROP "}"), false, false, 0, FIREWALL_DROP, "policy of table inet t, chain i"},
    {INET(INPUT_DROP "}"), true, true, 0, FIREWALL_DROP, "policy"},
    {INET(INPUT_DROP "tcp dport 4001 accept\n}"), false, false, 0, FIREWALL_PASS, "accepted by"},
    {INET(INPUT_DROP "tcp dport 4001 accept\n}"), true, false, 0, FIREWALL_DROP, "policy"},
    {INET(INPUT_DROP "udp dport 4001 accept\n}"), true, true, 0, FIREWALL_PASS, "accepted by"},
    {INET(INPUT "tcp dport 4001 counter drop comment \"not you\"\n}"), false, false, 0,
     FIREWALL_DROP, "rule 2 (\"not you\")"},
    {INET(INPUT "tcp dport 4001 reject with tcp reset\n}"), false, false, 0, FIREWALL_DROP,
     "rejected by"},
    {INET(INPUT "th dport 4001 drop\n}"), true, false, 0, FIREWALL_DROP, NULL},
    /* connection tracking */
    {INET(INPUT_DROP "ct state established,related accept\n}"), false, false, 0, FIREWALL_DROP,
     NULL},
    {INET(INPUT_DROP "ct state new tcp dport 4001 accept\n}"), false, true, 0, FIREWALL_PASS, NULL},
    {INET("chain n { tcp dport 4001 accept\n}\n" INPUT_DROP
          "ct state vmap { established : accept, related : accept, invalid : drop, new : jump n "
          "}\n}"),
     false, false, 0, FIREWALL_PASS, "chain n"},
    {INET(INPUT_DROP "ct status dnat accept\n}"), false, false, 0, FIREWALL_DROP, NULL},
    {INET(INPUT "ct direction original drop\n}"), false, false, 0, FIREWALL_DROP, NULL},
    {INET(INPUT
          "meta l4proto tcp ct original ip daddr 192.0.2.1 ct original proto-dst 4001 drop\n}"),
     false, false, 0, FIREWALL_DROP, NULL},
    {INET(INPUT "ct reply ip saddr 192.0.2.2 drop\n}"), false, false, 0, FIREWALL_PASS, NULL},
    {INET(RAW "tcp dport 4001 notrack\n}\n" INPUT_DROP "ct state untracked accept\n}"), false,
     false, 0, FIREWALL_PASS, NULL},
    {INET(RAW "ct state invalid drop\n}"), false, false, 0, FIREWALL_DROP, "chain r"},
    {INET(INPUT "ct helper \"ftp\" drop\n}"), false, false, 0, FIREWALL_PASS, NULL},
    /* interfaces */
    {INET(INPUT_DROP "iifname \"veth0\" accept\n}"), false, false, 0, FIREWALL_PASS, NULL},
    {INET(INPUT_DROP "iif \"lo\" accept\n}"), false, false, 0, FIREWALL_DROP, NULL},
    {INET(INPUT "iifname != \"veth0\" drop\n}"), false, false, 0, FIREWALL_PASS, NULL},
    {INET(INPUT "iifname \"veth*\" drop\n}"), false, false, 0, FIREWALL_DROP, NULL},
    {INET(INPUT "iifname { \"eth0\", \"veth0\" } drop\n}"), false, false, 0, FIREWALL_DROP, NULL},
    {INET(INPUT "oifname \"veth0\" drop\n}"), false, false, 0, FIREWALL_PASS, NULL},
    {INET(INPUT "iiftype ether drop\n}"), false, false, 0, FIREWALL_DROP, NULL},
    {INET(INPUT "iifgroup 5 drop\n}"), false, false, 0, FIREWALL_UNKNOWN, "a meta key"},
    /* addresses, sets */
    {INET(INPUT_DROP "ip saddr 192.0.2.0/24 accept\n}"), false, false, 0, FIREWALL_PASS, NULL},
    {INET(INPUT_DROP "ip saddr 198.51.100.0/24 accept\n}"), false, false, 0, FIREWALL_DROP, NULL},
    {INET(INPUT "ip saddr != 192.0.2.2 drop\n}"), false, false, 0, FIREWALL_PASS, NULL},
    {INET(INPUT_DROP "ip saddr { 192.0.2.2, 10.0.0.1 } accept\n}"), false, false, 0, FIREWALL_PASS,
     NULL},
    {INET("set s { type ipv4_addr; flags interval; elements = { 10.0.0.0/8, 192.0.2.0-192.0.2.1, "
          "192.0.2.3-192.0.2.9 } }\n" INPUT "ip saddr @s drop\n}"),
     false, false, 0, FIREWALL_PASS, NULL},
    {INET("set s { type ipv4_addr; flags interval; elements = { 10.0.0.0/8, 192.0.2.2-192.0.2.9, "
          "224.0.0.0/3 } }\n" INPUT "ip saddr @s drop\n}"),
     false, false, 0, FIREWALL_DROP, NULL},
    {INET("set s { type ipv4_addr; flags interval; elements = { 0.0.0.0/0 } }\n" INPUT
          "ip saddr @s drop\n}"),
     false, false, 0, FIREWALL_DROP, NULL},
    {INET("set s { type ipv4_addr; }\n" INPUT "ip saddr @s drop\n}"), false, false, 0,
     FIREWALL_PASS, NULL},
    {INET(INPUT "ip saddr . tcp dport { 192.0.2.2 . 4001 } drop\n}"), false, false, 0,
     FIREWALL_DROP, NULL},
    {INET(INPUT_DROP "ip saddr . tcp dport { 192.0.2.0/24 . 4000-4010 } accept\n}"), false, false,
     0, FIREWALL_PASS, NULL},
    {INET(INPUT "ip saddr . tcp dport { 192.0.2.0/24 . 4002-4010, 10.0.0.0/8 . 1-65535 } drop\n}"),
     false, false, 0, FIREWALL_PASS, NULL},
    {INET(INPUT "ip saddr vmap { 192.0.2.9 : accept, * : drop }\n}"), false, false, 0,
     FIREWALL_DROP, NULL},
    {INET(INPUT_DROP "ip6 saddr 2001:db8:1::/64 accept\n}"), false, true, 0, FIREWALL_PASS, NULL},
    {INET(INPUT_DROP "ip6 saddr 2001:db8:1::/64 accept\n}"), false, false, 0, FIREWALL_DROP, NULL},
    {IP(INPUT_DROP "}"), false, true, 0, FIREWALL_PASS, NULL},
    {IP6(INPUT_DROP "icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept\n}"), false,
     true, 0, FIREWALL_DROP, NULL},
    {IP6(INPUT_DROP "}"), false, false, 0, FIREWALL_PASS, NULL},
    {INET(INPUT "meta nfproto ipv6 drop\n}"), false, false, 0, FIREWALL_PASS, NULL},
    {INET(INPUT "ip protocol tcp drop\n}"), false, false, 0, FIREWALL_DROP, NULL},
    {INET(INPUT "ip6 nexthdr tcp drop\n}"), false, true, 0, FIREWALL_DROP, NULL},
    /* ports */
    {INET(INPUT "tcp dport vmap { 22 : accept, 4001 : drop, 80-90 : accept }\n}"), false, false, 0,
     FIREWALL_DROP, NULL},
    {INET(INPUT_DROP "tcp dport 4000-4100 accept\n}"), false, false, 0, FIREWALL_PASS, NULL},
    {INET(INPUT_DROP "tcp dport != 4000-4100 accept\n}"), false, false, 0, FIREWALL_DROP, NULL},
    {INET(INPUT "tcp dport { 1-4000, 4002-65535 } drop\n}"), false, false, 0, FIREWALL_PASS, NULL},
    {INET(INPUT "tcp dport > 4000 tcp dport <= 4001 drop\n}"), false, false, 0, FIREWALL_DROP,
     NULL},
    {INET(INPUT_DROP "tcp sport 53 accept\n}"), false, false, 53, FIREWALL_PASS,
     "from source port 53"},
    {INET(INPUT_DROP "udp sport { 53, 123 } accept\n}"), true, false, 123, FIREWALL_PASS,
     "from source port"},
    {INET(INPUT_DROP "tcp sport 600-700 tcp dport 4001 accept\n}"), false, false, 600,
     FIREWALL_PASS, "from source port 600"},
    {INET(INPUT "tcp sport < 1024 drop\n}"), false, false, 0, FIREWALL_PASS, NULL},
    {INET(INPUT_DROP "tcp flags & (fin|syn|rst|ack) == syn accept\n}"), false, false, 0,
     FIREWALL_PASS, NULL},
    {INET(INPUT "tcp flags & (fin|syn|rst|ack) != syn drop\n}"), false, false, 0, FIREWALL_PASS,
     NULL},
    {INET(INPUT "tcp option maxseg size 1-500 drop\n}"), false, false, 0, FIREWALL_PASS, NULL},
    {INET(INPUT "tcp option sack-perm exists drop\n}"), false, false, 0, FIREWALL_DROP, NULL},
    {INET(INPUT "tcp option fastopen exists drop\n}"), false, false, 0, FIREWALL_PASS, NULL},
    {INET(INPUT "exthdr hbh exists drop\n}"), false, true, 0, FIREWALL_PASS, NULL},
    {INET(INPUT "ip ttl 64 drop\n}"), false, false, 0, FIREWALL_UNKNOWN, "a field of the packet"},
    {INET(INPUT "ip frag-off & 0x1fff != 0 drop\n}"), false, false, 0, FIREWALL_PASS, NULL},
    {INET(INPUT "meta length > 1000 drop\n}"), false, false, 0, FIREWALL_UNKNOWN, NULL},
    {INET(INPUT "ether type ip drop\n}"), false, false, 0, FIREWALL_DROP, NULL},
    {INET(INPUT "ether daddr 02:00:00:00:00:01 drop\n}"), false, false, 0, FIREWALL_DROP, NULL},
    {INET(INPUT "ether saddr 02:00:00:00:00:02 drop\n}"), false, false, 0, FIREWALL_UNKNOWN, NULL},
    {INET(INPUT "@ih,0,8 1 drop\n}"), false, false, 0, FIREWALL_UNKNOWN, NULL},
    {INET(INPUT "@th,400,8 1 drop\n}"), false, false, 0, FIREWALL_PASS, NULL}, /* behind its end */
    /* chains */
    {INET("chain a { tcp dport 4001 return\ndrop\n}\n" INPUT_DROP "jump a\naccept\n}"), false,
     false, 0, FIREWALL_PASS, NULL},
    {INET("chain a { tcp dport 4002 accept\n}\n" INPUT_DROP "goto a\naccept\n}"), false, false, 0,
     FIREWALL_DROP, "policy"},
    {INET("chain c { drop\n}\nchain b { jump c\n}\nchain a { tcp dport 4001 jump b\n}\n" INPUT
          "jump a\naccept\n}"),
     false, false, 0, FIREWALL_DROP, "chain c"},
    {INET(INPUT "accept\n}\nchain j { type filter hook input priority 10; policy drop;\n}"), false,
     false, 0, FIREWALL_DROP, "chain j"},
    {INET(INPUT "accept\n}\nchain j { type filter hook input priority -10;\ndrop\n}"), false, false,
     0, FIREWALL_DROP, "chain j"},
    {INET(INPUT "return\ndrop\n}"), false, false, 0, FIREWALL_PASS, NULL},
    {INET(PREROUTING "tcp dport 4001 drop\n}"), false, false, 0, FIREWALL_DROP, "chain p"},
    {IP(INPUT "accept\n}") "table inet u {\nchain j { type filter hook input priority 0;\n"
                           "tcp dport 4001 drop\n}\n}\n",
     false, false, 0, FIREWALL_DROP, "table inet u"},
    {"table inet t {\nflags dormant\n" INPUT_DROP "}\n}\n", false, false, 0, FIREWALL_PASS, NULL},
    {INET("chain f { type filter hook forward priority 0; policy drop;\n}\n"
          "chain o { type filter hook output priority 0; policy accept;\n}"),
     false, false, 0, FIREWALL_PASS, NULL},
    {"table netdev t {\nchain g { type filter hook ingress device \"veth0\" priority 0;\n"
     "tcp dport 4001 drop\n}\n}\n",
     false, false, 0, FIREWALL_DROP, "table netdev t"},
    {"table netdev t {\nchain g { type filter hook ingress device \"lo\" priority 0;\ndrop\n}\n}\n",
     false, false, 0, FIREWALL_PASS, NULL},
    {INET(
         "chain g { type filter hook ingress device \"veth0\" priority 0;\ntcp dport 4001 drop\n}"),
     false, true, 0, FIREWALL_DROP, "chain g"},
    /* marks, arithmetic */
    {INET(PREROUTING "tcp dport 4001 meta mark set 0x17\n}\n" INPUT_DROP
                     "meta mark and 0xff == 0x17 accept\n}"),
     false, false, 0, FIREWALL_PASS, NULL},
    {INET(PREROUTING "ct mark set 5\n}\n" INPUT "ct mark 4-6 drop\n}"), false, false, 0,
     FIREWALL_DROP, NULL},
    {INET(PREROUTING "meta mark set tcp dport map { 4000 : 1, 4001 : 7 }\n}\n" INPUT
                     "meta mark 7 drop\n}"),
     false, false, 0, FIREWALL_DROP, NULL},
    {INET(PREROUTING "meta mark set 0x17\nmeta mark set meta mark << 4\n}\n" INPUT
                     "meta mark 0x170 drop\n}"),
     false, false, 0, FIREWALL_DROP, NULL},
    {INET(PREROUTING "ct mark set 0x12345678\nmeta mark set ct mark and 0xf0\n}\n" INPUT
                     "meta mark != 0x70 drop\n}"),
     false, false, 0, FIREWALL_PASS, NULL},
    {INET(PREROUTING "meta cpu 0 meta mark set 1\n}\n" INPUT "meta mark 1 drop\n}"), false, false,
     0, FIREWALL_UNKNOWN, "meta mark"},
    {INET(PREROUTING "ip dscp set cs1\n}\n" INPUT "ip dscp cs1 drop\n}"), false, false, 0,
     FIREWALL_DROP, NULL},
    {INET(INPUT "meta mark 0 drop\n}"), false, false, 0, FIREWALL_DROP, NULL},
    {INET(INPUT "meta pkttype host drop\n}"), false, false, 0, FIREWALL_DROP, NULL},
    {INET(INPUT "meta ipsec exists drop\n}"), false, false, 0, FIREWALL_PASS, NULL},
    /* what counts */
    {INET(INPUT_DROP "limit rate 10/second accept\n}"), false, false, 0, FIREWALL_PASS, NULL},
    {INET(INPUT "limit rate over 100/second drop\n}"), false, false, 0, FIREWALL_PASS, NULL},
    {INET(INPUT "quota over 100 mbytes drop\n}"), false, false, 0, FIREWALL_PASS, NULL},
    {INET(INPUT "quota until 100 mbytes drop\n}"), false, false, 0, FIREWALL_DROP, NULL},
    {INET(INPUT "tcp dport 4001 ct count over 20 drop\n}"), false, false, 0, FIREWALL_PASS, NULL},
    {INET("set m { type ipv4_addr; flags dynamic; timeout 1m; }\n" INPUT
          "add @m { ip saddr limit rate over 50/second } drop\n}"),
     false, false, 0, FIREWALL_PASS, NULL},
    {INET("set m { type ipv4_addr; flags dynamic; }\n" INPUT
          "add @m { ip saddr }\nip saddr @m drop\n}"),
     false, false, 0, FIREWALL_UNKNOWN, "a set"},
    {INET(INPUT "log prefix \"x\" counter accept\n}"), false, false, 0, FIREWALL_PASS,
     "accepted by"},
    {INET("counter c { }\n" INPUT "counter name c tcp dport 4001 drop\n}"), false, false, 0,
     FIREWALL_DROP, NULL},
    /* routes */
    {INET(INPUT_DROP "fib daddr type local accept\n}"), false, false, 0, FIREWALL_PASS, NULL},
    {INET(PREROUTING "fib daddr type != { local, broadcast } drop\n}"), false, true, 0,
     FIREWALL_PASS, NULL},
    {INET(PREROUTING "fib saddr . iif oif missing drop\n}"), false, false, 0, FIREWALL_PASS, NULL},
    {INET(PREROUTING "fib saddr oifname \"veth0\" drop\n}"), false, false, 0, FIREWALL_DROP, NULL},
    /* redirection */
    {INET(NAT "tcp dport 4001 redirect to :4002\n}"), false, false, 0, FIREWALL_REDIRECT,
     "redirected by"},
    {IP(NAT "tcp dport 4001 dnat to 192.0.2.1:4002\n}"), false, false, 0, FIREWALL_REDIRECT, NULL},
    {IP(NAT "tcp dport 4001 dnat to 192.0.2.1:4001\n}"), false, false, 0, FIREWALL_PASS, NULL},
    {IP(NAT "tcp dport 4001 dnat to 192.0.2.77\n}"), false, false, 0, FIREWALL_REDIRECT, NULL},
    {INET(NAT "tcp dport 4000 redirect to :4001\n}"), false, false, 0, FIREWALL_PASS, NULL},
    {INET(PREROUTING "tcp dport 4001 tcp dport set 4002\n}"), false, false, 0, FIREWALL_UNKNOWN,
     "payload set"},
    /* chance, and what is certain all the same */
    {INET(INPUT "numgen random mod 2 0 drop\n}"), false, false, 0, FIREWALL_UNKNOWN,
     "cannot judge a value"},
    {INET(INPUT "numgen random mod 2 0 drop\ntcp dport 4001 drop\n}"), false, false, 0,
     FIREWALL_DROP, NULL},
    {INET(INPUT "meta cpu 99 accept\n}"), false, false, 0, FIREWALL_PASS, NULL},
    {INET("chain a { tcp dport 4001 drop\n}\n" INPUT "meta hour \"00:00\"-\"23:59\" jump a\n}"),
     false, false, 0, FIREWALL_UNKNOWN, "a meta key"},
    {INET(INPUT "jhash ip saddr mod 2 vmap { 0 : drop, 1 : drop }\ndrop\n}"), false, false, 0,
     FIREWALL_UNKNOWN, NULL},
    /* iptables-nft */
    {"!iptables-nft -P INPUT DROP && iptables-nft -A INPUT -m conntrack --ctstate "
     "RELATED,ESTABLISHED -j ACCEPT",
     false, false, 0, FIREWALL_DROP, "table ip filter, chain INPUT"},
    {"!iptables-nft -P INPUT DROP && iptables-nft -A INPUT -m conntrack --ctstate NEW -p tcp "
     "--dport 4001 -m comment --comment hello -j ACCEPT",
     false, false, 0, FIREWALL_PASS, NULL},
    {"!iptables-nft -A INPUT -m conntrack ! --ctstate NEW -j DROP", false, false, 0, FIREWALL_PASS,
     NULL},
    {"!iptables-nft -A INPUT -p tcp -m multiport --dports 22,4000:4010 -j REJECT", false, false, 0,
     FIREWALL_DROP, "rejected by"},
    {"!iptables-nft -A INPUT -p tcp -m multiport ! --dports 22,4000:4010 -j DROP", false, false, 0,
     FIREWALL_PASS, NULL},
    {"!iptables-nft -A INPUT -m addrtype --dst-type LOCAL -j DROP", false, false, 0, FIREWALL_DROP,
     NULL},
    {"!iptables-nft -A INPUT -m addrtype --dst-type BROADCAST -j DROP", false, false, 0,
     FIREWALL_PASS, NULL},
    {"!iptables-nft -A INPUT -m limit --limit 3/min -j LOG && iptables-nft -A INPUT -p tcp --syn "
     "--dport 4001 -j DROP",
     false, false, 0, FIREWALL_DROP, NULL},
    {"!iptables-nft -A INPUT -m iprange --src-range 192.0.2.1-192.0.2.5 -j DROP", false, false, 0,
     FIREWALL_DROP, NULL},
    {"!iptables-nft -A INPUT -m pkttype --pkt-type multicast -j DROP", false, false, 0,
     FIREWALL_PASS, NULL},
    {"!iptables-nft -t mangle -A PREROUTING -j MARK --set-mark 9 && iptables-nft -A INPUT -m mark "
     "--mark 9 -j DROP",
     false, false, 0, FIREWALL_DROP, NULL},
    {"!iptables-nft -t nat -A PREROUTING -p tcp --dport 4001 -j REDIRECT --to-ports 4002", false,
     false, 0, FIREWALL_REDIRECT, NULL},
    {"!iptables-nft -A INPUT -m statistic --mode random --probability 0.5 -j DROP", false, false, 0,
     FIREWALL_UNKNOWN, "statistic"},
    {"!iptables-nft -N A && iptables-nft -A A -p tcp --dport 4001 -j RETURN && iptables-nft -A A "
     "-j "
     "DROP && iptables-nft -A INPUT -j A",
     false, false, 0, FIREWALL_PASS, NULL},
    {"!ip6tables-nft -A INPUT -p tcp -m state --state NEW -m tcp --dport 4001 -j DROP", false, true,
     0, FIREWALL_DROP, NULL},
};

struct world {
    int home, away;             /* the two namespaces */
    int tcp4, tcp6, udp4, udp6; /* sockets here, on PORT */
    struct iface_list ifaces;
    struct arena arena;
};

static bool load(const char *rules)
{
    int pipe_fd[2];
    if (*rules == '!')
        return netns_sh("nft flush ruleset") && netns_sh(rules + 1);
    if (pipe(pipe_fd) < 0)
        return false;
    pid_t pid = fork();
    if (pid == 0) {
        dup2(pipe_fd[0], STDIN_FILENO);
        close(pipe_fd[1]);
        execlp("nft", "nft", "-f", "-", (char *)NULL);
        _exit(127);
    }
    close(pipe_fd[0]);
    bool written = dprintf(pipe_fd[1], "flush ruleset\n%s", rules) > 0;
    close(pipe_fd[1]);
    int status = 1;
    return waitpid(pid, &status, 0) == pid && status == 0 && written;
}

static struct endpoint endpoint_of(const char *text, uint16_t port)
{
    struct err e = {0};
    struct endpoint at = {.port = port};
    if (addr_parse(&at.addr, text, &e))
        abort();
    return at;
}

/* A socket in the other namespace, from `src_port` (0: any). */
static int socket_away(const struct world *w, bool udp, bool v6, uint16_t src_port)
{
    struct err e = {0};
    struct endpoint from = endpoint_of(v6 ? "2001:db8:1::2" : "192.0.2.2", src_port);
    int one = 1;
    if (setns(w->away, CLONE_NEWNET) < 0)
        return -1;
    int fd = sock_new(from.addr.family, udp ? SOCK_DGRAM : SOCK_STREAM);
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    sock_reset_on_close(fd);
    bool good = sock_bind(fd, &from, &e) == 0;
    return setns(w->home, CLONE_NEWNET) == 0 && good ? fd : -1;
}

static bool happens(int fd, short event, int wait_ms)
{
    struct pollfd wait = {.fd = fd, .events = event};
    return poll(&wait, 1, wait_ms) == 1;
}

/* Does a real packet reach the socket on PORT?  For TCP the answer to the SYN tells (a ruleset may
 * well drop what follows it); nobody listens on another port, so nothing else answers. */
static bool probe(const struct world *w, bool udp, bool v6, uint16_t src_port)
{
    struct endpoint to = endpoint_of(v6 ? "2001:db8:1::1" : "192.0.2.1", PORT);
    int fd = socket_away(w, udp, v6, src_port);
    if (fd < 0) {
        printf("no socket to probe from\n");
        return false;
    }
    (void)sock_connect(fd, &to);
    bool reached;
    if (udp) {
        char byte;
        reached = send(fd, "x", 1, 0) == 1 && happens(v6 ? w->udp6 : w->udp4, POLLIN, WAIT_MS) &&
                  recv(v6 ? w->udp6 : w->udp4, &byte, 1, 0) == 1;
    } else {
        reached = happens(fd, POLLOUT, WAIT_MS) && sock_error(fd) == 0;
        int came = accept4(v6 ? w->tcp6 : w->tcp4, NULL, NULL, SOCK_CLOEXEC);
        own_close_fd(&came);
    }
    close(fd);
    return reached;
}

static int check_row(struct world *w, size_t i)
{
    int failed = 0;
    struct err e = {0};
    struct firewall *f;
    struct firewall_answer answer;
    bool v6 = row[i].v6;
    struct firewall_question q = {
        .in = iface_by_name(&w->ifaces, "veth0"),
        .src = endpoint_of(v6 ? "2001:db8:1::2" : "192.0.2.2", 0).addr,
        .dst = endpoint_of(v6 ? "2001:db8:1::1" : "192.0.2.1", 0).addr,
        .ip_proto = row[i].udp ? IPPROTO_UDP : IPPROTO_TCP,
        .dst_port = PORT,
    };
    if (!CHECK_ROW(i, load(row[i].rules)))
        return failed;
    if (!CHECK_ROW(i, firewall_open(&f, "/proc/self/net", &e) == 0)) {
        printf("%s\n", e.text);
        return failed;
    }
    firewall_ask(f, &q, &w->arena, &answer);
    bool reached = probe(w, row[i].udp, v6, row[i].src_port);
    bool good = CHECK_ROW(i, answer.verdict == row[i].verdict);
    good &= CHECK_ROW(i, !row[i].why || strstr(answer.why, row[i].why));
    if (answer.verdict != FIREWALL_UNKNOWN)
        good &= CHECK_ROW(i, reached == (answer.verdict == FIREWALL_PASS));
    if (!good)
        printf("verdict %d, %s: %s\n%s\n", answer.verdict, reached ? "reached" : "not reached",
               answer.why, row[i].rules);
    firewall_close(f);
    return failed;
}

static int listen_at(bool udp, bool v6)
{
    struct err e = {0};
    struct endpoint all = endpoint_of(v6 ? "::" : "0.0.0.0", PORT);
    int fd = -1, one = 1;
    if (!udp)
        return sock_listen(&all, 256, &fd, &e) ? -1 : fd;
    fd = sock_new(all.addr.family, SOCK_DGRAM);
    if (v6)
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof one);
    return sock_bind(fd, &all, &e) ? -1 : fd;
}

static bool set_up(struct world *w, pid_t peer)
{
    char path[64];
    struct err e = {0};
    snprintf(path, sizeof path, "/proc/%d/ns/net", (int)peer);
    w->home = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
    w->away = open(path, O_RDONLY | O_CLOEXEC);
    w->tcp4 = listen_at(false, false);
    w->tcp6 = listen_at(false, true);
    w->udp4 = listen_at(true, false);
    w->udp6 = listen_at(true, true);
    return w->home >= 0 && w->away >= 0 && w->tcp4 >= 0 && w->tcp6 >= 0 && w->udp4 >= 0 &&
           w->udp6 >= 0 && iface_read(&w->arena, &w->ifaces, &e) == 0;
}

static int redirects(struct world *w)
{
    int failed = 0;
    struct err e = {0};
    static const char *const rules[] = {
        INET(NAT "tcp dport 80 redirect to :4001\n}"),
        IP(NAT "tcp dport 80 dnat to 192.0.2.1:4001\n}"),
        "!iptables-nft -t nat -A PREROUTING -p tcp --dport 80 -j REDIRECT --to-ports 4001",
        "!iptables-nft -t nat -A PREROUTING -p tcp --dport 80 -j DNAT --to 192.0.2.1:4001",
        INET(INPUT "tcp dport 4001 accept\n}")};
    for (size_t i = 0; i < ARRAY_LEN(rules); i++) {
        struct firewall *f = NULL;
        CHECK_ROW(i, load(rules[i]) && firewall_open(&f, "/proc/self/net", &e) == 0);
        bool there = i + 1 < ARRAY_LEN(rules);
        CHECK_ROW(i, (firewall_redirect_to(f, 4001, &w->arena) != NULL) == there);
        CHECK_ROW(i, firewall_redirect_to(f, 4002, &w->arena) == NULL);
        firewall_close(f);
    }
    return failed;
}

/* Legacy tables beside: nothing passes for sure, but a drop stays a drop. */
static int legacy(struct world *w)
{
    int failed = 0;
    struct err e = {0};
    char folder[] = "/tmp/picket-test-XXXXXX", file[64];
    CHECK(mkdtemp(folder) != NULL);
    snprintf(file, sizeof file, "%s/ip_tables_names", folder);
    int fd = open(file, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
    CHECK(fd >= 0 && write(fd, "filter\n", 7) == 7);
    close(fd);
    for (int drop = 0; drop < 2; drop++) {
        struct firewall *f = NULL;
        struct firewall_answer answer;
        CHECK(load(drop ? INET(INPUT_DROP "}") : "") && firewall_open(&f, folder, &e) == 0);
        struct firewall_question q = {.in = iface_by_name(&w->ifaces, "veth0"),
                                      .src = endpoint_of("192.0.2.2", 0).addr,
                                      .dst = endpoint_of("192.0.2.1", 0).addr,
                                      .ip_proto = IPPROTO_TCP,
                                      .dst_port = PORT};
        firewall_ask(f, &q, &w->arena, &answer);
        CHECK(answer.verdict == (drop ? FIREWALL_DROP : FIREWALL_UNKNOWN));
        CHECK(drop || strstr(answer.why, "legacy iptables"));
        q.src = endpoint_of("2001:db8:1::2", 0).addr;
        q.dst = endpoint_of("2001:db8:1::1", 0).addr;
        firewall_ask(f, &q, &w->arena, &answer);
        CHECK(answer.verdict == (drop ? FIREWALL_DROP : FIREWALL_PASS));
        firewall_close(f);
    }
    unlink(file);
    rmdir(folder);
    return failed;
}

int link_firewall_test(void)
{
    int failed = 0;
    struct world w = {0};
    if (!netns_enter())
        return 0;
    if (!netns_sh("command -v nft >/dev/null && command -v iptables-nft >/dev/null")) {
        printf("skipped: needs nft and iptables-nft\n");
        return 0;
    }
    pid_t peer = netns_pair();
    if (!CHECK(peer > 0 && set_up(&w, peer)))
        return failed;
    for (size_t i = 0; i < ARRAY_LEN(row); i++)
        failed += check_row(&w, i);
    failed += redirects(&w) + legacy(&w);
    netns_end(peer);
    arena_done(&w.arena);
    return failed;
}
