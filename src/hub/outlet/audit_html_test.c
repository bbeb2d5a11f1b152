/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/outlet/audit_html.h"

#include <stdio.h>
#include <string.h>

#include "check.h"
#include "hub/outlet/audit_sample_test.h"

int outlet_audit_html_test(void);

static const char golden[] =
    "<body>\n"
    "<header><p class=\"kicker\">picket audit</p><h1><bdi>web1.example "
    "(192.0.2.10)</bdi></h1><p class=\"facts\"><bdi>Debian GNU/Linux 12 (bookworm), Linux "
    "6.1.0-26-amd64</bdi></p><p class=\"facts\">Looked at on <time "
    "datetime=\"2026-11-24T17:00:00Z\">24 November 2026, 17:00 UTC</time></p></header>\n"
    "<nav aria-label=\"Hosts\"></nav>\n"
    "<main>\n"
    "<section class=\"sheet\" aria-label=\"Summary\"><p class=\"verdict\">2 services of this "
    "machine can be reached by anyone.</p><ul class=\"tiles\"><li class=\"tile "
    "red\"><b>2</b> reachable by anyone</li><li class=\"tile amber\"><b>1</b> not "
    "decided</li><li class=\"tile amber\"><b>1</b> reachable by neighbours</li><li "
    "class=\"tile green\"><b>1</b> firewalled</li><li class=\"tile grey\"><b>1</b> loopback "
    "only</li></ul><ul class=\"tiles\"><li class=\"tile red\"><b>1</b> critical "
    "finding</li><li class=\"tile amber\"><b>1</b> medium finding</li><li class=\"tile "
    "grey\"><b>1</b> low finding</li></ul></section>\n"
    "<section class=\"sheet\"><h2>What waits for others</h2><div "
    "class=\"group\"><h3>Reachable by anyone <span class=\"badge red\">2</span></h3><p "
    "class=\"note\">Every host that has a route to this machine gets an answer "
    "here.</p><table class=\"sockets curable\" role=\"table\" aria-label=\"Reachable by "
    "anyone\"><thead role=\"rowgroup\"><tr role=\"row\"><th role=\"columnheader"
    "\" scope=\"col\">Port</th><th role=\"columnheader\" scope=\"col\">Service</th><th "
    "role=\"columnheader\" scope=\"col\">Program</th><th role=\"columnheader"
    "\" scope=\"col\">Who reaches it, and why</th><th role=\"columnheader"
    "\" scope=\"col\">Close it</th></tr></thead><tbody role=\"rowgroup\">\n"
    "<tr role=\"row\"><th role=\"rowheader\" scope=\"row\" data-title=\"Port\">6379/tcp<span "
    "class=\"small\"><bdi>all addresses (0.0.0.0)</bdi></span></th><td role=\"cell"
    "\" data-title=\"Service\"><bdi>redis</bdi></td><td role=\"cell"
    "\" data-title=\"Program\"><bdi>redis-server</bdi><span class=\"small\">process "
    "<bdi>733</bdi></span><span class=\"small\">user <bdi>redis</bdi></span><span "
    "class=\"small\">package <bdi>redis-server 5:7.0.15-1~deb12u1</bdi></span><span "
    "class=\"small\">unit <bdi>redis-server.service</bdi></span></td><td role=\"cell"
    "\" data-title=\"Who reaches it, and why\"><span class=\"badge red\">reachable by "
    "anyone</span><span class=\"small\"><bdi>no rule of table inet filter, chain input stops "
    "it; policy accept</bdi></span></td><td role=\"cell\" data-title=\"Close it\"><div "
    "class=\"command\"><code><bdi>sed -i &#39;s/^bind .*/bind 127.0.0.1 -::1/&#39; "
    "/etc/redis/redis.conf &amp;&amp; systemctl restart "
    "redis-server</bdi></code></div></td></tr>\n"
    "<tr role=\"row\"><th role=\"rowheader\" scope=\"row\" data-title=\"Port\">22/tcp<span "
    "class=\"small\"><bdi>all addresses (0.0.0.0, ::)</bdi></span></th><td role=\"cell"
    "\" data-title=\"Service\"><bdi>ssh</bdi></td><td role=\"cell"
    "\" data-title=\"Program\"><bdi>sshd</bdi><span class=\"small\">process "
    "<bdi>612</bdi></span><span class=\"small\">user <bdi>root</bdi></span><span "
    "class=\"small\">package <bdi>openssh-server 1:9.2p1-2+deb12u3</bdi></span><span "
    "class=\"small\">unit <bdi>ssh.service</bdi></span></td><td role=\"cell"
    "\" data-title=\"Who reaches it, and why\"><span class=\"badge red\">reachable by "
    "anyone</span><span class=\"small\"><bdi>rule 4 of chain input accepts tcp dport "
    "22</bdi></span></td><td role=\"cell\" data-title=\"Close it\"><div "
    "class=\"command\"><code><bdi>systemctl disable --now "
    "ssh.service</bdi></code></div></td></tr>\n"
    "</tbody></table>\n"
    "</div><div class=\"group\"><h3>Not decided <span class=\"badge amber\">1</span></h3><p "
    "class=\"note\">A firewall rule on the way could not be judged: take these as reachable "
    "until you have looked.</p><table class=\"sockets curable\" role=\"table"
    "\" aria-label=\"Not decided\"><thead role=\"rowgroup\"><tr role=\"row\"><th "
    "role=\"columnheader\" scope=\"col\">Port</th><th role=\"columnheader"
    "\" scope=\"col\">Service</th><th role=\"columnheader\" scope=\"col\">Program</th><th "
    "role=\"columnheader\" scope=\"col\">Who reaches it, and why</th><th "
    "role=\"columnheader\" scope=\"col\">Close it</th></tr></thead><tbody "
    "role=\"rowgroup\">\n"
    "<tr role=\"row\"><th role=\"rowheader\" scope=\"row\" data-title=\"Port\">4500/udp<span "
    "class=\"small\"><bdi>all addresses (0.0.0.0)</bdi></span></th><td role=\"cell"
    "\" data-title=\"Service\"><bdi>unknown</bdi></td><td role=\"cell"
    "\" data-title=\"Program\"><bdi>unknown</bdi></td><td role=\"cell\" data-title=\"Who "
    "reaches it, and why\"><span class=\"badge amber\">not decided</span><span "
    "class=\"small\"><bdi>rule 9 of chain input matches by cgroup</bdi></span></td><td "
    "role=\"cell\" data-title=\"Close it\"><div class=\"command\"><code><bdi>nft insert rule "
    "inet filter input udp dport 4500 drop</bdi></code></div></td></tr>\n"
    "</tbody></table>\n"
    "</div><div class=\"group\"><h3>Reachable from connected networks <span class=\"badge "
    "amber\">1</span></h3><p class=\"note\">Hosts of a directly connected network get an "
    "answer here.</p><table class=\"sockets curable\" role=\"table\" aria-label=\"Reachable "
    "from connected networks\"><thead role=\"rowgroup\"><tr role=\"row\"><th "
    "role=\"columnheader\" scope=\"col\">Port</th><th role=\"columnheader"
    "\" scope=\"col\">Service</th><th role=\"columnheader\" scope=\"col\">Program</th><th "
    "role=\"columnheader\" scope=\"col\">Who reaches it, and why</th><th "
    "role=\"columnheader\" scope=\"col\">Close it</th></tr></thead><tbody "
    "role=\"rowgroup\">\n"
    "<tr role=\"row\"><th role=\"rowheader\" scope=\"row\" data-title=\"Port\">5353/udp<span "
    "class=\"small\"><bdi>192.0.2.10 on eth0</bdi></span></th><td role=\"cell"
    "\" data-title=\"Service\"><bdi>zeroconf</bdi></td><td role=\"cell"
    "\" data-title=\"Program\"><bdi>avahi-daemon</bdi><span class=\"small\">process "
    "<bdi>488</bdi></span><span class=\"small\">user <bdi>avahi</bdi></span><span "
    "class=\"small\">package <bdi>avahi-daemon 0.8-10+deb12u1</bdi></span><span "
    "class=\"small\">unit <bdi>avahi-daemon.service</bdi></span></td><td role=\"cell"
    "\" data-title=\"Who reaches it, and why\"><span class=\"badge amber\">reachable by "
    "neighbours</span><span class=\"small\"><bdi>a link-local group on "
    "eth0</bdi></span></td><td role=\"cell\" data-title=\"Close it\"><div "
    "class=\"command\"><code><bdi>systemctl disable --now avahi-daemon.socket "
    "avahi-daemon.service</bdi></code></div></td></tr>\n"
    "</tbody></table>\n"
    "</div><div class=\"group\"><h3>Closed by the firewall <span class=\"badge "
    "green\">1</span></h3><p class=\"note\">They listen to the network, but the firewall "
    "lets nobody in. They open when the firewall goes.</p><table class=\"sockets"
    "\" role=\"table\" aria-label=\"Closed by the firewall\"><thead role=\"rowgroup\"><tr "
    "role=\"row\"><th role=\"columnheader\" scope=\"col\">Port</th><th role=\"columnheader"
    "\" scope=\"col\">Service</th><th role=\"columnheader\" scope=\"col\">Program</th><th "
    "role=\"columnheader\" scope=\"col\">Who reaches it, and why</th></tr></thead><tbody "
    "role=\"rowgroup\">\n"
    "<tr role=\"row\"><th role=\"rowheader\" scope=\"row\" data-title=\"Port\">8080/tcp<span "
    "class=\"small\"><bdi>all addresses (0.0.0.0)</bdi></span></th><td role=\"cell"
    "\" data-title=\"Service\"><bdi>unknown</bdi></td><td role=\"cell"
    "\" data-title=\"Program\"><bdi>&lt;script&gt;0&lt; (4 processes)</bdi><span "
    "class=\"small\">process <bdi>2044</bdi></span><span class=\"small\">user "
    "<bdi>deploy</bdi></span><span class=\"small\"><bdi>/opt/app/\357\277\275[31mserv"
    "er</bdi></span></td><td role=\"cell\" data-title=\"Who reaches it, and why\"><span "
    "class=\"badge green\">firewalled</span><span class=\"small\"><bdi>chain input, policy "
    "drop</bdi></span></td></tr>\n"
    "</tbody></table>\n"
    "</div><div class=\"group\"><h3>Loopback only <span class=\"badge grey\">1</span></h3><p "
    "class=\"note\">Only programs on this machine can reach these.</p><table "
    "class=\"sockets\" role=\"table\" aria-label=\"Loopback only\"><thead "
    "role=\"rowgroup\"><tr role=\"row\"><th role=\"columnheader\" scope=\"col\">Port</th><th "
    "role=\"columnheader\" scope=\"col\">Service</th><th role=\"columnheader"
    "\" scope=\"col\">Program</th><th role=\"columnheader\" scope=\"col\">Who reaches it, "
    "and why</th></tr></thead><tbody role=\"rowgroup\">\n"
    "<tr role=\"row\"><th role=\"rowheader\" scope=\"row\" data-title=\"Port\">25/tcp<span "
    "class=\"small\"><bdi>127.0.0.1</bdi></span></th><td role=\"cell"
    "\" data-title=\"Service\"><bdi>smtp</bdi></td><td role=\"cell"
    "\" data-title=\"Program\"><bdi>master</bdi><span class=\"small\">process "
    "<bdi>901</bdi></span><span class=\"small\">user <bdi>root</bdi></span><span "
    "class=\"small\">package <bdi>postfix 3.7.11-0+deb12u1</bdi></span><span "
    "class=\"small\">unit <bdi>postfix@-.service</bdi></span></td><td role=\"cell"
    "\" data-title=\"Who reaches it, and why\"><span class=\"badge grey\">loopback "
    "only</span><span class=\"small\"><bdi>bound to 127.0.0.1</bdi></span></td></tr>\n"
    "</tbody></table>\n"
    "</div></section>\n"
    "<section class=\"sheet\"><h2>What should be put right</h2><article "
    "class=\"finding\"><h3><span class=\"badge red\">Critical</span> <bdi>Redis obeys anyone "
    "without a password</bdi></h3><p class=\"small\">6379/tcp \302\267 CVSS 9.8 \302\267 "
    "quality of detection 99 % \302\267 found by assess, "
    "<bdi>redis.no_password</bdi></p><pre><bdi>&gt; INFO server\n"
    "redis_version:7.0.15 &lt;&amp;&quot;&#39;\357\277\275[2J</bdi></pre><p><strong>Put it "
    "right</strong></p><div class=\"command\"><code><bdi>redis-cli CONFIG SET requirepass "
    "&quot;$(openssl rand -hex 24)&quot;</bdi></code></div><p class=\"small\">See "
    "<bdi>CWE-306</bdi>, <a href=\"https://redis.io/docs/management/security/"
    "\" rel=\"noopener noreferrer\"><bdi>https://redis.io/docs/management/security/</bdi></a>"
    ", <bdi>javascript:alert(1)</bdi></p></article>\n"
    "<article class=\"finding\"><h3><span class=\"badge amber\">Medium</span> "
    "<bdi>openssh-server has an update</bdi></h3><p class=\"small\">CVSS 5.3 \302\267 "
    "quality of detection 80 % \302\267 found by advisory, "
    "<bdi>DSA-5000-1</bdi></p><pre><bdi>1:9.2p1-2+deb12u3 is "
    "installed</bdi></pre><p><strong>Put it right</strong></p><div "
    "class=\"command\"><code><bdi>apt-get install --only-upgrade "
    "openssh-server</bdi></code></div><p class=\"small\">See "
    "<bdi>CVE-2026-0001</bdi></p></article>\n"
    "<article class=\"finding\"><h3><span class=\"badge grey\">Low</span> <bdi>zeroconf "
    "answers the local network</bdi></h3><p class=\"small\">5353/udp \302\267 quality of "
    "detection 97 % \302\267 found by audit, <bdi>exposure.reachable</bdi></p></article>\n"
    "</section>\n"
    "<section class=\"sheet\"><h2>What a scan saw</h2><table role=\"table"
    "\" aria-label=\"Ports\"><thead role=\"rowgroup\"><tr role=\"row\"><th "
    "role=\"columnheader\" scope=\"col\">Port</th><th role=\"columnheader"
    "\" scope=\"col\">State</th><th role=\"columnheader\" scope=\"col\">Service</th><th "
    "role=\"columnheader\" scope=\"col\">Version</th><th role=\"columnheader"
    "\" scope=\"col\">Reason</th></tr></thead><tbody role=\"rowgroup\">\n"
    "<tr role=\"row\"><th role=\"rowheader\" scope=\"row"
    "\" data-title=\"Port\">22/tcp</th><td role=\"cell\" data-title=\"State\"><span "
    "class=\"badge green\">open</span></td><td role=\"cell"
    "\" data-title=\"Service\"><bdi>ssh</bdi><span class=\"small\"><bdi>by its "
    "number</bdi></span></td><td role=\"cell\" data-title=\"Version\"></td><td role=\"cell"
    "\" data-title=\"Reason\">syn-ack</td></tr>\n"
    "<tr role=\"row\"><th role=\"rowheader\" scope=\"row"
    "\" data-title=\"Port\">6379/tcp</th><td role=\"cell\" data-title=\"State\"><span "
    "class=\"badge green\">open</span></td><td role=\"cell"
    "\" data-title=\"Service\"><bdi>redis</bdi></td><td role=\"cell"
    "\" data-title=\"Version\"><bdi>Redis key-value store 7.0.15</bdi></td><td role=\"cell"
    "\" data-title=\"Reason\">syn-ack</td></tr>\n"
    "<tr role=\"row\"><th role=\"rowheader\" scope=\"row"
    "\" data-title=\"Port\">8080/tcp</th><td role=\"cell\" data-title=\"State\"><span "
    "class=\"badge amber\">filtered</span></td><td role=\"cell"
    "\" data-title=\"Service\"><bdi>http-proxy</bdi><span class=\"small\"><bdi>by its "
    "number</bdi></span></td><td role=\"cell\" data-title=\"Version\"></td><td role=\"cell"
    "\" data-title=\"Reason\">no-response</td></tr>\n"
    "</tbody></table>\n"
    "</section>\n"
    "<section class=\"sheet\"><h2>What was looked at</h2><table role=\"table"
    "\" aria-label=\"Parts of the audit\"><thead role=\"rowgroup\"><tr role=\"row\"><th "
    "role=\"columnheader\" scope=\"col\">Part</th><th role=\"columnheader"
    "\" scope=\"col\">State</th><th role=\"columnheader"
    "\" scope=\"col\">Time</th></tr></thead><tbody role=\"rowgroup\">\n"
    "<tr role=\"row\"><th role=\"rowheader\" scope=\"row\" data-title=\"Part\">exposure<span "
    "class=\"small\">sockets that wait for others, and the firewall before "
    "them</span></th><td role=\"cell\" data-title=\"State\"><span class=\"badge "
    "green\">done</span></td><td role=\"cell\" data-title=\"Time\">0.0 s</td></tr>\n"
    "<tr role=\"row\"><th role=\"rowheader\" scope=\"row\" data-title=\"Part\">scan<span "
    "class=\"small\">the thousand likeliest ports, from this machine</span></th><td "
    "role=\"cell\" data-title=\"State\"><span class=\"badge green\">done</span></td><td "
    "role=\"cell\" data-title=\"Time\">1.3 s</td></tr>\n"
    "<tr role=\"row\"><th role=\"rowheader\" scope=\"row\" data-title=\"Part\">advisory<span "
    "class=\"small\">installed packages against known weaknesses</span></th><td "
    "role=\"cell\" data-title=\"State\"><span class=\"badge amber\">skipped</span><span "
    "class=\"small\"><bdi>no advisories are stored yet: picket advisory "
    "fetch</bdi></span></td><td role=\"cell\" data-title=\"Time\"></td></tr>\n"
    "<tr role=\"row\"><th role=\"rowheader\" scope=\"row\" data-title=\"Part\">relay<span "
    "class=\"small\">mail servers that forward for strangers</span></th><td role=\"cell"
    "\" data-title=\"State\"><span class=\"badge red\">failed</span><span "
    "class=\"small\"><bdi>port 25 closed the connection &lt;b&gt;</bdi></span></td><td "
    "role=\"cell\" data-title=\"Time\"></td></tr>\n"
    "</tbody></table>\n"
    "</section>\n"
    "</main>\n"
    "<footer><p>Made by picket 0.1.0 in 2.5 s. The same again:</p><div "
    "class=\"command\"><code><bdi>picket audit --out "
    "report</bdi></code></div></footer>\n";

