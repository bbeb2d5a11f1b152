# SPDX-License-Identifier: GPL-3.0-or-later
if (description)
{
  script_oid("picket.imap.clear");
  script_version("1");
  script_name("IMAP offers no TLS");
  script_category(ACT_GATHER_INFO);
  script_family("picket mail");
  script_tag(name: "severity_vector", value: "CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:N/A:N");
  script_tag(name: "qod_type", value: "remote_vul");
  script_tag(name: "solution", value: "ssl = required in dovecot.conf");
  script_require_ports("Services/imap", 143);
  exit(0);
}

include("picket.inc");

foreach port (candidates(service: "imap", usual: make_list(143)))
{
  if (int(get_kb_item("Transports/TCP/" + port)) > 1) continue;
  soc = open_sock_tcp(port);
  if (!soc) continue;
  hello = recv_line(socket: soc, length: 1024, timeout: 5);
  if (hello =~ "^(\*|\+) ?OK")
  {
    send(socket: soc, data: 'a CAPABILITY\r\n');
    reply = recv(socket: soc, length: 2048, timeout: 3);
    if (strlen(reply) && "STARTTLS" >!< toupper(reply)) security_message(port: port, data: reply);
  }
  close(soc);
}
