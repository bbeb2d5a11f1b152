#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Do the checkers of `make lint` refuse what they are there for?

usage: planted.py [-v] [SUBSTRING]      the last line is `N passed, M failed`

Works on a copy of the tree.  Each row of PLANTS puts one fault into it, runs the row of
tests/lint.table that must refuse it, and looks for file, line and words in what is printed.  Before
that each of these rows must find the copy clean, or its refusals would prove nothing.
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
STR, BASE = "src/core/base/str.c", "src/core/base/modules.def"


class Copy:
    """The copied tree; every edit is undone by restore()."""

    def __init__(self, top):
        self.top, self.before = top, {}

    def path(self, name):
        return os.path.join(self.top, name)

    def read(self, name):
        with open(self.path(name), encoding="utf-8") as f:
            return f.read()

    def write(self, name, text):
        exists = os.path.exists(self.path(name))
        self.before.setdefault(name, self.read(name) if exists else None)
        os.makedirs(os.path.dirname(self.path(name)), exist_ok=True)
        with open(self.path(name), "w", encoding="utf-8") as f:
            f.write(text)

    def append(self, name, text):
        """Add lines at the end; returns the number of the one marked by "@", else of the first."""
        old = self.read(name)
        self.write(name, old + text.replace("@", "") + "\n")
        return old.count("\n") + 1 + text.partition("@")[0].count("\n") * ("@" in text)

    def replace(self, name, pattern, by):
        """Put `by` in place of the first match; returns its line."""
        old = self.read(name)
        match = re.search(pattern, old, re.M)
        assert match, "%s has no %s: mend this plant" % (name, pattern)
        self.write(name, old[:match.start()] + match.expand(by) + old[match.end():])
        return old.count("\n", 0, match.start()) + 1

    def restore(self):
        for name, text in self.before.items():
            if text is None:
                os.remove(self.path(name))
                if not os.listdir(os.path.dirname(self.path(name))):
                    os.rmdir(os.path.dirname(self.path(name)))
            else:
                with open(self.path(name), "w", encoding="utf-8") as f:
                    f.write(text)
        self.before = {}


def code(text):
    """A plant that appends code to a module which every floor has."""
    return lambda copy: (STR, copy.append(STR, text))


def in_file(name, text):
    return lambda copy: (name, copy.append(name, text))


def new_file(name, text, line=1):
    def plant(copy):
        copy.write(name, "/* SPDX-License-Identifier: GPL-3.0-or-later */\n" + text + "\n")
        return name, line
    return plant


def replaced(name, pattern, by, offset=0):
    return lambda copy: (name, copy.replace(name, pattern, by) + offset)


def without_seeds(copy):
    """A fuzz target with its row, but no seeds."""
    name = "src/core/base/str_fuzz.c"
    copy.write(name, "/* SPDX-License-Identifier: GPL-3.0-or-later */\nint nothing;\n")
    return name, 1


def long_file(copy):
    text = copy.read(STR)
    copy.write(STR, text + "\n" * (701 - text.count("\n")))
    return STR, 701


LONG_FUNCTION = "int too_long(void)\n{\n" + "    (void)0;\n" * 58 + "}"
PARSER = "int zone_parse(struct zone *out, const char *text, struct err *e)\n{\n    return 0;\n}"
DECODER = "bool zone_decode(struct bytes_in *in)\n{\n    return false;\n}"

