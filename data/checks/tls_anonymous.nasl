# SPDX-License-Identifier: GPL-3.0-or-later
if (description)
{
  script_oid("picket.tls.anonymous");
  script_version("1");
  script_name("TLS accepts ciphers without a certificate");
  script_category(ACT_GATHER_INFO);
  script_family("picket TLS");
  script_tag(name: "severity_vector", value: "CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:N/A:N");
  script_tag(name: "qod_type", value: "remote_vul");
  script_tag(name: "solution", value: "Take aNULL out of the ciphers");
  exit(0);
}

include("picket.inc");
include("picket_tls.inc");

foreach port (tls_ports())
{
  chosen = chosen_cipher(port: port, version: 0x0303, ciphers: make_list(0x0034, 0x003a, 0x006c, 0x00a6, 0xc018, 0xc019));
  if (chosen < 0)
    chosen = chosen_cipher(port: port, version: 0x0301, ciphers: make_list(0x0034, 0x003a, 0x006c, 0x00a6, 0xc018, 0xc019));
  if (chosen >= 0) security_message(port: port, data: "A cipher without a certificate was accepted: number " + chosen);
}
