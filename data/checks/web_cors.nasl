# SPDX-License-Identifier: GPL-3.0-or-later
if (description)
{
  script_oid("picket.web.cors");
  script_version("1");
  script_name("A web server lets every site read with the visitor's cookies");
  script_category(ACT_GATHER_INFO);
  script_family("picket web");
  script_tag(name: "severity_vector", value: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:L/I:N/A:N");
  script_tag(name: "qod_type", value: "remote_vul");
  script_tag(name: "solution", value: "Name the origins that may");
  script_require_ports("Services/www", 80);
  exit(0);
}

include("picket.inc");

foreach port (web_ports())
{
  reply = web(port: port, path: "/", headers: 'Origin: https://picket.invalid\r\n');
  if (egrep(string: reply, pattern: "^Access-Control-Allow-Origin: *https://picket\.invalid", icase: TRUE) &&
      egrep(string: reply, pattern: "^Access-Control-Allow-Credentials: *true", icase: TRUE))
    security_message(port: port, data: egrep(string: reply, pattern: "^Access-Control-", icase: TRUE));
}
