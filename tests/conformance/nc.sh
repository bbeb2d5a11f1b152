#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Runs a suite of conformance/nc, which makes its own namespaces, with the tools it calls installed.
#
# usage: nc.sh SHARED COMMAND...        Debian 12, root
set -u
: "${1:?usage: nc.sh SHARED COMMAND...}"
shift
./setup lab -- openssl strace iproute2 || exit 3
exec "$@"
