/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The report of an audit for the terminal.  Commands are never broken over lines, so that they can
 * be copied; all else keeps to the width where its words allow it. */
#pragma once

#include <stdbool.h>

#include "core/base/str.h"
#include "hub/model/audit_report.h"

enum { AUDIT_TEXT_WIDTH = 80, AUDIT_TEXT_WIDTH_MIN = 40 };

struct audit_text_style {
    unsigned width; /* characters; 0: AUDIT_TEXT_WIDTH */
    bool colour;    /* ECMA-48 colours besides the words */
};

/* Append the whole report. */
void audit_text_write(const struct audit_report *r, const struct audit_text_style *style,
                      struct str *out);
