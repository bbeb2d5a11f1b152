/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What this machine is called and what runs on it. */
#pragma once

#include "core/base/arena.h"

/* gethostname(2); never NULL. */
const char *machine_name(struct arena *arena);

/* PRETTY_NAME of os-release(5) below `root` ("" is this system); NULL where it is not told. */
const char *machine_system(struct arena *arena, const char *root);

/* The same from the file's text. */
const char *machine_pretty_name(struct arena *arena, const char *text);
