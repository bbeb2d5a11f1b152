/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/nc/crlf.h"

size_t crlf_send(struct crlf *c, const uint8_t *data, size_t len, uint8_t *out)
{
    size_t count = 0;
    for (size_t i = 0; i < len; i++) {
        if (data[i] == '\n' && !c->after_cr)
            out[count++] = '\r';
        out[count++] = data[i];
        c->after_cr = data[i] == '\r';
    }
    return count;
}
