#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Advisories over a real HTTPS server: fetched once, fetched again, cut off, altered, refused.

usage: advisory.py PICKET                      the last line is `N passed, M failed`

One server on 127.0.0.1 plays CSAF provider (ROLIE, checksums, OpenPGP signatures), NVD with pages
and 429, Debian's tracker with ETag, KEV, EPSS and an Atom feed.
"""
import gzip
import hashlib
import hmac
import http.server
import json
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import xml.etree.ElementTree as ElementTree

from advisory_mail import ME, Post, smtp_of

PACKAGES = ["gnupg", "gpgv", "openssl"]
passed = failed = 0


def check(good, words):
    global passed, failed
    if good:
        passed += 1
    else:
        failed += 1
        print("FAIL", words, flush=True)
    return good


def run(*argv, **more):
    return subprocess.run([str(a) for a in argv], capture_output=True, text=True, timeout=300, **more)


def csaf(number, text="One"):
    return json.dumps({"document": {
        "category": "csaf_security_advisory", "csaf_version": "2.0", "title": f"{text} hole {number}",
        "publisher": {"category": "vendor", "name": "Lab", "namespace": "https://lab.example"},
        "tracking": {"id": f"LAB-{number}", "status": "final", "version": "1",
                     "initial_release_date": "2024-01-02T00:00:00Z",
                     "current_release_date": "2024-01-02T00:00:00Z",
                     "revision_history": [{"number": "1", "date": "2024-01-02T00:00:00Z",
                                           "summary": "first"}]},
        "notes": [{"category": "description", "text": "lab " * 2000}]},
        "vulnerabilities": [{"cve": f"CVE-2024-{1000 + number}", "title": "hole"}]}).encode()


class World:
    """What the server says; `cut` addresses break off once, `busy` ones say 429 that often."""

    def __init__(self, folder):
        self.folder, self.files, self.types = folder, {}, {}
        self.cut, self.busy, self.moved, self.asked = {}, {}, 0, []
        self.redirect = {}
        self.cves, self.hooks = [], []
        self.gpg = os.path.join(folder, "gpg")
        os.mkdir(self.gpg, 0o700)
        for name in ("lab", "stranger"):
            run("gpg", "--homedir", self.gpg, "--batch", "--passphrase", "", "--quick-gen-key",
                f"{name}@lab.example", "rsa2048", "sign", "never")

    def sign(self, data, who="lab"):
        return subprocess.run(["gpg", "--homedir", self.gpg, "--batch", "--armor", "-u",
                               f"{who}@lab.example", "--detach-sign"], input=data,
                              capture_output=True).stdout

    def key(self, who="lab"):
        return subprocess.run(["gpg", "--homedir", self.gpg, "--armor", "--export",
                               f"{who}@lab.example"], capture_output=True).stdout

    def put_csaf(self, base, numbers, updated="2024-01-02T00:00:00Z", who="lab"):
        entries = []
        for number in numbers:
            path = f"/csaf/lab-{number}.json"
            data = csaf(number)
            self.files[path] = data
            self.files[path + ".sha512"] = hashlib.sha512(data).hexdigest().encode() + b"  x\n"
            self.files[path + ".asc"] = self.sign(data, who)
            entries.append({"id": f"LAB-{number}", "updated": updated, "published": updated,
                            "content": {"type": "application/json", "src": base + path},
                            "link": [{"rel": "self", "href": base + path},
                                     {"rel": "hash", "href": base + path + ".sha512"},
                                     {"rel": "signature", "href": base + path + ".asc"}]})
        self.files["/csaf/feed.json"] = json.dumps({"feed": {"id": "f", "entry": entries}}).encode()
        self.files["/csaf/provider-metadata.json"] = json.dumps({
            "metadata_version": "2.0", "role": "csaf_trusted_provider",
            "canonical_url": base + "/csaf/provider-metadata.json",
            "publisher": {"category": "vendor", "name": "Lab", "namespace": "https://lab.example"},
            "public_openpgp_keys": [{"url": base + "/csaf/key.asc"}],
            "distributions": [{"rolie": {"feeds": [{"url": base + "/csaf/feed.json"}]}}]}).encode()
        self.files["/csaf/key.asc"] = self.key()

    def nvd(self, query):
        rows = self.cves
        if "lastModStartDate" in query:
            rows = []
        start = int(query.get("startIndex", ["0"])[0])
        page = rows[start:start + 200]
        return json.dumps({"resultsPerPage": len(page), "startIndex": start,
                           "totalResults": len(rows), "format": "NVD_CVE", "version": "2.0",
                           "timestamp": "2024-01-01T00:00:00.000",
                           "vulnerabilities": page}).encode()


def handler_of(world):
    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_):
            pass

        def answer(self, status, headers=(), body=b"", length=None):
            self.send_response(status)
            for name, value in headers:
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body) if length is None else length))
            self.end_headers()
            self.wfile.write(body)
            world.moved += len(body)

        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            world.hooks.append((body, self.headers["X-Picket-Signature"],
                                self.headers["Idempotency-Key"]))
            self.answer(204)

        def do_GET(self):
            parts = urllib.parse.urlsplit(self.path)
            world.asked.append((self.path, self.headers.get("Range")))
            if world.busy.get(parts.path, 0) > 0:
                world.busy[parts.path] -= 1
                return self.answer(429, [("Retry-After", "1")])
            if parts.path in world.redirect:
                return self.answer(302, [("Location", world.redirect[parts.path])])
            if parts.path == "/rest/json/cves/2.0":
                return self.answer(200, [("Content-Type", "application/json")],
                                   world.nvd(urllib.parse.parse_qs(parts.query)))
            body = world.files.get(parts.path)
            if body is None:
                return self.answer(404)
            tag = '"' + hashlib.sha1(body).hexdigest() + '"'
            if self.headers.get("If-None-Match") == tag:
                return self.answer(304, [("ETag", tag)])
            status, start = 200, 0
            wanted = re.match(r"bytes=(\d+)-$", self.headers.get("Range", ""))
            if wanted and self.headers.get("If-Range") == tag:
                status, start = 206, int(wanted[1])
            head = [("ETag", tag)]
            if status == 206:
                head.append(("Content-Range", f"bytes {start}-{len(body) - 1}/{len(body)}"))
            if world.cut.pop(parts.path, None):
                self.answer(status, head, body[start:len(body) // 2], len(body) - start)
                self.wfile.flush()
                self.connection.close()
                return None
            return self.answer(status, head, body[start:])

    return Handler


def serve(world, folder):
    key, cert = os.path.join(folder, "key.pem"), os.path.join(folder, "cert.pem")
    run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
        "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost", "-keyout", key,
        "-out", cert)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler_of(world))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.handle_error = lambda *_: None
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"https://127.0.0.1:{server.server_port}", cert


def fill(world, base):
    tracker = {f"pkg{i}": {f"CVE-2020-{i * 10 + k}": {
        "scope": "local", "description": "x" * 200,
        "releases": {"bookworm": {"status": "open", "repositories": {"bookworm": "1.0-1"},
                                  "urgency": "low"}}} for k in range(4)} for i in range(1500)}
    world.files["/tracker.json"] = json.dumps(tracker).encode()
    world.files["/kev.json"] = json.dumps({
        "title": "CISA Catalog of Known Exploited Vulnerabilities", "catalogVersion": "2024.01.01",
        "dateReleased": "2024-01-01T00:00:00Z", "count": 1, "vulnerabilities": [{
            "cveID": "CVE-2024-1001", "vendorProject": "Lab", "product": "Lab",
            "vulnerabilityName": "Lab hole", "dateAdded": "2024-01-01", "shortDescription": "x",
            "requiredAction": "patch", "dueDate": "2024-01-22",
            "knownRansomwareCampaignUse": "Known", "notes": ""}]}).encode()
    rows = "".join(f"CVE-2024-{1000 + i},0.{i:05d},0.5\n" for i in range(1000))
    world.files["/epss.csv.gz"] = gzip.compress(
        ("#model_version:v1,score_date:2024-01-01T00:00:00+0000\ncve,epss,percentile\n" + rows).encode())
    world.files["/feed.atom"] = b"""<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom">
