# SPDX-License-Identifier: GPL-3.0-or-later
if (description)
{
  script_oid("picket.rpc.portmapper");
  script_version("1");
  script_name("The portmapper tells strangers which RPC services run");
  script_category(ACT_GATHER_INFO);
  script_family("picket services");
  script_tag(name: "severity_vector", value: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:L/I:N/A:N");
  script_tag(name: "qod_type", value: "remote_vul");
  script_tag(name: "solution", value: "systemctl disable --now rpcbind.socket, or filter port 111");
  script_require_ports("Services/rpcbind", 111);
  exit(0);
}

include("picket.inc");
include("picket_rpc.inc");

if (get_kb_item("Ports/tcp/111"))
{
  list = rpc(port: 111, program: 100000, version: 2, procedure: 4);
  at = 28;
  found = "";
  for (n = 0; n < 100 && number(text: list, at: at) == 1; n++)
  {
    found += "program " + number(text: list, at: at + 4) + " version " + number(text: list, at: at + 8) +
             " port " + number(text: list, at: at + 16) + '\n';
    at += 20;
  }
  if (found) security_message(port: 111, data: found);
}
