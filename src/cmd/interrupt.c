/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/interrupt.h"

#include <signal.h>
#include <stddef.h>

/* Set by the handler: the one flag the house allows. */
static volatile sig_atomic_t stop_signal;

static void on_stop(int number)
{
    stop_signal = number;
}

void interrupt_watch(void)
{
    struct sigaction action = {.sa_handler = on_stop, .sa_flags = (int)SA_RESETHAND};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

bool interrupt_was_asked(void *unused)
{
    (void)unused;
    return stop_signal != 0;
}
