# SPDX-License-Identifier: GPL-3.0-or-later
if (description)
{
  script_oid("picket.rsh.open");
  script_version("1");
  script_name("rsh trusts addresses and sends passwords in the clear");
  script_category(ACT_GATHER_INFO);
  script_family("picket services");
  script_tag(name: "severity_vector", value: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N");
  script_tag(name: "qod_type", value: "remote_probe");
  script_tag(name: "solution", value: "Turn the service shell off in inetd.conf or xinetd.d");
  script_require_ports("Services/shell", 514);
  exit(0);
}

include("picket.inc");

foreach port (candidates(service: "shell", usual: make_list(514)))
{
  soc = open_priv_sock_tcp(dport: port);
  if (!soc) continue;
  send(socket: soc, data: raw_string(0));
  reply = recv(socket: soc, length: 64, timeout: 3);
  close(soc);
  if (isnull(reply) || reply =~ "^(SSH|HTTP|220)") continue;
  if (ord(reply[0]) <= 1) security_message(port: port, data: "The service answers in its protocol.");
}
