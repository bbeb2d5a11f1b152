/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Alerts on the desktop of who runs picket, by notify-send(1). */
#include <errno.h>
#include <stdlib.h>
#include <sys/wait.h>

#include "hub/notify/notify_channel.h"
#include "sys/loop/child.h"

enum { OUTPUT_MAX = 4096 };

static int show(const struct notify_batch *b, struct err *e)
{
    const struct notify_alert *a = &b->alert[0];
    const char *argv[] = {"notify-send", "--app-name=picket",      "--",
                          a->id,         a->title ? a->title : "", NULL};
    struct str out = str_of(OUTPUT_MAX);
    int status;
    int rc = child_run("notify-send", argv, 10 * NS_PER_S, &out, &status, e);
    str_done(&out);
    if (rc == 0 && (!WIFEXITED(status) || WEXITSTATUS(status) != 0))
        rc = err_set(e, -EIO, "notify-send failed");
    return rc;
}

const struct notify_channel notify_desktop = {.name = "desktop", .send = show};
