# SPDX-License-Identifier: GPL-3.0-or-later
if (description)
{
  script_oid("picket.rsync.modules");
  script_version("1");
  script_name("rsync lists modules to strangers");
  script_category(ACT_GATHER_INFO);
  script_family("picket services");
  script_tag(name: "severity_vector", value: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N");
  script_tag(name: "qod_type", value: "remote_vul");
  script_tag(name: "solution", value: "hosts allow, auth users and list = no in rsyncd.conf");
  script_require_ports("Services/rsync", 873);
  exit(0);
}

include("picket.inc");

foreach port (candidates(service: "rsync", usual: make_list(873)))
{
  soc = open_sock_tcp(port);
  if (!soc) continue;
  hello = recv_line(socket: soc, length: 128, timeout: 5);
  if (hello =~ "^@RSYNCD:")
  {
    send(socket: soc, data: hello + '#list\n');
    all = recv(socket: soc, length: 8192, timeout: 5);
    list = ereg_replace(string: all, pattern: "@RSYNCD: EXIT.*", replace: "");
    if (strlen(list) > 1) security_message(port: port, data: list);
  }
  close(soc);
}
