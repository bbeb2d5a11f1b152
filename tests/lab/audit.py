#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The audit against real daemons: does it name port, process, package, user and reach of each socket,
and does another machine's probe agree?

usage: audit.py PICKET                         as root; the last line is `N passed, M failed`

Two network namespaces on one cable: "home" runs nginx, sshd, redis, postfix and some small servers
of ours behind a firewall; "away" is both a neighbour (192.0.2.2) and, by home's default route, a
stranger (198.51.100.99).  What the audit says is held against what connects; then the cure of a
socket is run, twice, and the world is probed again.  Nothing outside the namespaces is touched: the
daemons have configurations, folders and a /run of their own.
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

PACKAGES = ["nginx-light", "openssh-server", "redis-server", "postfix", "nftables", "iproute2",
            "iptables"]
PYTHON = "/usr/bin/python3"
HOME, STRANGER, NEIGHBOUR = "192.0.2.1", "198.51.100.99", "192.0.2.2"
HOME6, NEIGHBOUR6 = "2001:db8:1::1", "2001:db8:1::2"

RULES = """
table inet lab {
    chain input {
        type filter hook input priority 0; policy accept;
        tcp dport 8443 drop comment "not for others"
        udp dport 5354 drop
        tcp dport 8081 ip saddr 192.0.2.0/24 accept
        tcp dport 8081 drop
        tcp dport 8082 ip saddr != 198.51.100.0/24 reject
        tcp dport 8082 numgen random mod 2 0 drop
    }
    chain turn {
        type nat hook prerouting priority -100; policy accept;
        tcp dport 8083 redirect to :8084
    }
}
"""

# Sockets that must be found: protocol, port, address, process, package, user.
# Debian 12 ships the programs of nginx-light and redis-server in nginx and redis-tools.
# "-" for a package: of none.  The interpreter's package is asked of dpkg below.
EXPECTED = [
    ("tcp", 80, "0.0.0.0", "nginx", "nginx", "root"),
    ("tcp", 80, "::", "nginx", "nginx", "root"),
    ("tcp", 8443, "0.0.0.0", "nginx", "nginx", "root"),
    ("tcp", 22, "0.0.0.0", "sshd", "openssh-server", "root"),
    ("tcp", 22, "::", "sshd", "openssh-server", "root"),
    ("tcp", 6379, "0.0.0.0", "redis-server", "redis-tools", "redis"),
    ("tcp", 25, "127.0.0.1", "master", "postfix", "root"),
    ("tcp", 8081, "0.0.0.0", "python3", "PYTHON", "nobody"),
    ("tcp", 8082, "0.0.0.0", "python3", "PYTHON", "nobody"),
    ("tcp", 8083, "0.0.0.0", "python3", "PYTHON", "nobody"),
    ("tcp", 8085, "192.0.2.1", "python3", "PYTHON", "nobody"),
    ("tcp", 8086, "::1", "python3", "PYTHON", "nobody"),
    ("tcp", 8087, "::", "python3", "PYTHON", "nobody"),
    ("udp", 5353, "0.0.0.0", "python3", "PYTHON", "nobody"),
    ("udp", 5354, "0.0.0.0", "python3", "PYTHON", "nobody"),
    ("udp", 5355, "127.0.0.1", "python3", "PYTHON", "nobody"),
    ("udp", 5356, "::", "python3", "PYTHON", "nobody"),
    ("tcp", 8088, "0.0.0.0", "own-server", "-", "nobody"),
    ("tcp", 8089, "0.0.0.0", "own-server", "-", "nobody"),
]

# A server of ours: echoes what it gets, on every socket named "proto:address:port".
SERVER = """
import select, socket, sys
ears = []
for word in sys.argv[1:]:
    proto, rest = word.split(':', 1)
    host, port = rest.rsplit(':', 1)
    family = socket.AF_INET6 if ':' in host else socket.AF_INET
    s = socket.socket(family, socket.SOCK_STREAM if proto == 'tcp' else socket.SOCK_DGRAM)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if host == '::' and proto == 'tcp':
        s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    s.bind((host, int(port)))
    if proto == 'tcp':
        s.listen(50)
    ears.append(s)
while True:
    for s in select.select(ears, [], [])[0]:
        if s.type == socket.SOCK_DGRAM:
            data, peer = s.recvfrom(100)
            s.sendto(data, peer)
        else:
            s.accept()[0].close()
"""

