#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Scans of real networks that end well, and that do not: full disks, kills, links that go away.

usage: scan.py PICKET [PART...]                as root; the last line is `N passed, M failed`

The world is scan_world.py's.  What picket says of a port is held against what nmap says; reports are
read by xmllint, ndiff and Python.  Nothing outside the namespaces of the test is touched.
"""
import html.parser
import json
import os
import pathlib
import pty
import re
import select
import shutil
import signal
import subprocess
import sys
import time

from scan_world import (CLOSED, DROP, FIRST, OPEN, OPEN_PORTS, REJECTS4, REJECTS6, TARGET, TARGET6,
                        World, is_grepable, lines_of, port_states)

PACKAGES = ["iproute2", "libxml2-utils", "ndiff", "nftables", "nmap"]
DTD = "/usr/share/nmap/nmap.dtd"
FORMATS = {"-oN": "out.nmap", "-oX": "out.xml", "-oG": "out.gnmap", "-oJ": "out.json", "-oH": "out.html"}

passed = failed = 0


def check(good, words):
    global passed, failed
    if good:
        passed += 1
    else:
        failed += 1
        print("FAIL", words, flush=True)
    return good


# ---- reading reports ----

def read(world, name):
    with open(world.path(name), encoding="utf-8") as f:
        return f.read()


def is_valid_xml(world, name):
    return subprocess.run(["xmllint", "--noout", "--dtdvalid", DTD, world.path(name)],
                          capture_output=True, check=False).returncode == 0


class Tags(html.parser.HTMLParser):
    """Do all elements that need it have their end?"""
    VOID = {"meta", "br", "hr", "img", "input", "link", "col"}

    def __init__(self, text):
        super().__init__()
        self.open, self.good = [], True
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        self.good &= bool(self.open) and self.open.pop() == tag


def is_whole(world, option, name):
    """Is the report of this format one that its readers take?"""
    text = read(world, name)
    if option == "-oX":
        return is_valid_xml(world, name)
    if option == "-oJ":
        return isinstance(json.loads(text), dict)
    if option == "-oG":
        return is_grepable(text)
    if option == "-oH":
        tags = Tags(text)
        return tags.good and not tags.open
    return text.endswith("\n") and "# picket done at" in text


def check_whole(world, options, what):
    for option in options:
        try:
            good = is_whole(world, option, FORMATS[option])
        except (OSError, ValueError) as e:
            good, what = False, f"{what}: {e}"
        check(good, f"{what}: {option} is not whole")


def all_formats():
    return [word for pair in FORMATS.items() for word in pair]


def said_once(done, words):
    """One line on standard error, with these words."""
    lines = lines_of(done.stderr)
    return len(lines) == 1 and all(w in lines[0] for w in words)


# ---- the checks ----

def agreement(world):
    """Every technique, both families, every way a firewall can refuse: the states that nmap sees."""
    for technique in ("-sS", "-sT", "-sA", "-sF", "-sN", "-sX", "-sW", "-sM"):
        for target, family, rejects in ((TARGET, [], REJECTS4), (TARGET6, ["-6"], REJECTS6)):
            ports = f"{FIRST}-{DROP + len(rejects)}"
            common = family + ["-n", technique, "-p", ports, "-T4"]
            ours = world.scan(*common, "-oX", "ours.xml", target)
            theirs = world.scan(*common, "-oX", "theirs.xml", target, program="nmap")
            name = f"{technique} {target}"
            if not check(ours.returncode == 0 and theirs.returncode == 0, f"{name}: {ours.stderr}"):
                continue
            ours, theirs = (port_states(world.path(f)) for f in ("ours.xml", "theirs.xml"))
            if technique == "-sT":  # nmap guesses the message by errno there; we know it
                ours, theirs = ({k: v[0] for k, v in x.items()} for x in (ours, theirs))
                # An ICMP error that comes while connect(2) still holds the socket wakes nobody but
                # who reads the error queue (we do): nmap calls such a port filtered now and then.
                theirs.update({(target, DROP + 1 + n): "closed" for n, kind in enumerate(rejects)
                               if kind.endswith("port-unreachable")})
            check(len(ours) == DROP + len(rejects) - FIRST + 1, f"{name}: {len(ours)} ports")
            for key in sorted(theirs):
                check(ours.get(key) == theirs[key],
                      f"{name} port {key[1]}: {ours.get(key)}, nmap says {theirs[key]}")


def both_families(world):
    """In one run, in the order asked, with frames and without."""
    for technique in ("-sS", "-sT"):
        done = world.scan("-n", technique, "-p", f"{OPEN}-{DROP}", "-oX", "out.xml", TARGET6, TARGET)
        states = port_states(world.path("out.xml"))
        for target in (TARGET, TARGET6):
            got = [states.get((target, port), [None])[0] for port in (OPEN, CLOSED, DROP)]
            check(got == ["open", "closed", "filtered"], f"{technique} {target}: {got}")
        check(done.stdout.index(TARGET6) < done.stdout.index(TARGET), f"{technique}: order")


def all_ports(world):
    """All open ports of 65,535, as fast as nmap at least; and on this machine no others."""
    best = {"picket": 1e9, "nmap": 1e9}
    for _ in range(3):
        done = world.scan("-n", "-sT", "-T4", "-p-", "-oX", "out.xml", TARGET)
        best["picket"] = min(best["picket"], done.seconds)
        found = {port for (_, port), (state, _) in port_states(world.path("out.xml")).items()
                 if state == "open"}
        check(found == set(OPEN_PORTS), f"-sT -p-: {sorted(found)}")
        done = world.scan("-n", "-sT", "-T4", "-p-", TARGET, program="nmap")
        best["nmap"] = min(best["nmap"], done.seconds)
    check(best["picket"] < best["nmap"], f"-sT -p-: {best}")
    for technique in ("-sT", "-sS"):
        for target in ("127.0.0.1", "::1", "192.0.2.1"):
            done = world.scan("-n", technique, "-p-", "-oG", "-", target)
            check("/open/" not in done.stdout, f"{technique} {target}: {done.stdout}")


def few_descriptors(world):
    limit = ["sh", "-c", 'ulimit -n 100 && exec "$@"', "sh"]
    done = world.scan("-n", "-sT", "-p-", "--open", "-oG", "-", TARGET, before=limit)
    found = [int(p) for p in re.findall(r"(\d+)/open/", done.stdout)]
    check(found == sorted(OPEN_PORTS), f"with 100 descriptors: {found} {done.stderr}")
    limit[2] = 'ulimit -n 20 && exec "$@"'
    done = world.scan("-n", "-sT", "-p-", TARGET, before=limit)
    check(done.returncode == 3 and said_once(done, ["open files"]), f"with 20: {done.stderr}")


def without_rights(world):
    nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--inh-caps=-all"]
    done = world.scan("-sS", "-p", "1", TARGET, before=nobody)
    check(done.returncode == 3 and said_once(done, ["CAP_NET_RAW", "-sT"]), f"-sS: {done.stderr}")
    done = world.scan("-n", "-p", f"{OPEN}-{CLOSED}", "-oX", "-", TARGET, TARGET6, before=nobody)
    check(done.returncode == 0 and 'type="connect"' in done.stdout and not done.stderr,
          f"by default: {done.stderr}")
    check(done.stdout.count('state="open"') == 2, f"by default: {done.stdout}")
    done = world.scan("-n", "-sn", TARGET, "10.20.0.1", before=nobody)
    check("(1 host up)" in done.stdout, f"-sn: {done.stdout}")
    done = world.scan("-n", "-sn", "-PE", TARGET, before=nobody)
    check("(1 host up)" in done.stdout and said_once(done, ["CAP_NET_RAW"]), f"-PE: {done.stderr}")
    done = world.scan("--iflist", before=nobody)
    check("192.0.2.1/24" in done.stdout, f"--iflist: {done.stderr}")
    done = world.scan("-sT", "-p", "1", "-g", "22", TARGET, before=nobody)
    check(done.returncode == 3 and said_once(done, ["22", "ermission"]), f"-g: {done.stderr}")


def full_disk(world):
    """A disk that is full at some point, other than the first, of each format."""
    disk = world.path("disk")
    os.mkdir(disk)
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=32k", "none", disk], check=True)
    for option, name in FORMATS.items():
        done = world.scan("-n", "-sL", "-v", option, f"disk/{name}", "10.30.0.0/22")
        check(done.returncode == 3, f"disk full, {option}: status {done.returncode}")
        check(said_once(done, [f"disk/{name}", "No space left"]), f"disk full: {done.stderr}")
        shutil.move(world.path(f"disk/{name}"), world.path(name))
        check_whole(world, [option], "disk full")
        text = read(world, name)
        check("10.30.0.1" in text and "come to its end" in text, f"disk full, {option}: {text[-300:]}")
        os.remove(world.path(name))
    # one report fails, the other says why it ends
    done = world.scan("-n", "-sL", "-oX", "disk/out.xml", "-oN", "out.nmap", "10.30.0.0/22")
    check(done.returncode == 3 and said_once(done, ["disk/out.xml"]), f"disk full: {done.stderr}")
    check("# Stopped: disk/out.xml: No space left" in read(world, "out.nmap"), "disk full: the other")
    subprocess.run(["umount", disk], check=True)


SLOW = ["-n", "-Pn", "-sT", "-p", "1000-1019", "--max-hostgroup", "1", "--max-rate", "400"]


def begin_slowly(world):
    """A scan that has reported its first host (or has had five seconds for it)."""
    xml = pathlib.Path(world.path("out.xml"))
    xml.unlink(missing_ok=True)
    child = world.begin(*SLOW, *all_formats(), "10.30.0.0/24")
    for _ in range(100):
        if xml.exists() and "<host " in xml.read_text(encoding="utf-8"):
            break
        time.sleep(0.05)
    return child


def killed(world):
    """kill -9 at any moment leaves what was done so far."""
    for moment in range(6):
        child = begin_slowly(world)
        time.sleep(0.13 * moment)
        child.kill()
        child.communicate()
        check_whole(world, FORMATS, "kill -9")
        text = read(world, "out.xml")
        check('exit="error"' in text and "<host " in text, f"kill -9: {text[-300:]}")


def interrupted(world):
    for number in (signal.SIGINT, signal.SIGTERM):
        child = begin_slowly(world)
        child.send_signal(number)
        _, err = child.communicate(timeout=5)
        check(child.returncode == 1 and err == "picket scan: interrupted\n",
              f"{number.name}: {child.returncode} {err}")
        check_whole(world, FORMATS, number.name)
        text = read(world, "out.xml")
        hosts = text.count("<host ")
        check('exit="error" errormsg="interrupted"' in text and hosts > 0, f"{number.name}: {text[-300:]}")
        check(f'total="{hosts}"' in text, f"{number.name}: totals of {hosts} hosts: {text[-100:]}")
        check(json.loads(read(world, "out.json"))["exit"] == "error", f"{number.name}: JSON")


def link_gone(world):
    """The interface goes away in mid-scan: the scan ends by itself, and says what is gone."""
    for args, words in ((["-sS"], ["x0"]), (["-sT"], ["10.40.0.1"]), (["-sT", "-e", "x0"], ["x0"]),
                        (["-sA"], ["x0"])):
        for action in ("del", "down"):
            other = world.namespace()
            world.lay_cable(world.here, other, "x0", "y0", 7)
            world.run(world.here, ["ip", "route", "add", "10.40.0.0/16", "via", "192.0.8.2"])
            child = world.begin("-n", "-Pn", *args, "-p-", "--max-rate", "2000", "-oX", "out.xml",
                                "10.40.0.1")
            time.sleep(0.5)
            line = ["link", "del", "x0"] if action == "del" else ["link", "set", "x0", "down"]
            world.run(world.here, ["ip"] + line)
            name = f"{' '.join(args)}, link {action}"
            try:
                _, err = child.communicate(timeout=10)
            except subprocess.TimeoutExpired:
                child.kill()
                child.communicate()
                check(False, f"{name}: hangs")
                continue
            finally:
                if action == "down":
                    world.run(world.here, ["ip", "link", "del", "x0"])
            lines = lines_of(err)
            check(child.returncode == 3 and len(lines) == 1 and all(w in lines[0] for w in words),
                  f"{name}: {child.returncode} {err}")
            check(is_valid_xml(world, "out.xml") and 'exit="error"' in read(world, "out.xml"),
                  f"{name}: XML")


def on_terminal(world, *args, seconds=1.5):
    """What stands on a terminal that is standard error, and on standard output."""
    ours, theirs = pty.openpty()
    child = subprocess.Popen(world.command(args), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                             stderr=theirs, text=True)
    os.close(theirs)
    seen, end = b"", time.monotonic() + seconds
    while time.monotonic() < end:
        if select.select([ours], [], [], 0.1)[0]:
            try:
                seen += os.read(ours, 4096)
            except OSError:
                break
    child.send_signal(signal.SIGINT)
    out, _ = child.communicate(timeout=10)
    os.close(ours)
    return seen.decode(), out


def progress(world):
    args = ["-n", "-Pn", "-sT", "-p", "1-2000", "--max-rate", "200", "10.20.0.1"]
    seen, out = on_terminal(world, *args)
    check(re.search(r"\r\033\[KConnect Scan: \d+\.\d %, 0 hosts done, about 0:[1-3]\d left", seen),
          f"progress line: {seen!r}")
    check(1 <= seen.count("\r\033[K") <= 8 and "\033" not in out, f"how often: {seen!r}")
    seen, out = on_terminal(world, "--noninteractive", *args)
    check(seen == "", f"--noninteractive: {seen!r}")
    seen, out = on_terminal(world, "-oG", "-", *args)
    check("Connect Scan" not in seen and "\033" not in out, f"-oG -: {seen!r}")
    # a report keeps the line's place: it is gone before the report's text
    seen, _ = on_terminal(world, *args, "no-such-host.invalid")
    check(not re.search(r"left[^\r]", seen), f"remarks behind the line: {seen!r}")

    done = world.scan("-n", "-Pn", "-sT", "-p", "1-100", "--max-rate", "100", "--stats-every", "200ms",
                      "-oX", "out.xml", TARGET)
    lines = re.findall(r"^Connect Scan Timing: About [\d.]+% done", done.stdout, re.M)
    check(3 <= len(lines) <= 6 and not done.stderr, f"--stats-every: {done.stdout} {done.stderr}")
    check(read(world, "out.xml").count("<taskprogress ") == len(lines) and is_valid_xml(world, "out.xml"),
          "--stats-every: XML")


# A name server of ours.  Names of addresses below 192.0.2 and 2001:db8, one of them hostile; the
# addresses of some names; silence for the rest.
NAME_SERVER = r"""
import socket, struct, sys
PTR = {"2.2.0.192.in-addr.arpa": b"target.example", "1.0.20.10.in-addr.arpa": b"mute.example",
       "3.0.30.10.in-addr.arpa": b"<b>\x1b[31m\"&'.example", "4.0.30.10.in-addr.arpa": b"x" * 60}
