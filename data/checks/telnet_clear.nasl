# SPDX-License-Identifier: GPL-3.0-or-later
if (description)
{
  script_oid("picket.telnet.clear");
  script_version("1");
  script_name("Telnet sends passwords in the clear");
  script_category(ACT_GATHER_INFO);
  script_family("picket services");
  script_tag(name: "severity_vector", value: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N");
  script_tag(name: "qod_type", value: "remote_banner");
  script_tag(name: "solution", value: "systemctl disable --now telnet.socket inetd; use SSH");
  script_require_ports("Services/telnet", 23);
  exit(0);
}

include("picket.inc");

foreach port (candidates(service: "telnet", usual: make_list(23)))
{
  reply = ask(port: port);
  if (reply && ord(reply[0]) == 255) security_message(port: port, data: "A telnet server negotiates options.");
}
