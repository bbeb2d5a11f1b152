/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdint.h>

#include "tool/scan/ident_reply.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char owner[IDENT_OWNER_MAX];
    (void)ident_reply_owner((const char *)data, size, owner);
    return 0;
}
