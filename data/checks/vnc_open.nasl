# SPDX-License-Identifier: GPL-3.0-or-later
if (description)
{
  script_oid("picket.vnc.open");
  script_version("1");
  script_name("VNC asks for no password");
  script_category(ACT_GATHER_INFO);
  script_family("picket services");
  script_tag(name: "severity_vector", value: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H");
  script_tag(name: "qod_type", value: "remote_vul");
  script_tag(name: "solution", value: "Set a password and bind it to 127.0.0.1");
  script_require_ports("Services/vnc", 5900);
  exit(0);
}

include("picket.inc");

foreach port (candidates(service: "vnc", usual: make_list(5900, 5901, 5902)))
{
  soc = open_sock_tcp(port);
  if (!soc) continue;
  hello = recv(socket: soc, length: 12, min: 12, timeout: 5);
  if (hello =~ "^RFB 003")
  {
    send(socket: soc, data: 'RFB 003.008\n');
    count = recv(socket: soc, length: 1, timeout: 5);
    if (strlen(count) && ord(count[0]) > 0)
    {
      kinds = recv(socket: soc, length: ord(count[0]), min: ord(count[0]), timeout: 5);
      for (i = 0; i < strlen(kinds); i++)
        if (ord(kinds[i]) == 1)
          security_message(port: port, data: "Security type None is offered.");
    }
  }
  close(soc);
}
