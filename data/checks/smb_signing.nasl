# SPDX-License-Identifier: GPL-3.0-or-later
if (description)
{
  script_oid("picket.smb.signing");
  script_version("1");
  script_name("SMB does not require signatures");
  script_category(ACT_GATHER_INFO);
  script_family("picket services");
  script_tag(name: "severity_vector", value: "CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:L/I:N/A:N");
  script_tag(name: "qod_type", value: "remote_vul");
  script_tag(name: "solution", value: "server signing = mandatory in smb.conf");
  script_require_ports("Services/cifs", "Services/smb", 445);
  exit(0);
}

include("picket.inc");

if (get_kb_item("Ports/tcp/445"))
{
  zero = raw_string(0);
  header = raw_string(0xfe) + "SMB" + raw_string(64, 0, 0, 0, 0, 0, 0, 0, 0, 0, 31, 0) +
           crap(length: 48, data: zero);
  body = raw_string(36, 0, 2, 0, 1, 0, 0, 0, 0, 0, 0, 0) + crap(length: 24, data: "picket") +
         raw_string(2, 2, 0x10, 2);
  reply = ask(port: 445, request: raw_string(0, 0, 0, strlen(header) + strlen(body)) + header + body);
  if (strlen(reply) > 72 && substr(reply, 4, 7) == raw_string(0xfe) + "SMB" && !(ord(reply[70]) & 2))
    security_message(port: 445, data: "The security mode says that signing is not required.");
}