<title>Lab</title><id>tag:lab</id><updated>2024-01-02T00:00:00Z</updated><entry><id>tag:lab,1</id>
<title>CVE-2024-1002 in lab</title><updated>2024-01-02T00:00:00Z</updated>
<link href="https://lab.example/1"/><summary>hole</summary></entry></feed>"""
    world.cves = [{"cve": {"id": f"CVE-2024-{1000 + i}", "published": "2024-01-01T00:00:00.000",
                           "lastModified": "2024-01-02T00:00:00.000", "vulnStatus": "Analyzed",
                           "descriptions": [{"lang": "en", "value": "hole " * 60}], "metrics": {},
                           "references": []}} for i in range(1000)]
    world.put_csaf(base, range(1, 21))
    return [base + path for path in ("/csaf/provider-metadata.json", "/rest/json/cves/2.0",
                                     "/tracker.json", "/kev.json", "/epss.csv.gz", "/feed.atom")]


class Lab:
    def __init__(self, picket, folder):
        self.picket, self.folder = picket, folder
        self.world = World(folder)
        self.base, self.cert = serve(self.world, folder)

    def fetch(self, *urls, db="a.db"):
        self.world.moved = 0
        self.world.asked = []
        r = run(self.picket, "advisory", "fetch", "--db", os.path.join(self.folder, db), "--ca",
                self.cert, "--json", *urls)
        try:
            counts = json.loads(r.stdout)
        except ValueError:
            counts = {}
        return r.returncode, counts, r.stderr


def test_twice(lab):
    urls = fill(lab.world, lab.base)
    lab.world.busy["/rest/json/cves/2.0"] = 2
    code, first, words = lab.fetch(*urls)
    once = lab.world.moved
    check(code == 0 and first.get("refused") == 0, f"first fetch: {code} {words}")
    check(first.get("advisories", 0) >= 20 + 1000 + 6000 + 1 + 1000, f"first counts {first}")
    code, again, words = lab.fetch(*urls)
    check(code == 0 and again.get("news") == 0, f"second fetch: {code} {again} {words}")
    check(lab.world.moved < once * 0.02 and again.get("bytes", 0) < first["bytes"] * 0.02,
          f"second fetch moves {lab.world.moved} of {once} bytes (client: {again.get('bytes')})")
    r = run(lab.picket, "advisory", "show", "--db", os.path.join(lab.folder, "a.db"), "LAB-7")
    check(r.returncode == 0 and "CVE-2024-1007" in r.stdout, f"show LAB-7: {r.stdout} {r.stderr}")


def test_resumed(lab):
    lab.world.cut["/tracker.json"] = True
    code, counts, words = lab.fetch(lab.base + "/tracker.json", db="b.db")
    ranges = [r for path, r in lab.world.asked if r]
    size = len(lab.world.files["/tracker.json"])
    check(code == 0 and counts.get("advisories") == 6000, f"resumed: {code} {counts} {words}")
    check(len(ranges) == 1 and lab.world.moved == size, f"resumed: {ranges}, {lab.world.moved}/{size}")


def test_altered(lab):
    path = "/csaf/lab-3.json"
    good = dict(lab.world.files)
    lab.world.files[path + ".asc"] = lab.world.sign(good[path], "stranger")
    code, counts, words = lab.fetch(lab.base + "/csaf/provider-metadata.json", db="c.db")
    check(code == 1 and counts.get("refused") == 1 and counts.get("advisories") == 19,
          f"a stranger's signature: {code} {counts} {words}")
    lab.world.files = dict(good)
    code, counts, words = lab.fetch(lab.base + "/csaf/provider-metadata.json", db="c.db")
    check(code == 0 and counts.get("advisories") == 1, f"mended: {code} {counts} {words}")
    lab.world.files[path] = csaf(3, "Another")
    code, counts, words = lab.fetch(lab.base + "/csaf/provider-metadata.json", db="d.db")
    check(counts.get("refused") == 1, f"altered text: {code} {counts} {words}")
    lab.world.files[path + ".sha512"] = hashlib.sha512(lab.world.files[path]).hexdigest().encode()
    code, counts, words = lab.fetch(lab.base + "/csaf/provider-metadata.json", db="e.db")
    check(counts.get("refused") == 1, f"altered text and checksum: {code} {counts} {words}")
    lab.world.files = dict(good)
    lab.world.put_csaf(lab.base, [3], "2025-01-01T00:00:00Z", "stranger")
    lab.world.files["/csaf/key.asc"] = lab.world.key("stranger")
    code, counts, words = lab.fetch(lab.base + "/csaf/provider-metadata.json", db="c.db")
    check(counts.get("refused") == 1, f"the key was changed: {code} {counts} {words}")
    lab.world.files = good


def test_refused(lab):
    lab.world.redirect["/away"] = "http://192.168.0.1/"
    code, counts, words = lab.fetch(lab.base + "/away", db="f.db")
    check(code != 0 and "not followed" in words, f"from HTTPS to HTTP: {code} {words}")
    lab.world.redirect["/inside"] = lab.base.replace("127.0.0.1", "localhost") + "/kev.json"
    code, counts, words = lab.fetch(lab.base + "/inside", db="f.db")
    check(code != 0 and "private" in words, f"to a private address: {code} {words}")
    lab.world.redirect["/round"] = lab.base + "/round"
    code, counts, words = lab.fetch(lab.base + "/round", db="f.db")
    check(code != 0 and "redirects" in words, f"round and round: {code} {words}")
    lab.world.files["/bomb.gz"] = gzip.compress(b"\0" * (300 << 20))
    code, counts, words = lab.fetch(lab.base + "/bomb.gz", db="f.db")
    check(counts.get("advisories", 0) == 0 and code != 0, f"bomb: {code} {counts} {words}")
    r = run(lab.picket, "advisory", "fetch", "--db", os.path.join(lab.folder, "g.db"),
            lab.base + "/kev.json")
    check(r.returncode != 0, f"a certificate of nobody's: {r.returncode}")


DSA = """-----BEGIN PGP SIGNED MESSAGE-----
Hash: SHA512

