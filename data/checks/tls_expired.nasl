# SPDX-License-Identifier: GPL-3.0-or-later
if (description)
{
  script_oid("picket.tls.expired");
  script_version("1");
  script_name("A certificate has expired");
  script_category(ACT_GATHER_INFO);
  script_family("picket TLS");
  script_tag(name: "severity_vector", value: "CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:L/I:N/A:N");
  script_tag(name: "qod_type", value: "remote_vul");
  script_tag(name: "solution", value: "Renew it");
  exit(0);
}

include("picket.inc");

foreach port (tls_ports())
{
  soc = open_sock_tcp(port, transport: ENCAPS_TLScustom);
  if (!soc) continue;
  der = socket_get_cert(socket: soc);
  close(soc);
  if (!der) continue;
  cert = cert_open(der);
  if (!cert) continue;
  end = cert_query(cert, "not-after");
  if (end && end < isotime_now()) security_message(port: port, data: "Not valid after " + isotime_print(end));
  cert_close(cert);
}
