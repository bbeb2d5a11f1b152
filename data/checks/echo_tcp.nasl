# SPDX-License-Identifier: GPL-3.0-or-later
if (description)
{
  script_oid("picket.echo.tcp");
  script_version("1");
  script_name("The echo service answers");
  script_category(ACT_GATHER_INFO);
  script_family("picket services");
  script_tag(name: "severity_vector", value: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:L/I:N/A:N");
  script_tag(name: "qod_type", value: "remote_vul");
  script_tag(name: "solution", value: "Turn it off in inetd.conf or xinetd.d");
  script_require_ports("Services/echo", 7);
  exit(0);
}

include("picket.inc");

foreach port (candidates(service: "echo", usual: make_list(7)))
{
  reply = ask(port: port, request: 'picket\r\n');
  if (reply == 'picket\r\n') security_message(port: port, data: "It sends back whatever it gets.");
}
