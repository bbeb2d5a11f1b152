/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A rule whose options are all read: is it sound, and which of its contents stands for it in the
 * prefilter? */
#pragma once

#include "tool/ids/rule/parser.h"

int rule_finish(struct rule_parser *p, struct err *e) MUST_CHECK;
