# SPDX-License-Identifier: GPL-3.0-or-later
if (description)
{
  script_oid("picket.ssdp.open");
  script_version("1");
  script_name("UPnP answers from afar");
  script_category(ACT_GATHER_INFO);
  script_family("picket services");
  script_tag(name: "severity_vector", value: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:N/I:N/A:L");
  script_tag(name: "qod_type", value: "remote_vul");
  script_tag(name: "solution", value: "Filter UDP port 1900 towards other networks");
  script_require_udp_ports(1900);
  exit(0);
}

include("picket.inc");

reply = ask_udp(port: 1900, request: 'M-SEARCH * HTTP/1.1\r\nHost: 239.255.255.250:1900\r\nMan: "ssdp:discover"\r\nMX: 1\r\nST: ssdp:all\r\n\r\n');
if (reply =~ "^HTTP/1.1 200") security_message(port: 1900, data: first_lines(text: reply, count: 6), protocol: "udp");
