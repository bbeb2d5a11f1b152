# SPDX-License-Identifier: GPL-3.0-or-later
if (description)
{
  script_oid("picket.redis.open");
  script_version("1");
  script_name("Redis answers without a password");
  script_category(ACT_GATHER_INFO);
  script_family("picket services");
  script_tag(name: "severity_vector", value: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H");
  script_tag(name: "qod_type", value: "remote_vul");
  script_tag(name: "solution", value: "requirepass PASSWORD and bind 127.0.0.1 in redis.conf");
  script_require_ports("Services/redis", 6379);
  exit(0);
}

include("picket.inc");

foreach port (candidates(service: "redis", usual: make_list(6379)))
{
  reply = ask(port: port, request: '*1\r\n$4\r\nINFO\r\n');
  if ("redis_version:" >< reply) security_message(port: port, data: egrep(string: reply, pattern: "^(redis_version|os|role):"));
}
