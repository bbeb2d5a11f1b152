/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/nc/http_request.h"

#include <string.h>

#include "core/base/mem.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t head = http_head_len((const char *)data, size);
    if (head == 0 || head > HTTP_HEAD_MAX)
        return 0;
    char *copy = mem_zero(head);
    struct http_request r;
    struct str out = str_of(0);
    memcpy(copy, data, head);
    if (http_request_read(&r, copy, head) == 0 && !r.is_connect)
        http_request_forward(&out, &r, (const char *)data, head);
    str_done(&out);
    mem_free(copy);
    return 0;
}
