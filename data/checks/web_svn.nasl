# SPDX-License-Identifier: GPL-3.0-or-later
if (description)
{
  script_oid("picket.web.svn");
  script_version("1");
  script_name("A web site carries its .svn folder");
  script_category(ACT_GATHER_INFO);
  script_family("picket web");
  script_tag(name: "severity_vector", value: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N");
  script_tag(name: "qod_type", value: "remote_vul");
  script_tag(name: "solution", value: "Delete it, or deny access to /.svn");
  script_require_ports("Services/www", 80);
  exit(0);
}

include("picket.inc");

done = make_array();
foreach port (make_list(web_ports(), candidates(service: "unknown", usual: make_list(80))))
{
  if (done[port]) continue;
  done[port] = 1;
  reply = web(port: port, path: "/.svn/entries");
  if (status_of(reply: reply) == 200 && ereg(string: body_of(reply: reply), pattern: "^[0-9]+$"))
    security_message(port: port, data: "/.svn/entries was answered.");
}
