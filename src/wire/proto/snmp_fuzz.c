/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bytes as an answer of an agent, of either kind. */
#include <stdint.h>

#include "wire/proto/snmp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct snmp_answer a;
    struct str out = str_of(1 << 16), plain = str_of(1 << 16);
    struct bytes_in in = bytes_in_of(data, size);
    if (snmp_read_answer(&in, &a) && a.has_variable) {
        snmp_print_value(&a.variable, &out);
        snmp_oid_format(&a.variable.oid, &out);
    }
    for (int privacy = SNMP_PRIVACY_NONE; privacy <= SNMP_PRIVACY_AES; privacy++) {
        struct snmp_user u = {.name = "u", .privacy = (enum snmp_privacy)privacy};
        const char *why;
        if (snmp_read_secure(data, size, &u, &a, &plain, &why) && a.has_variable)
            snmp_print_value(&a.variable, &out);
    }
    str_done(&out);
    str_done(&plain);
    return 0;
}
