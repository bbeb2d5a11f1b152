#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bans from the logs of real daemons: sshd, nginx and postfix, attacked over IPv4 and IPv6.

usage: ban.py PICKET                           as root; the last line is `N passed, M failed`

Two network namespaces on one cable: "home" runs the daemons and `picket ban server` with fail2ban's
own configuration tree (conformance/ban/config of the shared folder), "away" has an address for each
attack.  Each attacker is banned from its daemon's port and let in again when its time is up, while
a bystander is served throughout.  Nothing outside the namespaces is touched.
"""
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time

PACKAGES = ["nginx-light", "openssh-server", "openssh-client", "postfix", "nftables", "iproute2",
            "iptables"]
TREE = os.path.realpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
SHARED = os.environ.get("PICKET_SHARED", os.path.join(TREE, "..", "shared"))
HOME = {4: "192.0.2.1", 6: "2001:db8:1::1"}
BYSTANDER = {4: "192.0.2.2", 6: "2001:db8:1::2"}
ATTACKER = {(jail, v): prefix + str(11 + i) for i, jail in enumerate(("sshd", "nginx-http-auth", "postfix"))
            for v, prefix in ((4, "192.0.2."), (6, "2001:db8:1::"))}
PORT = {"sshd": 22, "nginx-http-auth": 80, "postfix": 25}
BAN_S = 8

PROBE = """
import socket, sys
s = socket.socket(socket.AF_INET6 if ':' in sys.argv[1] else socket.AF_INET)
s.settimeout(1)
s.bind((sys.argv[1], 0))
try:
    s.connect((sys.argv[2], int(sys.argv[3])))
except OSError:
    sys.exit(1)
"""
GUESS_HTTP = """
import http.client, sys
for i in range(3):
    c = http.client.HTTPConnection(sys.argv[2], 80, timeout=5, source_address=(sys.argv[1], 0))
    c.request('GET', '/', headers={'Authorization': 'Basic YWRtaW46Z3Vlc3M='})
    print(c.getresponse().status)
"""
RELAY = """
import smtplib, sys
for i in range(3):
    c = smtplib.SMTP(sys.argv[2], 25, 'client.example', 10, (sys.argv[1], 0))
    c.ehlo()
    c.mail('a@client.example')
    print(c.rcpt('b@elsewhere.example'))
"""

passed = failed = 0


def check(good, words):
    global passed, failed
    if good:
        passed += 1
    else:
        failed += 1
        print("FAIL", words, flush=True)
    return good


def until(seconds, what):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if what():
            return True
        time.sleep(0.05)
    return False


class World:
    def __init__(self, picket):
        self.picket = picket
        self.folder = tempfile.mkdtemp(prefix="picket-lab-ban-")
        os.chmod(self.folder, 0o755)
        self.children = []
        self.home = self.namespace()
        self.away = self.namespace()

    def namespace(self):
        """A process that holds namespaces; its death ends all that runs in them."""
        child = subprocess.Popen(
            ["unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "sh", "-c",
             "mount -t tmpfs none /run && mkdir /run/sshd && ip link set lo up && echo ready && "
             "exec sleep 1000000"], stdout=subprocess.PIPE, text=True)
        self.children.append(child)
        if child.stdout.readline().strip() != "ready":
            sys.exit("ban.py: no namespaces here (not root?)")
        with open(f"/proc/{child.pid}/task/{child.pid}/children", encoding="ascii") as f:
            return int(f.read().split()[0])

    def inside(self, where, words):
        return ["nsenter", "--target", str(where), "--net", "--mount", "--pid"] + list(words)

    def run(self, where, words, **more):
        return subprocess.run(self.inside(where, words), capture_output=True, text=True, timeout=60,
                              check=False, stdin=subprocess.DEVNULL, **more)

    def start(self, words, err=None):
        log = open(self.path("log"), "ab")
        child = subprocess.Popen(self.inside(self.home, words), stdout=log, stderr=err or log,
                                 stdin=subprocess.DEVNULL)
        self.children.append(child)
        return child

    def path(self, name, text=None, mode=0o644):
        path = os.path.join(self.folder, name)
        if text is not None:
            with open(path, "w", encoding="utf-8") as f:
                f.write(text)
            os.chmod(path, mode)
        return path

    def mkdir(self, name, owner="root"):
        path = self.path(name)
        os.makedirs(path, exist_ok=True)
        shutil.chown(path, owner)
        return path

    def lay_cable(self):
        subprocess.run(["nsenter", "--target", str(self.home), "--net", "ip", "link", "add", "h0",
                        "type", "veth", "peer", "name", "a0", "netns", str(self.away)], check=True)
        addresses = list(BYSTANDER.values()) + list(ATTACKER.values())
        for where, device, mine in ((self.home, "h0", HOME.values()), (self.away, "a0", addresses)):
            for address in mine:
                tail = ["dev", device] if "." in address else ["dev", device, "nodad"]
                length = "/24" if "." in address else "/64"
                self.run(where, ["ip", "addr", "add", address + length] + tail)
            self.run(where, ["ip", "link", "set", device, "up"])

    def start_sshd(self):
        """sshd tells its standard error what syslog would date; this stands in for syslog."""
        key = self.path("ssh_host_key")
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
        child = self.start(["/usr/sbin/sshd", "-D", "-e", "-f", self.path("sshd_config", f"""
