# SPDX-License-Identifier: GPL-3.0-or-later
if (description)
{
  script_oid("picket.qotd.tcp");
  script_version("1");
  script_name("The quote of the day service answers");
  script_category(ACT_GATHER_INFO);
  script_family("picket services");
  script_tag(name: "severity_vector", value: "CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:L/I:N/A:N");
  script_tag(name: "qod_type", value: "remote_vul");
  script_tag(name: "solution", value: "Turn it off in inetd.conf or xinetd.d");
  script_require_ports("Services/qotd", 17);
  exit(0);
}

include("picket.inc");

foreach port (candidates(service: "qotd", usual: make_list(17)))
{
  reply = ask(port: port, request: NULL);
  if (strlen(reply) > 10 && reply !~ "^(220|SSH)") security_message(port: port, data: first_lines(text: reply, count: 3));
}
