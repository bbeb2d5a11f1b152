#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Patching a real Debian below a folder: planned as apt plans it, applied, killed, resumed, verified.

usage: patch.py PICKET [ROOT]                  as root; the last line is `N passed, M failed`

ROOT is a bookworm made by debootstrap with outdated packages and nginx (it is copied, never
changed); without it one is made in a temporary folder, which takes the network and some minutes.
"""
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

PACKAGES = ["debootstrap"]
PORT = 18099
passed = failed = 0


def check(good, words):
    global passed, failed
    if good:
        passed += 1
    else:
        failed += 1
        print("FAIL", words, flush=True)
    return good


def run(*argv):
    return subprocess.run([str(a) for a in argv], capture_output=True, text=True, timeout=600)


def make_base(root):
    run("debootstrap", "--variant=minbase", "bookworm", root, "http://deb.debian.org/debian")
    with open(f"{root}/etc/apt/apt.conf.d/99lab", "w") as f:
        f.write('Acquire::Check-Valid-Until "false";\nAcquire::Check-Date "false";\n')
    with open(f"{root}/usr/sbin/policy-rc.d", "w") as f:
        f.write("#!/bin/sh\nexit 101\n")
    os.chmod(f"{root}/usr/sbin/policy-rc.d", 0o755)
    shutil.copy("/etc/resolv.conf", f"{root}/etc/resolv.conf")
    lists = ["deb http://deb.debian.org/debian bookworm main\n",
             "deb http://deb.debian.org/debian-security bookworm-security main\n"]
    with open(f"{root}/etc/apt/sources.list", "w") as f:
        f.write(lists[0])
    run("chroot", root, "apt-get", "update")
    run("chroot", root, "apt-get", "install", "-y", "--no-install-recommends", "nginx-light")
    with open(f"{root}/etc/apt/sources.list", "w") as f:
        f.writelines(lists)
    run("chroot", root, "apt-get", "update")
    run("chroot", root, "apt-get", "-y", "--download-only", "upgrade")


class Root:
    """A copy of the base; its nginx listens at PORT."""

    def __init__(self, picket, base, folder):
        self.picket, self.path = picket, folder
        run("cp", "-a", "--reflink=auto", base, folder)
        run("mount", "-t", "proc", "proc", f"{folder}/proc")
        run("mount", "--bind", "/dev", f"{folder}/dev")
        site = f"{folder}/etc/nginx/sites-enabled/default"
        if os.path.lexists(site):
            os.unlink(site)
        with open(site, "w") as f:
            f.write(f"server {{ listen 127.0.0.1:{PORT}; location / {{ return 200 ok; }} }}\n")

    def close(self):
        run("chroot", self.path, "service", "nginx", "stop")
        run("umount", "-l", f"{self.path}/dev")
        run("umount", "-l", f"{self.path}/proc")
        run("rm", "-rf", "--one-file-system", self.path)

    def patch(self, verb, *more):
        return run(self.picket, "patch", verb, "--root", self.path, "--json", *more)

    def simulated(self):
        text = run("chroot", self.path, "apt-get", "-s", "upgrade", "--with-new-pkgs").stdout
        return {m[1]: m[2] for m in re.finditer(r"^Inst (\S+) (?:\[\S+\] )?\((\S+)", text, re.M)}

    def planned(self):
        plan = json.loads(self.patch("plan").stdout)
        return {s["package"]: s["to"] for s in plan["upgrades"] + plan["new"]}

    def audit(self):
        return run("chroot", self.path, "dpkg", "--audit").stdout.strip()

    def daemons(self):
        """The processes of its nginx, not of this machine's."""
        found = set()
        for pid in run("pgrep", "-x", "nginx").stdout.split():
            try:
                if os.readlink(f"/proc/{pid}/root") == os.path.realpath(self.path):
                    found.add(pid)
            except OSError:
                pass
        return found

    def answers(self):
        try:
            with socket.create_connection(("127.0.0.1", PORT), 2) as s:
                s.sendall(b"GET / HTTP/1.0\r\n\r\n")
                return b"200" in s.recv(100)
        except OSError:
            return False


