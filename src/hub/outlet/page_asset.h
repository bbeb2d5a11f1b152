/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The style sheet and script of HTML reports, and their SHA-256 for the content security policy.
 * Who changes one changes its digest: the test of page tells the right one. */
#pragma once

extern const char page_style[], page_style_digest[]; /* "sha256-..." */
extern const char page_script[], page_script_digest[];
