#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Runs a suite of conformance/relay, which makes its own namespaces.  postfix and exim exclude each
# other as packages, so exim is unpacked beside it.
#
# usage: relay.sh SHARED COMMAND...        Debian 12, root
set -u
: "${1:?usage: relay.sh SHARED COMMAND...}"
shift
./setup lab -- postfix openssl iproute2 libmariadb3 libpq5 libidn12 libspf2-2 || exit 3
folder=$(mktemp -d) || exit 3
trap 'rm -rf "$folder"' EXIT
chmod 755 "$folder"
if (cd "$folder" && apt-get -qq download exim4-daemon-heavy && dpkg -x exim4-daemon-heavy_*.deb .) \
    >/dev/null 2>&1; then
    export EXIM=$folder/usr/sbin/exim4
fi
"$@"
