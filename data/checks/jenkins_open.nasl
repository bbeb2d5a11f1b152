# SPDX-License-Identifier: GPL-3.0-or-later
if (description)
{
  script_oid("picket.jenkins.open");
  script_version("1");
  script_name("The script console of Jenkins is open");
  script_category(ACT_GATHER_INFO);
  script_family("picket web");
  script_tag(name: "severity_vector", value: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H");
  script_tag(name: "qod_type", value: "remote_vul");
  script_tag(name: "solution", value: "Turn security on and take rights from anonymous");
  script_require_ports("Services/www", 8080);
  exit(0);
}

include("picket.inc");

done = make_array();
foreach port (make_list(web_ports(), candidates(service: "unknown", usual: make_list(8080))))
{
  if (done[port]) continue;
  done[port] = 1;
  reply = web(port: port, path: "/script");
  if (status_of(reply: reply) == 200 && "Jenkins" >< reply && "println" >< reply)
    security_message(port: port, data: "/script was answered.");
}