HostKey {key}
PidFile none
UsePAM no
PermitRootLogin yes
""")], subprocess.PIPE)

        def dated():
            with open(self.path("auth.log"), "a", encoding="utf-8") as f:
                for line in child.stderr:
                    f.write("%s home sshd[7]: %s\n" % (time.strftime("%b %e %H:%M:%S"),
                                                       line.decode("utf-8", "replace").strip()))
                    f.flush()
        threading.Thread(target=dated, daemon=True).start()

    def start_nginx(self):
        state = self.mkdir("nginx")
        users = self.path("users", "admin:{PLAIN}secret\n")
        temps = "".join(f"{kind}_temp_path {state}/{kind};\n"
                        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        self.start(["nginx", "-p", state, "-c", self.path("nginx.conf", f"""
daemon off; pid {state}/pid; error_log {self.folder}/nginx.log; user www-data;
events {{ worker_connections 32; }}
http {{ access_log off; {temps}
  server {{ listen 80; listen [::]:80 ipv6only=on; auth_basic "x"; auth_basic_user_file {users}; }} }}
""")])

    def start_postfix(self):
        conf, queue = self.mkdir("postfix"), self.mkdir("queue")
        data = self.mkdir("postfix-data", "postfix")
        self.path("postfix/main.cf", f"""
compatibility_level = 3.6
queue_directory = {queue}
data_directory = {data}
inet_interfaces = all
inet_protocols = all
mynetworks = 127.0.0.0/8
myhostname = home.example
mydestination =
smtpd_peername_lookup = no
local_recipient_maps =
smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination
maillog_file = {self.folder}/mail.log
maillog_file_prefixes = {self.folder}
alias_maps =
""")
        self.path("postfix/master.cf", """