HOSTS = {"both.example": ["192.0.2.2", "2001:db8:1::2"], "six.example": ["2001:db8:1::2"],
         "two.example": ["10.30.0.8", "10.30.0.9"]}
def answer(m):
    at, labels = 12, []
    while m[at]:
        labels.append(m[at + 1:at + 1 + m[at]].decode())
        at += 1 + m[at]
    name, kind, found = ".".join(labels).lower(), struct.unpack_from("!H", m, at + 1)[0], []
    if kind == 12 and name in PTR:
        text = PTR[name]
        found = [b"".join(bytes([len(label)]) + label for label in text.split(b".")) + b"\0"]
    if name in HOSTS:
        family = {1: socket.AF_INET, 28: socket.AF_INET6}.get(kind)
        found = [socket.inet_pton(family, a) for a in HOSTS[name]
                 if family and (":" in a) == (family == socket.AF_INET6)]
    elif name.startswith("silent."):
        return None
    status = 0 if found or name in HOSTS or name in PTR else 3
    head = m[:2] + struct.pack("!HHHHH", 0x8580 | status, 1, len(found), 0, 0)
    return head + m[12:at + 5] + b"".join(struct.pack("!HHHIH", 0xc00c, kind, 1, 60, len(d)) + d
                                          for d in found)
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("127.0.0.1", int(sys.argv[1])))
print("ready", flush=True)
while True:
    m, peer = s.recvfrom(512)
    r = answer(m)
    if r:
        s.sendto(r, peer)
