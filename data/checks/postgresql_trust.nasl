# SPDX-License-Identifier: GPL-3.0-or-later
if (description)
{
  script_oid("picket.postgresql.trust");
  script_version("1");
  script_name("PostgreSQL lets postgres in without a password");
  script_category(ACT_GATHER_INFO);
  script_family("picket services");
  script_tag(name: "severity_vector", value: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H");
  script_tag(name: "qod_type", value: "remote_vul");
  script_tag(name: "solution", value: "Replace trust by scram-sha-256 in pg_hba.conf");
  script_require_ports("Services/postgresql", 5432);
  exit(0);
}

include("picket.inc");

start = raw_string(0, 3, 0, 0) + 'user\0postgres\0database\0postgres\0\0';
foreach port (candidates(service: "postgresql", usual: make_list(5432)))
{
  reply = ask(port: port, request: raw_string(0, 0, 0, strlen(start) + 4) + start);
  if (strlen(reply) >= 9 && reply[0] == "R" && substr(reply, 1, 8) == raw_string(0, 0, 0, 8, 0, 0, 0, 0))
    security_message(port: port, data: "The start-up message was answered with AuthenticationOk.");
}