# row of lint.table, what is planted, how (gives file and line), words of the refusal
PLANTS = [
    ("floors", "an include upward", code('#include "hub/model/event.h"'), "an arrow upward"),
    ("floors", "an include sideways", in_file("src/core/net/addr.h", '#include "core/match/regex.h"'),
     "not an arrow that floors.txt knows"),
    ("floors", "a library without a door", code("#include <expat.h>"), "a library without a door"),
    ("floors", "a library beside its door", code("#include <sqlite3.h>"), "may include this library"),
    ("floors", "a system call in core", code("#include <sys/socket.h>"), "makes no system call"),
    ("floors", "an include without its path", code('#include "str.h"'), "whole path"),
    ("lists", "a list out of order", replaced(BASE, r"^(MODULE\(arena.*\n)(MODULE\(attr.*\n)", r"\2\1", 1),
     "not sorted"),
    ("lists", "a double row", replaced(BASE, r"^(MODULE\(arena.*\n)", r"\1\1", 1), "a second row"),
    ("lists", "a row without a file", in_file(BASE, 'MODULE(zzz, "nothing")'), "no file zzz"),
    ("lists", "a row without words", in_file(BASE, "MODULE(zzz)"), "a row is MODULE"),
    ("lists", "a file without a row", new_file("src/core/base/zzz.c", "int zzz;"), "no row for zzz"),
    ("lists", "a folder without a list", new_file("src/core/zzz/a.c", "int a;"), "has no modules.def"),
    ("lists", "a folder outside the build", replaced("meson.build", r"  'core/net',\n", ""),
     "not in meson.build"),
    ("lists", "a double row in a table", replaced("src/hub/model/event_kind.def",
                                                  r"^(EVENT_KIND\(BAN.*\n)", r"\1\1", 1), "a second row"),
    ("lists", "a fuzz target without seeds", without_seeds, "no seeds in tests/corpus/base_str"),
    ("lists", "seeds without a fuzz target", new_file("tests/corpus/base_zzz/seed", "x"),
     "seeds without a fuzz target"),
    ("names", "a banned call", code("void f(char *a)\n{\n    @strcpy(a, a);\n}"), "banned call strcpy"),
    ("names", "a shell line", code("int f(void)\n{\n    @return system(0);\n}"), "banned call system"),
    ("names", "malloc outside core/base", in_file("src/core/net/addr.h",
                                                  "static inline void f(void)\n{\n    @free(0);\n}"),
     "free outside core/base"),
    ("names", "a socket in wire", new_file("src/wire/packet/zzz.h", "#include <netinet/in.h>", 2),
     "know no sockets"),
    ("names", "no licence line", replaced(STR, r"^/\* SPDX[^\n]*\n", ""), "no licence line"),
    ("names", "a long line", code("/* " + "x" * 98 + " */"), "columns, 100 are the limit"),
    ("names", "a long function", code(LONG_FUNCTION), "a function of 61 lines"),
    ("names", "a long file", long_file, "over 700"),
    ("names", "unfinished work", code("/* TO" "DO: later */"), "unfinished"),
    ("names", "a global that changes", code("static int calls;"), "a global that changes"),
    ("names", "a static pointer that changes", code('static const char *last = "";'),
     "a global that changes"),
    ("names", "a static in a function", code("int f(void)\n{\n    @static int n;\n    return n++;\n}"),
     "a global that changes"),
    ("names", "a path of one machine", code("/* see /home/someone/notes */"), "a path of one machine"),
    ("names", "a goto without a reason", code("int f(void)\n{\n\n    @goto out;\nout:\n    return 0;\n}"),
     "a goto without its reason"),
    ("fuzz", "a parser of text", in_file("src/core/base/str.c", PARSER), "a parser without a fuzz target"),
    ("fuzz", "a parser of bytes", in_file("src/core/base/str.c", DECODER), "a parser without a fuzz"),
    ("fuzz", "a cover for nothing", in_file("tools/fuzz-covered.txt", "core/base/arena - no reason"),
     "parses nothing"),
    ("fuzz", "a cover that is not fuzzed", in_file("tools/fuzz-covered.txt",
                                                   "core/base/str core/base/arena same"), "no fuzz target"),
    ("packages", "a library without a package", in_file("meson.build", "dependency('libfoo')"),
     "no package known for library libfoo"),
    ("packages", "a command without a package", in_file("setup", "tshark -r x.pcap"), "uses tshark"),
    ("packages", "a package that nothing uses", replaced("packaging/apt-packages", r"^(gcovr)$",
                                                         r"\1\ntshark", 1), "nothing uses tshark"),
    ("packages", "a package list out of order", replaced("packaging/apt-packages", r"^(gcc)\n(lib.*)$",
                                                         r"\2\n\1", 1), "not sorted"),
    ("format", "code in another form", code("int  f( void ){return 1 ;}"), "clang-formatted"),
    ("scripts", "an unquoted word", in_file("setup", "rm -f $list"), "Double quote"),
    ("man", "a kind of event without a word", in_file("src/hub/model/event_kind.def",
                                                      'EVENT_KIND(ZZZ, zzz, "new")'), "says nothing of zzz"),
    ("man", "a key that nothing reads", in_file("man/picket.conf.5", ".It Cm zzz No = Ar number"),
     "nothing reads the key zzz"),
    ("man", "a page in wrong form", in_file("man/picket.conf.5", ".Foo"), "unknown macro"),
    ("man", "a page without a command", new_file("man/picket-zzz.1", ""), "there is no command zzz"),
]
# Faults that show elsewhere than where they were planted.
OTHER_PLACE = {
    "a folder outside the build": ("src/core/net/modules.def", 1, "not in meson.build"),
    "seeds without a fuzz target": ("tests/corpus/base_zzz", 1, "seeds without a fuzz target"),
}


