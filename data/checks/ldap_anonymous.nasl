# SPDX-License-Identifier: GPL-3.0-or-later
if (description)
{
  script_oid("picket.ldap.anonymous");
  script_version("1");
  script_name("The directory answers searches without a login");
  script_category(ACT_GATHER_INFO);
  script_family("picket services");
  script_tag(name: "severity_vector", value: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:L/I:N/A:N");
  script_tag(name: "qod_type", value: "remote_vul");
  script_tag(name: "solution", value: "olcDisallows: bind_anon and access rules in OpenLDAP");
  script_require_ports("Services/ldap", 389);
  exit(0);
}

include("picket.inc");

# Bind without a name, then the root's naming contexts.
bind = raw_string(0x30, 12, 2, 1, 1, 0x60, 7, 2, 1, 3, 4, 0, 0x80, 0);
attribute = "namingContexts";
filter = raw_string(0x87, 11) + "objectClass";
inner = raw_string(4, 0, 10, 1, 0, 10, 1, 0, 2, 1, 0, 2, 1, 5, 1, 1, 0) + filter +
        raw_string(0x30, strlen(attribute) + 2, 4, strlen(attribute)) + attribute;
search = raw_string(2, 1, 2, 0x63, strlen(inner)) + inner;
search = raw_string(0x30, strlen(search)) + search;
foreach port (candidates(service: "ldap", usual: make_list(389)))
{
  soc = open_sock_tcp(port);
  if (!soc) continue;
  send(socket: soc, data: bind);
  reply = recv(socket: soc, length: 512, timeout: 5);
  if (strlen(reply) > 9 && ord(reply[5]) == 0x61 && ord(reply[9]) == 0)
  {
    send(socket: soc, data: search);
    reply = recv(socket: soc, length: 4096, timeout: 5);
    if (attribute >< reply)
      security_message(port: port, data: ereg_replace(string: substr(reply, stridx(reply, attribute)),
                       pattern: "[^ -~]+", replace: " "));
  }
  close(soc);
}
