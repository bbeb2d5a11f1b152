# SPDX-License-Identifier: GPL-3.0-or-later
if (description)
{
  script_oid("picket.web.tomcat");
  script_version("1");
  script_name("The manager of Tomcat takes a well-known login");
  script_category(ACT_GATHER_INFO);
  script_family("picket web");
  script_tag(name: "severity_vector", value: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H");
  script_tag(name: "qod_type", value: "exploit");
  script_tag(name: "solution", value: "Change it in tomcat-users.xml");
  script_require_ports("Services/www", 8080);
  exit(0);
}

include("picket.inc");

foreach port (web_ports())
{
  if (status_of(reply: web(port: port, path: "/manager/html")) != 401) continue;
  foreach pair (make_list("tomcat:tomcat", "admin:admin", "tomcat:s3cret", "admin:"))
    if (status_of(reply: web(port: port, path: "/manager/html",
                             headers: "Authorization: Basic " + base64(str: pair) + '\r\n')) == 200)
      security_message(port: port, data: "Logged in as " + pair);
}
