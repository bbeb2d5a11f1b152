/* SPDX-License-Identifier: GPL-3.0-or-later */
/* --iflist: the interfaces and routes of this machine, in nmap's columns. */
#pragma once

#include "core/base/attr.h"
#include "core/base/err.h"
#include "core/base/str.h"

int iflist_format(struct str *out, struct err *e) MUST_CHECK;
