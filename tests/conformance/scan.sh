#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Runs a suite of conformance/scan in its world of network namespaces, and takes the world down.
#
# usage: scan.sh SHARED COMMAND...      SHARED holds conformance/scan/world.sh; Debian 12, root
#
# One world a machine: whoever else uses it waits at the same lock.
set -u
world=${1:?usage: scan.sh SHARED COMMAND...}/conformance/scan/world.sh
shift
exec 9>"${TMPDIR:-/tmp}/picket-lab" || exit 3
flock 9
read -ra daemons <<<"$(bash "$world" packages)"
./setup lab -- "${daemons[@]}" || exit 3
# A run that was cut off leaves namespaces behind.  CI is alone on its machine and takes them down; by
# hand somebody without the lock may be at work in them, so wait until they are gone.
if [ "${CI:-}" = true ]; then
    bash "$world" down
else
    for _ in {1..90}; do
        [ -e /run/netns/scan-a ] || break
        sleep 10
    done
fi
bash "$world" up 9>&- || exit 3
trap 'bash "$world" down' EXIT
trap 'exit 143' INT TERM
"$@" 9>&-
