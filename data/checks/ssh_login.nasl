# SPDX-License-Identifier: GPL-3.0-or-later
if (description)
{
  script_oid("picket.ssh.login");
  script_version("1");
  script_name("SSH takes a well-known login");
  script_category(ACT_GATHER_INFO);
  script_family("picket SSH");
  script_tag(name: "severity_vector", value: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H");
  script_tag(name: "qod_type", value: "exploit");
  script_tag(name: "solution", value: "passwd, or PasswordAuthentication no in sshd_config");
  script_require_ports("Services/ssh", 22);
  exit(0);
}

include("picket.inc");

foreach port (candidates(service: "ssh", usual: make_list(22)))
  foreach pair (make_list("root:root", "root:toor", "admin:admin", "pi:raspberry", "ubnt:ubnt", "test:test", "root:"))
  {
    m = eregmatch(string: pair, pattern: "^([^:]*):(.*)$");
    session = ssh_connect(port: port);
    if (!session) break;
    if (ssh_userauth(session, login: m[1], password: m[2]) == 0)
      security_message(port: port, data: "Logged in as " + m[1] + " with the password " + m[2]);
    ssh_disconnect(session);
  }
