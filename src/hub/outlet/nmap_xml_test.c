/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The golden text was compared with what nmap 7.93 writes of the same world. */
#include "hub/outlet/nmap_xml.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "hub/outlet/scan_sample_test.h"

int outlet_nmap_xml_test(void);

static const char golden[] =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    "<!DOCTYPE nmaprun>\n"
    "<?xml-stylesheet href=\"file:///usr/share/nmap/nmap.xsl?a&amp;b?&gt;"
    "\" type=\"text/xsl\"?>\n"
    "<!-- picket 0.1.0 scan initiated Tue Nov 24 17:00:00 2026 as: picket scan -sSUV - "
    "-reason -v -A \"a&b\" www.example -->\n"
    "<nmaprun scanner=\"nmap\" args=\"picket scan -sSUV --reason -v -A &quot;a&amp;b&quot; "
    "www.example\" start=\"1795539600\" startstr=\"Tue Nov 24 17:00:00 2026"
    "\" version=\"0.1.0\" xmloutputversion=\"1.05\">\n"
    "<scaninfo type=\"syn\" protocol=\"tcp\" numservices=\"3\" services=\"22-23,25\"/>\n"
    "<scaninfo type=\"udp\" scanflags=\"2\" protocol=\"udp\" numservices="
    "\"1\" services=\"53\"/>\n"
    "<verbose level=\"1\"/>\n"
    "<debugging level=\"0\"/>\n"
    "<prescript><script id=\"banner\" output=\"a&#x9;b "
    "\\x1b[31m&lt;/pre&gt;&lt;script&gt;\\xff\342\200\256&#xd;&#xa;last\"/></prescript>\n"
    "<target specification=\"no&lt;such&gt;.invalid\" status=\"skipped"
    "\" reason=\"invalid\"/>\n"
    "<hosthint><status state=\"up\" reason=\"echo-reply\" reason_ttl=\"64\"/>\n"
    "<address addr=\"192.0.2.10\" addrtype=\"ipv4\"/>\n"
    "<address addr=\"02:77:00:00:01:10\" addrtype=\"mac\" vendor=\"Lab &amp; Co\"/>\n"
    "<hostnames>\n"
    "<hostname name=\"www.example\" type=\"user\"/>\n"
    "<hostname name=\"mail.example\" type=\"PTR\"/>\n"
    "</hostnames>\n"
    "</hosthint>\n"
    "<taskbegin task=\"SYN Stealth Scan\" time=\"1795539601\"/>\n"
    "<taskprogress task=\"SYN Stealth Scan\" time=\"1795539602\" percent=\"0.17\"/>\n"
    "<taskprogress task=\"SYN Stealth Scan\" time=\"1795539602\" percent=\"33.33"
    "\" remaining=\"3725\" etc=\"1795543325\"/>\n"
    "<taskend task=\"SYN Stealth Scan\" time=\"1795539604\" extrainfo=\"3000 total "
    "ports\"/>\n"
    "<host starttime=\"1795539601\" endtime=\"1795539604\" comment=\"the first\"><status "
    "state=\"up\" reason=\"echo-reply\" reason_ttl=\"64\"/>\n"
    "<address addr=\"192.0.2.10\" addrtype=\"ipv4\"/>\n"
    "<address addr=\"02:77:00:00:01:10\" addrtype=\"mac\" vendor=\"Lab &amp; Co\"/>\n"
    "<hostnames>\n"
    "<hostname name=\"www.example\" type=\"user\"/>\n"
    "<hostname name=\"mail.example\" type=\"PTR\"/>\n"
    "</hostnames>\n"
    "<smurf responses=\"2\"/>\n"
    "<ports><extraports state=\"closed\" count=\"3\">\n"
    "<extrareasons reason=\"reset\" count=\"3\" proto=\"tcp\" ports=\"64-66\"/>\n"
    "</extraports>\n"
    "<extraports state=\"filtered\" count=\"2\">\n"
    "<extrareasons reason=\"no-response\" count=\"1\" proto=\"tcp\" ports=\"128,130\"/>\n"
    "<extrareasons reason=\"host-unreach\" count=\"1\" proto=\"udp\"/>\n"
    "</extraports>\n"
    "<port protocol=\"tcp\" portid=\"22\"><state state=\"open\" reason=\"syn-ack"
    "\" reason_ttl=\"64\"/><owner name=\"root\"/><service name=\"ssh\" product=\"OpenSSH"
    "\" version=\"9.2p1\" extrainfo=\"protocol 2.0\" ostype=\"Linux\" method=\"probed"
    "\" conf=\"10\"><cpe>cpe:/a:openbsd:openssh:9.2p1</cpe><cpe>cpe:/o:linux:linux_kernel</cp"
    "e></service><script id=\"banner\" output=\"a&#x9;b "
    "\\x1b[31m&lt;/pre&gt;&lt;script&gt;\\xff\342\200\256&#xd;&#xa;last\"/><script "
    "id=\"table\" output=\"&#xa;  key: va&lt;l&#xa;\"><elem key=\"key\">va&lt;l</elem>\n"
    "<table key=\"list\">\n"
    "<elem>one</elem>\n"
    "<elem>two</elem>\n"
    "</table>\n"
    "<table key=\"mixed\">\n"
    "<elem key=\"x\">1</elem>\n"
    "<elem></elem>\n"
    "</table>\n"
    "<table key=\"empty\">\n"
    "</table>\n"
    "</script></port>\n"
    "<port protocol=\"tcp\" portid=\"25\"><state state=\"closed\" reason=\"reset"
    "\" reason_ttl=\"64\"/><service name=\"smtp\" method=\"table\" conf=\"3\"/></port>\n"
    "<port protocol=\"tcp\" portid=\"111\"><state state=\"open\" reason=\"syn-ack"
    "\" reason_ttl=\"64\"/><service name=\"rpcbind\" version=\"2-4\" extrainfo=\"RPC "
    "#100000\" proto=\"rpc\" rpcnum=\"100000\" lowver=\"2\" highver=\"4\" method=\"probed"
    "\" conf=\"10\"/></port>\n"
    "<port protocol=\"tcp\" portid=\"443\"><state state=\"open\" reason=\"syn-ack"
    "\" reason_ttl=\"64\"/><service name=\"http\" product=\"&lt;/script&gt;/&#x9;\\x1b[2J"
    "\" hostname=\"mail.example\" devicetype=\"router\" tunnel=\"ssl\" method=\"probed"
    "\" conf=\"10\"/></port>\n"
    "<port protocol=\"tcp\" portid=\"8000\"><state state=\"open\" reason=\"syn-ack"
    "\" reason_ttl=\"64\"/><service name=\"http-alt"
    "\" servicefp=\"SF-Port8000-TCP:V=0.1.0%I=7%r(GetRequest,4,&quot;&lt;&amp;&gt;\\&quot;&qu"
    "ot;)%r(Help,3,&quot;\\x01\\xff\\n&quot;);\" method=\"table\" conf=\"3\"/></port>\n"
    "<port protocol=\"udp\" portid=\"53\"><state state=\"open|filtered"
    "\" reason=\"no-response\" reason_ttl=\"0\"/></port>\n"
    "<port protocol=\"udp\" portid=\"161\"><state state=\"filtered"
    "\" reason=\"admin-prohibited\" reason_ttl=\"63\" reason_ip=\"192.0.2.1\"/><service "
    "name=\"snmp\" method=\"table\" conf=\"3\"/></port>\n"
    "</ports>\n"
    "<os><portused state=\"open\" proto=\"tcp\" portid=\"22\"/>\n"
    "<portused state=\"closed\" proto=\"tcp\" portid=\"25\"/>\n"
    "<osmatch name=\"Lab Linux 6 &lt;b&gt;\" accuracy=\"100\" line=\"4711\">\n"
    "<osclass type=\"general purpose\" vendor=\"Linux\" osfamily=\"Linux\" osgen=\"6.X"
    "\" accuracy=\"100\"><cpe>cpe:/o:linux:linux_kernel:6</cpe></osclass>\n"
    "<osclass type=\"firewall\" vendor=\"Lab\" osfamily=\"embedded"
    "\" accuracy=\"100\"><cpe>cpe:/h:lab:box</cpe></osclass>\n"
    "</osmatch>\n"
    "<osmatch name=\"Linux 5.4\" accuracy=\"95\" line=\"68194\">\n"
    "<osclass type=\"general purpose\" vendor=\"Linux\" osfamily=\"Linux\" osgen=\"6.X"
    "\" accuracy=\"100\"><cpe>cpe:/o:linux:linux_kernel:6</cpe></osclass>\n"
    "</osmatch>\n"
    "<osfingerprint fingerprint=\"OS:SCAN(V=0.1.0)&#xa;OS:IE(R=N)&#xa;\"/>\n"
    "</os>\n"
    "<uptime seconds=\"43200\" lastboot=\"Tue Nov 24 05:00:00 2026\"/>\n"
    "<distance value=\"4\"/>\n"
    "<tcpsequence index=\"261\" difficulty=\"Good luck!\" values=\"9CA9C0D9,EAFC6F91\"/>\n"
    "<ipidsequence class=\"All zeros\" values=\"0,0\"/>\n"
    "<tcptssequence class=\"other\" values=\"1,2\"/>\n"
    "<hostscript><script id=\"banner\" output=\"a&#x9;b "
    "\\x1b[31m&lt;/pre&gt;&lt;script&gt;\\xff\342\200\256&#xd;&#xa;last\"/></hostscript><trac"
    "e port=\"22\" proto=\"tcp\">\n"
    "<hop ttl=\"1\" ipaddr=\"192.0.2.1\" rtt=\"0.02\" host=\"gw.example\"/>\n"
    "<hop ttl=\"4\" ipaddr=\"192.0.2.10\" rtt=\"12.50\"/>\n"
    "</trace>\n"
    "<times srtt=\"179\" rttvar=\"144\" to=\"100000\"/>\n"
    "</host>\n"
    "<host starttime=\"1795539604\" endtime=\"1795539604\"><status state=\"up"
    "\" reason=\"user-set\" reason_ttl=\"0\"/>\n"
    "<address addr=\"2001:db8::2\" addrtype=\"ipv6\"/>\n"
    "<hostnames>\n"
    "</hostnames>\n"
    "<ports><extraports state=\"closed\" count=\"3\">\n"
    "<extrareasons reason=\"reset\" count=\"3\" proto=\"tcp\" ports=\"64-66\"/>\n"
    "</extraports>\n"
    "</ports>\n"
    "</host>\n"
    "<host starttime=\"1795539604\" endtime=\"1795539606\" timedout=\"true\"><status "
    "state=\"up\" reason=\"user-set\" reason_ttl=\"0\"/>\n"
    "<address addr=\"192.0.2.12\" addrtype=\"ipv4\"/>\n"
    "<hostnames>\n"
    "</hostnames>\n"
    "</host>\n"
    "<host><status state=\"down\" reason=\"no-response\" reason_ttl=\"0\"/>\n"
    "<address addr=\"192.0.2.13\" addrtype=\"ipv4\"/>\n"
    "</host>\n"
    "<host starttime=\"1795539606\" endtime=\"1795539607\"><status state=\"up"
    "\" reason=\"arp-response\" reason_ttl=\"0\"/>\n"
    "<address addr=\"192.0.2.14\" addrtype=\"ipv4\"/>\n"
    "<hostnames>\n"
    "</hostnames>\n"
    "<ports><extraports state=\"closed\" count=\"1\">\n"
    "<extrareasons reason=\"proto-unreach\" count=\"1\" proto=\"ip\" ports=\"64-66\"/>\n"
    "</extraports>\n"
    "<port protocol=\"ip\" portid=\"1\"><state state=\"open\" reason=\"echo-reply"
    "\" reason_ttl=\"64\"/>\n"
    "<service name=\"icmp\" conf=\"8\" method=\"table\"/></port>\n"
    "<port protocol=\"ip\" portid=\"107\"><state state=\"open|filtered"
    "\" reason=\"no-response\" reason_ttl=\"0\"/>\n"
    "<service name=\"a/n\" conf=\"8\" method=\"table\"/></port>\n"
    "</ports>\n"
    "<trace proto=\"icmp\">\n"
    "<hop ttl=\"1\" ipaddr=\"192.0.2.1\" rtt=\"0.02\" host=\"gw.example\"/>\n"
    "</trace>\n"
    "</host>\n"
    "<postscript><script id=\"table\" output=\"&#xa;  key: va&lt;l&#xa;\"><elem "
    "key=\"key\">va&lt;l</elem>\n"
    "<table key=\"list\">\n"
    "<elem>one</elem>\n"
    "<elem>two</elem>\n"
    "</table>\n"
    "<table key=\"mixed\">\n"
    "<elem key=\"x\">1</elem>\n"
    "<elem></elem>\n"
    "</table>\n"
    "<table key=\"empty\">\n"
    "</table>\n"
    "</script></postscript>\n"
    "<runstats><finished time=\"1795539607\" timestr=\"Tue Nov 24 17:00:07 2026"
    "\" summary=\"picket done at Tue Nov 24 17:00:07 2026; 5 IP addresses (4 hosts up) "
    "scanned in 7.13 seconds\" elapsed=\"7.13\" exit=\"success\"/><hosts up=\"4\" down="
    "\"1\" total=\"5\"/>\n"
    "</runstats>\n"
    "</nmaprun>\n";

