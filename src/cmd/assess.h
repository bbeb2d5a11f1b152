/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sub-commands of assess; argv[0] is the sub-command's name. */
#pragma once

int assess_nasl_run(int argc, char **argv);
int assess_scan_run(int argc, char **argv);
int assess_feed_run(int argc, char **argv);
