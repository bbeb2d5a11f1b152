# SPDX-License-Identifier: GPL-3.0-or-later
if (description)
{
  script_oid("picket.ntp.monlist");
  script_version("1");
  script_name("NTP amplifies forged requests (monlist)");
  script_category(ACT_GATHER_INFO);
  script_family("picket services");
  script_tag(name: "severity_vector", value: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:N/I:N/A:L");
  script_tag(name: "qod_type", value: "remote_vul");
  script_tag(name: "solution", value: "disable monitor in ntp.conf, or update ntpd");
  script_require_udp_ports(123);
  exit(0);
}

include("picket.inc");

reply = ask_udp(port: 123, request: raw_string(0x17, 0, 3, 0x2a, 0, 0, 0, 0));
if (strlen(reply) > 8 && ord(reply[3]) == 0x2a && !(ord(reply[4]) & 0xf0)) security_message(port: 123, data: "" + strlen(reply) + " bytes came back for 8.", protocol: "udp");