"""


def names(world):
    for port in ("53", "5353"):
        world.start(world.here, [sys.executable, "-c", NAME_SERVER, port])
    by_option = ["--dns-servers", "127.0.0.1:5353"]
    conf = world.path("resolv.conf")
    with open(conf, "w", encoding="ascii") as f:
        f.write("nameserver 127.0.0.1\noptions timeout:1 attempts:1\n")
    by_system = ["unshare", "--mount", "sh", "-c",
                 f'mount --bind {conf} /etc/resolv.conf && exec "$@"', "sh"]
    for before, args, what in (((), by_option, "--dns-servers"), (by_system, [], "resolv.conf")):
        done = world.scan("-sT", "-p", str(OPEN), *args, TARGET, before=before)
        check(f"scan report for target.example ({TARGET})" in done.stdout, f"{what}: {done.stdout}")
    done = world.scan("-n", "-sn", *by_option, TARGET)
    check(f"scan report for {TARGET}" in done.stdout, f"-n: {done.stdout}")
    for args, named in (([], False), (["-R"], True)):
        done = world.scan("-sn", "-v", *args, *by_option, "10.20.0.1", before=())
        check(("mute.example" in done.stdout) == named, f"down, {args}: {done.stdout}")
    for target, want in (("both.example", TARGET), ("six.example", TARGET6)):
        done = world.scan("-sT", "-p", str(OPEN), target, before=by_system)
        check(f"scan report for {target} ({want})" in done.stdout, f"{target}: {done.stdout}")
    done = world.scan("-6", "-sT", "-p", str(OPEN), "both.example", before=by_system)
    check(f"both.example ({TARGET6})" in done.stdout, f"-6: {done.stdout}")
    done = world.scan("-n", "-sL", "two.example", before=by_system)
    check("Other addresses for two.example (not scanned): 10.30.0.9" in done.stdout, done.stdout)
    done = world.scan("-n", "-sL", "--resolve-all", "two.example/32", before=by_system)
    check("10.30.0.8" in done.stdout and "10.30.0.9" in done.stdout, f"--resolve-all: {done.stdout}")
    done = world.scan("-sL", *all_formats(), *by_option, "10.30.0.3-4")
    check("\033" not in done.stdout and "\033" not in done.stderr, f"a hostile name: {done.stdout!r}")
    check_whole(world, FORMATS, "a hostile name")
    check("<b>" not in read(world, "out.html"), "a hostile name: HTML")
    done = world.scan("-n", "-sL", "silent.example", before=by_system)
    check(done.returncode == 0 and done.seconds < 20 and said_once(done, ["silent.example"]),
          f"a silent server: {done.seconds:.1f} s, {done.stderr}")


def documents(world):
    """Every kind of report against nmap's DTD, ndiff and Python."""
    for args in (["-sT"], ["-sS"], ["-sn"], ["-sL"], ["-sS", "-v"], ["-sT", "-vv", "--reason"], ["-sA", "-d"],
                 ["-sT", "--open"], ["-sT", "-F", "-6"], ["-sS", "--webxml"], ["-sn", "-v"],
                 ["-sS", "--scanflags", "SYNFIN"]):
        ports = ["-p", "990-1030"] if args[0] not in ("-sn", "-sL") and "-F" not in args else []
        done = world.scan("-n", "-T4", *args, *ports, *all_formats(), TARGET, TARGET6, "10.30.0.1", "10.20.0.1")
        check(done.returncode == 0, f"{args}: {done.stderr}")
        check_whole(world, FORMATS, " ".join(args))
    for name, ports in (("old", "999-1003"), ("new", "998-1001")):
        world.scan("-n", "-sT", "-p", ports, "-oX", f"{name}.xml", TARGET)
    same = subprocess.run(["ndiff", world.path("old.xml"), world.path("old.xml")], check=False,
                          capture_output=True, text=True)
    check(same.returncode == 0, f"ndiff of one file: {same.stdout} {same.stderr}")
    diff = subprocess.run(["ndiff", world.path("old.xml"), world.path("new.xml")], check=False,
                          capture_output=True, text=True)
    check(diff.returncode == 1 and not diff.stderr and "998/tcp" in diff.stdout,
          f"ndiff of two: {diff.stdout} {diff.stderr}")


