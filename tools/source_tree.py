# SPDX-License-Identifier: GPL-3.0-or-later
"""What the check-* tools share: the files of the tree, C code without comments and texts, and one
way to report.  A fault is always `path:line  words`, so that an editor can jump to it."""
import os
import re
import sys

TOKEN = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)
ROW = re.compile(r'MODULE\((\w+), ".+"\)$')


def root():
    """The tree to check: the first argument, else the folder that the tools lie in."""
    return sys.argv[1] if len(sys.argv) > 1 else os.path.dirname(os.path.dirname(
        os.path.abspath(__file__)))


def read(path):
    with open(path, encoding="utf-8", errors="replace") as f:
        return f.read()


def walk(top, folder, endings=("",)):
    """Paths, relative to `top`, of the files below `folder` whose names end so; sorted."""
    found = []
    for where, folders, names in os.walk(os.path.join(top, folder)):
        folders[:] = [f for f in folders if f not in ("__pycache__", ".git") and
                      not f.startswith("build")]
        found += [os.path.relpath(os.path.join(where, n), top) for n in names
                  if n.endswith(tuple(endings)) and not n.endswith(".pyc")]
    return sorted(found)


def blank(text):
    """C code with comments and literals blanked out: all offsets and lines stay where they are."""
    def spaces(match):
        token = match.group(0)
        inner = re.sub(r"[^\n]", " ", token)
        return inner if token.startswith("/") else token[0] + inner[1:-1] + token[-1]
    return TOKEN.sub(spaces, text)


def is_test(path):
    return path.endswith(("_test.c", "_fuzz.c"))


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1


def rows(top, path):
    """(line, name or None when the line is no row) of a modules.def."""
    for number, line in enumerate(read(os.path.join(top, path)).splitlines(), 1):
        if line.strip():
            match = ROW.match(line)
            yield number, match.group(1) if match else None


def functions(code):
    """(line, signature, body length in lines) of each function of blanked code.  Counts on
    clang-format: only a function's braces stand alone in the first column."""
    lines = code.split("\n")
    start = None
    for i, line in enumerate(lines):
        if line == "{":
            head = i
            while head > 0 and lines[head - 1].strip() and not lines[head - 1].startswith(("}", "#")) \
                    and not lines[head - 1].rstrip().endswith(";"):
                head -= 1
            start = head
        elif line == "}" and start is not None:
            signature = " ".join(" ".join(lines[start:i]).split("{")[0].split())
            yield start + 1, signature, i - start + 1
            start = None


class Report:
    def __init__(self):
        self.faults = 0

    def fault(self, path, line, words):
        print("%s:%d  %s" % (path, line, words))
        self.faults += 1

    def close(self, seen):
        print("%s, %d faults" % (seen, self.faults))
        return 1 if self.faults else 0
