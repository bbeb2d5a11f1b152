# SPDX-License-Identifier: GPL-3.0-or-later
if (description)
{
  script_oid("picket.smtp.clear");
  script_version("1");
  script_name("The mail server offers no TLS");
  script_category(ACT_GATHER_INFO);
  script_family("picket mail");
  script_tag(name: "severity_vector", value: "CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:N/A:N");
  script_tag(name: "qod_type", value: "remote_vul");
  script_tag(name: "solution", value: "smtpd_tls_security_level = may, with a certificate");
  script_require_ports("Services/smtp", 25);
  exit(0);
}

include("picket.inc");

foreach port (candidates(service: "smtp", usual: make_list(25, 587)))
{
  if (int(get_kb_item("Transports/TCP/" + port)) > 1) continue;
  soc = open_sock_tcp(port);
  if (!soc) continue;
  if (answer(soc: soc) =~ "^220")
  {
    reply = say(soc: soc, words: "EHLO picket.invalid");
    if (reply =~ "^250" && !egrep(string: reply, pattern: "^250.STARTTLS", icase: TRUE))
      security_message(port: port, data: reply);
  }
  close(soc);
}
