# SPDX-License-Identifier: GPL-3.0-or-later
if (description)
{
  script_oid("picket.snmp.community");
  script_version("1");
  script_name("SNMP takes a well-known community");
  script_category(ACT_GATHER_INFO);
  script_family("picket services");
  script_tag(name: "severity_vector", value: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N");
  script_tag(name: "qod_type", value: "exploit");
  script_tag(name: "solution", value: "Use SNMPv3; rocommunity with another name and source in snmpd.conf");
  script_require_udp_ports(161);
  exit(0);
}

include("picket.inc");

foreach community (make_list("public", "private", "community", "cisco", "manager"))
{
  reply = snmpv2c_get(port: 161, protocol: "udp", community: community, oid: "1.3.6.1.2.1.1.1.0");
  if (typeof(reply) == "array" && int(reply[0]) == 0 && strlen(reply[1]))
  {
    security_message(port: 161, protocol: "udp", data: "Community " + community + ": " + reply[1]);
    set_kb_item(name: "SNMP/community", value: community);
    break;
  }
}
