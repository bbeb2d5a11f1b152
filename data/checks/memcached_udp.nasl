# SPDX-License-Identifier: GPL-3.0-or-later
if (description)
{
  script_oid("picket.memcached.udp");
  script_version("1");
  script_name("memcached amplifies forged requests");
  script_category(ACT_GATHER_INFO);
  script_family("picket services");
  script_tag(name: "severity_vector", value: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:N/I:N/A:L");
  script_tag(name: "qod_type", value: "remote_vul");
  script_tag(name: "solution", value: "-U 0 in memcached.conf");
  script_require_udp_ports(11211);
  exit(0);
}

include("picket.inc");

reply = ask_udp(port: 11211, request: raw_string(0, 1, 0, 0, 0, 1, 0, 0) + 'stats\r\n');
if ("STAT pid " >< reply) security_message(port: 11211, data: "" + strlen(reply) + " bytes came back for 15.", protocol: "udp");
