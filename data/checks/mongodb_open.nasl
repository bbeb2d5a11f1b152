# SPDX-License-Identifier: GPL-3.0-or-later
if (description)
{
  script_oid("picket.mongodb.open");
  script_version("1");
  script_name("MongoDB lists its databases without a password");
  script_category(ACT_GATHER_INFO);
  script_family("picket services");
  script_tag(name: "severity_vector", value: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H");
  script_tag(name: "qod_type", value: "remote_vul");
  script_tag(name: "solution", value: "security.authorization: enabled and net.bindIp: 127.0.0.1 in mongod.conf");
  script_require_ports("Services/mongodb", 27017);
  exit(0);
}

include("picket.inc");

# {listDatabases: 1, $db: "admin"} as BSON in an OP_MSG.
doc = raw_string(0x10) + 'listDatabases\0' + raw_string(1, 0, 0, 0) + raw_string(2) + '$db\0' +
      raw_string(6, 0, 0, 0) + 'admin\0' + raw_string(0);
doc = raw_string(strlen(doc) + 4, 0, 0, 0) + doc;
message = raw_string(1, 0, 0, 0, 0, 0, 0, 0, 0xdd, 7, 0, 0, 0, 0, 0, 0, 0) + doc;
message = raw_string(strlen(message) + 4, 0, 0, 0) + message;
foreach port (candidates(service: "mongodb", usual: make_list(27017, 27018)))
{
  reply = ask(port: port, request: message);
  if ("databases" >< reply && "sizeOnDisk" >< reply)
    security_message(port: port, data: "listDatabases was answered.");
}
