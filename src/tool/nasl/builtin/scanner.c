/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the peer's scanner runs plug-ins of its own and picket has done that work before the first
 * script runs; what scripts hand to the scanner; packing and unpacking. */
#include <string.h>

#include "core/base/arena.h"
#include "core/base/attr.h"
#include "core/base/deflate.h"
#include "core/base/inflate.h"
#include "sys/link/iface.h"
#include "tool/nasl/builtin.h"
#include "tool/nasl/stream.h"
#include "tool/nasl/vm.h"

enum { UNPACKED_MAX = 64 << 20 };

/* Ports/tcp/N and Services/NAME are in the knowledge base: tool/assess/knowledge asked. */
static struct nasl_value do_nothing(struct nasl_call *c)
{
    (void)c;
    return nasl_undef();
}

enum { OS_RELEASE, PACKAGES };

static struct nasl_value do_update_lsc(struct nasl_call *c)
{
    struct str release = str_of(0), packages = str_of(0);
    size_t unused;
    const char *os = nasl_arg_text(nasl_named(c, OS_RELEASE), &release, &unused);
    const char *list = nasl_arg_text(nasl_named(c, PACKAGES), &packages, &unused);
    struct nasl_kb *kb = nasl_vm_host(c->vm)->kb;
    if (os && list) {
        nasl_kb_add_text(kb, "ssh/login/package_list_notus", list);
        nasl_kb_add_text(kb, "ssh/login/release_notus", os);
    } else {
        nasl_complain(c, "pkg_list: and os_release: are needed");
    }
    str_done(&release);
    str_done(&packages);
    return nasl_undef();
}

enum { DATA, FORMAT };

static struct nasl_value do_gzip(struct nasl_call *c)
{
    const struct nasl_value *data = nasl_named(c, DATA);
    struct str out = str_of(UNPACKED_MAX), room = str_of(0);
    size_t len = 0;
    const char *format = nasl_arg_text(nasl_named(c, FORMAT), &room, &len);
    bool gzip = format && len == 4 && memcmp(format, "gzip", 4) == 0;
    str_done(&room);
    if (nasl_arg_size(data) && deflate_all(gzip, data->string->text, data->string->len, &out))
        return nasl_data_str(c, &out);
    str_done(&out);
    return nasl_undef();
}

static struct nasl_value do_gunzip(struct nasl_call *c)
{
    const struct nasl_value *data = nasl_named(c, DATA);
    struct str out = str_of(UNPACKED_MAX);
    if (nasl_arg_size(data)) {
        const uint8_t *bytes = (const uint8_t *)data->string->text;
        enum inflate_kind kind = data->string->len > 1 && bytes[0] == 0x1f && bytes[1] == 0x8b
                                     ? INFLATE_GZIP
                                     : INFLATE_ZLIB;
        if (inflate_all(kind, bytes, data->string->len, UNPACKED_MAX, &out) == INFLATE_DONE)
            return nasl_data_str(c, &out);
    }
    str_done(&out);
    return nasl_undef();
}

/* The link address of the interface that has this address. */
static struct nasl_value do_local_mac(struct nasl_call *c)
{
    struct arena arena = {0};
    struct iface_list list;
    struct str room = str_of(0);
    struct err unused = {0};
    struct addr a;
    size_t len;
    struct nasl_value out = nasl_undef();
    const char *text = nasl_arg_text(nasl_arg(c, 0), &room, &len);
    if (text && addr_parse(&a, text, &unused) == 0 && iface_read(&arena, &list, &unused) == 0) {
        const struct iface *i = iface_of_addr(&list, &a);
        char mac[MAC_TEXT_MAX];
        if (i && i->has_mac) {
            mac_format(&i->mac, mac);
            for (char *p = mac; *p; p++)
                *p = (char)(*p >= 'A' && *p <= 'F' ? *p + 'a' - 'A' : *p);
            out = nasl_data(c, mac, strlen(mac));
        }
    }
    str_done(&room);
    arena_done(&arena);
    return out;
}

static const struct nasl_builtin rows[] = {
    {"get_local_mac_address_from_ip", do_local_mac, {0}, 0},
    {"gunzip", do_gunzip, {"data"}, 0},
    {"gzip", do_gzip, {"data", "headformat"}, 0},
    {"plugin_run_find_service", do_nothing, {0}, 0},
    {"plugin_run_openvas_tcp_scanner", do_nothing, {0}, 0},
    {"plugin_run_synscan", do_nothing, {0}, 0},
    {"update_table_driven_lsc_data", do_update_lsc, {"os_release", "pkg_list"}, 0},
};

const struct nasl_family nasl_family_scanner = {"scanner", rows, ARRAY_COUNT(rows)};