def lint_commands():
    with open(os.path.join(ROOT, "tests/lint.table"), encoding="utf-8") as table:
        rows = [line.split(None, 2) for line in table if line.strip() and not line.startswith("#")]
    return {name: command.strip() for name, _, command in rows}


def run(command, top):
    done = subprocess.run(["bash", "-c", command], cwd=top, stdin=subprocess.DEVNULL, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return done.returncode, done.stdout


def refused(status, output, place, line, words):
    return status != 0 and any(
        re.match(r"%s:%d\b" % (re.escape(place), line), text) and words in text
        for text in output.splitlines())


def try_plant(copy, command, plant):
    _, what, how, words = plant
    try:
        place, line = how(copy)
        place, line, words = OTHER_PLACE.get(what, (place, line, words))
        status, output = run(command, copy.top)
        if refused(status, output, place, line, words):
            return None
        return "not refused at %s:%d (%s):\n%s" % (place, line, words, output)
    finally:
        copy.restore()


def main():
    words = [w for w in sys.argv[1:] if w != "-v"]
    verbose = "-v" in sys.argv
    commands = lint_commands()
    passed = failed = 0
    with tempfile.TemporaryDirectory(prefix="picket-planted-") as folder:
        top = os.path.join(folder, "tree")
        shutil.copytree(ROOT, top, symlinks=True,
                        ignore=shutil.ignore_patterns(".git", "build*", "__pycache__"))
        for name in ("meson.build", "build-check"):
            if not os.path.exists(os.path.join(top, name)):
                source = os.path.join(ROOT, name)
                (os.symlink if os.path.isdir(source) else shutil.copy)(source, os.path.join(top, name))
        copy = Copy(top)
        plants = [p for p in PLANTS if all(w in p[0] + " " + p[1] for w in words)]
        for row in sorted({plant[0] for plant in plants}):
            status, output = run(commands[row], top)
            passed, failed = passed + (status == 0), failed + (status != 0)
            if status != 0:
                print("FAIL %s: the tree is not clean to begin with:\n%s" % (row, output))
        for plant in plants:
            trouble = try_plant(copy, commands[plant[0]], plant)
            passed, failed = passed + (not trouble), failed + bool(trouble)
            if trouble or verbose:
                print("%s %s: %s%s" % ("FAIL" if trouble else "ok  ", plant[0], plant[1],
                                       " " + trouble if trouble else ""))
    print("%d passed, %d failed" % (passed, failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
