# SPDX-License-Identifier: GPL-3.0-or-later
if (description)
{
  script_oid("picket.ftp.clear");
  script_version("1");
  script_name("FTP sends passwords in the clear");
  script_category(ACT_GATHER_INFO);
  script_family("picket services");
  script_tag(name: "severity_vector", value: "CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:N/A:N");
  script_tag(name: "qod_type", value: "remote_active");
  script_tag(name: "solution", value: "ssl_enable=YES in vsftpd.conf, or use SFTP");
  script_require_ports("Services/ftp", 21);
  exit(0);
}

include("picket.inc");

foreach port (candidates(service: "ftp", usual: make_list(21)))
{
  soc = open_sock_tcp(port);
  if (!soc) continue;
  if (answer(soc: soc) =~ "^220")
  {
    reply = say(soc: soc, words: "AUTH TLS");
    if (reply && reply !~ "^[23]") security_message(port: port, data: "AUTH TLS: " + reply);
  }
  close(soc);
}
