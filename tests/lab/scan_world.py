# SPDX-License-Identifier: GPL-3.0-or-later
"""What tests/lab/scan.py scans: two network namespaces on a cable.

    here    192.0.2.1, 2001:db8:1::1    the scanner's, with a name server of ours on 127.0.0.1
    there   192.0.2.2, 2001:db8:1::2    a port for each thing a port can say, from 1000 on
            10.20.0.0/16                mute: no answer ever comes
            10.30.0.0/16                a host at every address, with the same ports
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree

TARGET, TARGET6 = "192.0.2.2", "2001:db8:1::2"
OPEN, CLOSED, DROP, FIRST = 1000, 1001, 1002, 1000
REJECTS4 = ["tcp reset", "icmp net-unreachable", "icmp host-unreachable", "icmp prot-unreachable",
            "icmp port-unreachable", "icmp net-prohibited", "icmp host-prohibited",
            "icmp admin-prohibited"]
REJECTS6 = ["tcp reset", "icmpv6 no-route", "icmpv6 admin-prohibited", "icmpv6 addr-unreachable",
            "icmpv6 port-unreachable", "icmpv6 policy-fail", "icmpv6 reject-route"]
OPEN_PORTS = [OPEN, 1, 7777, 20000, 33333, 40000, 44444, 51515, 60999, 65535]

LISTENER = """
import select, socket, sys
ears = []
for port in map(int, sys.argv[1:]):
    ears.append(socket.create_server(("::", port), family=socket.AF_INET6, dualstack_ipv6=True, backlog=500))
print("ready", flush=True)
while True:
    for ear in select.select(ears, [], [])[0]:
        ear.accept()[0].close()
"""


class World:
    def __init__(self, program):
        self.folder = tempfile.mkdtemp(prefix="picket-lab-scan-")
        os.chmod(self.folder, 0o755)
        self.picket = shutil.copy(program, self.path("picket"))  # where others may run it, too
        self.children = []
        self.here, self.there = self.namespace(), self.namespace()
        self.lay_cable(self.here, self.there, "s0", "t0", 1)
        for line in ("route add 10.20.0.0/16 via 192.0.2.2", "route add 10.30.0.0/16 via 192.0.2.2"):
            self.run(self.here, ["ip"] + line.split())
        for net in ("10.20.0.0/16", "10.30.0.0/16"):
            self.run(self.there, ["ip", "route", "add", "local", net, "dev", "lo"])
        self.run(self.there, ["sh", "-c", "echo 0 >/proc/sys/net/ipv4/icmp_ratelimit; "
                              "echo 0 >/proc/sys/net/ipv6/icmp/ratelimit; "
                              "echo 0 >/proc/sys/net/ipv4/tcp_syncookies"])
        self.run(self.there, ["nft", "-f", "-"], input=self.rules())
        self.start(self.there, [sys.executable, "-c", LISTENER] + [str(p) for p in OPEN_PORTS])

    @staticmethod
    def rules():
        lines = ["ip daddr 10.20.0.0/16 drop", f"tcp dport {DROP} drop"]
        for proto, kinds in (("ipv4", REJECTS4), ("ipv6", REJECTS6)):
            lines += [f"meta nfproto {proto} tcp dport {DROP + 1 + n} reject with {kind}"
                      for n, kind in enumerate(kinds)]
        return """
table inet lab {
    chain input {
        type filter hook input priority 0;
        %s
    }
}
""" % "\n        ".join(lines)

    def namespace(self):
        """The number of a process that holds a network of its own."""
        child = subprocess.Popen(["unshare", "--net", "sh", "-c", "ip link set lo up && echo ready && "
                                  "exec sleep 1000000"], stdout=subprocess.PIPE, text=True)
        self.children.append(child)
        if child.stdout.readline().strip() != "ready":
            sys.exit("scan.py: no namespaces here (not root?)")
        return child.pid

    def lay_cable(self, a, b, a_name, b_name, number):
        """192.0.NUMBER+1.1 at a, .2 at b.  Different interface numbers: see netns_test.h."""
        self.run(a, ["ip", "link", "add", a_name, "index", str(100 + number), "type", "veth", "peer",
                     "name", b_name, "index", str(200 + number), "netns", str(b)])
        for where, name, last in ((a, a_name, 1), (b, b_name, 2)):
            for line in (f"addr add 192.0.{number + 1}.{last}/24 dev {name}",
                         f"addr add 2001:db8:{number}::{last}/64 dev {name} nodad",
                         f"link set {name} up"):
                self.run(where, ["ip"] + line.split())

    @staticmethod
    def inside(where, words):
        return ["nsenter", "--target", str(where), "--net"] + list(words)

    def run(self, where, words, **more):
        done = subprocess.run(self.inside(where, words), capture_output=True, text=True, timeout=120,
                              check=False, **more)
        if done.returncode:
            raise RuntimeError(f"{words}: {done.stderr}")
        return done

    def start(self, where, words):
        """A server that says "ready"."""
        child = subprocess.Popen(self.inside(where, words), stdout=subprocess.PIPE, text=True)
        self.children.append(child)
        if child.stdout.readline().strip() != "ready":
            raise RuntimeError(f"{words}: did not start")
        return child

    def path(self, name):
        return os.path.join(self.folder, name)

    def command(self, args, before=()):
        return self.inside(self.here, list(before) + [self.picket, "scan"] + list(args))

    def scan(self, *args, before=(), timeout=60, program=None):
        """Run to the end; a CompletedProcess with `seconds`."""
        words = self.inside(self.here, [program, *args]) if program else self.command(args, before)
        began = time.monotonic()
        done = subprocess.run(words, cwd=self.folder, stdin=subprocess.DEVNULL, capture_output=True,
                              text=True, timeout=timeout, check=False)
        done.seconds = time.monotonic() - began
        return done

    def begin(self, *args, **more):
        """Start a scan and do not wait."""
        return subprocess.Popen(self.command(args), cwd=self.folder, stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **more)

    def stop(self):
        for child in self.children:
            child.kill()
        for child in self.children:
            child.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def port_states(path):
    """(address, port) -> (state, reason) of an XML report."""
    out = {}
    for host in xml.etree.ElementTree.parse(path).getroot().iter("host"):
        address = [a.get("addr") for a in host.iter("address") if a.get("addrtype") != "mac"][0]
        for port in host.iter("port"):
            state = port.find("state")
            out[address, int(port.get("portid"))] = state.get("state"), state.get("reason")
    return out


def lines_of(text):
    return [line for line in text.split("\n") if line]


def is_grepable(text):
    """Each line is a remark, or fields "Name: value" separated by tabs."""
    field = re.compile(r"(Host: \S+ \(.*\)|Status: \w+|Ports: .*|Ignored State: \S+ \(\d+\))")
    return text.endswith("\n") and all(
        line.startswith("# ") or all(field.fullmatch(f) for f in line.split("\t"))
        for line in lines_of(text))
