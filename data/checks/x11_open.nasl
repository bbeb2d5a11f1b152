# SPDX-License-Identifier: GPL-3.0-or-later
if (description)
{
  script_oid("picket.x11.open");
  script_version("1");
  script_name("X11 lets strangers see the screen and type");
  script_category(ACT_GATHER_INFO);
  script_family("picket services");
  script_tag(name: "severity_vector", value: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H");
  script_tag(name: "qod_type", value: "remote_vul");
  script_tag(name: "solution", value: "xhost -, and start X with -nolisten tcp");
  script_require_ports(6000, 6001);
  exit(0);
}

include("picket.inc");

foreach port (make_list(6000, 6001, 6002))
{
  if (!get_kb_item("Ports/tcp/" + port)) continue;
  reply = ask(port: port, request: raw_string(0x6c, 0, 11, 0, 0, 0, 0, 0, 0, 0, 0, 0));
  if (strlen(reply) > 8 && ord(reply[0]) == 1 && ord(reply[2]) == 11)
    security_message(port: port, data: "The connection was accepted without a cookie.");
}
