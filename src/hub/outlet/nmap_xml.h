/* SPDX-License-Identifier: GPL-3.0-or-later */
/* -oX: the XML of nmap 7.93, as nmap.dtd has it; what reads nmap's files reads these.  One thing is
 * put right: extrareasons of a protocol scan say proto="ip" (nmap writes "n/a", which its own DTD
 * forbids). */
#pragma once

#include "hub/outlet/scan_outlet.h"

extern const struct scan_outlet_format scan_outlet_nmap_xml;
