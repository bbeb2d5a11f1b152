# SPDX-License-Identifier: GPL-3.0-or-later
if (description)
{
  script_oid("picket.chargen.udp");
  script_version("1");
  script_name("The chargen service amplifies forged requests");
  script_category(ACT_GATHER_INFO);
  script_family("picket services");
  script_tag(name: "severity_vector", value: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:N/I:N/A:L");
  script_tag(name: "qod_type", value: "remote_vul");
  script_tag(name: "solution", value: "Turn it off in inetd.conf or xinetd.d");
  script_require_udp_ports(19);
  exit(0);
}

include("picket.inc");

reply = ask_udp(port: 19, request: 'p');
if (strlen(reply) > 40) security_message(port: 19, data: "" + strlen(reply) + " bytes came back for 1.", protocol: "udp");
