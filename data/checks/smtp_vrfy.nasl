# SPDX-License-Identifier: GPL-3.0-or-later
if (description)
{
  script_oid("picket.smtp.vrfy");
  script_version("1");
  script_name("The mail server tells which users there are");
  script_category(ACT_GATHER_INFO);
  script_family("picket mail");
  script_tag(name: "severity_vector", value: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:L/I:N/A:N");
  script_tag(name: "qod_type", value: "remote_vul");
  script_tag(name: "solution", value: "disable_vrfy_command = yes");
  script_require_ports("Services/smtp", 25);
  exit(0);
}

include("picket.inc");

foreach port (candidates(service: "smtp", usual: make_list(25)))
{
  soc = open_sock_tcp(port);
  if (!soc) continue;
  if (answer(soc: soc) =~ "^220")
  {
    say(soc: soc, words: "EHLO picket.invalid");
    there = say(soc: soc, words: "VRFY root");
    other = say(soc: soc, words: "VRFY picket-asks-7261");
    if (there =~ "^25[02]" && other =~ "^55") security_message(port: port, data: "VRFY root: " + there);
  }
  close(soc);
}
