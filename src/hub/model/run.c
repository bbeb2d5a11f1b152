/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/model/run.h"

#include "hub/model/name_table.h"

static const char *const names[RUN_STATE_COUNT] = {
    [RUN_RUNNING] = "running",
    [RUN_DONE] = "done",
    [RUN_FAILED] = "failed",
    [RUN_STOPPED] = "stopped",
};

const char *run_state_name(enum run_state state)
{
    return name_table_name(names, RUN_STATE_COUNT, state);
}
