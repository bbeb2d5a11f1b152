/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the two halves of the keeper, serving and starting, share. */
#pragma once

#include "sys/priv/keeper.h"

/* As keeper_serve; *ready_fd (-1: none) is closed, and becomes -1, when connections are taken. */
int keeper_serve_ready(const struct keeper_spec *spec, int *ready_fd, struct err *e) MUST_CHECK;
