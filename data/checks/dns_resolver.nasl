# SPDX-License-Identifier: GPL-3.0-or-later
if (description)
{
  script_oid("picket.dns.resolver");
  script_version("1");
  script_name("The name server resolves for strangers");
  script_category(ACT_GATHER_INFO);
  script_family("picket services");
  script_tag(name: "severity_vector", value: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:N/I:N/A:L");
  script_tag(name: "qod_type", value: "remote_vul");
  script_tag(name: "solution", value: "allow-recursion { localnets; } in named.conf");
  script_require_udp_ports(53);
  exit(0);
}

include("picket.inc");

question = raw_string(0x70, 0x69, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0);
reply = ask_udp(port: 53, request: question + raw_string(7) + 'example' + raw_string(3) + 'com' + raw_string(0, 0, 1, 0, 1));
if (strlen(reply) > 12 && substr(reply, 0, 1) == "pi" && (ord(reply[2]) & 0x80) && (ord(reply[3]) & 0x80) && (ord(reply[3]) & 15) != 5) security_message(port: 53, data: "Recursion is available to this machine.", protocol: "udp");
