#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""picket nc against the programs it is used with: ssh, curl, openssl, bind, tar, the other netcats.

usage: nc.py PICKET                     as root; the last line is `N passed, M failed`

All of it in a network namespace of its own, with nothing but loopback.
"""
import hashlib
import os
import re
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time

PACKAGES = ["openssh-server", "openssh-client", "curl", "openssl", "bind9", "iproute2",
            "netcat-openbsd", "netcat-traditional", "ncat"]
passed = failed = 0
started = []
port = 20000


def check(good, what):
    global passed, failed
    if good:
        passed += 1
    else:
        failed += 1
        print("FAIL " + what, flush=True)
    return good


def next_port():
    global port
    port += 1
    return str(port)


def start(*words, **options):
    options.setdefault("stdin", subprocess.DEVNULL)
    options.setdefault("stdout", subprocess.DEVNULL)
    options.setdefault("stderr", subprocess.DEVNULL)
    started.append(subprocess.Popen(words, start_new_session=True, **options))
    return started[-1]


def run(*words, data=b"", limit=20):
    """Exit status and standard output; -1 when it does not end."""
    try:
        done = subprocess.run(words, input=data, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              timeout=limit)
    except subprocess.TimeoutExpired as late:
        return -1, late.stdout or b""
    return done.returncode, done.stdout


def wait_port(number, proto="tcp"):
    """Until somebody listens there."""
    wanted = ":%04X" % int(number)
    for _ in range(200):
        for table in (proto, proto + "6"):
            for line in open("/proc/net/" + table).readlines()[1:]:
                words = line.split()
                if words[1].endswith(wanted) and words[3] in ("0A", "07"):
                    return True
        time.sleep(0.05)
    return False


def stop(process):
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except OSError:
        pass
    process.wait()


def ssh(folder):
    for name in ("host", "user"):
        run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder + "/" + name)
    shutil.copy(folder + "/user.pub", folder + "/authorized")
    at = next_port()
    os.makedirs("/run/sshd", exist_ok=True)
    start("/usr/sbin/sshd", "-D", "-e", "-f", "/dev/null", "-p", at, "-h", folder + "/host", "-o",
          "AuthorizedKeysFile=%s/authorized" % folder, "-o", "StrictModes=no", "-o", "UsePAM=no",
          "-o", "PidFile=none", "-o", "ListenAddress=127.0.0.1", "-o", "PermitRootLogin=yes")
    check(wait_port(at), "sshd listens")
    base = ["ssh", "-F", "/dev/null", "-i", folder + "/user", "-o", "StrictHostKeyChecking=no", "-o",
            "UserKnownHostsFile=/dev/null", "-o", "BatchMode=yes", "-p", at]
    big = "head -c 3000000 /dev/zero | sha256sum"
    wanted = hashlib.sha256(bytes(3000000)).hexdigest().encode()
    proxy = next_port()
    server = start(PICKET, "nc", "-l", "--proxy-type", "socks5", "127.0.0.1", proxy)
    wait_port(proxy)
    for what, options in (
            ("ProxyCommand", ["-o", "ProxyCommand=%s nc %%h %%p" % PICKET]),
            ("ProxyUseFdpass", ["-o", "ProxyCommand=%s nc -F %%h %%p" % PICKET, "-o",
                                "ProxyUseFdpass=yes"]),
            ("through our SOCKS proxy", ["-o", "ProxyCommand=%s nc -X 5 -x 127.0.0.1:%s %%h %%p"
                                         % (PICKET, proxy)])):
        status, out = run(*base, *options, "127.0.0.1", big)
        check(status == 0 and out.startswith(wanted), "ssh, %s" % what)
    stop(server)


def curl(folder):
    os.mkdir(folder + "/www")
    data = os.urandom(2000000)
    with open(folder + "/www/file", "wb") as f:
        f.write(data)
    web = next_port()
    start(sys.executable, "-m", "http.server", "--bind", "127.0.0.1", web, cwd=folder + "/www")
    wait_port(web)
    url = "http://127.0.0.1:%s/file" % web
    plain, login, socks = next_port(), next_port(), next_port()
    start(PICKET, "nc", "-l", "--proxy-type", "http", "127.0.0.1", plain)
    start(PICKET, "nc", "-l", "--proxy-type", "http", "--proxy-auth", "user:pass", "127.0.0.1", login)
    start(PICKET, "nc", "-l", "--proxy-type", "socks5", "127.0.0.1", socks)
    for at in (plain, login, socks):
        check(wait_port(at), "a proxy of ours listens")
    get = ["curl", "-s", "--noproxy", "", "--max-time", "15"]
    for what, options in (
            ("by GET", ["-x", "http://127.0.0.1:" + plain]),
            ("by CONNECT", ["-p", "-x", "http://127.0.0.1:" + plain]),
            ("with Basic", ["-U", "user:pass", "-x", "http://127.0.0.1:" + login]),
            ("with Digest", ["-U", "user:pass", "--proxy-digest", "-x", "http://127.0.0.1:" + login]),
            ("with Digest by CONNECT", ["-p", "-U", "user:pass", "--proxy-digest", "-x",
                                        "http://127.0.0.1:" + login]),
            ("by SOCKS 4", ["--socks4", "127.0.0.1:" + socks]),
            ("by SOCKS 4A", ["--socks4a", "127.0.0.1:" + socks]),
            ("by SOCKS 5", ["--socks5", "127.0.0.1:" + socks]),
            ("by SOCKS 5 with a name", ["--socks5-hostname", "127.0.0.1:" + socks])):
        status, out = run(*get, *options, url)
        check(status == 0 and out == data, "curl %s" % what)
    status, out = run(*get, "-w", "%{http_code}", "-U", "user:word", "-x", "http://127.0.0.1:" + login,
                      url)
    check(out.endswith(b"407"), "curl with a wrong password is refused")


def openssl(folder):
    key, cert = folder + "/key.pem", folder + "/cert.pem"
    run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
        "-keyout", key, "-out", cert, "-days", "2", "-subj", "/CN=localhost", "-addext",
        "subjectAltName=DNS:localhost,IP:127.0.0.1")
    for what, udp, flag, kind in (("TLS", [], [], "tcp"), ("DTLS", ["-u"], ["-dtls"], "udp")):
        at = next_port()
        server = start("openssl", "s_server", *flag, "-quiet", "-accept", at, "-cert", cert, "-key", key,
                       stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        wait_port(at, kind)
        client = start(PICKET, "nc", *udp, "--ssl-verify", "--ssl-trustfile", cert, "127.0.0.1", at,
                       stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        client.stdin.write(b"up\n")
        client.stdin.flush()
        check(server.stdout.readline() == b"up\n", "%s: s_server hears us" % what)
        server.stdin.write(b"down\n")
        server.stdin.flush()
        check(client.stdout.readline() == b"down\n", "%s: we hear s_server" % what)
        stop(client)
        stop(server)
        at = next_port()
        server = start(PICKET, "nc", *udp, "--ssl-cert", cert, "--ssl-key", key, "-l", at,
                       stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        wait_port(at, kind)
        client = start("openssl", "s_client", *flag, "-quiet", "-CAfile", cert, "-verify_return_error",
                       "-connect", "127.0.0.1:" + at, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        time.sleep(1)
        client.stdin.write(b"up\n")
        client.stdin.flush()
        check(server.stdout.readline() == b"up\n", "%s: we hear s_client" % what)
        server.stdin.write(b"down\n")
        server.stdin.flush()
        check(client.stdout.readline() == b"down\n", "%s: s_client hears us" % what)
        stop(client)
        stop(server)


def bind(folder):
    at = next_port()
    with open(folder + "/zone", "w") as f:
        f.write("$TTL 60\n@ SOA ns. root. 1 60 60 60 60\n@ NS ns.\nhost A 192.0.2.77\n")
    with open(folder + "/named.conf", "w") as f:
        f.write('options { directory "%s"; listen-on port %s { 127.0.0.1; }; listen-on-v6 { none; }; '
                'pid-file none; recursion no; };\ncontrols { };\n'
                'zone "lab.test" { type primary; file "%s/zone"; };\n' % (folder, at, folder))
    start("/usr/sbin/named", "-f", "-c", folder + "/named.conf")
    check(wait_port(at, "udp"), "named listens")
    question = struct.pack(">HHHHHH", 4711, 0x100, 1, 0, 0, 0) + b"\4host\3lab\4test\0\0\1\0\1"
    answer = b""
    for _ in range(20):  # it loads its zone
        status, answer = run(PICKET, "nc", "-u", "-W", "1", "-w", "2", "127.0.0.1", at, data=question)
        if socket.inet_aton("192.0.2.77") in answer:
            break
        time.sleep(0.3)
    check(status == 0 and socket.inet_aton("192.0.2.77") in answer, "a question to bind over UDP")
    status, answer = run(PICKET, "nc", "-N", "-w", "2", "127.0.0.1", at,
                         data=struct.pack(">H", len(question)) + question)
    check(socket.inet_aton("192.0.2.77") in answer, "... and over TCP")


def tar(folder):
    os.makedirs(folder + "/from/deep")
    for i in range(40):
        with open("%s/from/deep/%d" % (folder, i), "wb") as f:
            f.write(os.urandom(50000 + i))
    os.mkdir(folder + "/to")
    at = next_port()
    server = start("/bin/sh", "-c", "%s nc -l %s | tar x -C %s/to" % (PICKET, at, folder))
    wait_port(at)
    status, _ = run("/bin/sh", "-c", "tar c -C %s/from . | %s nc -N 127.0.0.1 %s" % (folder, PICKET, at))
    server.wait(20)
    same, _ = run("diff", "-r", folder + "/from", folder + "/to")
    check(status == 0 and same == 0, "a folder by tar over a pipe")


def netcats():
    """Each of the others talks with us, both ways; bytes are whole."""
    data = os.urandom(1500000)
    for peer, listen, connect in (
            ("nc.openbsd", ["-l"], ["-N"]), ("nc.traditional", ["-l", "-p"], ["-q", "1"]),
            ("ncat", ["-l"], [])):
        at = next_port()
        server = start(peer, *listen, at, stdout=subprocess.PIPE)
        wait_port(at)
        client = start(PICKET, "nc", "-N", "127.0.0.1", at, stdin=subprocess.PIPE)
        client.stdin.write(data)
        client.stdin.close()
        check(server.stdout.read() == data, "to %s" % peer)
        stop(client)
        stop(server)
        at = next_port()
        server = start(PICKET, "nc", "-l", at, stdout=subprocess.PIPE)
        wait_port(at)
        client = start(peer, *connect, "127.0.0.1", at, stdin=subprocess.PIPE)
        client.stdin.write(data)
        client.stdin.close()
        check(server.stdout.read() == data, "from %s" % peer)
        stop(client)
        stop(server)


def main():
    global PICKET
    if len(sys.argv) != 2:
        sys.exit(__doc__.strip())
    PICKET = os.path.abspath(sys.argv[1])
    if not os.environ.get("NC_LAB_INSIDE"):
        subprocess.run(["./setup", "lab", "--", *PACKAGES], check=True)
        os.execvpe("unshare", ["unshare", "--net", sys.executable, *sys.argv],
                   {**os.environ, "NC_LAB_INSIDE": "1"})
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    folder = tempfile.mkdtemp(prefix="picket-nc-")
    try:
        ssh(folder)
        curl(folder)
        openssl(folder)
        bind(folder)
        tar(folder)
        netcats()
    finally:
        for process in started:
            stop(process)
        shutil.rmtree(folder, ignore_errors=True)
    print("%d passed, %d failed" % (passed, failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
