# SPDX-License-Identifier: GPL-3.0-or-later
if (description)
{
  script_oid("picket.cassandra.open");
  script_version("1");
  script_name("Cassandra asks for no password");
  script_category(ACT_GATHER_INFO);
  script_family("picket services");
  script_tag(name: "severity_vector", value: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H");
  script_tag(name: "qod_type", value: "remote_vul");
  script_tag(name: "solution", value: "authenticator: PasswordAuthenticator in cassandra.yaml");
  script_require_ports("Services/cassandra", 9042);
  exit(0);
}

include("picket.inc");

map = raw_string(0, 1, 0, 11) + "CQL_VERSION" + raw_string(0, 5) + "3.0.0";
foreach port (candidates(service: "cassandra", usual: make_list(9042)))
{
  reply = ask(port: port, request: raw_string(4, 0, 0, 0, 1, 0, 0, 0, strlen(map)) + map);
  if (strlen(reply) >= 9 && ord(reply[0]) == 0x84 && ord(reply[4]) == 2)
    security_message(port: port, data: "STARTUP was answered with READY.");
}
