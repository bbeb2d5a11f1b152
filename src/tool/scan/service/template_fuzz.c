/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A template, NUL, and what its groups matched. */
#include <string.h>

#include "tool/scan/service/template.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char text[512];
    size_t len = 0;
    for (; len < size && len < sizeof text - 1 && data[len]; len++)
        text[len] = (char)data[len];
    text[len] = '\0';
    size_t left = size - len;
    struct template_groups groups = {0};
    for (size_t i = 0; i <= TEMPLATE_GROUP_MAX && left; i++) {
        groups.group[i].at = data + len;
        groups.group[i].len = left / (i + 1);
    }
    struct str out = str_of(TEMPLATE_TEXT_MAX);
    (void)template_expand(text, &groups, size & 1, &out);
    str_done(&out);
    return 0;
}
