/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Buffers and numbers as Snort's rules name them: of HTTP/1 from snort_http, others as they are. */
#include "tool/ids/inspect/inspect.h"
#include "tool/ids/inspect/snort_http.h"

bool inspect_is_snort(enum buffer_id buffer)
{
    return buffer >= BUFFER_SNORT_HTTP_METHOD && buffer <= BUFFER_SNORT_HTTP_PARAM;
}

bool inspect_buffer_named(const struct flow *f, const struct inspect_tx *tx, enum flow_side side,
                          enum buffer_id buffer, const char *detail, struct span *out)
{
    if (!inspect_is_snort(buffer))
        return !detail && inspect_buffer(f, tx, side, buffer, 0, out);
    return tx->proto == INSPECT_HTTP1 && tx->progress[side] >= buffer_row[buffer].progress &&
           snort_http_buffer(f, tx, side, buffer, detail, out);
}

bool inspect_number_snort(const struct flow *f, const struct inspect_tx *tx, enum flow_side side,
                          enum number_id number, uint64_t *out)
{
    if (number >= NUMBER_SNORT_HTTP_NUM_HEADERS && number <= NUMBER_SNORT_HTTP_MAX_TRAILER)
        return tx->proto == INSPECT_HTTP1 && snort_http_number(tx, side, number, out);
    return inspect_number(f, tx, side, number, 0, out);
}

unsigned inspect_sections(const struct inspect_tx *tx, enum flow_side side)
{
    return tx->proto == INSPECT_HTTP1 ? snort_http_sections(tx, side) : 1;
}

__attribute__((weak)) bool inspect_dcerpc_iface(const struct flow *f, const struct inspect_tx *tx,
                                                enum flow_side side, const uint8_t uuid[16],
                                                bool any_fragment,
                                                bool (*accept)(void *ctx, uint16_t version),
                                                void *ctx)
{
    (void)f, (void)tx, (void)side, (void)uuid, (void)any_fragment, (void)accept, (void)ctx;
    return false;
}
