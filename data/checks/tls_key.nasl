# SPDX-License-Identifier: GPL-3.0-or-later
if (description)
{
  script_oid("picket.tls.key");
  script_version("1");
  script_name("The key of a certificate is short");
  script_category(ACT_GATHER_INFO);
  script_family("picket TLS");
  script_tag(name: "severity_vector", value: "CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:N/A:N");
  script_tag(name: "qod_type", value: "remote_vul");
  script_tag(name: "solution", value: "Make a new key: RSA of 3072 bits, or P-256");
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
  size = int(cert_query(cert, "key-size"));
  name = cert_query(cert, "algorithm-name");
  if (size > 0 && size < 2048 && size > 512) security_message(port: port, data: "" + size + " bits");
  else if (size > 0 && size <= 512 && "EC" >!< toupper(name) && "ED" >!< toupper(name))
    security_message(port: port, data: "" + size + " bits");
  cert_close(cert);
}
