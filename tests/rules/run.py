#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""picket's own rules: each is fired by a capture made for it, by name; and each has one.

usage: run.py PICKET [-v] [SID...]              the last line is `N passed, M failed`
"""
import json
import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, HERE)
import cases  # noqa: E402
import frames  # noqa: E402


def read_rules(name):
    """sid -> message of a file."""
    with open(os.path.join(ROOT, "data/rules", name + ".rules"), encoding="utf-8") as f:
        return {int(sid): message for message, sid in
                re.findall(r'^alert [^\n]*?msg:"([^"]*)"[^\n]*\bsid:(\d+);', f.read(), re.M)}


def alerts_of(picket, folder, rules, capture):
    out = os.path.join(folder, "eve.json")
    if os.path.exists(out):
        os.remove(out)
    done = subprocess.run([picket, "ids", "-r", capture, "--rules", rules, "--eve", out, "-l", folder, "-q"],
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, timeout=60)
    found = set()
    if os.path.exists(out):
        with open(out, encoding="utf-8") as f:
            for line in f:
                event = json.loads(line)
                if event.get("event_type") == "alert":
                    found.add((event["alert"]["signature_id"], event["alert"]["signature"]))
    return done, found


def main():
    words = sys.argv[1:]
    if not words:
        print(__doc__.strip(), file=sys.stderr)
        return 2
    picket, verbose = os.path.abspath(words[0]), "-v" in words
    only = {int(w) for w in words[1:] if w.isdigit()}
    passed = failed = 0
    with tempfile.TemporaryDirectory(prefix="picket-rules-") as folder:
        for name, (base, make) in cases.FILES.items():
            rules = read_rules(name)
            path = os.path.join(ROOT, "data/rules", name + ".rules")
            captures = {base + number: traffic for number, traffic in make().items()}
            for sid in sorted(set(rules) | set(captures)):
                if only and sid not in only:
                    continue
                if sid not in captures or sid not in rules:
                    print("FAIL %d: %s" % (sid, "no rule" if sid in captures else "no capture"))
                    failed += 1
                    continue
                capture = os.path.join(folder, "%d.pcap" % sid)
                frames.write_capture(capture, captures[sid])
                done, found = alerts_of(picket, folder, path, capture)
                if (sid, rules[sid]) in found and done.returncode == 0:
                    passed += 1
                    if verbose:
                        print("ok   %d %s" % (sid, rules[sid]))
                else:
                    failed += 1
                    print("FAIL %d %s: %s" % (sid, rules[sid], sorted(found) or done.stdout[-300:]))
    print("%d passed, %d failed" % (passed, failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
