# SPDX-License-Identifier: GPL-3.0-or-later
if (description)
{
  script_oid("picket.mysql.root");
  script_version("1");
  script_name("MySQL lets root in without a password");
  script_category(ACT_GATHER_INFO);
  script_family("picket services");
  script_tag(name: "severity_vector", value: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H");
  script_tag(name: "qod_type", value: "remote_vul");
  script_tag(name: "solution", value: "ALTER USER root IDENTIFIED BY a password; run mysql_secure_installation");
  script_require_ports("Services/mysql", 3306);
  exit(0);
}

include("picket.inc");

foreach port (candidates(service: "mysql", usual: make_list(3306)))
{
  soc = open_sock_tcp(port);
  if (!soc) continue;
  hello = recv(socket: soc, length: 256, min: 30, timeout: 5);
  if (strlen(hello) > 20 && ord(hello[4]) == 10)
  {
    # Protocol 4.1, secure connection, plugin authentication; no password.
    login = raw_string(0x00, 0x82, 0x08, 0, 0, 0, 0, 1, 33) + crap(length: 23, data: raw_string(0)) +
            'root\0' + raw_string(0) + 'mysql_native_password\0';
    send(socket: soc, data: raw_string(strlen(login), 0, 0, 1) + login);
    reply = recv(socket: soc, length: 256, min: 5, timeout: 5);
    if (strlen(reply) > 4 && ord(reply[4]) == 0xfe) # another plugin: an empty answer to it
    {
      send(socket: soc, data: raw_string(0, 0, 0, 3));
      reply = recv(socket: soc, length: 256, min: 5, timeout: 5);
    }
    if (strlen(reply) > 4 && ord(reply[4]) == 0)
      security_message(port: port, data: "Logged in as root with an empty password.");
  }
  close(soc);
}
