# SPDX-License-Identifier: GPL-3.0-or-later
if (description)
{
  script_oid("picket.mqtt.open");
  script_version("1");
  script_name("The MQTT broker asks for no password");
  script_category(ACT_GATHER_INFO);
  script_family("picket services");
  script_tag(name: "severity_vector", value: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:L/I:L/A:N");
  script_tag(name: "qod_type", value: "remote_vul");
  script_tag(name: "solution", value: "allow_anonymous false in mosquitto.conf");
  script_require_ports("Services/mqtt", 1883);
  exit(0);
}

include("picket.inc");

foreach port (candidates(service: "mqtt", usual: make_list(1883)))
{
  reply = ask(port: port, request: raw_string(0x10, 18, 0, 4) + "MQTT" + raw_string(4, 2, 0, 10, 0, 6) + "picket");
  if (strlen(reply) == 4 && ord(reply[0]) == 0x20 && ord(reply[3]) == 0)
    security_message(port: port, data: "CONNECT without a name was accepted.");
}
