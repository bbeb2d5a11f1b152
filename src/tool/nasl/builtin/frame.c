/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ethernet frames as bytes. */
#include <string.h>

#include "core/base/attr.h"
#include "core/base/mem.h"
#include "tool/nasl/builtin.h"
#include "tool/nasl/vm.h"

enum { DST_HADDR, ETHER_PROTO, PAYLOAD, SRC_HADDR };
enum { MAC_LEN = 6, HEAD_LEN = 14, ETHERTYPE_IP = 0x0800 };

static void put_mac(struct nasl_call *c, unsigned which, uint8_t *to)
{
    const struct nasl_value *v = nasl_named(c, which);
    if (nasl_arg_size(v) >= MAC_LEN)
        memcpy(to, v->string->text, MAC_LEN);
    else
        nasl_complain(c, "a link address has 6 bytes");
}

static struct nasl_value do_forge_frame(struct nasl_call *c)
{
    const struct nasl_value *payload = nasl_named(c, PAYLOAD);
    size_t len = nasl_arg_size(payload);
    int64_t type = nasl_arg_int(nasl_named(c, ETHER_PROTO), ETHERTYPE_IP);
    uint8_t *frame = mem_zero(HEAD_LEN + len);
    put_mac(c, DST_HADDR, frame);
    put_mac(c, SRC_HADDR, frame + MAC_LEN);
    frame[12] = (uint8_t)(type >> 8);
    frame[13] = (uint8_t)type;
    if (len)
        memcpy(frame + HEAD_LEN, payload->string->text, len);
    struct nasl_value v = nasl_data(c, frame, HEAD_LEN + len);
    mem_free(frame);
    return v;
}

static struct nasl_value do_dump_frame(struct nasl_call *c)
{
    struct nasl_host *h = nasl_vm_host(c->vm);
    const struct nasl_value *frame = nasl_named(c, 0);
    struct str out = str_of(1 << 20);
    str_add(&out, "The Frame:\n");
    for (size_t i = 0; i < nasl_arg_size(frame); i++)
        str_addf(&out, "%02x%s", (uint8_t)frame->string->text[i],
                 i % 16 == 15 ? "\n"
                 : i % 2      ? " "
                              : "");
    str_add(&out, "\n");
    if (h->display)
        h->display(h->ctx, str_text(&out), out.len);
    str_done(&out);
    return nasl_undef();
}

static const struct nasl_builtin rows[] = {
    {"dump_frame", do_dump_frame, {"frame"}, 0},
    {"forge_frame", do_forge_frame, {"dst_haddr", "ether_proto", "payload", "src_haddr"}, 0},
};

const struct nasl_family nasl_family_frame = {"frame", rows, ARRAY_COUNT(rows)};
