/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/net/mac.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

int mac_parse(struct mac *out, const char *text, struct err *e)
{
    struct mac m;
    bool good = strlen(text) == MAC_TEXT_MAX - 1 && (text[2] == ':' || text[2] == '-');
    for (size_t i = 0; good && i < sizeof m.byte; i++) {
        int high = hex_value(text[3 * i]), low = hex_value(text[3 * i + 1]);
        bool is_last = i + 1 == sizeof m.byte; /* a NUL follows it */
        good = high >= 0 && low >= 0 && (is_last || text[3 * i + 2] == text[2]);
        m.byte[i] = (uint8_t)((unsigned)high << 4 | (unsigned)low);
    }
    if (!good)
        return err_set(e, -EINVAL, "\"%.32s\" is no Ethernet address (xx:xx:xx:xx:xx:xx)", text);
    *out = m;
    return 0;
}

char *mac_format(const struct mac *m, char to[MAC_TEXT_MAX])
{
    const uint8_t *b = m->byte;
    snprintf(to, MAC_TEXT_MAX, "%02X:%02X:%02X:%02X:%02X:%02X", b[0], b[1], b[2], b[3], b[4], b[5]);
    return to;
}

bool mac_is_zero(const struct mac *m)
{
    static const struct mac zero;
    return memcmp(m->byte, zero.byte, sizeof zero.byte) == 0;
}
