# SPDX-License-Identifier: GPL-3.0-or-later
if (description)
{
  script_oid("picket.web.stubstatus");
  script_version("1");
  script_name("The status of nginx is open");
  script_category(ACT_GATHER_INFO);
  script_family("picket web");
  script_tag(name: "severity_vector", value: "CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:L/I:N/A:N");
  script_tag(name: "qod_type", value: "remote_vul");
  script_tag(name: "solution", value: "allow 127.0.0.1 and deny all in the location of stub_status");
  script_require_ports("Services/www", 80);
  exit(0);
}

include("picket.inc");

done = make_array();
foreach port (make_list(web_ports(), candidates(service: "unknown", usual: make_list(80))))
{
  if (done[port]) continue;
  done[port] = 1;
  reply = web(port: port, path: "/nginx_status");
  if (status_of(reply: reply) == 200 && "Active connections:" >< reply)
    security_message(port: port, data: body_of(reply: reply));
}
