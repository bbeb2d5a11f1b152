# SPDX-License-Identifier: GPL-3.0-or-later
if (description)
{
  script_oid("picket.ssh.kex");
  script_version("1");
  script_name("SSH offers weak key exchanges");
  script_category(ACT_GATHER_INFO);
  script_family("picket SSH");
  script_tag(name: "severity_vector", value: "CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:N/A:N");
  script_tag(name: "qod_type", value: "remote_vul");
  script_tag(name: "solution", value: "KexAlgorithms -diffie-hellman-group1-sha1,diffie-hellman-group14-sha1,diffie-hellman-group-exchange-sha1 in sshd_config");
  script_require_ports("Services/ssh", 22);
  exit(0);
}

include("picket.inc");
include("picket_ssh.inc");

foreach port (candidates(service: "ssh", usual: make_list(22)))
{
  offers = ssh_offers(port: port);
  weak = ssh_weak(list: offers[0], pattern: "(group1-sha1|group14-sha1|group-exchange-sha1)$");
  if (weak) security_message(port: port, data: weak);
}
