# SPDX-License-Identifier: GPL-3.0-or-later
if (description)
{
  script_oid("picket.web.proxy");
  script_version("1");
  script_name("A web server is a proxy for strangers");
  script_category(ACT_GATHER_INFO);
  script_family("picket web");
  script_tag(name: "severity_vector", value: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:L/I:L/A:N");
  script_tag(name: "qod_type", value: "remote_vul");
  script_tag(name: "solution", value: "Allow your own networks alone (http_access in squid.conf, ProxyRequests Off in Apache)");
  script_require_ports("Services/www", "Services/http_proxy", 3128, 8080);
  exit(0);
}

include("picket.inc");

foreach port (make_list(web_ports(), candidates(service: "http_proxy", usual: make_list(3128))))
{
  # To itself: nobody else is asked.
  reply = ask(port: port, request: "CONNECT " + get_host_ip() + ":" + port + ' HTTP/1.0\r\n\r\n');
  if (reply =~ "^HTTP/1\.[01] 200") security_message(port: port, data: first_lines(text: reply, count: 1));
}
