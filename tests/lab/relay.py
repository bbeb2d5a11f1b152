#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A postfix that relays for everybody is found open; the printed cure is applied; it is found closed.

usage: relay.py PICKET                  as root; the last line is `N passed, M failed`

In a network namespace of its own: the server at 10.89.0.1, the stranger and the sink at 10.89.0.2.
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

PACKAGES = ["postfix", "iproute2"]
SERVER, STRANGER = "10.89.0.1", "10.89.0.2"
MAIN = """compatibility_level = 3.6
queue_directory = {d}/queue
data_directory = {d}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
maillog_file = {d}/log
maillog_file_prefixes = {d}
myhostname = mx.home.test
mydestination = home.test, mx.home.test
local_recipient_maps = inline:{{postmaster=x}}
local_transport = discard:
inet_protocols = ipv4
disable_dns_lookups = yes
smtp_host_lookup = native
relayhost = [{stranger}]:2525
smtpd_error_sleep_time = 0
smtpd_hard_error_limit = 200
alias_maps =
{more}
"""
MASTER = """{server}:25 inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""
OPEN = {
    "everybody's network": "mynetworks = 0.0.0.0/0\n"
                           "smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination",
    "an access list that says yes": "mynetworks = 127.0.0.0/8\nsmtpd_relay_restrictions = "
                                    "check_client_access static:OK, reject_unauth_destination",
    "the sender's word": "mynetworks = 127.0.0.0/8\nsmtpd_relay_restrictions = "
                         "check_sender_access inline:{{home.test=OK}}, reject_unauth_destination",
}
passed = failed = 0


def check(good, what):
    global passed, failed
    if good:
        passed += 1
    else:
        failed += 1
        print("FAIL " + what, flush=True)
    return good


def postfix(folder, *words):
    return subprocess.run(["postfix", "-c", folder + "/etc", *words], stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL).returncode


def configure(folder, more):
    for name in ("etc", "queue", "data"):
        os.makedirs(folder + "/" + name)
    shutil.chown(folder + "/data", "postfix")
    with open(folder + "/etc/main.cf", "w") as f:
        f.write(MAIN.format(d=folder, stranger=STRANGER, more=more.format()))
    with open(folder + "/etc/master.cf", "w") as f:
        f.write(MASTER.format(server=SERVER))


def ask(*options):
    done = subprocess.run([PICKET, "relay", "--json", "--from", "tester@outside.test", "--to",
                           "probe@sink.test", "--domain", "home.test", "--helo", "outside.test", "-s",
                           STRANGER, "--sink", STRANGER + ":2525", "--sink-wait", "6", "--timeout", "8",
                           *options, SERVER + ":25"], stdout=subprocess.PIPE, timeout=120)
    return done.returncode, json.loads(done.stdout)


def cycle(what, more):
    folder = tempfile.mkdtemp(prefix="picket-relay-")
    os.chmod(folder, 0o755)
    try:
        configure(folder, more)
        check(postfix(folder, "start") == 0, "postfix starts, %s" % what)
        status, found = ask()
        check(status == 1 and found["verdict"] == "open", "found open, %s" % what)
        delivered = [t["id"] for t in found["tests"] if t["result"] == "delivered"]
        check(delivered, "mail was seen to arrive, %s" % what)
        check("network" in found["vantage"], "the report says from where it asked")
        commands = [c["command"] for c in found["cure"] if c["command"]]
        check(commands and found["server"]["software"] == "postfix", "there is a cure, %s" % what)
        for command in commands:
            done = subprocess.run(["/bin/sh", "-e", "-c", command],
                                  env={**os.environ, "MAIL_CONFIG": folder + "/etc"},
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            check(done.returncode == 0, "the cure can be applied, %s" % what)
        time.sleep(2)  # the reload reaches its processes
        status, found = ask()
        check(status == 0 and found["verdict"] == "closed", "found closed, %s: %s" % (
            what, [t["id"] for t in found["tests"] if t["result"] in ("delivered", "accepted")]))
    finally:
        postfix(folder, "abort")
        shutil.rmtree(folder, ignore_errors=True)


def main():
    global PICKET
    if len(sys.argv) != 2:
        sys.exit(__doc__.strip())
    PICKET = os.path.abspath(sys.argv[1])
    if not os.environ.get("RELAY_LAB_INSIDE"):
        subprocess.run(["./setup", "lab", "--", *PACKAGES], check=True)
        os.execvpe("unshare", ["unshare", "--net", sys.executable, *sys.argv],
                   {**os.environ, "RELAY_LAB_INSIDE": "1"})
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    for address in (SERVER, STRANGER):
        subprocess.run(["ip", "addr", "add", address + "/24", "dev", "lo"], check=True)
    for what, more in OPEN.items():
        cycle(what, more)
    print("%d passed, %d failed" % (passed, failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
