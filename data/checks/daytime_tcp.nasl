# SPDX-License-Identifier: GPL-3.0-or-later
if (description)
{
  script_oid("picket.daytime.tcp");
  script_version("1");
  script_name("The daytime service answers");
  script_category(ACT_GATHER_INFO);
  script_family("picket services");
  script_tag(name: "severity_vector", value: "CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:L/I:N/A:N");
  script_tag(name: "qod_type", value: "remote_vul");
  script_tag(name: "solution", value: "Turn it off in inetd.conf or xinetd.d");
  script_require_ports("Services/daytime", 13);
  exit(0);
}

include("picket.inc");

foreach port (candidates(service: "daytime", usual: make_list(13)))
{
  reply = ask(port: port, request: NULL);
  if (reply =~ "[0-9][0-9]:[0-9][0-9]:[0-9][0-9]" && strlen(reply) < 80) security_message(port: port, data: first_lines(text: reply, count: 3));
}
