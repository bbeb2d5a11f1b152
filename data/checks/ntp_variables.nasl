# SPDX-License-Identifier: GPL-3.0-or-later
if (description)
{
  script_oid("picket.ntp.variables");
  script_version("1");
  script_name("NTP tells strangers its version");
  script_category(ACT_GATHER_INFO);
  script_family("picket services");
  script_tag(name: "severity_vector", value: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:N/I:N/A:L");
  script_tag(name: "qod_type", value: "remote_vul");
  script_tag(name: "solution", value: "restrict default nomodify nopeer noquery in ntp.conf");
  script_require_udp_ports(123);
  exit(0);
}

include("picket.inc");

reply = ask_udp(port: 123, request: raw_string(0x16, 2, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0));
if (strlen(reply) > 12 && (ord(reply[1]) & 0x9f) == 0x82 && "=" >< reply) security_message(port: 123, data: substr(reply, 12), protocol: "udp");
