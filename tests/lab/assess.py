#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""picket's own checks against real daemons: what they must find, what they must not, and what
becomes of results when the worker is killed.

usage: assess.py PICKET                        as root; the last line is `N passed, M failed`

In a network namespace with nothing but loopback run vsftpd, nginx, redis, samba, snmpd, named, sshd,
rsync, mosquitto and memcached: once as careless people set them up, once hardened.
"""
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

PACKAGES = ["nginx-light", "openssh-server", "redis-server", "vsftpd", "samba", "snmpd", "bind9",
            "rsync", "mosquitto", "memcached", "openssl", "iproute2"]
FOLDER = "FOLDER"  # stands for the world's folder in configurations

# Of the careless world: every finding, no other.
EXPECTED = {
    ("dns.resolver", "udp", 53), ("ftp.anonymous", "tcp", 21), ("ftp.clear", "tcp", 21),
    ("memcached.open", "tcp", 11211), ("memcached.udp", "udp", 11211), ("mqtt.open", "tcp", 1883),
    ("redis.open", "tcp", 6379), ("rsync.modules", "tcp", 873), ("smb.signing", "tcp", 445),
    ("smb.version1", "tcp", 445), ("snmp.community", "udp", 161), ("ssh.ciphers", "tcp", 22),
    ("ssh.kex", "tcp", 22), ("ssh.macs", "tcp", 22), ("tls.anonymous", "tcp", 443),
    ("tls.key", "tcp", 443), ("tls.old", "tcp", 443), ("tls.selfsigned", "tcp", 443),
    ("tls.soon", "tcp", 443), ("web.env", "tcp", 80), ("web.git", "tcp", 80),
    ("web.hsts", "tcp", 443), ("web.listing", "tcp", 80), ("web.stubstatus", "tcp", 80),
}
# Of the hardened one.  Its certificate has no authority that a test could have.
EXPECTED_HARD = {("tls.selfsigned", "tcp", 443)}

NGINX = """daemon off; pid FOLDER/nginx.pid; error_log /dev/null; events {}
http { access_log off; client_body_temp_path FOLDER/b; proxy_temp_path FOLDER/p;
fastcgi_temp_path FOLDER/f; uwsgi_temp_path FOLDER/u; scgi_temp_path FOLDER/s; %s }
"""
CARELESS = {
    "nginx.conf": NGINX % """
server { listen 80; root FOLDER/web; autoindex on; location /nginx_status { stub_status; } }
server { listen 443 ssl; ssl_certificate FOLDER/cert.pem; ssl_certificate_key FOLDER/key.pem;
ssl_protocols TLSv1 TLSv1.1 TLSv1.2; ssl_ciphers ALL:@SECLEVEL=0; root FOLDER/empty; }""",
    "ftp.conf": "listen=YES\nanonymous_enable=YES\nanon_root=FOLDER/ftp\nbackground=NO\n"
                "secure_chroot_dir=FOLDER/ftp\n",
    "snmpd.conf": "rocommunity public\n",
    "named.conf": """options { directory "FOLDER"; pid-file none; recursion yes; version none;
allow-recursion { any; }; listen-on { 127.0.0.1; }; listen-on-v6 { none; }; dnssec-validation no; };
""",
    "sshd.conf": "Port 22\nHostKey FOLDER/host_key\nUsePAM no\nPidFile none\n"
                 "KexAlgorithms +diffie-hellman-group14-sha1\nCiphers +aes128-cbc\nMACs +hmac-md5\n"
                 "HostKeyAlgorithms rsa-sha2-512\n",
    "rsyncd.conf": "port=873\nuse chroot=no\npid file=FOLDER/rsync.pid\n[data]\npath=FOLDER/ftp\n",
    "mosquitto.conf": "listener 1883\nallow_anonymous true\n",
    "smb.conf": "[global]\nserver min protocol = NT1\n",
    "redis.conf": "save ''\nprotected-mode no\ndir FOLDER\n",
}
HARD = {
    "nginx.conf": NGINX % """
