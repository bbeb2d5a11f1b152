/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The protocols, in the order in which they are tried: those with the surest signs first. */
#include "tool/ids/inspect/inspect_private.h"

#define ROW(name) extern const struct inspect_proto inspect_proto_##name;
#include "tool/ids/inspect/order.def"
#undef ROW

const struct inspect_proto *const inspect_protos[] = {
#define ROW(name) &inspect_proto_##name,
#include "tool/ids/inspect/order.def"
#undef ROW
};

const size_t inspect_proto_rows = sizeof inspect_protos / sizeof inspect_protos[0];
