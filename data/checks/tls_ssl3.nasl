# SPDX-License-Identifier: GPL-3.0-or-later
if (description)
{
  script_oid("picket.tls.ssl3");
  script_version("1");
  script_name("TLS still speaks SSL 3");
  script_category(ACT_GATHER_INFO);
  script_family("picket TLS");
  script_tag(name: "severity_vector", value: "CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:N/A:N");
  script_tag(name: "qod_type", value: "remote_vul");
  script_tag(name: "solution", value: "Allow TLS 1.2 and later alone");
  exit(0);
}

include("picket.inc");
include("picket_tls.inc");

foreach port (tls_ports())
{
  if (chosen_cipher(port: port, version: 0x0300, ciphers: common_ciphers()) >= 0)
    security_message(port: port, data: "SSL 3 was accepted.");
}
