# SPDX-License-Identifier: GPL-3.0-or-later
if (description)
{
  script_oid("picket.ipmi.open");
  script_version("1");
  script_name("A management controller answers (IPMI)");
  script_category(ACT_GATHER_INFO);
  script_family("picket services");
  script_tag(name: "severity_vector", value: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N");
  script_tag(name: "qod_type", value: "remote_vul");
  script_tag(name: "solution", value: "Put it into a network of its own; update its firmware");
  script_require_udp_ports(623);
  exit(0);
}

include("picket.inc");

reply = ask_udp(port: 623, request: raw_string(6, 0, 0xff, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9, 0x20, 0x18, 0xc8, 0x81, 0, 0x38, 0x8e, 4, 0xb5));
if (strlen(reply) > 20 && substr(reply, 0, 3) == raw_string(6, 0, 0xff, 7)) security_message(port: 623, data: "Get Channel Authentication Capabilities was answered.", protocol: "udp");
