/* SPDX-License-Identifier: GPL-3.0-or-later */
/* BER for wire/proto/snmp*.c. */
#pragma once

#include "wire/proto/snmp.h"

enum {
    BER_INTEGER = 2,
    BER_OCTETS = 4,
    BER_NULL = 5,
    BER_OID = 6,
    BER_SEQUENCE = 0x30,
    PDU_ROOM = 1024,
};

void snmp_ber_put_head(struct bytes_out *out, uint8_t tag, size_t len);
void snmp_ber_put_value(struct bytes_out *out, uint8_t tag, const void *data, size_t len);
void snmp_ber_put_wrapped(struct bytes_out *out, uint8_t tag, const struct bytes_out *inside);
void snmp_ber_put_integer(struct bytes_out *out, int32_t value);
void snmp_ber_put_pdu(struct bytes_out *out, const struct snmp_request *r, bool variable);

/* The inside of the next value, whatever its tag; of the one tag; of an integer.  A length that is
 * not there makes *in bad. */
struct bytes_in snmp_ber_take_tag(struct bytes_in *in, uint8_t *out_tag);
struct bytes_in snmp_ber_take(struct bytes_in *in, uint8_t tag);
int32_t snmp_ber_take_integer(struct bytes_in *in);
int64_t snmp_ber_integer_of(const uint8_t *p, size_t len);
bool snmp_ber_read_pdu(struct bytes_in *in, struct snmp_answer *out);
