# SPDX-License-Identifier: GPL-3.0-or-later
if (description)
{
  script_oid("picket.tls.export");
  script_version("1");
  script_name("TLS accepts export ciphers");
  script_category(ACT_GATHER_INFO);
  script_family("picket TLS");
  script_tag(name: "severity_vector", value: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N");
  script_tag(name: "qod_type", value: "remote_vul");
  script_tag(name: "solution", value: "Take EXPORT out of the ciphers");
  exit(0);
}

include("picket.inc");
include("picket_tls.inc");

foreach port (tls_ports())
{
  chosen = chosen_cipher(port: port, version: 0x0303, ciphers: make_list(0x0003, 0x0006, 0x0008, 0x0014, 0x0011, 0x0017));
  if (chosen < 0)
    chosen = chosen_cipher(port: port, version: 0x0301, ciphers: make_list(0x0003, 0x0006, 0x0008, 0x0014, 0x0011, 0x0017));
  if (chosen >= 0) security_message(port: port, data: "An export cipher was accepted: number " + chosen);
}