/* The page's own part: behind the style sheet, before the script. */
static int check_golden(const struct str *page)
{
    int failed = 0;
    const char *body = strstr(page->text, "<body>"), *script = strstr(page->text, "<script>");
    if (!CHECK(body && script && script > body))
        return failed;
    size_t len = (size_t)(script - body);
    if (!CHECK(len == strlen(golden) && memcmp(body, golden, len) == 0))
        printf("%.*s\n", (int)len, body);
    return failed;
}

/* Nothing is loaded from anywhere, and what strangers said is text: our script is the only one. */
static int check_safe(const struct str *page)
{
    static const char *const loads[] = {
        " src=",     "url(",      "@import", "<link", "<iframe", "<img", "href=\"javascript",
        " onclick=", " style=\"", "\x1b"};
    int failed = 0;
    for (size_t i = 0; i < ARRAY_LEN(loads); i++)
        CHECK_ROW(i, strstr(page->text, loads[i]) == NULL);
    const char *script = strstr(page->text, "<script");
    CHECK(script && !strstr(script + 1, "<script"));
    CHECK(strstr(page->text, "&lt;script&gt;") != NULL);
    return failed;
}

/* Other hosts than this one, and one that has nothing to tell. */
static int check_hosts(void)
{
    int failed = 0;
    const struct audit_host host[] = {
        {.name = "a.example", .is_local = true},
        {.addr = SAMPLE_IP4(192, 0, 2, 20)},
    };
    struct audit_report report = audit_sample;
    report.host = host;
    report.host_count = 2;
    struct str page = str_of(0);
    audit_html_write(&report, &page);
    CHECK(strstr(page.text, "<title>Audit</title>") != NULL);
    CHECK(strstr(page.text, "<h1>2 hosts</h1>") != NULL);
    CHECK(strstr(page.text, "<h2 id=\"host-2\"><bdi>192.0.2.20</bdi></h2>") != NULL);
    CHECK(strstr(page.text, "No service of this machine can be reached from outside.") != NULL);
    CHECK(strstr(page.text, "No program on this machine waits for connections.") != NULL);
    CHECK(strstr(page.text, "no findings.") != NULL);
    CHECK(strstr(page.text, "What should be put right") == NULL);
    str_done(&page);
    return failed;
}

int outlet_audit_html_test(void)
{
    struct str page = str_of(0);
    audit_html_write(&audit_sample, &page);
    int failed = check_golden(&page) + check_safe(&page) + check_hosts();
    str_done(&page);
    return failed;
}
