# SPDX-License-Identifier: GPL-3.0-or-later
if (description)
{
  script_oid("picket.chargen.tcp");
  script_version("1");
  script_name("The chargen service answers");
  script_category(ACT_GATHER_INFO);
  script_family("picket services");
  script_tag(name: "severity_vector", value: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:L/I:N/A:N");
  script_tag(name: "qod_type", value: "remote_vul");
  script_tag(name: "solution", value: "Turn it off in inetd.conf or xinetd.d");
  script_require_ports("Services/chargen", 19);
  exit(0);
}

include("picket.inc");

foreach port (candidates(service: "chargen", usual: make_list(19)))
{
  reply = ask(port: port, request: NULL);
  if ("#$%&" >< reply) security_message(port: port, data: substr(reply, 0, 30));
}
