/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sys/io/service_name.h"

#include <string.h>

#include "check.h"

int io_service_name_test(void)
{
    int failed = 0;
    char name[SERVICE_NAME_MAX];
    CHECK(service_port("no-such-service", "tcp") == -1);
    CHECK(service_port("", "tcp") == -1 && service_port("ssh", "no-such-protocol") == -1);
    CHECK(service_name(0, "tcp", name) == NULL);
    if (service_port("ssh", "tcp") < 0) /* a machine without services(5) */
        return failed;
    CHECK(service_port("ssh", "tcp") == 22);
    CHECK(service_name(22, "tcp", name) == name && strcmp(name, "ssh") == 0);
    return failed;
}
