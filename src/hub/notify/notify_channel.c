/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/notify/notify_channel.h"

#include <string.h>

static const struct notify_channel *const channels[] = {
    &notify_mail, &notify_webhook, &notify_syslog, &notify_atom, &notify_desktop};

const struct notify_channel *notify_channel_of(const char *target, const char **out_to)
{
    for (size_t i = 0; i < sizeof channels / sizeof *channels; i++) {
        size_t len = strlen(channels[i]->name);
        if (strncmp(target, channels[i]->name, len) == 0 && target[len] == ':') {
            *out_to = target + len + 1;
            return channels[i];
        }
    }
    return NULL;
}
