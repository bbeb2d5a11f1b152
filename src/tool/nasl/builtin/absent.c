/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Built-ins that exist in name only: a script that asks defined_func() for them finds them, and one
 * that calls them is told so.  `assess feed check --stubs` lists these rows.  What they would need:
 * a DCOM client (wmi_*), an SMB client library, WS-Management, GSS-API; of notus(): the matching of
 * package lists. */
#include <string.h>

#include "core/base/attr.h"
#include "tool/nasl/builtin.h"
#include "tool/nasl/vm.h"

static struct nasl_value do_nothing(struct nasl_call *c)
{
    nasl_complain(c, "not available in picket");
    return nasl_undef();
}

enum { NO_CONTEXT = 1 };

/* Results of krb5_*: 0 is success.  Without an argument it is that of the last call: none worked.
 */
static struct nasl_value do_krb5_is_success(struct nasl_call *c)
{
    return nasl_int(nasl_arg_int(nasl_arg(c, 0), NO_CONTEXT) == 0);
}

static struct nasl_value do_krb5_is_failure(struct nasl_call *c)
{
    return nasl_int(nasl_arg_int(nasl_arg(c, 0), 0) != 0);
}

/* The numbers are the peer's; from 10 on they are GSS-API's. */
static struct nasl_value do_krb5_error_text(struct nasl_call *c)
{
    static const char *const texts[] = {
        "success",
        "krb5.conf not found",
        "krb5.conf not created",
        "tmp krb5.conf not created",
        "tmp krb5.conf not moved",
        "realm not found",
        "expected null",
        "expected not null",
        "unable to write",
        "no memory",
    };
    int64_t code = nasl_arg_int(nasl_arg(c, 0), NO_CONTEXT);
    const char *text =
        code >= 0 && code < (int64_t)ARRAY_COUNT(texts) ? texts[code] : "GSS-API failed";
    return nasl_data(c, text, strlen(text));
}

#define STUB(name, ...)                                                                            \
    {                                                                                              \
        name, do_nothing, {__VA_ARGS__}, NASL_STUB                                                 \
    }
#define REGISTRY(name) STUB(name, "hive", "key", "val_name", "wmi_handle")

static const struct nasl_builtin rows[] = {
    {"krb5_error_code_to_string", do_krb5_error_text, {0}, 0},
    STUB("krb5_find_kdc", 0),
    STUB("krb5_gss_init", 0),
    STUB("krb5_gss_prepare_context", 0),
    STUB("krb5_gss_session_key", 0),
    STUB("krb5_gss_update_context", 0),
    STUB("krb5_gss_update_context_needs_more", 0),
    STUB("krb5_gss_update_context_out", 0),
    {"krb5_is_failure", do_krb5_is_failure, {0}, 0},
    {"krb5_is_success", do_krb5_is_success, {0}, 0},
    STUB("notus", "pkg_list", "product"),
    STUB("notus_error", 0),
    STUB("notus_type", 0),
    STUB("pcap_next", "interface", "pcap_filter", "timeout"),
    STUB("psrp_cli", "additional_args", "port", "ssl"),
    STUB("security_notus", "result"),
    STUB("send_arp_request", "pcap_timeout"),
    STUB("send_capture", "data", "interface", "length", "option", "pcap_filter", "socket",
         "timeout"),
    STUB("send_frame", "frame", "pcap_active", "pcap_filter", "pcap_timeout"),
    STUB("send_packet", "allow_broadcast", "length", "pcap_active", "pcap_filter", "pcap_timeout"),
    STUB("send_v6packet", "allow_multicast", "length", "pcap_active", "pcap_filter",
         "pcap_timeout"),
    STUB("smb_close", "smb_handle"),
    STUB("smb_connect", "password", "share", "username"),
    STUB("smb_file_SDDL", "filename", "smb_handle"),
    STUB("smb_file_group_sid", "filename", "smb_handle"),
    STUB("smb_file_owner_sid", "filename", "smb_handle"),
    STUB("smb_file_trustee_rights", "filename", "smb_handle"),
    STUB("smb_versioninfo", 0),
    STUB("tcp_ping", "port"),
    STUB("tcp_v6_ping", "port"),
    STUB("win_cmd_exec", "cmd", "password", "username"),
    STUB("wmi_close", "wmi_handle"),
    STUB("wmi_connect", 0),
    STUB("wmi_connect_reg", 0),
    STUB("wmi_connect_rsop", 0),
    STUB("wmi_query", "query", "wmi_handle"),
    STUB("wmi_query_rsop", "query", "wmi_handle"),
    STUB("wmi_reg_create_key", "key", "wmi_handle"),
    STUB("wmi_reg_delete_key", "key", "wmi_handle"),
    STUB("wmi_reg_enum_key", "hive", "key", "wmi_handle"),
    STUB("wmi_reg_enum_value", "hive", "key", "wmi_handle"),
    REGISTRY("wmi_reg_get_bin_val"),
    REGISTRY("wmi_reg_get_dword_val"),
    REGISTRY("wmi_reg_get_ex_string_val"),
    REGISTRY("wmi_reg_get_mul_string_val"),
    REGISTRY("wmi_reg_get_qword_val"),
    STUB("wmi_reg_get_sz", "hive", "key", "key_name", "wmi_handle"),
    STUB("wmi_reg_set_dword_val", "key", "val", "val_name", "wmi_handle"),
    STUB("wmi_reg_set_ex_string_val", "key", "val", "val_name", "wmi_handle"),
    STUB("wmi_reg_set_qword_val", "key", "val", "val_name", "wmi_handle"),
    STUB("wmi_reg_set_string_val", "key", "val", "val_name", "wmi_handle"),
    STUB("wmi_versioninfo", 0),
};

const struct nasl_family nasl_family_absent = {"absent", rows, ARRAY_COUNT(rows)};