# Run in a namespace: a list of [proto, address, port, source] in, a list of booleans out.
PROBE = """
import json, socket, sys
def probe(proto, address, port, source):
    family = socket.AF_INET6 if ':' in address else socket.AF_INET
    kind = socket.SOCK_STREAM if proto == 'tcp' else socket.SOCK_DGRAM
    with socket.socket(family, kind) as s:
        s.settimeout(0.4)
        try:
            s.bind((source, 0))
            s.connect((address, port))
            if proto == 'udp':
                s.send(b'x')
                return s.recv(10) == b'x'
            return True
        except OSError:
            return False
print(json.dumps([probe(*row) for row in json.load(sys.stdin)]))
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


class World:
    def __init__(self, picket):
        self.picket = picket
        self.folder = tempfile.mkdtemp(prefix="picket-lab-audit-")
        os.chmod(self.folder, 0o755)
        self.children = []
        self.home = self.namespace()
        self.away = self.namespace()

    def namespace(self):
        """A process that holds namespaces: network, processes, and mounts with a /run of its own.
        Its death ends all that runs in them."""
        child = subprocess.Popen(
            ["unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "sh", "-c",
             "mount -t tmpfs none /run && mkdir /run/sshd && ip link set lo up && echo ready && "
             "exec sleep 1000000"], stdout=subprocess.PIPE, text=True)
        self.children.append(child)
        if child.stdout.readline().strip() != "ready":
            sys.exit("audit.py: no namespaces here (not root?)")
        with open(f"/proc/{child.pid}/task/{child.pid}/children", encoding="ascii") as f:
            return int(f.read().split()[0])

    def inside(self, where, words):
        return ["nsenter", "--target", str(where), "--net", "--mount", "--pid"] + list(words)

    def run(self, where, words, **more):
        done = subprocess.run(self.inside(where, words), capture_output=True, text=True, timeout=60,
                              check=False, **more)
        if done.returncode:
            raise RuntimeError(f"{words}: {done.stderr}")
        return done

    def start(self, words):
        log = open(os.path.join(self.folder, "log"), "ab")
        self.children.append(subprocess.Popen(self.inside(self.home, words), stdout=log, stderr=log,
                                              stdin=subprocess.DEVNULL))

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
        # not in the namespace of processes, where the other's number means nothing
        subprocess.run(["nsenter", "--target", str(self.home), "--net", "ip", "link", "add", "h0",
                        "type", "veth", "peer", "name", "a0", "netns", str(self.away)], check=True)
        for line in (f"addr add {HOME}/24 dev h0", f"addr add {HOME6}/64 dev h0 nodad",
                     "link set h0 up", f"route add default via {NEIGHBOUR}"):
            self.run(self.home, ["ip"] + line.split())
        for line in (f"addr add {NEIGHBOUR}/24 dev a0", f"addr add {NEIGHBOUR6}/64 dev a0 nodad",
                     "link set a0 up", f"addr add {STRANGER}/32 dev lo"):
            self.run(self.away, ["ip"] + line.split())
        self.run(self.home, ["nft", "-f", self.path("rules.nft", RULES)])
        # the other way to make rules
        self.run(self.home, ["iptables-nft", "-A", "INPUT", "-p", "tcp", "-m", "multiport", "--dports",
                             "8089,8090", "-m", "conntrack", "--ctstate", "NEW", "-j", "DROP"])

    def start_nginx(self):
        state = self.mkdir("nginx")
        temps = "".join(f"{kind}_temp_path {state}/{kind};\n"
                        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        self.start(["nginx", "-p", state, "-c", self.path("nginx.conf", f"""
daemon off; pid {state}/pid; error_log {state}/error.log; user www-data;
events {{ worker_connections 32; }}
http {{ access_log off; {temps}
  server {{ listen 80; listen [::]:80 ipv6only=on; return 204; }}
  server {{ listen 8443; return 204; }} }}
""")])

    def start_sshd(self):
        key = self.path("ssh_host_key")
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
        self.start(["/usr/sbin/sshd", "-D", "-e", "-f", self.path("sshd_config", f"""
HostKey {key}
PidFile none
UsePAM no
ListenAddress 0.0.0.0
ListenAddress ::
""")])

    def start_redis(self):
        state = self.mkdir("redis", "redis")
        conf = self.path("redis.conf", f"bind 0.0.0.0\nprotected-mode no\nport 6379\ndir {state}\n"
                                       "save \"\"\ndaemonize no\n")
        self.start(["setpriv", "--reuid=redis", "--regid=redis", "--clear-groups", "redis-server",
                    conf])

    def start_postfix(self):
        conf, queue = self.mkdir("postfix"), self.mkdir("queue")
        data = self.mkdir("postfix-data", "postfix")
        self.path("postfix/main.cf", f"""
