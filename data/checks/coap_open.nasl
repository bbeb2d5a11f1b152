# SPDX-License-Identifier: GPL-3.0-or-later
if (description)
{
  script_oid("picket.coap.open");
  script_version("1");
  script_name("A device lists its resources (CoAP)");
  script_category(ACT_GATHER_INFO);
  script_family("picket services");
  script_tag(name: "severity_vector", value: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:N/I:N/A:L");
  script_tag(name: "qod_type", value: "remote_vul");
  script_tag(name: "solution", value: "Use DTLS, or filter UDP port 5683");
  script_require_udp_ports(5683);
  exit(0);
}

include("picket.inc");

reply = ask_udp(port: 5683, request: raw_string(0x40, 1, 0x70, 0x69, 0xbb) + '.well-known' + raw_string(4) + 'core');
if (strlen(reply) > 8 && ord(reply[1]) == 0x45) security_message(port: 5683, data: ereg_replace(string: substr(reply, 4), pattern: "[^ -~]+", replace: " "), protocol: "udp");
