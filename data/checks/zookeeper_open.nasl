# SPDX-License-Identifier: GPL-3.0-or-later
if (description)
{
  script_oid("picket.zookeeper.open");
  script_version("1");
  script_name("ZooKeeper tells strangers its environment");
  script_category(ACT_GATHER_INFO);
  script_family("picket services");
  script_tag(name: "severity_vector", value: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:L/I:N/A:N");
  script_tag(name: "qod_type", value: "remote_vul");
  script_tag(name: "solution", value: "4lw.commands.whitelist=srvr in zoo.cfg, and the port for its peers alone");
  script_require_ports("Services/zookeeper", 2181);
  exit(0);
}

include("picket.inc");

foreach port (candidates(service: "zookeeper", usual: make_list(2181)))
{
  reply = ask(port: port, request: 'envi');
  if ("zookeeper.version" >< reply) security_message(port: port, data: first_lines(text: reply, count: 3));
}
