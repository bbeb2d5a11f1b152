# SPDX-License-Identifier: GPL-3.0-or-later
if (description)
{
  script_oid("picket.web.trace");
  script_version("1");
  script_name("A web server sends back requests (TRACE)");
  script_category(ACT_GATHER_INFO);
  script_family("picket web");
  script_tag(name: "severity_vector", value: "CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:L/I:N/A:N");
  script_tag(name: "qod_type", value: "remote_vul");
  script_tag(name: "solution", value: "TraceEnable off");
  script_require_ports("Services/www", 80);
  exit(0);
}

include("picket.inc");

foreach port (web_ports())
{
  reply = web(port: port, path: "/", method: "TRACE", headers: 'X-Picket: asks\r\n');
  if (status_of(reply: reply) == 200 && "X-Picket: asks" >< body_of(reply: reply))
    security_message(port: port, data: body_of(reply: reply));
}
