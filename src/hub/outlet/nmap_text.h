/* SPDX-License-Identifier: GPL-3.0-or-later */
/* -oN and standard output: what nmap 7.93 prints for people, and what scripts grep: the words and
 * the order of lines are nmap's.  Left out are its requests to send fingerprints to its authors and
 * the names of its data files. */
#pragma once

#include "hub/outlet/scan_outlet.h"

extern const struct scan_outlet_format scan_outlet_nmap_text;

/* Standard output: the same, but for the first and last line, and with the course of the scan. */
extern const struct scan_outlet_format scan_outlet_screen;
