/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/outlet/scan_html.h"

#include <stdio.h>
#include <string.h>

#include "check.h"
#include "hub/outlet/scan_sample_test.h"

int outlet_scan_html_test(void);

static const char golden[] =
    "<body>\n"
    "<header><p class=\"kicker\">picket scan</p><h1>Scan report</h1><p class=\"facts\"><time "
    "datetime=\"2026-11-24T17:00:00Z\">24 November 2026, 17:00 UTC</time> \302\267 picket "
    "0.1.0 \302\267 <a href=\"#totals\">totals</a></p><div "
    "class=\"command\"><code><bdi>picket scan -sSUV --reason -v -A &quot;a&amp;b&quot; "
    "www.example</bdi></code></div><details><summary>syn scan of 3 tcp "
    "ports</summary><pre>22-23,25</pre></details><details><summary>udp scan of 1 udp "
    "port</summary><pre>53</pre></details></header>\n"
    "<nav aria-label=\"Hosts\"></nav>\n"
    "<main>\n"
    "<section class=\"sheet\"><h2>Scripts before the "
    "scan</h2><details><summary><bdi>banner</bdi></summary><pre><bdi>a\tb "
    "\357\277\275[31m&lt;/pre&gt;&lt;script&gt;\357\277\275\357\277\275\357\277\275\n"
    "last</bdi></pre></details></section>\n"
    "<section class=\"sheet\"><p>Not scanned, no such host: "
    "<bdi>no&lt;such&gt;.invalid</bdi></p></section>\n"
    "<section class=\"sheet\" aria-labelledby=\"host-1\"><h2 id=\"host-1\"><bdi>www.example "
    "(192.0.2.10)</bdi></h2><p class=\"facts\">up \302\267 <bdi>echo-reply ttl 64</bdi> "
    "\302\267 latency <bdi>0.179 ms</bdi> \302\267 MAC <bdi>02:77:00:00:01:10</bdi> \302\267 "
    "<bdi>Lab &amp; Co</bdi> \302\267 <bdi>4 hops away</bdi> \302\267 known to DNS as "
    "<bdi>mail.example</bdi> \302\267 not scanned: <bdi>192.0.2.11</bdi> \302\267 "
    "<bdi>2001:db8::1</bdi> \302\267 <bdi>the first</bdi></p><table role=\"table"
    "\" aria-label=\"Ports\"><thead role=\"rowgroup\"><tr role=\"row\"><th "
    "role=\"columnheader\" scope=\"col\">Port</th><th role=\"columnheader"
    "\" scope=\"col\">State</th><th role=\"columnheader\" scope=\"col\">Service</th><th "
    "role=\"columnheader\" scope=\"col\">Version</th><th role=\"columnheader"
    "\" scope=\"col\">Reason</th></tr></thead><tbody role=\"rowgroup\">\n"
    "<tr role=\"row\"><th role=\"rowheader\" scope=\"row"
    "\" data-title=\"Port\">22/tcp</th><td role=\"cell\" data-title=\"State\"><span "
    "class=\"badge green\">open</span></td><td role=\"cell"
    "\" data-title=\"Service\"><bdi>ssh</bdi> <span "
    "class=\"small\"><bdi>root</bdi></span></td><td role=\"cell"
    "\" data-title=\"Version\"><bdi>OpenSSH 9.2p1 (protocol 2.0)</bdi><span "
    "class=\"small\"><bdi>cpe:/a:openbsd:openssh:9.2p1</bdi></span><span "
    "class=\"small\"><bdi>cpe:/o:linux:linux_kernel</bdi></span><details><summary><bdi>banner"
    "</bdi></summary><pre><bdi>a\tb \357\277\275[31m&lt;/pre&gt;&lt;script&gt;\357\277\275"
    "\357\277\275\357\277\275\n"
    "last</bdi></pre></details><details><summary><bdi>table</bdi></summary><pre><bdi>\n"
    "  key: va&lt;l\n"
    "</bdi></pre></details></td><td role=\"cell\" data-title=\"Reason\">syn-ack ttl "
    "64</td></tr>\n"
    "<tr role=\"row\"><th role=\"rowheader\" scope=\"row"
    "\" data-title=\"Port\">25/tcp</th><td role=\"cell\" data-title=\"State\"><span "
    "class=\"badge grey\">closed</span></td><td role=\"cell"
    "\" data-title=\"Service\"><bdi>smtp</bdi><span class=\"small\"><bdi>by its "
    "number</bdi></span></td><td role=\"cell\" data-title=\"Version\"></td><td role=\"cell"
    "\" data-title=\"Reason\">reset ttl 64</td></tr>\n"
    "<tr role=\"row\"><th role=\"rowheader\" scope=\"row"
    "\" data-title=\"Port\">111/tcp</th><td role=\"cell\" data-title=\"State\"><span "
    "class=\"badge green\">open</span></td><td role=\"cell"
    "\" data-title=\"Service\"><bdi>rpcbind</bdi></td><td role=\"cell"
    "\" data-title=\"Version\"><bdi>2-4 (RPC #100000)</bdi></td><td role=\"cell"
    "\" data-title=\"Reason\">syn-ack ttl 64</td></tr>\n"
    "<tr role=\"row\"><th role=\"rowheader\" scope=\"row"
    "\" data-title=\"Port\">443/tcp</th><td role=\"cell\" data-title=\"State\"><span "
    "class=\"badge green\">open</span></td><td role=\"cell"
    "\" data-title=\"Service\">ssl/<bdi>http</bdi></td><td role=\"cell"
    "\" data-title=\"Version\"><bdi>&lt;/script&gt;/\t\\x1B[2J</bdi></td><td role=\"cell"
    "\" data-title=\"Reason\">syn-ack ttl 64</td></tr>\n"
    "<tr role=\"row\"><th role=\"rowheader\" scope=\"row"
    "\" data-title=\"Port\">8000/tcp</th><td role=\"cell\" data-title=\"State\"><span "
    "class=\"badge green\">open</span></td><td role=\"cell"
    "\" data-title=\"Service\"><bdi>http-alt</bdi><span class=\"small\"><bdi>by its "
    "number</bdi></span></td><td role=\"cell\" data-title=\"Version\"></td><td role=\"cell"
    "\" data-title=\"Reason\">syn-ack ttl 64</td></tr>\n"
    "<tr role=\"row\"><th role=\"rowheader\" scope=\"row"
    "\" data-title=\"Port\">53/udp</th><td role=\"cell\" data-title=\"State\"><span "
    "class=\"badge amber\">open|filtered</span></td><td role=\"cell"
    "\" data-title=\"Service\"><bdi>unknown</bdi></td><td role=\"cell"
    "\" data-title=\"Version\"></td><td role=\"cell"
    "\" data-title=\"Reason\">no-response</td></tr>\n"
    "<tr role=\"row\"><th role=\"rowheader\" scope=\"row"
    "\" data-title=\"Port\">161/udp</th><td role=\"cell\" data-title=\"State\"><span "
    "class=\"badge amber\">filtered</span></td><td role=\"cell"
    "\" data-title=\"Service\"><bdi>snmp</bdi><span class=\"small\"><bdi>by its "
    "number</bdi></span></td><td role=\"cell\" data-title=\"Version\"></td><td role=\"cell"
    "\" data-title=\"Reason\">admin-prohibited from 192.0.2.1 ttl 63</td></tr>\n"
    "</tbody></table>\n"
    "<p class=\"note\">Not shown: 3 closed (3 tcp resets).</p><p class=\"note\">Not shown: 2 "
    "filtered (1 tcp no-response, 1 udp host-unreach).</p><h3>Operating system</h3><table "
    "role=\"table\" aria-label=\"Operating system\"><thead role=\"rowgroup\"><tr "
    "role=\"row\"><th role=\"columnheader\" scope=\"col\">System</th><th "
    "role=\"columnheader\" scope=\"col\">Accuracy</th><th role=\"columnheader"
    "\" scope=\"col\">Class</th></tr></thead><tbody role=\"rowgroup\">\n"
    "<tr role=\"row\"><th role=\"rowheader\" scope=\"row\" data-title=\"System\"><bdi>Lab "
    "Linux 6 &lt;b&gt;</bdi></th><td role=\"cell\" data-title=\"Accuracy\">100 %</td><td "
    "role=\"cell\" data-title=\"Class\"><span class=\"small\"><bdi>Linux 6.X general "
    "purpose</bdi></span><span class=\"small\"><bdi>Lab embedded "
    "firewall</bdi></span></td></tr>\n"
    "<tr role=\"row\"><th role=\"rowheader\" scope=\"row\" data-title=\"System\"><bdi>Linux "
    "5.4</bdi></th><td role=\"cell\" data-title=\"Accuracy\">95 %</td><td role=\"cell"
    "\" data-title=\"Class\"><span class=\"small\"><bdi>Linux 6.X general "
    "purpose</bdi></span></td></tr>\n"
    "</tbody></table>\n"
    "<h3>Scripts</h3><details><summary><bdi>banner</bdi></summary><pre><bdi>a\tb "
    "\357\277\275[31m&lt;/pre&gt;&lt;script&gt;\357\277\275\357\277\275\357\277\275\n"
    "last</bdi></pre></details><h3>The way there</h3><table role=\"table\" aria-label=\"The "
    "way there\"><thead role=\"rowgroup\"><tr role=\"row\"><th role=\"columnheader"
    "\" scope=\"col\">Hop</th><th role=\"columnheader\" scope=\"col\">Round trip</th><th "
    "role=\"columnheader\" scope=\"col\">Address</th></tr></thead><tbody role=\"rowgroup\">\n"
    "<tr role=\"row\"><th role=\"rowheader\" scope=\"row\" data-title=\"Hop\">1</th><td "
    "role=\"cell\" data-title=\"Round trip\">0.02 ms</td><td role=\"cell"
    "\" data-title=\"Address\">192.0.2.1<span "
    "class=\"small\"><bdi>gw.example</bdi></span></td></tr>\n"
    "<tr role=\"row\"><th role=\"rowheader\" scope=\"row\" data-title=\"Hop\">2</th><td "
    "role=\"cell\" data-title=\"Round trip\"></td><td role=\"cell"
    "\" data-title=\"Address\">no answer</td></tr>\n"
    "<tr role=\"row\"><th role=\"rowheader\" scope=\"row\" data-title=\"Hop\">3</th><td "
    "role=\"cell\" data-title=\"Round trip\"></td><td role=\"cell"
    "\" data-title=\"Address\">no answer</td></tr>\n"
    "<tr role=\"row\"><th role=\"rowheader\" scope=\"row\" data-title=\"Hop\">4</th><td "
    "role=\"cell\" data-title=\"Round trip\">12.50 ms</td><td role=\"cell"
    "\" data-title=\"Address\">192.0.2.10</td></tr>\n"
    "<tr role=\"row\"><th role=\"rowheader\" scope=\"row\" data-title=\"Hop\">5</th><td "
    "role=\"cell\" data-title=\"Round trip\"></td><td role=\"cell"
    "\" data-title=\"Address\">no answer</td></tr>\n"
    "</tbody></table>\n"
    "</section>\n"
    "<section class=\"sheet\" aria-labelledby=\"host-2\"><h2 "
    "id=\"host-2\"><bdi>2001:db8::2</bdi></h2><p class=\"facts\">up \302\267 "
    "<bdi>user-set</bdi></p><p class=\"note\">Not shown: 3 closed (3 tcp "
    "resets).</p></section>\n"
    "<section class=\"sheet\" aria-labelledby=\"host-3\"><h2 "
    "id=\"host-3\"><bdi>192.0.2.12</bdi></h2><p class=\"facts\">up \302\267 "
    "<bdi>user-set</bdi></p><p>Given up: the time for one host was over.</p></section>\n"
    "<section class=\"sheet\" aria-labelledby=\"host-4\"><h2 "
    "id=\"host-4\"><bdi>192.0.2.13</bdi></h2><p class=\"facts\">down \302\267 "
    "<bdi>no-response</bdi></p></section>\n"
    "<section class=\"sheet\" aria-labelledby=\"host-5\"><h2 "
    "id=\"host-5\"><bdi>192.0.2.14</bdi></h2><p class=\"facts\">up \302\267 "
    "<bdi>arp-response</bdi></p><table role=\"table\" aria-label=\"Ports\"><thead "
    "role=\"rowgroup\"><tr role=\"row\"><th role=\"columnheader\" scope=\"col\">Port</th><th "
    "role=\"columnheader\" scope=\"col\">State</th><th role=\"columnheader"
    "\" scope=\"col\">Service</th><th role=\"columnheader\" scope=\"col\">Version</th><th "
    "role=\"columnheader\" scope=\"col\">Reason</th></tr></thead><tbody role=\"rowgroup\">\n"
    "<tr role=\"row\"><th role=\"rowheader\" scope=\"row\" data-title=\"Port\">1/ip</th><td "
    "role=\"cell\" data-title=\"State\"><span class=\"badge green\">open</span></td><td "
    "role=\"cell\" data-title=\"Service\"><bdi>icmp</bdi><span class=\"small\"><bdi>by its "
    "number</bdi></span></td><td role=\"cell\" data-title=\"Version\"></td><td role=\"cell"
    "\" data-title=\"Reason\">echo-reply ttl 64</td></tr>\n"
    "<tr role=\"row\"><th role=\"rowheader\" scope=\"row"
    "\" data-title=\"Port\">107/ip</th><td role=\"cell\" data-title=\"State\"><span "
    "class=\"badge amber\">open|filtered</span></td><td role=\"cell"
    "\" data-title=\"Service\"><bdi>a/n</bdi><span class=\"small\"><bdi>by its "
    "number</bdi></span></td><td role=\"cell\" data-title=\"Version\"></td><td role=\"cell"
    "\" data-title=\"Reason\">no-response</td></tr>\n"
    "</tbody></table>\n"
    "<p class=\"note\">Not shown: 1 closed (1 ip proto-unreach).</p><h3>The way "
    "there</h3><table role=\"table\" aria-label=\"The way there\"><thead "
    "role=\"rowgroup\"><tr role=\"row\"><th role=\"columnheader\" scope=\"col\">Hop</th><th "
    "role=\"columnheader\" scope=\"col\">Round trip</th><th role=\"columnheader"
    "\" scope=\"col\">Address</th></tr></thead><tbody role=\"rowgroup\">\n"
    "<tr role=\"row\"><th role=\"rowheader\" scope=\"row\" data-title=\"Hop\">1</th><td "
    "role=\"cell\" data-title=\"Round trip\">0.02 ms</td><td role=\"cell"
    "\" data-title=\"Address\">192.0.2.1<span "
    "class=\"small\"><bdi>gw.example</bdi></span></td></tr>\n"
    "</tbody></table>\n"
    "</section>\n"
    "<section class=\"sheet\"><h2>Scripts after the "
    "scan</h2><details><summary><bdi>table</bdi></summary><pre><bdi>\n"
    "  key: va&lt;l\n"
    "</bdi></pre></details></section>\n"
    "</main>\n"
    "<footer id=\"totals\"><p>5 IP addresses (4 hosts up) scanned in 7.13 seconds. Ended "
    "<time datetime=\"2026-11-24T17:00:07Z\">24 November 2026, 17:00 "
    "UTC</time>.</p></footer>\n";

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

/* Whatever was seen, the tail closes what is open. */
static int check_ends(void)
{
    int failed = 0;
    static const char end[] = "</body>\n</html>\n";
    const struct scan_tail tail = {.error = "disk <full>"};
    _Alignas(16) unsigned char state[SCAN_OUTLET_STATE] = {0};
    struct str out = str_of(0);
    scan_outlet_scan_html.begin(state, &sample_plain_head, &out);
    scan_outlet_scan_html.end(state, &sample_plain_head, &tail, &out);
    CHECK(strstr(out.text, "Stopped: <bdi>disk &lt;full&gt;</bdi>") != NULL);
    CHECK(strcmp(out.text + out.len - strlen(end), end) == 0);
    str_done(&out);
    return failed;
}

int outlet_scan_html_test(void)
{
    struct str page = str_of(0);
    sample_write(&scan_outlet_scan_html, &page);
    int failed = check_golden(&page) + check_safe(&page) + check_ends();
    str_done(&page);
    return failed;
}