static int check_sample(void)
{
    int failed = 0;
    struct str out = str_of(0);
    sample_write(&scan_outlet_nmap_xml, &out);
    if (!CHECK(strcmp(str_text(&out), golden) == 0))
        puts(str_text(&out));
    str_done(&out);
    return failed;
}

/* The exit status of a program with its output thrown away; 127 where it is not installed. */
static int run(const char *const *argv)
{
    int status = -1;
    pid_t pid = fork();
    if (pid == 0) {
        if (!freopen("/dev/null", "w", stdout) || !freopen("/dev/null", "w", stderr))
            _exit(126);
        execvp(argv[0], (char *const *)argv);
        _exit(127);
    }
    return pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status) ? WEXITSTATUS(status)
                                                                           : -1;
}

static bool put_file(const char *path, const struct str *text)
{
    FILE *file = fopen(path, "w");
    bool ok = file && fwrite(str_text(text), 1, text->len, file) == text->len;
    return (file ? fclose(file) == 0 : true) && ok;
}

struct paths {
    char dir[32], one[48], two[48];
};

static bool paths_make(struct paths *p)
{
    snprintf(p->dir, sizeof p->dir, "/tmp/picket-xml-XXXXXX");
    if (!mkdtemp(p->dir))
        return false;
    snprintf(p->one, sizeof p->one, "%s/1.xml", p->dir);
    snprintf(p->two, sizeof p->two, "%s/2.xml", p->dir);
    return true;
}

