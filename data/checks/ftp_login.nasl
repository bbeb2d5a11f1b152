# SPDX-License-Identifier: GPL-3.0-or-later
if (description)
{
  script_oid("picket.ftp.login");
  script_version("1");
  script_name("FTP takes a well-known login");
  script_category(ACT_GATHER_INFO);
  script_family("picket services");
  script_tag(name: "severity_vector", value: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H");
  script_tag(name: "qod_type", value: "exploit");
  script_tag(name: "solution", value: "Change the password");
  script_require_ports("Services/ftp", 21);
  exit(0);
}

include("picket.inc");

pairs = make_list("admin", "ftp", "test", "user", "root");
foreach port (candidates(service: "ftp", usual: make_list(21)))
  foreach name (pairs)
  {
    soc = open_sock_tcp(port);
    if (!soc) break;
    if (answer(soc: soc) =~ "^220" && say(soc: soc, words: "USER " + name) =~ "^331" &&
        name != "ftp" && say(soc: soc, words: "PASS " + name) =~ "^230")
      security_message(port: port, data: "Logged in as " + name + " with the password " + name + ".");
    close(soc);
  }
