/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/advisory/organisation.h"

#define ROW(name, what, ended, successor, fetch, list, manager)                                    \
    {name, what, ended, successor, fetch, list, manager},

const struct organisation organisations[] = {
#include "tool/advisory/organisation.def"
};

const size_t organisation_count = sizeof organisations / sizeof *organisations;
