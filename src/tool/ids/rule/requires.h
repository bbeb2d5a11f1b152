/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Suricata's "requires": does this program stand for that version, feature, keyword? */
#pragma once

#include "core/base/attr.h"
#include "core/base/err.h"

/* 1: it holds, 0: it does not, -EINVAL: it is no such text. */
int requires_hold(const char *value, struct err *e) MUST_CHECK;