def discovery(world):
    """Who is there, asked in every way."""
    for args in ([], ["-PE"], ["-PS1000"], ["-PA1001"], ["-PP"], ["-PE", "-PS80", "-g", "53"],
                 ["--unprivileged"], ["-PE", "--disable-arp-ping"], ["-g", "53", "-PS1001", "-PA80"]):
        done = world.scan("-n", "-sn", "-T4", *args, "-oG", "-", TARGET, "10.30.0.7", "10.20.0.7", "192.0.2.99")
        up = re.findall(r"Host: (\S+) \(\)\tStatus: Up", done.stdout)
        check(up == [TARGET, "10.30.0.7"], f"-sn {' '.join(args)}: {up} {done.stderr}")
    done = world.scan("-n", "-sn", "-oG", "-", TARGET6, "2001:db8:1::99")
    check(re.findall(r"Host: (\S+) ", done.stdout) == [TARGET6], f"-sn, IPv6: {done.stdout}")


def main():
    if len(sys.argv) < 2:
        sys.exit("usage: scan.py PICKET [PART...]")
    if "PICKET_LAB_APART" not in os.environ:  # mounts are of this process and its children only
        os.environ["PICKET_LAB_APART"] = "1"
        os.execvp("unshare", ["unshare", "--mount", sys.executable, *sys.argv])
    tree = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
    subprocess.run([os.path.join(tree, "setup"), "--"] + PACKAGES, check=True)
    world = World(os.path.realpath(sys.argv[1]))
    try:
        for part in (agreement, both_families, discovery, documents, names, without_rights, full_disk, killed,
                     interrupted, link_gone, progress, few_descriptors, all_ports):
            if part.__name__ in (sys.argv[2:] or [part.__name__]):
                part(world)
    finally:
        world.stop()
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
