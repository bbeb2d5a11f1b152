#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Scripts of an installed nmap, run by picket and by nmap against the same daemons.

usage: scan_scripts.py PICKET          as root; the last line is `N passed, M failed`

sshd, nginx (plain and TLS) and redis-server run in a namespace of scan_world.py.  The <script>
elements of both reports are compared, with times, hashes and numbers that change from run to run
masked, and words sorted: Lua's tables have no order.  A table of scripts is printed; a row passes
when nine tenths of its elements are equal.
"""
import collections
import re
import subprocess
import sys
import xml.etree.ElementTree

from scan_world import TARGET, World

PACKAGES = ["iproute2", "nmap", "nginx-light", "openssh-server", "openssl", "redis-server"]
PORTS = "22,80,443,6379"
CHOICES = [("default", ["-sV", "-sC"]),
           ("http", ["--script", "http-* and safe and not (external or broadcast)"]),
           ("ssl", ["--script", "(ssl-* or tls-*) and safe"]),
           ("ssh", ["--script", "ssh-* and safe"])]
FEWEST = 0.9
MASKS = [(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\+00:00)?", "TIME"),
         (r"[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d( GMT)?", "TIME"),
         (r"\b[0-9a-fA-F]{8,}\b", "HEX"), (r"-?\b\d+(\.\d+)?s\b", "SECONDS"),
         (r"\b\d{5,}\b", "NUMBER")]
NGINX = """
daemon off; pid {0}/nginx.pid; error_log /dev/null;
events {{}}
http {{
    access_log /dev/null; client_body_temp_path {0}/body; proxy_temp_path {0}/proxy;
    fastcgi_temp_path {0}/fcgi; uwsgi_temp_path {0}/uwsgi; scgi_temp_path {0}/scgi;
    server {{ listen 80; listen 443 ssl; root {0}/www;
        ssl_certificate {0}/cert.pem; ssl_certificate_key {0}/key.pem; }}
}}
"""


def daemons(world):
    """Start them in the namespace of the target; returns when they listen."""
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj",
                    "/CN=lab.example", "-keyout", world.path("key.pem"), "-out", world.path("cert.pem")],
                   capture_output=True, check=True)
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", world.path("host_key")], check=True)
    subprocess.run(["mkdir", "-p", world.path("www"), "/run/sshd"], check=True)
    with open(world.path("www/index.html"), "w", encoding="ascii") as f:
        f.write("<html><head><title>Lab</title></head><body>a <a href='/x'>link</a></body></html>")
    with open(world.path("nginx.conf"), "w", encoding="ascii") as f:
        f.write(NGINX.format(world.folder))
    for words in (["nginx", "-c", world.path("nginx.conf")],
                  ["/usr/sbin/sshd", "-D", "-f", "/dev/null", "-h", world.path("host_key")],
                  ["redis-server", "--port", "6379", "--save", "", "--protected-mode", "no"]):
        world.children.append(subprocess.Popen(world.inside(world.there, words), stdout=subprocess.DEVNULL,
                                               stderr=subprocess.DEVNULL))
    wait = "for p in 22 80 443 6379; do until ss -Hlnt sport = :$p | grep -q .; do sleep 0.1; done; done"
    world.run(world.there, ["timeout", "20", "sh", "-c", wait])


def masked(text):
    for pattern, word in MASKS:
        text = re.sub(pattern, word, text)
    return sorted(text.split())


def elements(path):
    """(port, script) -> what it said, text and parts"""
    root = xml.etree.ElementTree.parse(path).getroot()
    found = {}
    for where, nodes in ([("host", root.iterfind("host/hostscript/script"))] +
                         [(p.get("portid"), p.iterfind("script")) for p in root.iter("port")]):
        for s in nodes:
            parts = sorted(f"{e.tag} {e.get('key')} {masked(e.text or '')}" for e in s.iter() if e is not s)
            found[where, s.get("id")] = masked(s.get("output", "")), parts
    return found


def main():
    subprocess.run(["./setup", "lab", "--", *PACKAGES], check=True)
    world = World(sys.argv[1])
    passed = failed = 0
    try:
        daemons(world)
        for name, choice in CHOICES:
            args = ["-n", "-Pn", "-p", PORTS, *choice, TARGET, "-oX"]
            theirs = world.scan(*args, "nmap.xml", program="nmap", timeout=600)
            ours = world.scan(*args, "picket.xml", timeout=600)
            want, got = elements(world.path("nmap.xml")), elements(world.path("picket.xml"))
            rows = collections.defaultdict(lambda: [0, 0])
            for key in sorted(set(want) | set(got)):
                rows[key[1]][0] += 1
                rows[key[1]][1] += want.get(key) == got.get(key)
            total, same = (sum(r[i] for r in rows.values()) for i in (0, 1))
            print(f"{name}: {same} of {total} elements equal; nmap {theirs.seconds:.1f} s, picket {ours.seconds:.1f} s")
            for script, (count, equal) in sorted(rows.items()):
                print(f"    {script:32} {equal}/{count}")
            good = total > 0 and same >= FEWEST * total
            passed, failed = passed + good, failed + (not good)
            if not good:
                print("FAIL", name, ours.stderr[-300:])
    finally:
        world.stop()
    print(f"{passed} passed, {failed} failed")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
