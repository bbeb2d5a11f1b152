/* SPDX-License-Identifier: GPL-3.0-or-later */
/* scan --check-data. */
#pragma once

/* Print the counts of nmap's data files in the folder as one JSON object, and complain of each line
 * that does not parse.  Returns an exit status. */
int scan_data_check(const char *folder);
