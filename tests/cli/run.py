#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Command lines, exit statuses and exact output of the program.

usage: run.py PICKET [-v] [SUBSTRING...]        the last line is `N passed, M failed`

Each tests/cli/FOLDER/NAME.case is read line by line; each `$` line is one check:

    # what this proves
    $ picket scan -p 1-x 127.0.0.1      run by bash, with picket in PATH, in a folder of its own
    < a line of standard input
    > a line of standard output, exactly
    >~ a regular expression for one whole line
    >...                                any number of lines
    2> 2>~ 2>...                        the same for standard error
    ? 2                                 the exit status; 0 where nothing is said

Where a stream has no line it must be empty.  A case runs in a network namespace of its own, with
nothing but loopback, as its root: no packet leaves it, and no port is open that it did not open.
Commands of one case share their folder, and what they left in the background (with its output sent
elsewhere) until the case ends.
"""
import os
import re
import signal
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
TIME_LIMIT_S = 60
MARKS = [("2>...", "err", "..."), ("2>~ ", "err", "~"), ("2> ", "err", "="), ("2>", "err", "="),
         (">...", "out", "..."), (">~ ", "out", "~"), ("> ", "out", "="), (">", "out", "=")]


class Step:
    def __init__(self, command, line):
        self.command, self.line, self.status = command, line, 0
        self.stdin, self.out, self.err = [], [], []


def read_case(path):
    steps = []
    with open(path, encoding="utf-8") as f:
        for number, line in enumerate(f.read().splitlines(), 1):
            if not line or line.startswith("#"):
                continue
            if line.startswith("$ "):
                steps.append(Step(line[2:], number))
            elif not steps or not take_line(steps[-1], line):
                sys.exit("%s:%d: not a line of a case: %s" % (os.path.relpath(path), number, line))
    return steps


def take_line(step, line):
    if line.startswith("? "):
        step.status = int(line[2:])
        return True
    if line.startswith("< ") or line == "<":
        step.stdin.append(line[2:])
        return True
    for mark, stream, kind in MARKS:
        if line.startswith(mark):
            getattr(step, stream).append((kind, line[len(mark):]))
            return True
    return False


def matches(wanted, lines):
    """Does the list of (kind, text) describe these lines, all of them?"""
    if not wanted:
        return not lines
    kind, text = wanted[0]
    if kind == "...":
        return any(matches(wanted[1:], lines[i:]) for i in range(len(lines) + 1))
    if not lines:
        return False
    same = lines[0] == text if kind == "=" else re.fullmatch(text, lines[0])
    return bool(same) and matches(wanted[1:], lines[1:])


def shown(kind, lines):
    return "".join("   %s%s\n" % (kind, line) for line in lines)


def run_step(step, folder, groups):
    """None when all is as described, else the words that say what is not."""
    child = subprocess.Popen(["bash", "-c", step.command], cwd=folder, start_new_session=True,
                             stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    groups.append(child.pid)
    text = "".join(line + "\n" for line in step.stdin)
    try:
        out, err = child.communicate(text.encode(), TIME_LIMIT_S)
    except subprocess.TimeoutExpired:
        os.killpg(child.pid, signal.SIGKILL)
        child.communicate()
        return "still running after %d s\n" % TIME_LIMIT_S
    out = out.decode("utf-8", "backslashreplace").splitlines()
    err = err.decode("utf-8", "backslashreplace").splitlines()
    wrong = []
    if child.returncode != step.status:
        wrong.append("exit status %d, not %d\n" % (child.returncode, step.status))
    if not matches(step.out, out):
        wrong.append("standard output is\n" + (shown("> ", out) or "   (empty)\n"))
    if not matches(step.err, err) or (wrong and err):
        wrong.append("standard error is\n" + (shown("2> ", err) or "   (empty)\n"))
    return "".join(wrong) or None


def run_case(path, verbose):
    """Runs in a network namespace of its own already."""
    name, passed, failed, groups = os.path.relpath(path, HERE), 0, 0, []
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    with tempfile.TemporaryDirectory(prefix="picket-cli-") as folder:
        try:
            for step in read_case(path):
                wrong = run_step(step, folder, groups)
                passed, failed = passed + (wrong is None), failed + (wrong is not None)
                if wrong:
                    print("FAIL tests/cli/%s:%d: $ %s\n%s" % (name, step.line, step.command, wrong))
                elif verbose:
                    print("ok   tests/cli/%s:%d: $ %s" % (name, step.line, step.command))
        finally:
            for group in groups:
                end_group(group)
    return passed, failed


def end_group(group):
    """What a step left in the background ends with its case."""
    try:
        os.killpg(group, signal.SIGKILL)
    except ProcessLookupError:
        pass


def run_apart(path, verbose):
    """The case in a child of its own, in a network namespace of its own."""
    done = subprocess.run(["unshare", "--map-root-user", "--net", sys.executable, __file__, "--inside",
                           path] + ["-v"] * verbose, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, text=True)
    *said, last = done.stdout.splitlines() or ["FAIL %s" % path]
    if said:
        print("\n".join(said))
    match = re.fullmatch(r"(\d+) (\d+)", last)
    if match:
        return int(match.group(1)), int(match.group(2))
    print("FAIL %s: the case did not come to its end" % os.path.relpath(path))
    return 0, 1


def main():
    verbose = "-v" in sys.argv
    words = [w for w in sys.argv[1:] if w != "-v"]
    if not words:
        print(__doc__.strip(), file=sys.stderr)
        return 2
    if words[0] == "--inside":
        print("%d %d" % run_case(words[1], verbose))
        return 0
    program = os.path.abspath(words[0])
    os.environ.update(PATH=os.path.dirname(program) + ":" + os.environ["PATH"], LC_ALL="C.UTF-8",
                      TZ="UTC", COLUMNS="80")
    cases = sorted(os.path.join(where, n) for where, _, names in os.walk(HERE) for n in names
                   if n.endswith(".case"))
    passed = failed = 0
    for path in cases:
        if all(w in path for w in words[1:]):
            good, bad = run_apart(path, verbose)
            passed, failed = passed + good, failed + bad
    print("%d passed, %d failed" % (passed, failed))
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
