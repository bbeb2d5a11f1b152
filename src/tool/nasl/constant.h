/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The numbers that every script finds defined. */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct nasl_constant {
    const char *name;
    int64_t value;
};
extern const struct nasl_constant nasl_constants[];
extern const size_t nasl_constant_count;

/* How a connection is wrapped. */
enum nasl_transport {
    NASL_ENCAPS_AUTO = 0,
    NASL_ENCAPS_IP = 1,
    NASL_ENCAPS_SSLv23 = 2,
    NASL_ENCAPS_SSLv2 = 3,
    NASL_ENCAPS_SSLv3 = 4,
    NASL_ENCAPS_TLSv1 = 5,
    NASL_ENCAPS_TLSv11 = 6,
    NASL_ENCAPS_TLSv12 = 7,
    NASL_ENCAPS_TLSv13 = 8,
    NASL_ENCAPS_TLS_CUSTOM = 9,
    NASL_ENCAPS_MAX = 10,
};

/* What socket_get_error() gives. */
enum nasl_socket_error {
    NASL_SOCKET_NO_ERROR = 0,
    NASL_SOCKET_TIMED_OUT = 1,
    NASL_SOCKET_RESET = 2,
    NASL_SOCKET_UNREACHABLE = 3,
    NASL_SOCKET_UNKNOWN = 99,
};
