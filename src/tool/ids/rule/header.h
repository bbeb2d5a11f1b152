/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The head of a rule: action, protocol, addresses and ports, direction. */
#pragma once

#include "tool/ids/rule/parser.h"

/* Read text[0..end), the part before "(", into p->rule.  On failure *out_at is where in the text.
 */
int header_parse(struct rule_parser *p, char *text, size_t *out_at, struct err *e) MUST_CHECK;

/* A service of Snort ("http", "netbios-ssn") or a protocol of Suricata as enum inspect_proto_id;
 * -1: unknown to both; *out_bits gets the protocols meant (none: known, but not parsed here). */
int header_service(const char *name, uint64_t *out_bits);
