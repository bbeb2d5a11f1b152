/* SPDX-License-Identifier: GPL-3.0-or-later */
/* alert_unixsock: each alert as Snort's struct Alertpkt (x86-64, without OpenAppID) in one datagram
 * to a UNIX socket that the reader has bound. */
#pragma once

#include <stdint.h>

#include "core/base/attr.h"
#include "core/base/err.h"
#include "hub/model/alert.h"

enum { ALERT_SOCKET_LEN = 65864 };

void alert_socket_encode(const struct alert *a, uint8_t out[ALERT_SOCKET_LEN]);