smtp      inet  n - n - - smtpd
pickup    unix  n - n 60 1 pickup
cleanup   unix  n - n - 0 cleanup
qmgr      unix  n - n 300 1 qmgr
rewrite   unix  - - n - - trivial-rewrite
bounce    unix  - - n - 0 bounce
defer     unix  - - n - 0 bounce
anvil     unix  - - n - 1 anvil
postlog   unix-dgram n - n - 1 postlogd
""")
        self.start(["postfix", "-c", conf, "start-fg"])

    def start_server(self, banaction):
        etc = self.path("etc-" + banaction)
        shutil.copytree(os.path.join(SHARED, "conformance", "ban", "config"), etc)
        for name in ("auth.log", "nginx.log", "mail.log"):
            open(self.path(name), "ab").close()
        with open(os.path.join(etc, "jail.local"), "w", encoding="utf-8") as f:
            f.write(f"[DEFAULT]\nbantime = {BAN_S}\nmaxretry = 3\nbackend = auto\n"
                    f"banaction = {banaction}\n")
            for jail, log in (("sshd", "auth"), ("nginx-http-auth", "nginx"), ("postfix", "mail")):
                f.write(f"[{jail}]\nenabled = true\nbackend = auto\nlogpath = {self.folder}/{log}.log\n")
        with open(os.path.join(etc, "fail2ban.local"), "w", encoding="utf-8") as f:
            f.write(f"[Definition]\nlogtarget = {self.folder}/ban.log\ndbfile = None\n")
        self.etc = etc
        self.start([self.picket, "ban", "server", "-f", "-c", etc, "-s", self.path("sock"),
                    "-p", self.path("pid")])
        return until(10, lambda: self.client("ping").returncode == 0)

    def client(self, *words):
        return self.run(self.home, [self.picket, "ban", "client", "-c", self.etc, "-s",
                                    self.path("sock")] + list(words))

    def is_open(self, source, v, port):
        return self.run(self.away, ["python3", "-c", PROBE, source, HOME[v], str(port)]).returncode == 0

    def attack(self, jail, v):
        source = ATTACKER[jail, v]
        if jail == "nginx-http-auth":
            return self.run(self.away, ["python3", "-c", GUESS_HTTP, source, HOME[v]])
        if jail == "postfix":
            return self.run(self.away, ["python3", "-c", RELAY, source, HOME[v]])
        ask = self.path("ask", "#!/bin/sh\necho guess\n", 0o755)
        environ = dict(os.environ, SSH_ASKPASS=ask, SSH_ASKPASS_REQUIRE="force", DISPLAY=":0")
        return self.run(self.away, [
            "ssh", "-b", source, "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null",
            "-o", "PubkeyAuthentication=no", "-o", "NumberOfPasswordPrompts=3", "-F", "none",
            "root@" + HOME[v]], env=environ)

    def stop(self):
        for child in reversed(self.children):
            child.kill()
            child.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def siege(world, banaction, how):
    if not check(world.start_server(banaction), f"{banaction}: the server does not start"):
        return
    for jail, port in PORT.items():
        said = world.client("status", jail, "actions").stdout
        check(how in said, f"{banaction}: {jail}: not {how}: {said}")
        for v in (4, 6):
            where = f"{banaction}: {jail}, IPv{v}"
            source = ATTACKER[jail, v]
            check(until(5, lambda: world.is_open(source, v, port)), where + ": not open at first")
            done = world.attack(jail, v)
            began = time.monotonic()
            banned = until(5, lambda: source in world.client("get", jail, "banip").stdout.split())
            check(banned, f"{where}: not banned after {done.stdout}{done.stderr}")
            check(until(2, lambda: not world.is_open(source, v, port)), where + ": banned and served")
            check(world.is_open(BYSTANDER[v], v, port), where + ": the bystander is not served")
            check(until(BAN_S + 6, lambda: world.is_open(source, v, port)), where + ": still banned")
            late = time.monotonic() - began
            check(BAN_S - 2 <= late <= BAN_S + 5, f"{where}: served again after {late:.1f} s")
            check(source not in world.client("get", jail, "banip").stdout.split(), where + ": in the list")
    check(world.client("stop").returncode == 0, f"{banaction}: stop")
    check(until(10, lambda: not os.path.exists(world.path("pid"))), f"{banaction}: does not end")
    rules = world.run(world.home, ["nft", "list", "ruleset"]).stdout
    check("addr-set" not in rules and "f2b-sshd" not in rules, f"{banaction}: left behind: {rules}")


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: ban.py PICKET")
    subprocess.run([os.path.join(TREE, "setup"), "--"] + PACKAGES, check=True)
    world = World(os.path.realpath(sys.argv[1]))
    try:
        world.lay_cable()
        world.start_sshd()
        world.start_nginx()
        world.start_postfix()
        siege(world, "nftables-multiport", "native")
        siege(world, "iptables-multiport", "shell")
        if failed:
            for name in ("log", "ban.log", "auth.log", "nginx.log", "mail.log"):
                with open(world.path(name), encoding="utf-8", errors="replace") as f:
                    print(f"== {name}\n{f.read()[-2500:]}")
    finally:
        world.stop()
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
