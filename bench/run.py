#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Speed, in one table: scans beside nmap, advisories beside jq and debsecan, and the rates of decoder
and matchers.

usage: run.py PICKET [SUBSTRING]        root, for the scans

Scans go through a cable between two network namespaces made here: `near` scans, `far` has ten open
ports on each of its addresses and closes the rest.  Both programs take turns, five times; the table
has the median, and how many open ports were missed in all runs.  bench-decode and bench-match lie
beside the build's picket.  The last results are kept in bench.json in the build folder and shown
beside the new ones.
"""
import json
import multiprocessing
import os
import random
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time

ROUNDS = 5
PORTS = [22, 80, 443, 1024, 8080, 20000, 31337, 40404, 55555, 65535]
NEAR, FAR = "picket-bench-near", "picket-bench-far"
ADDRESS = "10.99.0.%d"
FIRST, HOSTS = 10, 64

# name, arguments for both programs, how many open ports there are to find
SCANS = [
    ("scan 65,535 ports of one host", ["-p", "1-65535", ADDRESS % FIRST], len(PORTS)),
    ("scan 1,000 ports of 64 hosts", ["-p", "1-995,1024,8080,20000,31337,40404",
                                      "10.99.0.%d-%d" % (FIRST, FIRST + HOSTS - 1)], 8 * HOSTS),
    ("scan one port of 64 hosts", ["-p", "80", "10.99.0.%d-%d" % (FIRST, FIRST + HOSTS - 1)], HOSTS),
]
COMMON = ["-sT", "-T4", "-Pn", "-n"]


def sh(*command):
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def inside(netns, *command):
    return ["ip", "netns", "exec", netns] + list(command)


class World:
    """The two namespaces and the listener; all of it ends with the `with` block."""

    def __enter__(self):
        for netns in (NEAR, FAR):
            sh("ip", "netns", "add", netns)
        sh("ip", "link", "add", "cable", "netns", NEAR, "type", "veth", "peer", "cable", "netns", FAR)
        for netns in (NEAR, FAR):
            for device in ("lo", "cable"):
                sh("ip", "-n", netns, "link", "set", device, "up")
        sh("ip", "-n", NEAR, "addr", "add", ADDRESS % 1 + "/24", "dev", "cable")
        for i in range(FIRST, FIRST + HOSTS):
            sh("ip", "-n", FAR, "addr", "add", ADDRESS % i + "/24", "dev", "cable")
        self.listener = subprocess.Popen(inside(FAR, sys.executable, __file__, "--listen"),
                                         stdout=subprocess.PIPE)
        self.listener.stdout.readline()
        return self

    def __exit__(self, *_):
        self.listener.kill()
        self.listener.wait()
        for netns in (NEAR, FAR):
            subprocess.run(["ip", "netns", "del", netns])


def listen():
    sockets = []
    for port in PORTS:
        s = socket.create_server(("0.0.0.0", port), backlog=4096)
        s.setblocking(False)
        sockets.append(s)
    print("ready", flush=True)
    while True:                 # the kernel completes the handshakes; the queue only must not fill
        for s in sockets:
            try:
                while True:
                    s.accept()[0].close()
            except OSError:
                pass
        time.sleep(0.01)


def time_scan(program, arguments, folder):
    """Seconds, and open ports found."""
    out = os.path.join(folder, "out.gnmap")
    began = time.monotonic()
    subprocess.run(inside(NEAR, *program, *COMMON, "-oG", out, *arguments), check=True,
                   stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    took = time.monotonic() - began
    with open(out, encoding="utf-8") as f:
        return took, len(re.findall(r"\d+/open/tcp", f.read()))


def bench_scans(picket, only):
    rows = []
    programs = [[picket, "scan"], ["nmap"]]
    with World(), tempfile.TemporaryDirectory() as folder:
        for name, arguments, open_ports in SCANS:
            if only not in name:
                continue
            times, missed = ([], []), [0, 0]
            for _ in range(ROUNDS):
                for i, program in enumerate(programs):
                    took, found = time_scan(program, arguments, folder)
                    times[i].append(took)
                    missed[i] += open_ports - found
            ours, theirs = (statistics.median(t) for t in times)
            rows.append({"name": name, "value": ours, "unit": "s", "peer": "nmap %.2f s" % theirs,
                         "note": "%.1f times as fast; missed %d, nmap %d of %d" % (
                             theirs / ours, missed[0], missed[1], open_ports * ROUNDS)})
    return rows


def bench_rates(build, only):
    rows = []
    for program in ("bench-decode", "bench-match"):
        text = subprocess.run([os.path.join(build, program)], check=True, text=True,
                              stdout=subprocess.PIPE).stdout
        for line in text.splitlines():
            name, rate, unit = line.split("\t")
            if only in name:
                rows.append({"name": name, "value": float(rate), "unit": unit, "peer": "", "note": ""})
    return rows


# ---- advisories ----

RELEASES = ["bookworm", "bullseye", "buster", "trixie", "sid"]
WORDS = "a flaw in the parser of the daemon lets remote attackers run code by crafted packets".split()


def make_tracker(path):
    """Debian's tracker in size and form: 57 MB; what is installed here is in it."""
    draw = random.Random(7)
    status = subprocess.run(["dpkg-query", "-W", "-f", "${source:Package}\\n"], text=True,
                            stdout=subprocess.PIPE).stdout.split()
    names = sorted(set(status)) + ["src%d" % i for i in range(3000)]
    tracker = {}
    for name in names[:2480]:
        flaws = tracker[name] = {}
        for _ in range(draw.randint(5, 38)):
            releases = {}
            for release in RELEASES:
                version = "1.%d-%d" % (draw.randint(0, 99), draw.randint(1, 9))
                row = releases[release] = {
                    "status": draw.choice(["resolved", "resolved", "open"]), "urgency": "low",
                    "repositories": {release: version, release + "-security": version}}
                if row["status"] == "resolved":
                    row["fixed_version"] = draw.choice(["0", version])
            flaws["CVE-20%02d-%d" % (draw.randint(10, 26), draw.randint(1000, 99999))] = {
                "description": " ".join(draw.choice(WORDS) for _ in range(45)), "scope": "remote",
                "releases": releases}
    with open(path, "w", encoding="utf-8") as f:
        json.dump(tracker, f, indent=0)