static void paths_remove(const struct paths *p)
{
    unlink(p->one);
    unlink(p->two);
    rmdir(p->dir);
}

/* nmap's own DTD accepts a report with every element in it. */
static int check_valid(const struct paths *p)
{
    int failed = 0;
    static const char dtd[] = "/usr/share/nmap/nmap.dtd";
    struct str out = str_of(0);
    sample_write(&scan_outlet_nmap_xml, &out);
    CHECK(put_file(p->one, &out));
    int valid =
        run((const char *[]){"xmllint", "--noout", "--nonet", "--dtdvalid", dtd, p->one, NULL});
    if (valid == 127 || access(dtd, R_OK))
        puts("nmap_xml: xmllint or nmap.dtd is not installed, not validated");
    else
        CHECK(valid == 0);
    str_done(&out);
    return failed;
}

/* ndiff of Debian 12 fails on two scripts at one port, also in nmap's own files: that port is left
 * out. */
static void write_simple(const struct scan_port *port, size_t count, struct str *out)
{
    struct scan_host host = sample_host;
    host.port = port;
    host.port_count = count;
    str_reset(out);
    scan_outlet_nmap_xml.begin(NULL, &sample_head, out);
    scan_outlet_nmap_xml.host(NULL, &sample_head, &host, out);
    scan_outlet_nmap_xml.end(NULL, &sample_head, &sample_tail, out);
}