server { listen 80; location / { return 301 https://$host$request_uri; } }
server { listen 443 ssl; ssl_certificate FOLDER/cert.pem; ssl_certificate_key FOLDER/key.pem;
ssl_protocols TLSv1.2 TLSv1.3; ssl_ciphers ECDHE+AESGCM; root FOLDER/empty;
add_header Strict-Transport-Security "max-age=31536000" always; }""",
    "ftp.conf": "listen=YES\nanonymous_enable=NO\nlocal_enable=YES\nbackground=NO\nssl_enable=YES\n"
                "secure_chroot_dir=FOLDER/ftp\nrsa_cert_file=FOLDER/cert.pem\n"
                "rsa_private_key_file=FOLDER/key.pem\n",
    "snmpd.conf": "rocommunity 7f3a91c05e\n",
    "named.conf": """options { directory "FOLDER"; pid-file none; recursion no; version none;
listen-on { 127.0.0.1; }; listen-on-v6 { none; }; dnssec-validation no; };
""",
    "sshd.conf": "Port 22\nHostKey FOLDER/host_key\nUsePAM no\nPidFile none\n"
                 "PasswordAuthentication no\nHostKeyAlgorithms rsa-sha2-512\n"
                 "KexAlgorithms curve25519-sha256\nMACs hmac-sha2-256-etm@openssh.com\n",
    "rsyncd.conf": "port=873\nuse chroot=no\npid file=FOLDER/rsync.pid\nlist=no\n"
                   "[data]\npath=FOLDER/ftp\n",
    "mosquitto.conf": "listener 1883\nallow_anonymous false\n",
    "smb.conf": "[global]\nserver signing = mandatory\n",
    "redis.conf": "save ''\nrequirepass 7f3a91c05e\ndir FOLDER\n",
}
SMB_FOLDERS = ["pid directory", "lock directory", "state directory", "cache directory",
               "private dir", "ncalrpc dir"]


class World:
    def __init__(self, files, hard):
        self.folder, self.running = tempfile.mkdtemp(prefix="assess-"), []
        os.chmod(self.folder, 0o755)
        for name in ("web/.git", "empty", "ftp", "rpc"):
            os.makedirs(self.path(name))
        os.chmod(self.path("ftp"), 0o555)
        files = dict(files)
        files["smb.conf"] += "log file = /dev/null\n" + "".join(
            "%s = FOLDER/rpc\n" % name for name in SMB_FOLDERS)
        files["web/.git/HEAD"] = "ref: refs/heads/main\n"
        files["web/.env"] = "DB_PASSWORD=x\n"
        for name, text in files.items():
            with open(self.path(name), "w", encoding="utf-8") as f:
                f.write(text.replace(FOLDER, self.folder))
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:3072" if hard else "rsa:1024",
                        "-nodes", "-days", "90" if hard else "5", "-subj", "/CN=test", "-keyout",
                        self.path("key.pem"), "-out", self.path("cert.pem")], check=True,
                       stderr=subprocess.DEVNULL)
        subprocess.run(["ssh-keygen", "-q", "-t", "rsa", "-N", "", "-f", self.path("host_key")],
                       check=True)
        os.makedirs("/run/sshd", exist_ok=True)
        for line in ("nginx -c %s/nginx.conf", "redis-server %s/redis.conf", "vsftpd %s/ftp.conf",
                     "snmpd -f -Lo -C -c %s/snmpd.conf -p %s/snmpd.pid udp:127.0.0.1:161",
                     "named -f -c %s/named.conf", "/usr/sbin/sshd -D -f %s/sshd.conf",
                     "rsync --daemon --no-detach --config=%s/rsyncd.conf",
                     "mosquitto -c %s/mosquitto.conf", "smbd -F --no-process-group -s %s/smb.conf",
                     "" if hard else "memcached -u nobody -l 127.0.0.1 -U 11211"):
            if line:
                self.running.append(subprocess.Popen(
                    line.replace("%s", self.folder).split(), start_new_session=True,
                    stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL))
        time.sleep(4)

    def path(self, name):
        return os.path.join(self.folder, name)

    def stop(self):
        for p in self.running:
            try:
                os.killpg(p.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            p.wait()
        time.sleep(0.5)
        shutil.rmtree(self.folder, ignore_errors=True)


def findings(text):
    return [(f["test"].replace("picket.", "", 1), f["protocol"], f["port"])
            for f in map(json.loads, text.splitlines())]


def killed_worker(picket):
    """The findings of a scan whose worker is killed on the way."""
    scan = subprocess.Popen([picket, "assess", "scan", "--json", "127.0.0.1"], text=True,
                            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    time.sleep(2)
    with open("/proc/%d/task/%d/children" % (scan.pid, scan.pid), encoding="ascii") as f:
        children = f.read().split()
    for child in children:
        os.kill(int(child), signal.SIGKILL)
    return children, findings(scan.communicate(timeout=300)[0])


def main(picket):
    failed = passed = 0

    def check(name, ok, detail=""):
        nonlocal failed, passed
        passed, failed = passed + bool(ok), failed + (not ok)
        if not ok:
            print("FAIL %s: %s" % (name, detail))

    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    for hard, files, expected in ((False, CARELESS, EXPECTED), (True, HARD, EXPECTED_HARD)):
        world = World(files, hard)
        try:
            done = subprocess.run([picket, "assess", "scan", "--json", "127.0.0.1"], text=True,
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=300)
            found = findings(done.stdout)
            name = "hardened" if hard else "careless"
            for row in sorted(expected):
                check("%s: %s" % (name, row[0]), row in found, "not found")
            for row in sorted(set(found) - expected):
                check("%s: %s" % (name, row[0]), False, "found at %s/%d" % row[1:])
            check(name + ": no fault", not done.stderr, done.stderr)
            check(name + ": nothing twice", len(found) == len(set(found)), found)
            if not hard:
                children, again = killed_worker(picket)
                check("a worker was killed", children)
                check("killed worker", sorted(again) == sorted(found),
                      set(again) ^ set(found) or "told twice")
        finally:
            world.stop()
    print("%d passed, %d failed" % (passed, failed))
    return failed != 0


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__.strip())
    if os.environ.get("ASSESS_INSIDE") != "1":
        tree = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
        subprocess.run([os.path.join(tree, "setup"), "--"] + PACKAGES, check=True)
        os.environ["ASSESS_INSIDE"] = "1"
        os.execvp("unshare", ["unshare", "--net", sys.executable, os.path.abspath(__file__),
                              os.path.abspath(sys.argv[1])])
    sys.exit(main(sys.argv[1]))