def time_program(*argv):
    """Seconds and MB at the most."""
    began = time.monotonic()
    child = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(child.pid, 0)
    took = time.monotonic() - began
    if status:
        raise SystemExit("%s: status %d" % (argv[0], status))
    return took, used.ru_maxrss / 1024


def beside(name, ours, theirs, peer):
    """`ours` and `theirs` are called in turns."""
    runs = [(ours(), theirs()) for _ in range(ROUNDS)]
    mine, other = (statistics.median(r[i][0] for r in runs) for i in (0, 1))
    return {"name": name, "value": mine, "unit": "s", "peer": "%s %.2f s" % (peer, other),
            "note": "%.1f times as fast; %.0f MB, %s %.0f MB" % (
                other / mine, max(r[0][1] for r in runs), peer, max(r[1][1] for r in runs))}


def bench_advisories(picket, only):
    rows = []
    names = ["import a 57 MB tracker", "match what is installed"]
    if not any(only in name for name in names) or not shutil.which("jq"):
        return rows
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        tracker, db = os.path.join(folder, "tracker.json"), os.path.join(folder, "a.db")
        maker = multiprocessing.Process(target=make_tracker, args=(tracker,))
        maker.start()  # its memory would count as that of every later child
        maker.join()

        def imported():
            for name in os.listdir(folder):
                if name.startswith("a.db"):
                    os.unlink(os.path.join(folder, name))
            return time_program(picket, "advisory", "import", "--db", db, tracker)

        rows.append(beside(names[0], imported, lambda: time_program("jq", "empty", tracker), "jq"))
        if shutil.which("debsecan"):
            source = "file://" + folder + "/"
            rows.append(beside(
                names[1], lambda: time_program(picket, "advisory", "match", "--db", db, "--suite",
                                               "bookworm"),
                lambda: time_program("debsecan", "--suite", "bookworm", "--source", source), "debsecan"))
    return rows


def shown(value, unit):
    return "%.2f %s" % (value, unit) if unit == "s" else "{:,.0f} {}".format(value, unit)


def print_table(rows, before):
    print("%-34s %22s %22s %14s  %s" % ("what", "now", "last time", "peer", ""))
    for row in rows:
        old = before.get(row["name"])
        print("%-34s %22s %22s %14s  %s" % (
            row["name"], shown(row["value"], row["unit"]), shown(old, row["unit"]) if old else "-",
            row["peer"], row["note"]))


def main():
    if sys.argv[1:] == ["--listen"]:
        return listen()
    if len(sys.argv) < 2:
        print(__doc__.strip(), file=sys.stderr)
        return 2
    picket, only = os.path.abspath(sys.argv[1]), " ".join(sys.argv[2:])
    build = os.path.dirname(os.path.dirname(picket))
    memory = os.path.join(build, "bench.json")
    before = {}
    if os.path.exists(memory):
        with open(memory, encoding="utf-8") as f:
            before = json.load(f)
    rows = bench_rates(build, only) + bench_advisories(picket, only)
    if os.geteuid() == 0 and shutil.which("nmap"):
        rows = bench_scans(picket, only) + rows
    else:
        print("run.py: no scans: they need root, and nmap", file=sys.stderr)
    print_table(rows, before)
    before.update({row["name"]: row["value"] for row in rows})
    with open(memory, "w", encoding="utf-8") as f:
        json.dump(before, f, indent=1)
    return 0


if __name__ == "__main__":
    sys.exit(main())
