# SPDX-License-Identifier: GPL-3.0-or-later
if (description)
{
  script_oid("picket.ssh.hostkey");
  script_version("1");
  script_name("SSH offers weak host keys");
  script_category(ACT_GATHER_INFO);
  script_family("picket SSH");
  script_tag(name: "severity_vector", value: "CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:L/I:N/A:N");
  script_tag(name: "qod_type", value: "remote_vul");
  script_tag(name: "solution", value: "HostKeyAlgorithms -ssh-dss,ssh-rsa in sshd_config");
  script_require_ports("Services/ssh", 22);
  exit(0);
}

include("picket.inc");
include("picket_ssh.inc");

foreach port (candidates(service: "ssh", usual: make_list(22)))
{
  offers = ssh_offers(port: port);
  weak = ssh_weak(list: offers[1], pattern: "^(ssh-dss|ssh-rsa)$");
  if (weak) security_message(port: port, data: weak);
}
