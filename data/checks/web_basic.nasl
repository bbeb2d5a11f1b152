# SPDX-License-Identifier: GPL-3.0-or-later
if (description)
{
  script_oid("picket.web.basic");
  script_version("1");
  script_name("A web server asks for passwords in the clear");
  script_category(ACT_GATHER_INFO);
  script_family("picket web");
  script_tag(name: "severity_vector", value: "CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:N/A:N");
  script_tag(name: "qod_type", value: "remote_vul");
  script_tag(name: "solution", value: "Redirect to https");
  script_require_ports("Services/www", 80);
  exit(0);
}

include("picket.inc");

foreach port (web_ports())
{
  if (int(get_kb_item("Transports/TCP/" + port)) > 1) continue;
  reply = web(port: port, path: "/");
  if (status_of(reply: reply) == 401 && egrep(string: reply, pattern: "^WWW-Authenticate: *Basic", icase: TRUE))
    security_message(port: port, data: egrep(string: reply, pattern: "^WWW-Authenticate", icase: TRUE));
}
