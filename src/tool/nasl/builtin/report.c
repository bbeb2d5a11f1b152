/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Results. */
#include <string.h>

#include "core/base/attr.h"
#include "tool/nasl/builtin.h"
#include "tool/nasl/vm.h"

enum { DATA, PORT, PROTO, PROTOCOL, URI };

static struct nasl_value report(struct nasl_call *c, enum nasl_report_kind kind)
{
    struct nasl_host *h = nasl_vm_host(c->vm);
    struct str text = str_of(0), room = str_of(0), uri = str_of(0);
    size_t len;
    const char *protocol = nasl_arg_text(nasl_named(c, PROTOCOL), &room, NULL);
    if (!protocol)
        protocol = nasl_arg_text(nasl_named(c, PROTO), &room, NULL);
    int64_t port = nasl_arg_int(nasl_named(c, PORT), -1);
    if (port < 0)
        port = nasl_arg_int(nasl_arg(c, 0), -1);
    const char *data = nasl_arg_text(nasl_named(c, DATA), &text, &len);
    struct str clean = str_of(NASL_STRING_MAX);
    for (size_t i = 0; data && i < len; i++)
        str_add_char(&clean, data[i] ? data[i] : ' ');
    struct nasl_report r = {
        .kind = kind,
        .oid = nasl_vm_oid(c->vm),
        .port = port > 0 && port < 65536 ? (int)port : 0,
        .protocol = protocol ? protocol : "tcp",
        .text = data ? str_text(&clean) : "",
        .uri = nasl_arg_text(nasl_named(c, URI), &uri, NULL),
    };
    if (h->report)
        h->report(h->ctx, &r);
    str_done(&clean);
    str_done(&text);
    str_done(&room);
    str_done(&uri);
    return nasl_undef();
}

static struct nasl_value do_security_message(struct nasl_call *c)
{
    return report(c, NASL_SECURITY);
}

static struct nasl_value do_log_message(struct nasl_call *c)
{
    return report(c, NASL_LOG);
}

static struct nasl_value do_error_message(struct nasl_call *c)
{
    return report(c, NASL_ERROR);
}

/* The peer's port scanners told the progress with it; it does nothing there either. */
static struct nasl_value do_scanner_status(struct nasl_call *c)
{
    (void)c;
    return nasl_undef();
}

#define NAMES                                                                                      \
    {                                                                                              \
        "data", "port", "proto", "protocol", "uri"                                                 \
    }

static const struct nasl_builtin rows[] = {
    {"error_message", do_error_message, NAMES, 0},
    {"log_message", do_log_message, NAMES, 0},
    {"scanner_status", do_scanner_status, {0}, 0},
    {"security_message", do_security_message, NAMES, 0},
};

const struct nasl_family nasl_family_report = {"report", rows, ARRAY_COUNT(rows)};
