/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tables of both kinds of files, as the steps that lead to them.  A step that has been released
 * is never changed: a new one is put behind it. */
#pragma once

#include "hub/store/db.h"

extern const struct db_schema store_main_schema;  /* main.db */
extern const struct db_schema store_event_schema; /* events-YYYYMMDD.db */
