# SPDX-License-Identifier: GPL-3.0-or-later
if (description)
{
  script_oid("picket.metrics.open");
  script_version("1");
  script_name("Metrics of the machine are open");
  script_category(ACT_GATHER_INFO);
  script_family("picket web");
  script_tag(name: "severity_vector", value: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:L/I:N/A:N");
  script_tag(name: "qod_type", value: "remote_vul");
  script_tag(name: "solution", value: "Bind the exporter to 127.0.0.1 or ask for a password");
  script_require_ports("Services/www", 9100);
  exit(0);
}

include("picket.inc");

done = make_array();
foreach port (make_list(web_ports(), candidates(service: "unknown", usual: make_list(9100))))
{
  if (done[port]) continue;
  done[port] = 1;
  reply = web(port: port, path: "/metrics");
  if (status_of(reply: reply) == 200 && "# TYPE " >< reply && "_total" >< reply)
    security_message(port: port, data: "/metrics was answered.");
}
