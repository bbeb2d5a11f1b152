/* SPDX-License-Identifier: GPL-3.0-or-later */
/* WinPopup: an alert shown on Windows workstations, as Snort 1.x sent it (alert_smb), through
 * smbclient(1).  The text goes to its standard input and the name is one word of its argument
 * vector, so that nothing a stranger sends can become an option or a command. */
#pragma once

#include "core/base/attr.h"
#include "core/base/err.h"

enum { WINPOPUP_NAMES_MAX = 256 };

/* Send `text` to each workstation of the file: one NetBIOS name a line, blank lines are skipped.
 * Read anew each time.  `smbclient` is "smbclient" or another program's path.  Names that are none
 * (letters, digits and what NetBIOS allows; not beginning with '-') are refused with file and line.
 * Blocks for at most ten seconds a name.  0, or the first failure; the others are tried all the
 * same. */
int winpopup_send(const char *names_file, const char *smbclient, const char *text,
                  struct err *e) MUST_CHECK;
