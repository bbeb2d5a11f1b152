# SPDX-License-Identifier: GPL-3.0-or-later
if (description)
{
  script_oid("picket.memcached.open");
  script_version("1");
  script_name("memcached answers without a password");
  script_category(ACT_GATHER_INFO);
  script_family("picket services");
  script_tag(name: "severity_vector", value: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:N");
  script_tag(name: "qod_type", value: "remote_vul");
  script_tag(name: "solution", value: "-l 127.0.0.1 in memcached.conf");
  script_require_ports("Services/memcached", 11211);
  exit(0);
}

include("picket.inc");

foreach port (candidates(service: "memcached", usual: make_list(11211)))
{
  reply = ask(port: port, request: 'stats\r\n');
  if ("STAT pid " >< reply) security_message(port: port, data: egrep(string: reply, pattern: "^STAT (version|curr_items) "));
}
