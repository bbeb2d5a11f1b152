# SPDX-License-Identifier: GPL-3.0-or-later
if (description)
{
  script_oid("picket.tls.selfsigned");
  script_version("1");
  script_name("A certificate is signed by itself");
  script_category(ACT_GATHER_INFO);
  script_family("picket TLS");
  script_tag(name: "severity_vector", value: "CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:L/I:N/A:N");
  script_tag(name: "qod_type", value: "remote_vul");
  script_tag(name: "solution", value: "Get one from an authority your users trust");
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
  if (cert_query(cert, "issuer") == cert_query(cert, "subject"))
    security_message(port: port, data: "Issuer and subject: " + cert_query(cert, "subject"));
  cert_close(cert);
}
