# SPDX-License-Identifier: GPL-3.0-or-later
if (description)
{
  script_oid("picket.netbios.names");
  script_version("1");
  script_name("NetBIOS tells names of machine and domain");
  script_category(ACT_GATHER_INFO);
  script_family("picket services");
  script_tag(name: "severity_vector", value: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:L/I:N/A:N");
  script_tag(name: "qod_type", value: "remote_vul");
  script_tag(name: "solution", value: "Filter UDP port 137 towards other networks");
  script_require_udp_ports(137);
  exit(0);
}

include("picket.inc");

reply = ask_udp(port: 137, request: raw_string(0x70, 0x69, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 32) + 'CK' + crap(length: 30, data: 'A') + raw_string(0, 0, 0x21, 0, 1));
if (strlen(reply) > 57 && substr(reply, 0, 1) == "pi" && (ord(reply[2]) & 0x80)) security_message(port: 137, data: ereg_replace(string: substr(reply, 57), pattern: "[^ -~]+", replace: " "), protocol: "udp");
