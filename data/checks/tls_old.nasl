# SPDX-License-Identifier: GPL-3.0-or-later
if (description)
{
  script_oid("picket.tls.old");
  script_version("1");
  script_name("TLS still speaks 1.0 or 1.1");
  script_category(ACT_GATHER_INFO);
  script_family("picket TLS");
  script_tag(name: "severity_vector", value: "CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:L/I:N/A:N");
  script_tag(name: "qod_type", value: "remote_vul");
  script_tag(name: "solution", value: "ssl_protocols TLSv1.2 TLSv1.3 (or the like of your server)");
  exit(0);
}

include("picket.inc");
include("picket_tls.inc");

foreach port (tls_ports())
{
  found = "";
  if (chosen_cipher(port: port, version: 0x0301, ciphers: common_ciphers()) >= 0) found += 'TLS 1.0\n';
  if (chosen_cipher(port: port, version: 0x0302, ciphers: common_ciphers()) >= 0) found += 'TLS 1.1\n';
  if (found) security_message(port: port, data: found);
}