- -------------------------------------------------------------------------
Debian Security Advisory DSA-5380-1                   security@debian.org
https://www.debian.org/security/                     Salvatore Bonaccorso
March 29, 2023                        https://www.debian.org/security/faq
- -------------------------------------------------------------------------

Package        : xorg-server
CVE ID         : CVE-2023-1393

A hole.

For the stable distribution (bookworm), this problem has been fixed in
version 2:21.1.7-2.

We recommend that you upgrade your xorg-server packages.
"""
STATUS = """Package: xserver-common
Status: install ok installed
Architecture: all
Source: xorg-server
Version: 2:21.1.7-1
"""


def test_lists(lab):
    post = Post(lab.folder)
    smtp = smtp_of(post)
    notes, db = (os.path.join(lab.folder, name) for name in ("subscriptions.json", "mail.db"))

    def ask(*argv):
        return run(lab.picket, "advisory", "subscribe", "--smtp", smtp, "--subscriptions", notes,
                   "--from", ME, *argv)

    def receive():
        r = run(lab.picket, "advisory", "receive", "--smtp", smtp, "--subscriptions", notes, "--db",
                db, "--maildir", post.maildir, "--json")
        return json.loads(r.stdout) if r.stdout else {"error": r.stderr}

    def states():
        with open(notes) as f:
            rows = json.load(f)
        rows = rows.get("subscriptions", rows) if isinstance(rows, dict) else rows
        return {row["list"].lower(): row for row in rows}

    lists = {"ciac-bulletin": ["--manager", "listproc", "--address", "listproc@lists.example",
                               "--list", "ciac-bulletin", "--name", "Doe, Jane", "--phone", "555"],
             "alerts": ["--manager", "majordomo", "--address", "majordomo@lists.example", "--list",
                        "alerts"],
             "advisories": ["--manager", "mailman", "--address",
                            "advisories@lists.example"]}
    post.deliver("listproc@lists.example", "SUBSCRIBE EVIL Doe", "Your subscription to evil has "
                 f"been accepted.\nYour address: {ME}\nYour initial PIN: 1\n")
    for argv in lists.values():
        r = ask(*argv)
        check(r.returncode == 0, f"subscribe {argv}: {r.stderr}")
    check(os.stat(notes).st_mode & 0o777 == 0o600, "the notes are for us alone")
    for _ in range(4):
        counts = receive()
        check("error" not in counts, f"receive: {counts}")
    now = states()
    for name in lists:
        check(now[name]["state"] == "active", f"{name} after subscribing: {now[name]}")
    check("evil" not in now, "an answer that nobody asked for")
    check(now["ciac-bulletin"].get("pin") == "836244", f"PIN: {now['ciac-bulletin']}")
    post.deliver("Debian Security <security@debian.org>", "[SECURITY] [DSA 5380-1] xorg-server", DSA)
    check(receive().get("news") == 1, "a bulletin")
    status = os.path.join(lab.folder, "status")
    with open(status, "w") as f:
        f.write(STATUS)
    r = run(lab.picket, "advisory", "match", "--db", db, "--status", status, "--suite", "bookworm",
            "--json")
    check("CVE-2023-1393" in r.stdout and "2:21.1.7-2" in r.stdout, f"matched: {r.stdout} {r.stderr}")
    for argv in lists.values():
        r = ask(*argv, "--off")
        check(r.returncode == 0, f"unsubscribe {argv}: {r.stderr}")
    for _ in range(4):
        receive()
    now = states()
    for name in lists:
        check(now[name]["state"] == "gone", f"{name} after unsubscribing: {now[name]}")


def test_told(lab):
    """Each alert once to each way, over restarts, deaf targets and a kill."""
    post = Post(os.path.join(lab.folder, "told"))
    smtp = smtp_of(post)
    log = os.path.join(lab.folder, "log")
    ear = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    ear.bind(log)
    ear.settimeout(0.2)
    hooks = lab.world.hooks
    atom, secret = os.path.join(lab.folder, "own.atom"), os.path.join(lab.folder, "secret")
    with open(secret, "w") as f:
        f.write("key\n")
    status = os.path.join(lab.folder, "status")
    with open(status, "w") as f:
        f.write(STATUS)

    def argv(*more):
        return [lab.picket, "advisory", "watch", "--db", os.path.join(lab.folder, "told.db"), "--ca",
                lab.cert, "--status", status, "--suite", "bookworm", "--smtp", smtp, "--from",
                "picket@home.example", "--secret", secret, "--tell", f"mail:{ME}", "--tell",
                f"webhook:{lab.base}/hook", "--tell", f"syslog:{log}", "--tell", f"atom:{atom}",
                "--maildir", post.maildir, "--subscriptions", os.path.join(lab.folder, "s.json"),
                *more]

    def lines():
        got = []
        try:
            while True:
                got.append(ear.recv(4096).decode())
        except TimeoutError:
            return got

    for number in range(3):
        post.deliver("security@debian.org", f"[DSA 538{number}-1]",
                     DSA.replace("DSA-5380", f"DSA-538{number}"))
    post.deliver("security@debian.org", "[DSA 5399-1]",
                 DSA.replace("DSA-5380", "DSA-5399").replace("xorg-server", "not-here"))
    post.deaf = True
    r = run(*argv("--once"))
    check(r.returncode == 1 and len(post.got) == 0, f"a deaf mail server: {r.returncode} {r.stderr}")
    check(len(lines()) == 3 and len(hooks) == 3, f"the others were told: {len(hooks)}")
    post.deaf = False
    for _ in range(2):
        r = run(*argv("--once"))
        check(r.returncode == 0, f"again: {r.returncode} {r.stderr}")
    check(len(post.got) == 1 and b"3 alerts" in post.got[0][2], f"one digest: {post.got}")
    check(len(lines()) == 0 and len(hooks) == 3, "nothing twice")
    text = post.got[0][2].decode()
    check(all(f"DSA-538{n}-1" in text for n in range(3)) and "5399" not in text, text)
    body, signature, key = hooks[0]
    check(signature == "sha256=" + hmac.new(b"key", body, "sha256").hexdigest(), "webhook signed")
    check(len({key for _, _, key in hooks}) == 3, "a key for each webhook")
    feed = ElementTree.parse(atom).getroot()
    check(len(feed.findall("{http://www.w3.org/2005/Atom}entry")) == 3, "own feed")
    child = subprocess.Popen([str(a) for a in argv("--every", "300ms")], stdout=subprocess.DEVNULL,
                             stderr=subprocess.DEVNULL)
    post.deliver("security@debian.org", "[DSA 5390-1]", DSA.replace("DSA-5380", "DSA-5390"))
    until = time.time() + 10
    while len(post.got) < 2 and time.time() < until:
        time.sleep(0.05)
    child.kill()
    child.wait()
    r = run(*argv("--once"))
    names = {re.search(rb"Message-ID: (.*)", mail)[1] for _, _, mail in post.got}
    check(r.returncode == 0 and len(names) == 2 and len({key for _, _, key in hooks}) == 4,
          f"over a kill: {names} {len(hooks)} {r.stderr}")


def main():
    picket = os.path.abspath(sys.argv[1])
    if not shutil.which("gpg") or not shutil.which("gpgv"):
        sys.exit("gpg and gpgv are needed: " + " ".join(PACKAGES))
    folder = tempfile.mkdtemp(prefix="picket-advisory-")
    try:
        lab = Lab(picket, folder)
        for test in (test_twice, test_resumed, test_altered, test_refused,
                     test_lists, test_told):
            test(lab)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
