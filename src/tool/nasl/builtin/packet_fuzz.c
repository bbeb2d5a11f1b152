/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bytes of a stranger as a packet, a certificate, a date, an answer: through every built-in that
 * reads them.  The bytes come to the script by the knowledge base. */
#include <stdint.h>
#include <string.h>

#include "tool/nasl/vm.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char script[] =
    "p = get_kb_item('p');\n"
    "foreach e (make_list('ip_v', 'ip_len', 'ip_src')) get_ip_element(ip:p, element:e);\n"
    "foreach e (make_list('ip6_v', 'ip6_plen', 'ip6_dst')) get_ipv6_element(ip6:p, element:e);\n"
    "foreach e (make_list('th_sport', 'th_off', 'data')) { get_tcp_element(tcp:p, element:e);\n"
    "get_tcp_v6_element(tcp:p, element:e); }\n"
    "foreach e (make_list('uh_ulen', 'data')) { get_udp_element(udp:p, element:e);\n"
    "get_udp_v6_element(udp:p, element:e); }\n"
    "foreach e (make_list('icmp_type', 'data')) { get_icmp_element(icmp:p, element:e);\n"
    "get_icmp_v6_element(icmp:p, element:e); }\n"
    "foreach o (make_list(2, 3, 4, 8)) { get_tcp_option(tcp:p, option:o);\n"
    "get_tcp_v6_option(tcp:p, option:o); }\n"
    "insert_tcp_options(tcp:p, 3, 7, 2, 1460, 4, 8, 1, 2); set_tcp_elements(tcp:p, th_win:1);\n"
    "set_udp_elements(udp:p, uh_dport:1); set_udp_elements(udp:p, data:'x');\n"
    "set_ip_elements(ip:p, ip_ttl:1); insert_ip_options(ip:p, code:1, length:4, value:'ab');\n"
    "forge_tcp_packet(ip:p); forge_udp_packet(ip:p, data:p); forge_icmp_packet(ip:p);\n"
    "dump_ip_packet(p); dump_tcp_packet(p); dump_udp_packet(p); dump_icmp_packet(p);\n"
    "script_tag(name:'creation_date', value:p); script_xref(name:'cve', csv:p);\n"
    "isotime_print(p); isotime_scan(string(p)); isotime_is_valid(string(p)); split(p);\n"
    "get_signature(key:crap(16), buf:p, seq_number:1); get_smb2_signature(key:crap(16), buf:p);\n";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct nasl_library *l = nasl_library_new(NULL, NULL);
    struct rng rng = rng_of(1);
    struct nasl_meta meta;
    nasl_meta_init(&meta);
    struct nasl_host host = {.addr = addr_ip4(0x7f000001),
                             .ip = "127.0.0.1",
                             .kb = nasl_kb_new(1 << 20, &clock_system),
                             .clock = &clock_system,
                             .meta = &meta,
                             .rng = &rng};
    struct nasl_kb_value v = {.text = (const char *)data, .len = size};
    struct nasl_unit *u;
    struct err e = {0};
    if (size && size < 4096 && nasl_kb_add(host.kb, "p", &v, -1) &&
        nasl_compile_text(l, "fuzz", script, sizeof script - 1, &u, &e) == 0) {
        struct nasl_run how = {.name = "fuzz", .time_ns = NS_PER_S};
        (void)nasl_run(l, u, &host, &how);
        nasl_unit_free(u);
    }
    nasl_meta_done(&meta);
    nasl_kb_free(host.kb);
    nasl_library_free(l);
    return 0;
}
