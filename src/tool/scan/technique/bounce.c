/* SPDX-License-Identifier: GPL-3.0-or-later */
/* -b: an FTP server is asked to send a listing to the port (RFC 959 4.1.2, PORT); what it says of
 * that connection says what the port is.  RFC 2577 tells servers not to.  The talk is
 * bounce_transport's business. */
#include "tool/scan/technique/technique.h"

const struct scan_technique scan_technique_bounce = {
    .name = "bounce",
    .option = "b",
    .type = "bounce",
    .title = "FTP Bounce Scan",
    .doc = "through an FTP server",
    .proto = SCAN_TCP,
    .way = SCAN_WAY_BOUNCE,
    .silent = SCAN_FILTERED,
    .ip4_proto = 6,
    .ip6_proto = -1,
};
