# SPDX-License-Identifier: GPL-3.0-or-later
if (description)
{
  script_oid("picket.ssh.version1");
  script_version("1");
  script_name("SSH speaks version 1");
  script_category(ACT_GATHER_INFO);
  script_family("picket SSH");
  script_tag(name: "severity_vector", value: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:N");
  script_tag(name: "qod_type", value: "remote_banner");
  script_tag(name: "solution", value: "Protocol 2 in sshd_config; update the server");
  script_require_ports("Services/ssh", 22);
  exit(0);
}

include("picket.inc");

foreach port (candidates(service: "ssh", usual: make_list(22)))
{
  hello = ask(port: port);
  if (hello =~ "^SSH-1\.") security_message(port: port, data: first_lines(text: hello, count: 1));
}
