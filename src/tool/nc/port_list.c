/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/nc/port_list.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/text/option.h"
#include "sys/io/service_name.h"

enum { NAME_MAX_LEN = 64, PORT_MAX = 65535 };

int port_list_one(const char *text, const char *protocol)
{
    int64_t number;
    struct err e;
    if (text[0] && strspn(text, "0123456789") == strlen(text))
        return option_read_int(text, 0, PORT_MAX, &number, &e) ? -1 : (int)number;
    return text[0] ? service_port(text, protocol) : -1;
}

static void add_range(struct port_list *l, int first, int last, bool descending)
{
    if (first > last) {
        int swap = first;
        first = last;
        last = swap;
    }
    for (int i = 0; i <= last - first; i++) {
        MEM_GROW(l->port, l->count, l->capacity);
        l->port[l->count++] = (uint16_t)(descending ? last - i : first + i);
    }
}

/* Names may hold dashes ("netbios-ns"), so the whole is tried first, then each dash. */
int port_list_add(struct port_list *l, const char *text, const char *protocol, bool descending,
                  struct err *e)
{
    int one = port_list_one(text, protocol);
    if (one >= 0) {
        add_range(l, one, one, descending);
        return 0;
    }
    for (const char *dash = strchr(text, '-'); dash; dash = strchr(dash + 1, '-')) {
        char first[NAME_MAX_LEN];
        if ((size_t)(dash - text) >= sizeof first)
            break;
        snprintf(first, sizeof first, "%.*s", (int)(dash - text), text);
        int low = port_list_one(first, protocol), high = port_list_one(dash + 1, protocol);
        if (low >= 0 && high >= 0) {
            add_range(l, low, high, descending);
            return 0;
        }
    }
    return err_set(e, -EINVAL, "%s", text);
}

void port_list_shuffle(struct port_list *l, struct rng *chance)
{
    for (size_t i = l->count; i > 1; i--) {
        size_t other = rng_below(chance, (uint32_t)i);
        uint16_t swap = l->port[i - 1];
        l->port[i - 1] = l->port[other];
        l->port[other] = swap;
    }
}

void port_list_done(struct port_list *l)
{
    mem_free(l->port);
    *l = (struct port_list){0};
}
