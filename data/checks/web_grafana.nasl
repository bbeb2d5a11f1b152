# SPDX-License-Identifier: GPL-3.0-or-later
if (description)
{
  script_oid("picket.web.grafana");
  script_version("1");
  script_name("Grafana takes its well-known login");
  script_category(ACT_GATHER_INFO);
  script_family("picket web");
  script_tag(name: "severity_vector", value: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H");
  script_tag(name: "qod_type", value: "exploit");
  script_tag(name: "solution", value: "grafana-cli admin reset-admin-password");
  script_require_ports("Services/www", 3000);
  exit(0);
}

include("picket.inc");

foreach port (make_list(web_ports(), candidates(service: "unknown", usual: make_list(3000))))
{
  if ("Grafana" >!< web(port: port, path: "/login")) continue;
  if (status_of(reply: web(port: port, path: "/api/admin/stats",
                           headers: "Authorization: Basic " + base64(str: "admin:admin") + '\r\n')) == 200)
    security_message(port: port, data: "Logged in as admin with the password admin.");
}
