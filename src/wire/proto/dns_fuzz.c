/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bytes as a message.  What dns_parse says must hold: records lie in the message, and every name
 * that one begins with can be read from there. */
#include <assert.h>

#include "wire/proto/dns.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void hold(const struct dns_message *m, const struct dns_record *r)
{
    char room[16];
    struct dns_name name;
    assert(r->name_at < m->len && (size_t)r->data_at + r->data_len <= m->len);
    size_t end = dns_name_at(m, r->name_at, &name);
    assert(end <= m->len && name.len <= sizeof name.text);
    (void)dns_name_at(m, r->data_at, &name); /* as the data of NS, CNAME, PTR */
    (void)dns_type_find(dns_type_name(r->type, room));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = {0};
    struct dns_message m;
    (void)dns_head_is_plausible(data, size, size);
    if (dns_parse(&m, data, size, &arena))
        for (int section = 0; section < DNS_SECTIONS; section++) {
            assert(m.count[section] <= m.promised[section]);
            for (uint16_t i = 0; i < m.count[section]; i++)
                hold(&m, &m.record[section][i]);
        }
    arena_done(&arena);
    return 0;
}
