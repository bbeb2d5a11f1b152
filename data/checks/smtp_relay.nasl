# SPDX-License-Identifier: GPL-3.0-or-later
if (description)
{
  script_oid("picket.smtp.relay");
  script_version("1");
  script_name("The mail server relays for strangers");
  script_category(ACT_GATHER_INFO);
  script_family("picket mail");
  script_tag(name: "severity_vector", value: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:L/I:L/A:N");
  script_tag(name: "qod_type", value: "remote_vul");
  script_tag(name: "solution", value: "smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination");
  script_require_ports("Services/smtp", 25);
  exit(0);
}

include("picket.inc");

foreach port (candidates(service: "smtp", usual: make_list(25, 587)))
{
  soc = open_sock_tcp(port);
  if (!soc) continue;
  if (answer(soc: soc) =~ "^220")
  {
    say(soc: soc, words: "EHLO picket.invalid");
    if (say(soc: soc, words: "MAIL FROM:<a@example.org>") =~ "^250")
    {
      reply = say(soc: soc, words: "RCPT TO:<b@example.com>");
      if (reply =~ "^25[01]") security_message(port: port, data: "RCPT TO:<b@example.com>: " + reply);
    }
    say(soc: soc, words: "QUIT"); # nothing is sent
  }
  close(soc);
}
