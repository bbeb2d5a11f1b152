/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/outlet/scan_json.h"

#include <stdio.h>
#include <string.h>

#include "check.h"
#include "hub/outlet/scan_sample_test.h"

int outlet_scan_json_test(void);

static const char golden[] =
    "{\"program\":\"picket scan\",\"version\":\"0.1.0\",\"args\":\"picket scan -sSUV "
    "--reason -v -A \\\"a&b\\\" www.example\",\"start\":\"2026-11-24T17:00:00.000000Z\",\"sta"
    "rt_time\":1795539600,\"scans\":[{\"type\":\"syn\",\"protocol\":\"tcp\",\"count\":3,\"por"
    "ts\":\"22-23,25\"},{\"type\":\"udp\",\"protocol\":\"udp\",\"flags\":\"2\",\"count\":1,"
    "\"ports\":\"53\"}],\"prescripts\":[{\"id\":\"banner\",\"output\":\"a\\tb "
    "\\u001b[31m</pre><script>\357\277\275\342\200\256\\r\\nlast\"}],\"hosts\":[{\"state"
    "\":\"skipped\",\"target\":\"no<such>.invalid\",\"reason\":\"invalid\"},{\"state\":\"up"
    "\",\"reason\":\"echo-reply\",\"reason_ttl\":64,\"address\":\"192.0.2.10\",\"family"
    "\":\"ipv4\",\"mac\":\"02:77:00:00:01:10\",\"vendor\":\"Lab & "
    "Co\",\"names\":[{\"name\":\"www.example\",\"type\":\"user\"},{\"name\":\"mail.example"
    "\",\"type\":\"PTR\"}],\"other_addresses\":[\"192.0.2.11\",\"2001:db8::1\"],\"comment"
    "\":\"the first\",\"start\":\"2026-11-24T17:00:01.000000Z\",\"end\":\"2026-11-24T17:00:04"
    ".000000Z\",\"smurf_responses\":2,\"ports\":[{\"protocol\":\"tcp\",\"port\":22,\"state"
    "\":\"open\",\"reason\":\"syn-ack\",\"reason_ttl\":64,\"owner\":\"root\",\"service\":{"
    "\"name\":\"ssh\",\"product\":\"OpenSSH\",\"version\":\"9.2p1\",\"extra_info\":\"protocol"
    " 2.0\",\"os_type\":\"Linux\",\"method\":\"probed\",\"confidence\":10,\"cpe\":[\"cpe:/a:o"
    "penbsd:openssh:9.2p1\",\"cpe:/o:linux:linux_kernel\"]},\"scripts\":[{\"id\":\"banner"
    "\",\"output\":\"a\\tb \\u001b[31m</pre><script>\357\277\275\342\200\256\\r\\nlast\"},{"
    "\"id\":\"table\",\"output\":\"\\n  key: va<l\\n\",\"data\":{\"key\":\"va<l\",\"list\":["
    "\"one\",\"two\"],\"mixed\":[{\"x\":\"1\"},\"\"],\"empty\":{}}}]},{\"protocol\":\"tcp"
    "\",\"port\":25,\"state\":\"closed\",\"reason\":\"reset\",\"reason_ttl\":64,\"service\":{"
    "\"name\":\"smtp\",\"method\":\"table\",\"confidence\":3}},{\"protocol\":\"tcp\",\"port"
    "\":111,\"state\":\"open\",\"reason\":\"syn-ack\",\"reason_ttl\":64,\"service\":{\"name"
    "\":\"rpcbind\",\"version\":\"2-4\",\"extra_info\":\"RPC "
    "#100000\",\"rpc\":{\"number\":100000,\"low\":2,\"high\":4},\"method\":\"probed\",\"confi"
    "dence\":10}},{\"protocol\":\"tcp\",\"port\":443,\"state\":\"open\",\"reason\":\"syn-ack"
    "\",\"reason_ttl\":64,\"service\":{\"name\":\"http\",\"product\":\"</script>/\\t\\u001b[2"
    "J\",\"hostname\":\"mail.example\",\"device_type\":\"router\",\"tunnel\":\"ssl\",\"method"
    "\":\"probed\",\"confidence\":10}},{\"protocol\":\"tcp\",\"port\":8000,\"state\":\"open"
    "\",\"reason\":\"syn-ack\",\"reason_ttl\":64,\"service\":{\"name\":\"http-alt\",\"fingerp"
    "rint\":\"SF-Port8000-TCP:V=0.1.0%I=7%r(GetRequest,4,\\\"<&>\\\\\\\"\\\")%r(Help,3,\\\"\\"
    "\\x01\\\\xff\\\\n\\\");\",\"method\":\"table\",\"confidence\":3}},{\"protocol\":\"udp"
    "\",\"port\":53,\"state\":\"open|filtered\",\"reason\":\"no-response\"},{\"protocol"
    "\":\"udp\",\"port\":161,\"state\":\"filtered\",\"reason\":\"admin-prohibited\",\"reason_"
    "ttl\":63,\"reason_address\":\"192.0.2.1\",\"service\":{\"name\":\"snmp\",\"method\":\"ta"
    "ble\",\"confidence\":3}}],\"not_shown\":[{\"state\":\"closed\",\"count\":3,\"reasons\":["
    "{\"reason\":\"reset\",\"protocol\":\"tcp\",\"count\":3,\"ports\":\"64-66\"}]},{\"state"
    "\":\"filtered\",\"count\":2,\"reasons\":[{\"reason\":\"no-response\",\"protocol\":\"tcp"
    "\",\"count\":1,\"ports\":\"128,130\"},{\"reason\":\"host-unreach\",\"protocol\":\"udp"
    "\",\"count\":1}]}],\"os\":{\"ports_used\":[{\"state\":\"open\",\"protocol\":\"tcp\",\"po"
    "rt\":22},{\"state\":\"closed\",\"protocol\":\"tcp\",\"port\":25}],\"matches\":[{\"name"
    "\":\"Lab Linux 6 <b>\",\"accuracy\":100,\"line\":4711,\"classes\":[{\"type\":\"general "
    "purpose\",\"vendor\":\"Linux\",\"family\":\"Linux\",\"generation\":\"6.X\",\"accuracy"
    "\":100,\"cpe\":[\"cpe:/o:linux:linux_kernel:6\"]},{\"type\":\"firewall\",\"vendor\":\"La"
    "b\",\"family\":\"embedded\",\"accuracy\":100,\"cpe\":[\"cpe:/h:lab:box\"]}]},{\"name"
    "\":\"Linux 5.4\",\"accuracy\":95,\"line\":68194,\"classes\":[{\"type\":\"general "
    "purpose\",\"vendor\":\"Linux\",\"family\":\"Linux\",\"generation\":\"6.X\",\"accuracy"
    "\":100,\"cpe\":[\"cpe:/o:linux:linux_kernel:6\"]}]}],\"fingerprint\":\"OS:SCAN(V=0.1.0)"
    "\\nOS:IE(R=N)\\n\"},\"distance\":4,\"uptime_s\":43200,\"last_boot\":\"2026-11-24T05:00:0"
    "0.000000Z\",\"tcp_sequence\":{\"index\":\"261\",\"difficulty\":\"Good "
    "luck!\",\"values\":\"9CA9C0D9,EAFC6F91\"},\"ip_id_sequence\":{\"class\":\"All "
    "zeros\",\"values\":\"0,0\"},\"tcp_timestamp_sequence\":{\"class\":\"other\",\"values"
    "\":\"1,2\"},\"scripts\":[{\"id\":\"banner\",\"output\":\"a\\tb "
    "\\u001b[31m</pre><script>\357\277\275\342\200\256\\r\\nlast\"}],\"trace\":{\"protocol"
    "\":\"tcp\",\"port\":22,\"hops\":[{\"ttl\":1,\"address\":\"192.0.2.1\",\"host\":\"gw.exam"
    "ple\",\"rtt_ms\":0.02},{\"ttl\":2},{\"ttl\":3},{\"ttl\":4,\"address\":\"192.0.2.10"
    "\",\"rtt_ms\":12.50},{\"ttl\":5}]},\"times\":{\"srtt_us\":179,\"rttvar_us\":144,\"timeou"
    "t_us\":100000}},{\"state\":\"up\",\"reason\":\"user-set\",\"address\":\"2001:db8::2"
    "\",\"family\":\"ipv6\",\"names\":[],\"start\":\"2026-11-24T17:00:04.000000Z\",\"end"
    "\":\"2026-11-24T17:00:04.000000Z\",\"ports\":[],\"not_shown\":[{\"state\":\"closed"
    "\",\"count\":3,\"reasons\":[{\"reason\":\"reset\",\"protocol\":\"tcp\",\"count\":3,\"por"
    "ts\":\"64-66\"}]}]},{\"state\":\"up\",\"reason\":\"user-set\",\"address\":\"192.0.2.12"
    "\",\"family\":\"ipv4\",\"names\":[],\"start\":\"2026-11-24T17:00:04.000000Z\",\"end"
    "\":\"2026-11-24T17:00:06.000000Z\",\"timed_out\":true},{\"state\":\"down\",\"reason"
    "\":\"no-response\",\"address\":\"192.0.2.13\",\"family\":\"ipv4\",\"names\":[]},{\"state"
    "\":\"up\",\"reason\":\"arp-response\",\"address\":\"192.0.2.14\",\"family\":\"ipv4"
    "\",\"names\":[],\"start\":\"2026-11-24T17:00:06.000000Z\",\"end\":\"2026-11-24T17:00:07."
    "000000Z\",\"ports\":[{\"protocol\":\"ip\",\"port\":1,\"state\":\"open\",\"reason\":\"ech"
    "o-reply\",\"reason_ttl\":64,\"service\":{\"name\":\"icmp\",\"method\":\"table\",\"confid"
    "ence\":8}},{\"protocol\":\"ip\",\"port\":107,\"state\":\"open|filtered\",\"reason\":\"no"
    "-response\",\"service\":{\"name\":\"a/n\",\"method\":\"table\",\"confidence\":8}}],\"not"
    "_shown\":[{\"state\":\"closed\",\"count\":1,\"reasons\":[{\"reason\":\"proto-unreach"
    "\",\"protocol\":\"ip\",\"count\":1,\"ports\":\"64-66\"}]}],\"trace\":{\"protocol\":\"icm"
    "p\",\"hops\":[{\"ttl\":1,\"address\":\"192.0.2.1\",\"host\":\"gw.example\",\"rtt_ms\":0."
    "02}]}}],\"postscripts\":[{\"id\":\"table\",\"output\":\"\\n  key: "
    "va<l\\n\",\"data\":{\"key\":\"va<l\",\"list\":[\"one\",\"two\"],\"mixed\":[{"
    "\"x\":\"1\"},\"\"],\"empty\":{}}}],\"end\":\"2026-11-24T17:00:07.000000Z\",\"end_time"
    "\":1795539607,\"elapsed_s\":7.13,\"hosts_up\":4,\"hosts_down\":1,\"hosts_total\":5,\"exi"
    "t\":\"success\"}\n";

