# SPDX-License-Identifier: GPL-3.0-or-later
if (description)
{
  script_oid("picket.smb.version1");
  script_version("1");
  script_name("SMB version 1 is spoken");
  script_category(ACT_GATHER_INFO);
  script_family("picket services");
  script_tag(name: "severity_vector", value: "CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:N/A:N");
  script_tag(name: "qod_type", value: "remote_vul");
  script_tag(name: "solution", value: "server min protocol = SMB2 in smb.conf");
  script_require_ports("Services/cifs", "Services/smb", 445, 139);
  exit(0);
}

include("picket.inc");

words = raw_string(0xff) + "SMB" + raw_string(0x72, 0, 0, 0, 0, 0x18, 0x53, 0xc8) +
        crap(length: 12, data: raw_string(0)) + raw_string(0, 0, 0xff, 0xfe, 0, 0, 0, 0);
dialect = raw_string(2) + 'NT LM 0.12\0';
words += raw_string(0, strlen(dialect), 0) + dialect;
port = 445;
if (get_kb_item("Ports/tcp/445"))
{
  reply = ask(port: port, request: raw_string(0, 0, 0, strlen(words)) + words);
  if (strlen(reply) > 39 && substr(reply, 4, 8) == raw_string(0xff) + "SMB" + raw_string(0x72) &&
      substr(reply, 37, 38) == raw_string(0, 0))
    security_message(port: port, data: "The dialect NT LM 0.12 was accepted.");
}
