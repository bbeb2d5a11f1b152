# SPDX-License-Identifier: GPL-3.0-or-later
if (description)
{
  script_oid("picket.socks.open");
  script_version("1");
  script_name("The SOCKS proxy serves strangers");
  script_category(ACT_GATHER_INFO);
  script_family("picket services");
  script_tag(name: "severity_vector", value: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:L/I:L/A:N");
  script_tag(name: "qod_type", value: "remote_vul");
  script_tag(name: "solution", value: "Ask for a login and bind it to the local network");
  script_require_ports("Services/socks", 1080);
  exit(0);
}

include("picket.inc");

foreach port (candidates(service: "socks", usual: make_list(1080)))
{
  reply = ask(port: port, request: raw_string(5, 1, 0));
  if (strlen(reply) == 2 && ord(reply[0]) == 5 && ord(reply[1]) == 0)
    security_message(port: port, data: "SOCKS 5 without a login was accepted.");
}