def test_applied(root):
    apt, ours = root.simulated(), root.planned()
    check(apt and apt == ours, f"as apt plans it: {set(apt.items()) ^ set(ours.items())}")
    config = f"{root.path}/etc/nginx/nginx.conf"
    with open(config, "a") as f:
        f.write("# ours\n")
    run("chroot", root.path, "service", "nginx", "start")
    check(root.answers(), "nginx answers before")
    r = root.patch("apply", "--no-restart")
    check(r.returncode == 0 and json.loads(r.stdout)["installed"] == len(apt),
          f"apply: {r.returncode} {r.stdout[-300:]} {r.stderr}")
    check(root.audit() == "" and root.planned() == {}, f"all in: {root.audit()} {root.planned()}")
    with open(config) as f:
        check(f.read().endswith("# ours\n"), "the administrator's file is kept")
    seen = json.loads(root.patch("verify").stdout)
    check(seen["ended"] and not seen["missing"], f"verify: {seen}")
    check(any(s["name"] == "nginx" for s in seen["stale"]), f"nginx maps the old ones: {seen['stale']}")


def test_restarted(root):
    run("chroot", root.path, "service", "nginx", "start")
    check(root.answers(), "nginx answers before")
    before = root.daemons()
    r = root.patch("apply")
    after = root.daemons()
    check(r.returncode == 0, f"apply with restart: {r.returncode} {r.stderr}")
    check(root.answers() and not before & after, f"its port is open again: {before} {after}")
    seen = json.loads(root.patch("verify").stdout)
    check(not seen["stale"] and not seen["missing"], f"nobody maps the old ones: {seen}")
    r = root.patch("apply")
    check(r.returncode == 0 and json.loads(r.stdout)["installed"] == 0, f"nothing to do: {r.stdout}")


def kill_group(child):
    """As a power cut would: picket and all that it started."""
    left = [child.pid]
    for pid in left:
        left += [int(p) for p in run("pgrep", "-P", pid).stdout.split()]
    for pid in left:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass


def test_killed(root, after_s):
    child = subprocess.Popen([root.picket, "patch", "apply", "--root", root.path, "--no-restart"],
                             stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        child.wait(after_s)
    except subprocess.TimeoutExpired:
        kill_group(child)
    child.wait()
    dirty = root.audit() != ""
    r = root.patch("resume", "--no-restart")
    if "nothing" not in r.stdout and r.returncode == 0:
        root.patch("apply", "--no-restart")  # where it died before the journal was written
    check(r.returncode == 0 and root.audit() == "" and root.planned() == {},
          f"killed after {after_s:.1f} s: {r.returncode} {r.stderr} {root.audit()} {root.planned()}")
    seen = json.loads(root.patch("verify").stdout)
    check(seen["ended"] and not seen["missing"], f"killed after {after_s:.1f} s, verify: {seen}")
    return dirty


def main():
    picket = os.path.abspath(sys.argv[1])
    if os.geteuid() != 0:
        sys.exit("this needs root")
    folder = tempfile.mkdtemp(prefix="picket-patch-", dir="/var/tmp")
    base = os.path.abspath(sys.argv[2]) if len(sys.argv) > 2 else os.path.join(folder, "base")
    try:
        if len(sys.argv) < 3:
            make_base(base)
        span = 0
        for number, test in enumerate([test_applied, test_restarted] + [test_killed] * 10):
            root = Root(picket, base, os.path.join(folder, f"root{number}"))
            try:
                began = time.time()
                if test is test_killed:
                    test(root, 0.5 + (number - 2) * span / 10)
                else:
                    test(root)
                if test is test_applied:
                    span = time.time() - began - 3
            finally:
                root.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
