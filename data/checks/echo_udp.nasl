# SPDX-License-Identifier: GPL-3.0-or-later
if (description)
{
  script_oid("picket.echo.udp");
  script_version("1");
  script_name("The echo service answers over UDP");
  script_category(ACT_GATHER_INFO);
  script_family("picket services");
  script_tag(name: "severity_vector", value: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:N/I:N/A:L");
  script_tag(name: "qod_type", value: "remote_vul");
  script_tag(name: "solution", value: "Turn it off in inetd.conf or xinetd.d");
  script_require_udp_ports(7);
  exit(0);
}

include("picket.inc");

reply = ask_udp(port: 7, request: 'picket');
if (reply == 'picket') security_message(port: 7, data: "It sends back whatever it gets.", protocol: "udp");
