# SPDX-License-Identifier: GPL-3.0-or-later
if (description)
{
  script_oid("picket.web.hsts");
  script_version("1");
  script_name("A web server with TLS does not insist on it");
  script_category(ACT_GATHER_INFO);
  script_family("picket web");
  script_tag(name: "severity_vector", value: "CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:L/I:N/A:N");
  script_tag(name: "qod_type", value: "remote_vul");
  script_tag(name: "solution", value: "Send Strict-Transport-Security: max-age=31536000");
  script_require_ports("Services/www", 443);
  exit(0);
}

include("picket.inc");

foreach port (web_ports())
{
  if (int(get_kb_item("Transports/TCP/" + port)) <= 1) continue;
  reply = web(port: port, path: "/");
  if (status_of(reply: reply) && !egrep(string: head_of(reply: reply), pattern: "^Strict-Transport-Security:", icase: TRUE))
    security_message(port: port, data: "The header Strict-Transport-Security is missing.");
}
