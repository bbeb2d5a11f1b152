# SPDX-License-Identifier: GPL-3.0-or-later
if (description)
{
  script_oid("picket.actuator.open");
  script_version("1");
  script_name("Spring shows its environment");
  script_category(ACT_GATHER_INFO);
  script_family("picket web");
  script_tag(name: "severity_vector", value: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N");
  script_tag(name: "qod_type", value: "remote_vul");
  script_tag(name: "solution", value: "management.endpoints.web.exposure.include=health");
  script_require_ports("Services/www", 8080);
  exit(0);
}

include("picket.inc");

done = make_array();
foreach port (make_list(web_ports(), candidates(service: "unknown", usual: make_list(8080))))
{
  if (done[port]) continue;
  done[port] = 1;
  reply = web(port: port, path: "/actuator/env");
  if (status_of(reply: reply) == 200 && "propertySources" >< reply)
    security_message(port: port, data: "/actuator/env was answered.");
}
