# SPDX-License-Identifier: GPL-3.0-or-later
if (description)
{
  script_oid("picket.tftp.open");
  script_version("1");
  script_name("TFTP hands out files without a password");
  script_category(ACT_GATHER_INFO);
  script_family("picket services");
  script_tag(name: "severity_vector", value: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:L/I:N/A:N");
  script_tag(name: "qod_type", value: "remote_vul");
  script_tag(name: "solution", value: "Turn it off, or filter UDP port 69");
  script_require_udp_ports(69);
  exit(0);
}

include("picket.inc");

reply = ask_udp(port: 69, request: raw_string(0, 1) + 'picket-asks\0octet\0');
if (strlen(reply) > 4 && ord(reply[0]) == 0 && (ord(reply[1]) == 5 || ord(reply[1]) == 3)) security_message(port: 69, data: "A request to read was answered.", protocol: "udp");
