#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The trap against real scanners, forged packets and real daemons.

usage: trap.py PICKET                          as root; the last line is `N passed, M failed`

Two network namespaces on one cable: "home" runs the trap (and vsftpd and sshd), with an
/etc/portsentry, /etc/hosts.deny and /dev/log of its own; "away" scans from 192.0.2.2, forges what it
likes and connects from a hundred addresses.
"""
import os
import re
import shutil
import signal
import socket
import statistics
import struct
import subprocess
import sys
import tempfile
import threading
import time

PACKAGES = ["nmap", "iproute2", "nftables", "openssh-server", "openssh-client", "vsftpd", "curl"]
HOME, AWAY, HOME6, AWAY6 = "192.0.2.1", "192.0.2.2", "2001:db8:1::1", "2001:db8:1::2"
CONF = """TCP_PORTS="1,11,79,111,143,540"
UDP_PORTS="1,7,9,69,161"
ADVANCED_PORTS_TCP="{limit}"
ADVANCED_PORTS_UDP="{limit}"
ADVANCED_EXCLUDE_TCP="113,139"
IGNORE_FILE="{folder}/ignore"
HISTORY_FILE="{folder}/history"
BLOCKED_FILE="{folder}/blocked"
BLOCK_TCP="1"
BLOCK_UDP="1"
KILL_HOSTS_DENY="ALL: $TARGET$"
SCAN_TRIGGER="{trigger}"
"""

passed = failed = 0


def check(good, what):
    global passed, failed
    if good:
        passed += 1
    else:
        failed += 1
        print("FAIL " + what, flush=True)
    return good


def run(*words, **options):
    return subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **options)


class Syslog(threading.Thread):
    """/dev/log of the trap: lines with the moment they came."""

    def __init__(self, path):
        super().__init__(daemon=True)
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(path)
        self.lines = []

    def run(self):
        while True:
            try:
                self.lines.append((time.time(), self.socket.recv(8192).decode("utf-8", "replace")))
            except OSError:
                return

    def text(self):
        return "\n".join(line for _, line in list(self.lines))


class World:
    def __init__(self, picket):
        self.picket = picket
        self.folder = tempfile.mkdtemp(prefix="picket-lab-trap-")
        self.home, self.away = f"trap-h{os.getpid()}", f"trap-a{os.getpid()}"
        self.procs, self.log = [], None
        for space in (self.home, self.away):
            run("ip", "netns", "add", space)
        run("ip", "link", "add", "h0", "netns", self.home, "type", "veth", "peer", "name", "a0",
            "netns", self.away)
        for space, device, four, six in ((self.home, "h0", HOME, HOME6), (self.away, "a0", AWAY, AWAY6)):
            for word in ("lo", device):
                run("ip", "-n", space, "link", "set", word, "up")
            run("ip", "-n", space, "addr", "add", four + "/24", "dev", device)
            run("ip", "-n", space, "addr", "add", six + "/64", "dev", device, "nodad")
        run("ip", "-n", self.home, "route", "add", "default", "via", "192.0.2.254")
        for i in range(100, 200):
            run("ip", "-n", self.away, "addr", "add", f"192.0.2.{i}/24", "dev", "a0")

    def path(self, name):
        return os.path.join(self.folder, name)

    def read(self, name):
        try:
            with open(self.path(name), errors="replace") as f:
                return f.read()
        except OSError:
            return ""

    def trap(self, *options, trigger=0, limit=1023, more=""):
        """Start the trap afresh; its log, hosts.deny and files are empty."""
        for name in ("hosts.deny", "history", "ignore"):
            with open(self.path(name), "w"):
                pass
        shutil.rmtree(self.path("dev"), ignore_errors=True)
        os.mkdir(self.path("dev"))
        for device in ("null", "zero", "random", "urandom"):
            st = os.stat("/dev/" + device)
            os.mknod(self.path("dev/" + device), st.st_mode, st.st_rdev)
        with open(self.path("portsentry.conf"), "w") as f:
            f.write(CONF.format(folder=self.folder, trigger=trigger, limit=limit) + more)
        self.log = Syslog(self.path("dev/log"))
        self.log.start()
        script = ("mount --make-rprivate / && touch /etc/hosts.deny && mount -t tmpfs none /run && "
                  "mount --bind {0}/hosts.deny /etc/hosts.deny && mount --bind {0}/dev /dev && "
                  'exec "$@"').format(self.folder)
        self.proc = subprocess.Popen(
            ["ip", "netns", "exec", self.home, "unshare", "-m", "sh", "-c", script, "sh", self.picket,
             "trap", "-c", self.path("portsentry.conf"), "--foreground", *options],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        end = time.time() + 10
        while "now active and listening" not in self.log.text() and time.time() < end:
            time.sleep(0.02)

    def stop(self):
        self.proc.terminate()
        self.proc.wait(10)
        self.log.socket.close()

    def scan(self, *options, program="nmap", target=HOME):
        words = [self.picket, "scan"] if program == "picket" else [program]
        return run("ip", "netns", "exec", self.away, *words, "-n", "-Pn", "--max-retries", "0",
                   *options, target, timeout=120)

    def python(self, space, code, *words, wait=True):
        command = ["ip", "netns", "exec", space, sys.executable, "-c", code, *map(str, words)]
        if wait:
            return run(*command, timeout=120).stdout
        proc = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.procs.append(proc)
        return proc

    def denied(self):
        return re.findall(r"^ALL: (\S+)$", self.read("hosts.deny"), re.M)

    def wait_denied(self, count, seconds=5):
        end = time.time() + seconds
        while len(self.denied()) < count and time.time() < end:
            time.sleep(0.02)
        return self.denied()

    def close(self):
        for proc in self.procs:
            proc.kill()
        for space in (self.home, self.away):
            for pid in run("ip", "netns", "pids", space).stdout.split():
                os.kill(int(pid), signal.SIGKILL)
            run("ip", "netns", "del", space)
        shutil.rmtree(self.folder, ignore_errors=True)


# Raw frames from "away": Python builds them, one sendto each.
FORGE = r"""
import socket, struct, sys
def sum16(data):
    data += b'\0' * (len(data) % 2)
    total = sum(struct.unpack('!%dH' % (len(data) // 2), data))
    while total >> 16: total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff
def syn(src, dst, port, seq=1):
    s, d = socket.inet_aton(src), socket.inet_aton(dst)
    head = struct.pack('!HHIIBBHHH', 40000, port, seq, 0, 0x50, 2, 1024, 0, 0)
    check = sum16(s + d + struct.pack('!BBH', 0, 6, len(head)) + head)
    return head[:16] + struct.pack('!H', check) + head[18:]
raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
raw.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 22)
def send(src, dst, port):
    tcp = syn(src, dst, port)
    head = struct.pack('!BBHHHBBH4s4s', 0x45, 0, 20 + len(tcp), 1, 0, 64, 6, 0,
                       socket.inet_aton(src), socket.inet_aton(dst))
    raw.sendto(head + tcp, (dst, 0))
"""

TECHNIQUES = [  # options of both scanners, what the log must say
    (["-sS"], "TCP SYN/Normal scan"), (["-sT"], "TCP SYN/Normal scan"), (["-sF"], "TCP FIN scan"),
    (["-sN"], "TCP NULL scan"), (["-sX"], "TCP XMAS scan"), (["-sA"], "TCP ACK scan"),
    (["-sM"], "TCP Maimon scan"), (["-sU"], "UDP scan"), (["-sS", "-f"], "TCP SYN/Normal scan"),
    (["-sS", "-D", "192.0.2.50"], "TCP SYN/Normal scan"),
]


def techniques(world):
    """Each way to scan, by both scanners, over both families, is noticed and named."""
    for program in ("nmap", "picket"):
        for options, words in TECHNIQUES:
            if program == "picket" and not has_options(world, options):
                print(f"skipped: picket scan has no {' '.join(options)} yet")
                continue
            for family, target, source in (([], HOME, AWAY), (["-6"], HOME6, AWAY6)):
                if family and ("-D" in options or "-f" in options):
                    continue
                udp = "-sU" in options
                world.trap("-audp" if udp else "-atcp", "--all-kinds")
                world.scan(*family, *options, "-p", "9" if udp else "79", program=program,
                           target=target)
                quiet = "-sA" in options or "-sM" in options
                denied = world.wait_denied(0 if quiet else 1)
                time.sleep(0.1 if quiet else 0)
                name = f"{program} {' '.join(options)} {target}"
                text = world.log.text()
                check(f"{words} from host: {source}/{source}" in text, f"{name}: {text[-400:]}")
                check((source in denied) != quiet, f"{name}: denied {denied}")
                world.stop()


def has_options(world, options):
    done = run(world.picket, "scan", *options, "-sL", "-n", "127.0.0.1")
    return "unknown option" not in done.stdout


def decoys(world):
    """With echo on, ten forged neighbours are told, and the one who scans is shut out."""
    forged = [f"192.0.2.{i}" for i in range(30, 40)]
    world.trap("-stcp", "--echo")
    world.scan("-sS", "-D", ",".join(forged), "-p", "1,11,79,111,143,540")
    denied = world.wait_denied(1)
    time.sleep(0.5)
    denied = world.denied()
    check(denied == [AWAY], f"decoys: denied {denied}")
    text = world.log.text()
    for address in forged:
        check(f"from host: {address}/{address}" in text, f"decoys: {address} was not told")
    world.stop()
    rules = run("ip", "netns", "exec", world.home, "nft", "list", "ruleset").stdout
    check("picket_trap" not in rules, f"echo left its table: {rules}")


def ban_table(world):
    """--ban: who completes a handshake is in the firewall, and `ban why` tells by whom."""
    world.trap("-tcp", "--ban", "60")
    connect = "import socket,sys\ns = socket.create_connection((sys.argv[1], 79), 3)"
    world.python(world.away, connect, HOME)
    end, rules = time.time() + 5, ""
    while AWAY not in rules and time.time() < end:
        rules = run("ip", "netns", "exec", world.home, "nft", "list", "ruleset").stdout
        time.sleep(0.05)
    check(AWAY in rules and "inet picket" in rules, f"ban table: {rules} {world.log.text()[-300:]}")
    why = run("nsenter", "-t", str(world.proc.pid), "-m", "-n", world.picket, "ban", "why", AWAY)
    check(why.returncode == 0 and "trap" in why.stdout, f"ban why: {why.stdout}")
    world.stop()


def newer_words(world):
    """2.x: TCP and UDP in one process, one line a probe, to syslog and the history."""
    world.trap("--stealth")
    world.scan("-sS", "-p", "79")
    world.scan("-sU", "-p", "161", "-S", "192.0.2.120", "-e", "a0")
    world.wait_denied(2)
    line = r"Scan from: \[%s\] \(%s\) protocol: \[%s\] port: \[%d\] type: \[%s\] IP opts: \[not set\] " \
           r"ignored: \[false\] triggered: \[true\] noblock: \[false\] blocked: \[true\]"
    for words in ((AWAY, AWAY, "TCP", 79, "TCP SYN/Normal scan"),
                  ("192.0.2.120", "192.0.2.120", "UDP", 161, "UDP")):
        for where, text in (("log", world.log.text()), ("history", world.read("history"))):
            check(re.search(line % words, text), f"2.x, {where}: {text[-400:]}")
    check(sorted(world.denied()) == sorted([AWAY, "192.0.2.120"]), f"2.x: {world.denied()}")
    world.stop()


def tarpit_and_record(world):
    """What a scanner says is noted; a held connection stays open and is not read from."""
    say = "import socket,sys,time\ns = socket.create_connection((sys.argv[1], 79), 3)\n" \
          "s.settimeout(2)\ns.sendall(b'GET /x HTTP/1.0\\r\\n\\r\\n')\n" \
          "try: print('closed', s.recv(10))\nexcept TimeoutError: print('held')\nexcept ConnectionError: print('closed')"
    world.trap("-tcp", "--record", "100", "--tarpit", "1m")
    answer = world.python(world.away, say, HOME)
    time.sleep(0.3)
    check("held" in answer, f"tarpit: {answer}")
    check("said to TCP port 79: GET /x HTTP/1.0\\x0d\\x0a" in world.log.text(), world.log.text()[-300:])
    world.stop()
    world.trap("-tcp")
    check("closed" in world.python(world.away, say, HOME), "no tarpit: not closed")
    world.stop()


def sctp(world):
    """An INIT to a port that nobody serves."""
    world.trap("-stcp", "--all-kinds")
    init = "import socket,struct,sys\n" \
           "chunk = struct.pack('!BBHIIHHI', 1, 0, 20, 7, 65536, 10, 10, 1)\n" \
           "head = struct.pack('!HHI', 4000, 79, 0)\n" \
           "def crc(d):\n c = 0xffffffff\n for b in d:\n  c ^= b\n" \
           "  for _ in range(8): c = c >> 1 ^ (0x82f63b78 if c & 1 else 0)\n return c ^ 0xffffffff\n" \
           "s = socket.socket(socket.AF_INET, socket.SOCK_RAW, 132)\n" \
           "sum = struct.pack('<I', crc(head + b'\\0' * 4 + chunk))\n" \
           "s.sendto(head + sum + chunk, (sys.argv[1], 0))\n"
    world.python(world.away, init, HOME)
    denied = world.wait_denied(1)
    check("SCTP scan from host: " + AWAY in world.log.text(), f"sctp: {world.log.text()[-300:]}")
    check(denied == [AWAY], f"sctp: {denied}")
    world.stop()


def never_shut_out(world):
    """The gateway, own addresses and broadcasts are forged in vain."""
    world.trap("-stcp")
    world.python(world.away, FORGE + "\nfor a in sys.argv[1:]: send(a, '%s', 79)" % HOME,
                 "192.0.2.254", HOME, "127.0.0.1", "192.0.2.255", "224.0.0.1", "192.0.2.77")
    world.wait_denied(1)
    check(world.denied() == ["192.0.2.77"], f"never shut out: {world.denied()}")
    world.stop()


def broken_files(world):
    """Nonsense in the ignore file and read-only folders are named; the rest goes on."""
    world.trap("-stcp", more='HISTORY_FILE="/proc/no/history"\nWHAT="1"\n')
    with open(world.path("ignore"), "w") as f:
        f.write("not an address\n192.0.2.101\n")
    world.scan("-sS", "-p", "79", "-S", "192.0.2.101", "-e", "a0")
    world.scan("-sS", "-p", "79")
    denied, text = world.wait_denied(1), world.log.text()
    check(denied == [AWAY], f"broken files: denied {denied}")
    check("ignore:1:" in text and "/proc/no/history" in text and "WHAT is no option" in text,
          f"broken files: {text}")
    world.stop()


def tell_latency(world):
    """From probe to block: the median of 100, each from another address."""
    world.trap("-stcp", limit=1023)
    waits = []
    for i in range(100, 200):
        source = f"192.0.2.{i}"
        began = time.time()
        world.python(world.away, FORGE + "\nimport time\nsend(sys.argv[1], '%s', 79)\n"
                     "open(sys.argv[2], 'w').write(repr(time.time()))" % HOME, source,
                     world.path("sent"))
        end = time.time() + 2
        while time.time() < end and source not in world.read("hosts.deny"):
            time.sleep(0.001)
        at = [moment for moment, line in world.log.lines if f"Host {source} has been blocked" in line]
        if at:
            waits.append(1000 * (at[0] - float(world.read("sent"))))
    world.stop()
    median = statistics.median(waits) if waits else 1e9
    print(f"probe to block: median {median:.2f} ms of {len(waits)}")
    check(len(waits) == 100 and median < 5, f"latency: {median:.2f} ms, {len(waits)} of 100")


def flood(world):
    """A million forged SYNs: memory stays bounded, the one real scanner is found."""
    world.trap("-stcp", "--echo", trigger=3)
    # The sequence number is the complement of the source: one checksum fits all.
    code = FORGE + """
dst, full = socket.inet_aton(sys.argv[1]), 0xffffffff
tcp = syn('10.0.0.0', sys.argv[1], 79, full ^ 0x0a000000)
ip = struct.pack('!BBHHHBBH', 0x45, 0, 40, 1, 0, 64, 6, 0)
for i in range(1000000):
    src = 0x0a000000 + i
    raw.sendto(ip + struct.pack('!I', src) + dst + tcp[:4] + struct.pack('!I', full ^ src) + tcp[8:],
               (sys.argv[1], 0))
print('sent')
"""
    check("sent" in world.python(world.away, code, HOME), "flood: could not be sent")
    world.scan("-sS", "-p", "1,11,79,111,143,540")
    denied = world.wait_denied(1, 20)
    with open(f"/proc/{child_of(world.proc.pid)}/status") as f:
        peak = int(re.search(r"VmHWM:\s+(\d+)", f.read()).group(1))
    print(f"a million forged SYNs: peak {peak // 1024} MiB")
    check(denied == [AWAY], f"flood: denied {denied[:5]}: {world.log.text()[-600:]}")
    check(peak < 64 * 1024, f"flood: {peak} KiB")
    world.stop()


def child_of(pid):
    """The trap itself: ip, unshare and sh have become it one after another."""
    return pid


def distributed(world):
    """Fifty addresses, a port each, all below the trigger: one scan."""
    world.trap("-atcp", trigger=3)
    world.python(world.away, FORGE + "\nfor i in range(50): send('192.0.2.%%d' %% (100 + i), '%s', 200 + i)" % HOME)
    end = time.time() + 5
    while "Distributed scan" not in world.log.text() and time.time() < end:
        time.sleep(0.05)
    check("Distributed scan" in world.log.text(), f"distributed: {world.log.text()[-300:]}")
    check(not world.denied(), f"distributed: denied {world.denied()}")
    world.stop()


LISTEN = """
import socket, sys, threading
def serve(port):
    s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind(('', port)); s.listen(512)
    while True: s.accept()[0].close()
for p in sys.argv[1:]: threading.Thread(target=serve, args=(int(p),)).start()
"""
PROXY = """
import socket, sys
for i in range(1500):
    s = socket.create_connection((sys.argv[1], int(sys.argv[2 + i % 3]))); s.close()
"""


def proxy(world):
    """Many connections to services are no scan."""
    server = world.python(world.home, LISTEN, 80, 443, 800, wait=False)
    time.sleep(0.5)
    world.trap("-atcp")
    world.python(world.away, PROXY, HOME, 80, 443, 800)
    time.sleep(0.3)
    check("attackalert" not in world.log.text(), f"proxy: {world.log.text()[-300:]}")
    world.stop()
    server.kill()


def ftp(world):
    """Advanced logic: the data connections of FTP are let through, a probe of their ports is not."""
    root = world.path("ftp")
    os.makedirs(root + "/empty")
    with open(root + "/file", "w") as f:
        f.write("hello\n")
    os.chmod(world.folder, 0o755)
    conf = world.path("vsftpd.conf")
    with open(conf, "w") as f:
        f.write(f"listen=YES\nanonymous_enable=YES\nanon_root={root}\nlocal_enable=NO\n"
                f"pasv_min_port=2000\npasv_max_port=2100\nsecure_chroot_dir={root}/empty\n"
                "run_as_launching_user=YES\nconnect_from_port_20=NO\nbackground=NO\nseccomp_sandbox=NO\n")
    server = subprocess.Popen(["ip", "netns", "exec", world.home, "/usr/sbin/vsftpd", conf])
    world.procs.append(server)
    time.sleep(0.5)
    world.trap("-atcp", limit=65535)
    for way in (["--ftp-pasv"], ["--ftp-port", "-"]):
        done = run("ip", "netns", "exec", world.away, "curl", "-s", *way, f"ftp://{HOME}/file")
        check(done.stdout == "hello\n", f"ftp {way}: {done.stdout}")
    check("attackalert" not in world.log.text(), f"ftp: {world.log.text()[-300:]}")
    time.sleep(1)
    world.scan("-sS", "-p", "2000-2100")
    check(world.wait_denied(1) == [AWAY], f"ftp: a probe afterwards: {world.denied()}")
    world.stop()
    server.kill()


def wrappers_and_route(world):
    """sshd reads hosts.deny; the dead route is the kernel's answer."""
    run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", world.path("key"))
    with open(world.path("sshd_config"), "w") as f:
        f.write(f"Port 22\nHostKey {world.path('key')}\nPidFile none\n")
    os.makedirs("/run/sshd", exist_ok=True)
    world.trap("-stcp", more='KILL_ROUTE="/sbin/ip route add blackhole $TARGET$"\n')
    script = f"mount --make-rprivate / && mount --bind {world.folder}/hosts.deny /etc/hosts.deny && " \
             f"exec /usr/sbin/sshd -D -f {world.path('sshd_config')}"
    server = subprocess.Popen(["ip", "netns", "exec", world.home, "unshare", "-m", "sh", "-c", script])
    world.procs.append(server)
    time.sleep(0.7)
    hello = "import socket,sys\ns = socket.socket(); s.settimeout(3); s.bind((sys.argv[1], 0))\n" \
            "try:\n s.connect((sys.argv[2], 22)); print(s.recv(3))\nexcept OSError as e: print('none', e)"
    check("SSH" in world.python(world.away, hello, "192.0.2.110", HOME), "sshd answers before")
    world.scan("-sS", "-p", "79", "-S", "192.0.2.110", "-e", "a0")
    check(world.wait_denied(1) == ["192.0.2.110"], f"route: {world.denied()}")
    end, route = time.time() + 5, ""
    while "blackhole" not in route and "unreachable" not in route and time.time() < end:
        route = run("ip", "-n", world.home, "route", "get", "192.0.2.110").stdout
        time.sleep(0.05)
    check("Invalid argument" in route or "blackhole" in route or "unreachable" in route,
          f"dead route: {route}")
    run("ip", "-n", world.home, "route", "del", "blackhole", "192.0.2.110")
    answer = world.python(world.away, hello, "192.0.2.110", HOME)
    check("SSH" not in answer, f"sshd answers a denied host: {answer}")
    check("SSH" in world.python(world.away, hello, "192.0.2.111", HOME), "sshd answers others")
    world.stop()
    server.kill()


def economy(world):
    """All 65,535 ports with fewer than ten sockets."""
    world.trap("-atcp", limit=65535)
    pid = world.proc.pid
    sockets = [os.readlink(f"/proc/{pid}/fd/{fd}") for fd in os.listdir(f"/proc/{pid}/fd")]
    count = sum(link.startswith("socket:") for link in sockets)
    check(count < 10, f"economy: {count} sockets")
    world.stop()


def main():
    if len(sys.argv) < 2:
        print(__doc__.strip(), file=sys.stderr)
        return 2
    if subprocess.run(["./setup", "lab", "--", *PACKAGES]).returncode:
        return 3
    suites = (techniques, decoys, newer_words, tarpit_and_record, sctp, never_shut_out, broken_files, economy, tell_latency, flood,
              distributed, proxy, ftp, wrappers_and_route,
              ban_table)  # last: its ban lasts a minute
    world = World(os.path.abspath(sys.argv[1]))
    try:
        for suite in suites:
            if not sys.argv[2:] or suite.__name__ in sys.argv[2:]:
                suite(world)
    finally:
        world.close()
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