/* ndiff ends with 0 when two reports are alike and 1 when they differ. */
static int check_ndiff(const struct paths *p)
{
    int failed = 0;
    struct scan_port port[2] = {sample_port[1], sample_port[2]};
    struct str out = str_of(0);
    write_simple(port, 2, &out);
    CHECK(put_file(p->one, &out));
    port[0].state = SCAN_OPEN;
    write_simple(port, 2, &out);
    CHECK(put_file(p->two, &out));
    int alike = run((const char *[]){"ndiff", p->one, p->one, NULL});
    int differ = run((const char *[]){"ndiff", p->one, p->two, NULL});
    if (alike == 127)
        puts("nmap_xml: ndiff is not installed, not read by it");
    else
        CHECK(alike == 0 && differ == 1);
    str_done(&out);
    return failed;
}

static int check_readers(void)
{
    int failed = 0;
    struct paths paths;
    if (!CHECK(paths_make(&paths)))
        return failed;
    failed += check_valid(&paths) + check_ndiff(&paths);
    paths_remove(&paths);
    return failed;
}

/* What a scan may lack: no stylesheet, no ports, an error at the end, a table that never ends. */
static int check_edges(void)
{
    int failed = 0;
    struct scan_tail tail = {.end_wall_ns = SAMPLE_NS(0), .error = "disk full <&>"};
    struct scan_script_node deep[SCAN_SCRIPT_DEPTH_MAX + 5] = {0};
    for (size_t i = 0; i + 1 < ARRAY_LEN(deep); i++)
        deep[i] = (struct scan_script_node){.child = &deep[i + 1], .child_count = 1};
    deep[ARRAY_LEN(deep) - 1].text = "bottom";
    const struct scan_script script = {.id = "deep", .node = deep, .node_count = 1};
    struct scan_host host = {.state = SCAN_HOST_UP, .script = &script, .script_count = 1};
    struct str out = str_of(0);
    scan_outlet_nmap_xml.begin(NULL, &sample_plain_head, &out);
    CHECK(strstr(out.text, "stylesheet") == NULL && strstr(out.text, "scaninfo") == NULL);
    sample_write_host(&scan_outlet_nmap_xml, &sample_plain_head, &host, &out);
    CHECK(strstr(out.text, "bottom") == NULL && strstr(out.text, "output=\"\"") != NULL);
    size_t tables = 0;
    for (const char *at = out.text; (at = strstr(at, "<table")); at++)
        tables++;
    CHECK(tables == SCAN_SCRIPT_DEPTH_MAX);
    sample_write_host(&scan_outlet_nmap_xml, &sample_plain_head, &sample_listed, &out);
    CHECK(strcmp(out.text, "<host><status state=\"unknown\" reason=\"user-set\" "
                           "reason_ttl=\"0\"/>\n<address addr=\"192.0.2.10\" "
                           "addrtype=\"ipv4\"/>\n<hostnames>\n<hostname name=\"www.example\" "
                           "type=\"user\"/>\n</hostnames>\n</host>\n") == 0);
    str_reset(&out);
    scan_outlet_nmap_xml.end(NULL, &sample_plain_head, &tail, &out);
    CHECK(strstr(out.text, "exit=\"error\" errormsg=\"disk full &lt;&amp;&gt;\"/>") != NULL);
    str_done(&out);
    return failed;
}

int outlet_nmap_xml_test(void)
{
    return check_sample() + check_readers() + check_edges();
}
