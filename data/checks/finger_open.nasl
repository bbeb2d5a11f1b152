# SPDX-License-Identifier: GPL-3.0-or-later
if (description)
{
  script_oid("picket.finger.open");
  script_version("1");
  script_name("finger tells who is logged in");
  script_category(ACT_GATHER_INFO);
  script_family("picket services");
  script_tag(name: "severity_vector", value: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:L/I:N/A:N");
  script_tag(name: "qod_type", value: "remote_vul");
  script_tag(name: "solution", value: "Turn the finger service off");
  script_require_ports("Services/finger", 79);
  exit(0);
}

include("picket.inc");

foreach port (candidates(service: "finger", usual: make_list(79)))
{
  reply = ask(port: port, request: '\r\n');
  if (reply =~ "login.*(name|tty)|no one logged on") security_message(port: port, data: first_lines(text: reply, count: 3));
}