static int check_sample(void)
{
    int failed = 0;
    struct str out = str_of(0);
    sample_write(&scan_outlet_scan_json, &out);
    if (!CHECK(strcmp(str_text(&out), golden) == 0))
        puts(str_text(&out));
    str_done(&out);
    return failed;
}

/* The document is whole after each record, whatever came so far. */
static int check_pieces(void)
{
    int failed = 0;
    static const char head[] =
        "{\"program\":\"picket scan\",\"version\":\"0.1.0\",\"args\":\"picket scan "
        "192.0.2.10\",\"start\":\"2026-11-24T17:00:00.000000Z\",\"start_time\":1795539600,"
        "\"scans\":[]";
    static const char tail[] =
        ",\"end\":\"1970-01-01T00:00:00.000000Z\",\"end_time\":0,\"elapsed_s\":0.00,"
        "\"hosts_up\":0,\"hosts_down\":0,\"hosts_total\":0,\"exit\":\"error\","
        "\"error\":\"\\\"\"}\n";
    static const char target[] = "{\"state\":\"skipped\",\"target\":\"t\",\"reason\":"
                                 "\"invalid\"}";
    static const char script[] = "[{\"id\":\"s\",\"output\":\"\"}]";
    static const struct scan_script one = {.id = "s"};
    static const struct {
        const char *course; /* b before-scripts, t target, a after-scripts */
        const char *middle;
    } row[] = {
        {"", ",\"hosts\":[]"},
        {"t", ",\"hosts\":[T]"},
        {"tt", ",\"hosts\":[T,T]"},
        {"b", ",\"prescripts\":S,\"hosts\":[]"},
        {"bt", ",\"prescripts\":S,\"hosts\":[T]"},
        {"a", ",\"hosts\":[],\"postscripts\":S"},
        {"bta", ",\"prescripts\":S,\"hosts\":[T],\"postscripts\":S"},
    };
    const struct scan_tail end = {.error = "\""};
    struct str got = str_of(0), want = str_of(0);
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        _Alignas(16) unsigned char state[SCAN_OUTLET_STATE] = {0};
        str_reset(&got);
        scan_outlet_scan_json.begin(state, &sample_plain_head, &got);
        for (const char *c = row[i].course; *c; c++) {
            struct scan_run_scripts scripts = {*c == 'a', &one, 1};
            if (*c == 't')
                scan_outlet_scan_json.target(state, &sample_plain_head, "t", &got);
            else
                scan_outlet_scan_json.scripts(state, &sample_plain_head, &scripts, &got);
        }
        scan_outlet_scan_json.end(state, &sample_plain_head, &end, &got);
        str_reset(&want);
        str_add(&want, head);
        for (const char *c = row[i].middle; *c; c++)
            if (*c == 'T')
                str_add(&want, target);
            else if (*c == 'S')
                str_add(&want, script);
            else
                str_add_char(&want, *c);
        str_add(&want, tail);
        if (!CHECK_ROW(i, strcmp(str_text(&got), str_text(&want)) == 0))
            printf("got  %swant %s", str_text(&got), str_text(&want));
    }
    str_done(&got);
    str_done(&want);
    return failed;
}

int outlet_scan_json_test(void)
{
    return check_sample() + check_pieces();
}
