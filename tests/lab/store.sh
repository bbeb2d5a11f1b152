#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Several processes at one store: two write 50,000 events each while a third reads by cursor, writers
# are killed in the middle, a day ends.  See store_race.c.
set -eu
make -s build
exec build/store-race
