# SPDX-License-Identifier: GPL-3.0-or-later
if (description)
{
  script_oid("picket.tls.rc4");
  script_version("1");
  script_name("TLS accepts RC4");
  script_category(ACT_GATHER_INFO);
  script_family("picket TLS");
  script_tag(name: "severity_vector", value: "CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:N/A:N");
  script_tag(name: "qod_type", value: "remote_vul");
  script_tag(name: "solution", value: "Take RC4 out of the ciphers");
  exit(0);
}

include("picket.inc");
include("picket_tls.inc");

foreach port (tls_ports())
{
  chosen = chosen_cipher(port: port, version: 0x0303, ciphers: make_list(0x0005, 0x0004, 0xc011, 0xc007));
  if (chosen < 0)
    chosen = chosen_cipher(port: port, version: 0x0301, ciphers: make_list(0x0005, 0x0004, 0xc011, 0xc007));
  if (chosen >= 0) security_message(port: port, data: "RC4 was accepted: number " + chosen);
}