compatibility_level = 3.6
queue_directory = {queue}
data_directory = {data}
inet_interfaces = loopback-only
inet_protocols = ipv4
myhostname = home.example
mydestination =
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
postlog   unix-dgram n - n - 1 postlogd
""")
        self.start(["postfix", "-c", conf, "start-fg"])

    def start_small(self):
        server = self.path("server.py", SERVER)
        nobody = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"]
        words = ["tcp:0.0.0.0:8081", "tcp:0.0.0.0:8082", "tcp:0.0.0.0:8083", "tcp:192.0.2.1:8085",
                 "tcp:::1:8086", "tcp::::8087", "udp:0.0.0.0:5353", "udp:0.0.0.0:5354",
                 "udp:127.0.0.1:5355", "udp::::5356"]
        self.start(nobody + [PYTHON, server] + words)
        # a program that is of no package
        own = self.path("own-server")
        shutil.copy(os.path.realpath(PYTHON), own)
        os.chmod(own, 0o755)
        self.start(nobody + [own, server, "tcp:0.0.0.0:8088", "tcp:0.0.0.0:8089"])

    def audit(self):
        done = subprocess.run(self.inside(self.home, [self.picket, "audit", "--only", "exposure",
                                                      "--json"]),
                              capture_output=True, text=True, timeout=60, check=False)
        if done.returncode:
            print(done.stderr)
            sys.exit("audit.py: the audit failed")
        return [x for host in json.loads(done.stdout)["hosts"] for x in host["exposures"]]

    def wait_for_daemons(self):
        """Until every expected socket is there; returns the last audit."""
        wanted = {(p, n, a) for p, n, a, *_ in EXPECTED}
        for _ in range(100):
            seen = self.audit()
            if wanted <= {(x["protocol"], x["port"], x["address"]) for x in seen}:
                break
            time.sleep(0.2)
        return seen

    def probe(self, where, rows):
        out = self.run(where, [PYTHON, "-c", PROBE], input=json.dumps(rows)).stdout
        return json.loads(out)

    def stop(self):
        for child in self.children:
            child.kill()
        for child in self.children:
            child.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def real_reach(world, rows):
    """What probes say of (proto, port, address): a set of who gets through."""
    plan, tries = [], []
    for proto, port, bound in rows:
        four = bound in ("0.0.0.0", HOME)
        if four or (proto == "udp" and bound == "::"):  # our UDP server takes both families
            tries += [(len(plan), "stranger", proto, HOME, port, STRANGER),
                      (len(plan), "neighbour", proto, HOME, port, NEIGHBOUR)]
        if bound == "::":
            tries.append((len(plan), "neighbour", proto, HOME6, port, NEIGHBOUR6))
        if not four and bound != "::":
            tries.append((len(plan), "neighbour", proto, HOME if "." in bound else HOME6, port,
                          NEIGHBOUR if "." in bound else NEIGHBOUR6))
        plan.append(set())
    for (index, who, *_), through in zip(tries, world.probe(world.away, [t[2:] for t in tries])):
        if through:
            plan[index].add(who)
    return plan


def judge(bound, through):
    if "stranger" in through:
        return "reachable"
    if "neighbour" in through:
        return "neighbours"
    return "loopback only" if bound in ("127.0.0.1", "::1") else "firewalled"


def find(seen, proto, port, address):
    for x in seen:
        if (x["protocol"], x["port"], x["address"]) == (proto, port, address):
            return x
    return {}


def compare(world, seen):
    python = subprocess.run(["dpkg-query", "-S", os.path.realpath(PYTHON)],
                            capture_output=True, text=True, check=True).stdout.split(":")[0]
    through = real_reach(world, [row[:3] for row in EXPECTED])
    for (proto, port, address, process, package, user), who in zip(EXPECTED, through):
        x = find(seen, proto, port, address)
        name = f"{proto} {address} port {port}"
        if not check(x, f"{name}: not found"):
            continue
        package = {"PYTHON": python, "-": None}.get(package, package)
        check(x.get("process") == process, f"{name}: process {x.get('process')}, not {process}")
        check(x.get("package") == package, f"{name}: package {x.get('package')}, not {package}")
        check(x.get("user") == user, f"{name}: user {x.get('user')}, not {user}")
        version = subprocess.run(["dpkg-query", "-Wf", "${Version}", package], capture_output=True,
                                 text=True, check=False).stdout if package else None
        check(x.get("package_version") == version, f"{name}: version {x.get('package_version')}")
        real = judge(address, who)
        if port == 8082:  # chance decides there: the audit must say that it does not know
            check(x["reach"] == "unknown" and "cannot judge" in x["reach_why"],
                  f"{name}: {x['reach']}: {x['reach_why']}")
        else:
            check(x["reach"] == real, f"{name}: {x['reach']} ({x['reach_why']}), really {real}")
        closed = x["reach"] in ("firewalled", "loopback only")
        check(("cure" in x) != closed, f"{name}: a cure where it is closed, or none where it is not")
    known = {row[:3] for row in EXPECTED}
    for x in seen:
        check((x["protocol"], x["port"], x["address"]) in known, f"a socket of nobody: {x}")


def cures(world, seen):
    """Close one TCP and one UDP port by the command the audit gives, as a shell would run it."""
    for proto, port, address in (("tcp", 6379, "0.0.0.0"), ("udp", 5353, "0.0.0.0"),
                                 ("tcp", 22, "::")):
        cure = find(seen, proto, port, address).get("cure", "")
        if not check(cure and "\n" not in cure, f"{proto} {port}: no cure of one line"):
            continue
        for _ in range(2):
            world.run(world.home, ["sh", "-c", cure])
    after = world.audit()
    for proto, port, address in (("tcp", 6379, "0.0.0.0"), ("udp", 5353, "0.0.0.0"),
                                 ("tcp", 22, "0.0.0.0"), ("tcp", 22, "::")):
        name = f"{proto} {address} port {port}, closed"
        x = find(after, proto, port, address)
        check(x.get("reach") == "firewalled", f"{name}: {x.get('reach')}: {x.get('reach_why')}")
        check("table inet picket" in x.get("reach_why", ""), f"{name}: {x.get('reach_why')}")
        check(not real_reach(world, [(proto, port, address)])[0], f"{name}: still reached")
        local = "::1" if address == "::" else "127.0.0.1"
        check(world.probe(world.home, [[proto, local, port, local]])[0], f"{name}: not even by {local}")
        own = HOME6 if address == "::" else HOME
        check(world.probe(world.home, [[proto, own, port, own]])[0], f"{name}: not even by {own}")
    still = find(after, "tcp", 80, "0.0.0.0")
    check(still.get("reach") == "reachable", f"port 80 beside: {still.get('reach')}")
    rules = world.run(world.home, ["nft", "list", "chain", "inet", "picket", "closed"]).stdout
    check(rules.count(" drop") == 1, f"more than one rule after six cures: {rules}")


def unprivileged(world):
    """Without rights it says less, and never that something is closed or open for sure."""
    done = subprocess.run(world.inside(world.home, ["setpriv", "--reuid=nobody", "--regid=nogroup",
                                                    "--clear-groups", "--inh-caps=-all",
                                                    world.picket, "audit", "--only", "exposure",
                                                    "--json"]),
                          capture_output=True, text=True, timeout=60, check=False)
    if not check(done.returncode == 0, f"as nobody: {done.stderr}"):
        return
    seen = [x for host in json.loads(done.stdout)["hosts"] for x in host["exposures"]]
    x = find(seen, "tcp", 80, "0.0.0.0")
    check(x.get("reach") == "unknown" and "CAP_NET_ADMIN" in x.get("reach_why", ""),
          f"as nobody, port 80: {x.get('reach')}: {x.get('reach_why')}")
    check("process" not in x and x.get("user") == "root", f"as nobody, port 80: {x}")
    x = find(seen, "tcp", 25, "127.0.0.1")
    check(x.get("reach") == "loopback only", f"as nobody, port 25: {x.get('reach')}")


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: audit.py PICKET")
    tree = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
    subprocess.run([os.path.join(tree, "setup"), "--"] + PACKAGES, check=True)
    world = World(os.path.realpath(sys.argv[1]))
    try:
        world.lay_cable()
        world.start_nginx()
        world.start_sshd()
        world.start_redis()
        world.start_postfix()
        world.start_small()
        seen = world.wait_for_daemons()
        compare(world, seen)
        unprivileged(world)
        cures(world, seen)
        if failed:
            with open(os.path.join(world.folder, "log"), encoding="utf-8", errors="replace") as f:
                print(f.read()[-2000:])
    finally:
        world.stop()
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
