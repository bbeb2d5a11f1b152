# SPDX-License-Identifier: GPL-3.0-or-later
if (description)
{
  script_oid("picket.consul.open");
  script_version("1");
  script_name("Consul tells strangers its configuration");
  script_category(ACT_GATHER_INFO);
  script_family("picket web");
  script_tag(name: "severity_vector", value: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N");
  script_tag(name: "qod_type", value: "remote_vul");
  script_tag(name: "solution", value: "acl.enabled = true with default_policy = deny");
  script_require_ports("Services/www", 8500);
  exit(0);
}

include("picket.inc");

done = make_array();
foreach port (make_list(web_ports(), candidates(service: "unknown", usual: make_list(8500))))
{
  if (done[port]) continue;
  done[port] = 1;
  reply = web(port: port, path: "/v1/agent/self");
  if (status_of(reply: reply) == 200 && "Datacenter" >< reply && "NodeName" >< reply)
    security_message(port: port, data: "/v1/agent/self was answered.");
}
