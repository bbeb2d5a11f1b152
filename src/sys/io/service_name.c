/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sys/io/service_name.h"

#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>

enum { SCRATCH = 4096 };

int service_port(const char *name, const char *protocol)
{
    char scratch[SCRATCH];
    struct servent entry, *found = NULL;
    if (getservbyname_r(name, protocol, &entry, scratch, sizeof scratch, &found) || !found)
        return -1;
    return ntohs((uint16_t)found->s_port);
}

const char *service_name(uint16_t port, const char *protocol, char to[SERVICE_NAME_MAX])
{
    char scratch[SCRATCH];
    struct servent entry, *found = NULL;
    if (getservbyport_r(htons(port), protocol, &entry, scratch, sizeof scratch, &found) || !found)
        return NULL;
    snprintf(to, SERVICE_NAME_MAX, "%s", found->s_name);
    return to;
}
