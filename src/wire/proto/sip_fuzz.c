/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bytes as a datagram, as a stream, and as a session description. */
#include <assert.h>

#include "wire/proto/sip.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void hold(const struct sip_message *m, size_t size)
{
    struct sip_text value;
    assert(m->field_count <= SIP_FIELD_MAX);
    assert((size_t)m->head_at + m->head_len <= size && (size_t)m->body_at + m->body_len <= size);
    (void)sip_field(m, "content-length", 0, &value);
    (void)sip_field(m, "Via", 1, &value);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct sip_message m;
    static struct sdp s;
    struct sip_text value;
    const uint8_t *body = data;
    size_t len = size;
    if (sip_parse(&m, data, size, true) > 0)
        hold(&m, size);
    if (sip_parse(&m, data, size, false) > 0) {
        hold(&m, size);
        body += m.body_at;
        len = m.body_len;
    }
    if (sdp_parse(&s, body, len)) {
        assert(s.count <= SDP_LINE_MAX);
        (void)sdp_line(&s, 'o', false, 0, &value);
        (void)sdp_line(&s, 'a', true, 1, &value);
    }
    return 0;
}
