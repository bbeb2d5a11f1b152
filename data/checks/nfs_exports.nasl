# SPDX-License-Identifier: GPL-3.0-or-later
if (description)
{
  script_oid("picket.nfs.exports");
  script_version("1");
  script_name("NFS exports folders to everyone");
  script_category(ACT_GATHER_INFO);
  script_family("picket services");
  script_tag(name: "severity_vector", value: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N");
  script_tag(name: "qod_type", value: "remote_vul");
  script_tag(name: "solution", value: "Name the hosts in /etc/exports, then exportfs -ra");
  script_require_ports("Services/rpcbind", 111);
  exit(0);
}

include("picket.inc");
include("picket_rpc.inc");

if (get_kb_item("Ports/tcp/111"))
{
  where = rpc(port: 111, program: 100000, version: 2, procedure: 3,
              body: word(n: 100005) + word(n: 3) + word(n: 6) + word(n: 0));
  mountd = number(text: where, at: 28);
  if (mountd > 0 && mountd < 65536)
  {
    list = rpc(port: mountd, program: 100005, version: 3, procedure: 5);
    at = 28;
    found = "";
    for (n = 0; n < 64 && number(text: list, at: at) == 1; n++)
    {
      len = number(text: list, at: at + 4);
      folder = substr(list, at + 8, at + 7 + len);
      at += 8 + ((len + 3) / 4) * 4;
      open = number(text: list, at: at) == 0;
      for (g = 0; g < 256 && number(text: list, at: at) == 1; g++)
      {
        glen = number(text: list, at: at + 4);
        if (substr(list, at + 8, at + 7 + glen) == "*") open = 1;
        at += 8 + ((glen + 3) / 4) * 4;
      }
      at += 4;
      if (open) found += folder + '\n';
    }
    if (found) security_message(port: mountd, data: found);
  }
}
