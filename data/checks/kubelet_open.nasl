# SPDX-License-Identifier: GPL-3.0-or-later
if (description)
{
  script_oid("picket.kubelet.open");
  script_version("1");
  script_name("The kubelet lists its pods to strangers");
  script_category(ACT_GATHER_INFO);
  script_family("picket web");
  script_tag(name: "severity_vector", value: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H");
  script_tag(name: "qod_type", value: "remote_vul");
  script_tag(name: "solution", value: "authentication.anonymous.enabled: false in its configuration");
  script_require_ports("Services/www", 10250, 10255);
  exit(0);
}

include("picket.inc");

done = make_array();
foreach port (make_list(web_ports(), candidates(service: "unknown", usual: make_list(10250, 10255))))
{
  if (done[port]) continue;
  done[port] = 1;
  reply = web(port: port, path: "/pods");
  if (status_of(reply: reply) == 200 && "PodList" >< reply)
    security_message(port: port, data: "/pods was answered.");
}
