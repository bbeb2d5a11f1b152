# SPDX-License-Identifier: GPL-3.0-or-later
if (description)
{
  script_oid("picket.ftp.anonymous");
  script_version("1");
  script_name("FTP lets anonymous in");
  script_category(ACT_GATHER_INFO);
  script_family("picket services");
  script_tag(name: "severity_vector", value: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:L/I:N/A:N");
  script_tag(name: "qod_type", value: "remote_vul");
  script_tag(name: "solution", value: "anonymous_enable=NO in vsftpd.conf (or the like of your server)");
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
    reply = say(soc: soc, words: "USER anonymous");
    if (reply =~ "^331") reply = say(soc: soc, words: "PASS picket@");
    if (reply =~ "^230") security_message(port: port, data: reply);
    say(soc: soc, words: "QUIT");
  }
  close(soc);
}
