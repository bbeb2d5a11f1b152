# SPDX-License-Identifier: GPL-3.0-or-later
if (description)
{
  script_oid("picket.dns.version");
  script_version("1");
  script_name("The name server tells its version");
  script_category(ACT_GATHER_INFO);
  script_family("picket services");
  script_tag(name: "severity_vector", value: "CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:L/I:N/A:N");
  script_tag(name: "qod_type", value: "remote_vul");
  script_tag(name: "solution", value: "version none in the options of named.conf");
  script_require_udp_ports(53);
  exit(0);
}

include("picket.inc");

question = raw_string(0x70, 0x69, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0);
reply = ask_udp(port: 53, request: question + raw_string(7) + 'version' + raw_string(4) + 'bind' + raw_string(0, 0, 16, 0, 3));
if (strlen(reply) > 42 && ord(reply[7]) > 0 && !(ord(reply[3]) & 15) && reply =~ "[0-9]+[.][0-9]+") security_message(port: 53, data: ereg_replace(string: substr(reply, 30), pattern: "[^ -~]+", replace: " "), protocol: "udp");
